/* SPDX-License-Identifier: MIT */
/* The tables check themselves: what the compiler cannot see about descriptors is looked at here, by a test. */
#include "core/execopts.h"
#include "core/item.h"
#include "core/paramvalue.h"
#include "core/stepfields.h"
#include "registry/registry.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

struct check {
	struct leat_buf *out;
	int faults;
	const char *kind, *name; /* who is looked at: "step", "blur" */
};

static void fault(struct check *c, const char *fmt, ...) LEAT_PRINTF(2, 3);

static void fault(struct check *c, const char *fmt, ...)
{
	char text[400];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap); /* a cut message is still a message */
	va_end(ap);
	leat_buf_addf(c->out, "%s '%s': %s\n", c->kind, c->name, text);
	c->faults++;
}

/* Words that mean something else in every step; order= has values of its own for the elements of an array. */
static bool is_execution_option(const struct leat_param *p)
{
	const char *name = p->name;
	if (strcmp(name, "order") == 0 && p->choices && strcmp(p->choices[0], "c") == 0 &&
	    strcmp(p->choices[1], "f") == 0)
		return false;
	static const char *const words[] = {"on",         "workers", "queue",    "order", "retries",
					    "retry-wait", "timeout", "on-error", "id"};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static bool is_name(const char *s)
{
	if (!s || !islower((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '-')
			return false;
	return true;
}

static void check_sentence(struct check *c, const char *what, const char *text)
{
	size_t n = text ? strlen(text) : 0;
	if (n == 0) {
		fault(c, "no %s", what);
		return;
	}
	if (text[n - 1] == '.')
		fault(c, "%s ends with a full stop", what);
	if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
		fault(c, "%s begins with a capital letter", what);
}

static size_t size_of_type(enum leat_ptype t)
{
	static const size_t size[] = {
		[LEAT_PT_INT] = sizeof(int64_t),
		[LEAT_PT_OPTINT] = sizeof(struct leat_optint),
		[LEAT_PT_REAL] = sizeof(double),
		[LEAT_PT_SWITCH] = sizeof(bool),
		[LEAT_PT_CHOICE] = sizeof(int64_t),
		[LEAT_PT_FLAGS] = sizeof(uint64_t),
		[LEAT_PT_SIZE] = sizeof(uint64_t),
		[LEAT_PT_DURATION] = sizeof(int64_t),
		[LEAT_PT_RATE] = sizeof(double),
		[LEAT_PT_PERCENT] = sizeof(double),
		[LEAT_PT_PIXELS] = sizeof(struct leat_pixels),
		[LEAT_PT_RANGE] = sizeof(struct leat_range),
		[LEAT_PT_COLOR] = sizeof(struct leat_color),
		[LEAT_PT_PIXCOUNT] = sizeof(uint64_t),
		[LEAT_PT_LEVEL] = sizeof(struct leat_level),
		[LEAT_PT_NUMBERS] = sizeof(struct leat_numbers),
		[LEAT_PT_TIMEOFDAY] = sizeof(int64_t),
		[LEAT_PT_PATH] = sizeof(const char *),
		[LEAT_PT_FILE] = sizeof(struct leat_fileref),
		[LEAT_PT_PATTERNS] = sizeof(struct leat_strs),
		[LEAT_PT_TEMPLATE] = sizeof(struct leat_tmpl),
		[LEAT_PT_CONDITIONS] = sizeof(struct leat_conditions),
		[LEAT_PT_TEXT] = sizeof(const char *),
		[LEAT_PT_WORKERS] = sizeof(struct leat_workers),
		[LEAT_PT_QUEUE] = sizeof(struct leat_queue_opt),
		[LEAT_PT_FIELDS] = sizeof(struct leat_strs),
		[LEAT_PT_WORDS] = sizeof(struct leat_strs),
		[LEAT_PT_ARGS] = sizeof(struct leat_strs),
		[LEAT_PT_MEMORY] = sizeof(struct leat_memory_opt),
	};
	return (size_t)t < LEAT_LEN(size) ? size[t] : 0;
}

/* A default is text as a user would write it: it must parse, and lie in its own range. */
static void check_default(struct check *c, const struct leat_param *p, size_t params_size)
{
	struct leat_arena a = {0};
	struct leat_value_error e = {0};
	void *scratch = leat_arena_alloc(&a, params_size);
	if (scratch && leat_param_parses(p->type) && leat_param_parse(p, p->dflt, scratch, &a, &e) < 0)
		fault(c, "default %s=%s: %s", p->name, p->dflt, e.message ? e.message : "out of memory");
	leat_arena_free(&a);
}

static void check_param(struct check *c, const struct leat_param *table, size_t i, size_t params_size)
{
	const struct leat_param *p = &table[i];
	if (!is_name(p->name) && !(p->flags & LEAT_POSITIONAL))
		fault(c, "parameter %zu has no proper name", i);
	if (is_execution_option(p))
		fault(c, "'%s' is an execution option of every step", p->name);
	for (size_t k = 0; k < i; k++)
		if (strcmp(table[k].name, p->name) == 0)
			fault(c, "'%s' is there twice", p->name);
	check_sentence(c, p->name, p->doc);
	bool words = p->type == LEAT_PT_CHOICE || p->type == LEAT_PT_FLAGS;
	if (words != (p->choices != NULL) && p->type != LEAT_PT_FILE)
		fault(c, "'%s' has %s", p->name, words ? "no list of words" : "a list of words but is no choice");
	if (p->word && p->type != LEAT_PT_REAL && p->type != LEAT_PT_RANGE)
		fault(c, "'%s' has a word instead of its value, but is no number and no range", p->name);
	if (p->imin > p->imax || p->rmin > p->rmax)
		fault(c, "the range of '%s' is empty", p->name);
	if (size_of_type(p->type) == 0 || leat_size_add(p->offset, size_of_type(p->type)) > params_size) {
		fault(c, "'%s' does not lie in the parameters' struct", p->name);
		return;
	}
	if (p->dflt && (p->flags & LEAT_REQUIRED))
		fault(c, "'%s' is required and has a default", p->name);
	if (p->dflt)
		check_default(c, p, params_size);
	else if (p->type == LEAT_PT_CHOICE && !(p->flags & LEAT_REQUIRED))
		fault(c, "the choice '%s' is neither required nor has a default", p->name);
}

/* A required positional behind an optional one could never be told from it. */
static void check_positionals(struct check *c, const struct leat_param *table, size_t n)
{
	bool optional = false, many = false;
	for (size_t i = 0; i < n; i++) {
		const struct leat_param *p = &table[i];
		if (!(p->flags & LEAT_POSITIONAL))
			continue;
		if (many || (optional && (p->flags & LEAT_REQUIRED)))
			fault(c, "the value '%s' can never be reached", p->name);
		optional = optional || !(p->flags & LEAT_REQUIRED);
		many = many || p->type == LEAT_PT_PATTERNS || p->type == LEAT_PT_CONDITIONS || p->type == LEAT_PT_ARGS;
	}
}

static void check_params(struct check *c, const struct leat_param *table, size_t params_size)
{
	size_t n = leat_param_count(table);
	if (n > 0 && params_size == 0)
		fault(c, "has parameters but no params_size");
	for (size_t i = 0; i < n; i++)
		check_param(c, table, i, params_size);
	check_positionals(c, table, n);
}

static bool has_conditions(const struct leat_op *op)
{
	size_t n = leat_param_count(op->params);
	for (size_t i = 0; i < n; i++)
		if (op->params[i].type == LEAT_PT_CONDITIONS)
			return true;
	return false;
}

static void check_reduction(struct check *c, const struct leat_reduction *r)
{
	if (!r->init || !r->add || !r->merge || !r->finish || !r->release)
		fault(c, "a reduction needs init, add, merge, finish and release");
	if (!r->save != !r->load)
		fault(c, "save and load belong together");
}

static void check_kernel(struct check *c, const struct leat_op *op)
{
	bool both =
		op->rows && op->run && (op->in & LEAT_IMAGE) && op->in != LEAT_IMAGE; /* images in rows, others whole */
	int kernels = (op->rows != NULL) + (op->run != NULL && !both) + (op->reduction != NULL);
	if (has_conditions(op)) /* keep, drop: the engine evaluates the conditions */
		return;
	if (kernels != 1)
		fault(c, "needs exactly one of rows, run and reduction, has %d", kernels);
	if (!op->shape)
		fault(c, "has no shape");
	if (op->rows && (!op->begin || !op->end))
		fault(c, "rows needs begin and end");
	if (op->need && !op->rows)
		fault(c, "need without rows");
	if (op->point && op->need)
		fault(c, "a point step needs its own row only: remove need");
	if (op->close && !op->open)
		fault(c, "close without open");
	if (op->measures && !op->fields)
		fault(c, "measures, but provides no fields");
	if (op->reduction)
		check_reduction(c, op->reduction);
}

/* In a condition KEY=VALUE, a KEY that is an execution option is one (language 6.4): no field may be called so. */
static void check_field_name(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	(void)type, (void)doc;
	if (leat_param_find(leat_exec_params, name))
		fault(ctx, "its field '%s' has the name of an execution option", name);
}

static void check_field_names(struct check *c, const struct leat_op *op)
{
	struct leat_arena a = {0};
	struct leat_err err = {0};
	void *params = leat_arena_alloc(&a, op->params_size ? op->params_size : 1);
	if (params)
		leat_op_preset(op, params);
	if (params && op->fields && leat_param_defaults(op->params, params, &a, &err) == 0)
		op->fields(params, op->in & LEAT_IMAGE ? LEAT_IMAGE : LEAT_ARRAY, check_field_name, c);
	leat_arena_free(&a);
}

static void check_common_fields(struct check *c)
{
	const struct leat_stepfield *const tables[] = {leat_decoded_fields, leat_parsed_fields, leat_written_fields,
						       leat_reduced_fields, leat_ended_fields};
	for (size_t i = 0; i < LEAT_LEN(tables); i++)
		for (const struct leat_stepfield *f = tables[i]; f->name; f++)
			check_field_name(c, f->name, f->type, f->doc);
	for (size_t i = 0; leat_item_fields[i]; i++)
		check_field_name(c, leat_item_fields[i], leat_item_field_types[i], "");
}

static void check_op(struct check *c, const struct leat_op *op)
{
	check_field_names(c, op);
	if (!is_name(op->name))
		fault(c, "is no proper name");
	check_sentence(c, "summary", op->summary);
	check_params(c, op->params, op->params_size);
	if (!op->in)
		fault(c, "takes no kind of data");
	if (!op->modes)
		fault(c, "can run nowhere");
	if (op->version < 1)
		fault(c, "versions begin at 1");
	check_kernel(c, op);
	if (op->hidden)
		return;
	if (!op->group)
		fault(c, "has no group");
	if (!op->example || strncmp(op->example, op->name, strlen(op->name)) != 0)
		fault(c, "needs an example that begins with its name");
}

static void check_encoder(struct check *c, const struct leat_codec *k)
{
	check_params(c, k->params, k->params_size);
	if (k->enc_open && (!k->enc_takes || !k->enc_rows || !k->enc_finish || !k->enc_close))
		fault(c, "an encoder needs enc_takes, enc_rows, enc_finish and enc_close");
	if ((k->enc_open || k->enc_run) && !k->modes)
		fault(c, "its encoder can run nowhere");
}

static void check_codec(struct check *c, const struct leat_codec *k)
{
	if (!is_name(k->name))
		fault(c, "is no proper name");
	check_sentence(c, "summary", k->summary);
	if (k->version < 1)
		fault(c, "versions begin at 1");
	if (!k->kinds)
		fault(c, "holds no kind of data");
	if (!k->suffix || !k->extensions || !k->extensions[0])
		fault(c, "has no extensions");
	for (const char *const *e = k->extensions; e && *e; e++)
		for (const char *s = *e; *s; s++)
			if (isupper((unsigned char)*s) || *s == '.')
				fault(c, "the extension '%s' is not in lower case, or has a dot", *e);
	/* what this build lacks says so when it is prepared */
	if (!k->dec_open && !k->dec_run && !k->enc_open && !k->enc_run && !k->prepare)
		fault(c, "neither reads nor writes");
	if (k->dec_run && k->gives != LEAT_ARRAY && k->gives != LEAT_TABLE)
		fault(c, "its reader gives neither an array nor a table");
	if (k->dec_open && (!k->sniff || !k->dec_rows || !k->dec_finish || !k->dec_close))
		fault(c, "a decoder needs sniff, dec_rows, dec_finish and dec_close");
	check_encoder(c, k);
}

static void check_source(struct check *c, const struct leat_source *s)
{
	check_sentence(c, "summary", s->summary);
	check_params(c, s->params, s->params_size);
	if (!s->list || !s->fetch || !s->peek)
		fault(c, "a source needs list, fetch and peek");
	if (!s->out || !s->modes || !s->example)
		fault(c, "kinds, modes or example are missing");
}

static void check_sink(struct check *c, const struct leat_sink *s)
{
	check_sentence(c, "summary", s->summary);
	check_params(c, s->params, s->params_size);
	if (!s->open || !s->close || (!s->put && !s->row))
		fault(c, "a sink needs open, close and one of put and row");
	if (s->rows != (s->row != NULL))
		fault(c, "'rows' and row() contradict each other");
	if (!s->in || !s->modes || !s->example)
		fault(c, "kinds, modes or example are missing");
}

static void check_executor(struct check *c, const struct leat_executor_type *t)
{
	check_sentence(c, "summary", t->summary);
	if (!t->open || !t->submit || !t->abort || !t->close || !t->stats)
		fault(c, "an executor needs open, submit, abort, close and stats");
	if (!t->mode || (t->mode & (t->mode - 1)))
		fault(c, "needs exactly one mode");
}

/* Names are unique among all that can begin a statement. */
static void check_step_name(struct check *c, const struct leat_registry *r)
{
	static const char *const reserved[] = {"version",  "include", "let",    "job",    "schedule",
					       "defaults", "expect",  "recipe", "branch", "use",
					       "end",      "then",    "decode", "parse",  "encode"};
	int same = 0;
	for (size_t i = 0; i < LEAT_LEN(reserved); i++)
		same += strcmp(reserved[i], c->name) == 0;
	for (size_t i = 0; i < r->n_ops; i++)
		same += strcmp(r->ops[i]->name, c->name) == 0;
	for (size_t i = 0; i < r->n_sources; i++)
		same += strcmp(r->sources[i]->name, c->name) == 0;
	for (size_t i = 0; i < r->n_sinks; i++)
		same += strcmp(r->sinks[i]->name, c->name) == 0;
	if (same != 1)
		fault(c, "the name is not its own");
}

int leat_registry_selfcheck(const struct leat_registry *r, struct leat_buf *out)
{
	struct check c = {.out = out};
	for (size_t i = 0; i < r->n_ops; i++) {
		c.kind = "step", c.name = r->ops[i]->name;
		check_step_name(&c, r);
		check_op(&c, r->ops[i]);
	}
	for (size_t i = 0; i < r->n_codecs; i++) {
		c.kind = "codec", c.name = r->codecs[i]->name;
		check_codec(&c, r->codecs[i]);
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->codecs[k]->name, c.name) == 0)
				fault(&c, "the name is not its own");
	}
	for (size_t i = 0; i < r->n_sources; i++) {
		c.kind = "source", c.name = r->sources[i]->name;
		check_step_name(&c, r);
		check_source(&c, r->sources[i]);
	}
	for (size_t i = 0; i < r->n_sinks; i++) {
		c.kind = "sink", c.name = r->sinks[i]->name;
		check_step_name(&c, r);
		check_sink(&c, r->sinks[i]);
	}
	for (size_t i = 0; i < r->n_executors; i++) {
		c.kind = "executor", c.name = r->executors[i]->name;
		check_executor(&c, r->executors[i]);
	}
	c.kind = "step", c.name = "decode";
	check_params(&c, leat_decode_params, sizeof(struct leat_decode_params));
	c.name = "parse";
	check_params(&c, leat_parse_params, sizeof(struct leat_parse_params));
	c.kind = "item", c.name = "fields";
	check_common_fields(&c);
	return c.faults;
}
