/* SPDX-License-Identifier: MIT */
/* All steps in one order, whatever kind of descriptor stands behind them; and how one option is written down. */
#include "gen/help.h"

#include "core/paramvalue.h"
#include "gen/types.h"

static void from_op(const struct leat_op *op, struct leat_gen_step *s)
{
	*s = (struct leat_gen_step){
		.name = op->name,
		.group = op->group,
		.summary = op->summary,
		.example = op->example,
		.params = op->params,
		.op = op,
		.in = op->in,
		.out = op->out ? op->out : op->in,
		.modes = op->modes,
	};
}

static void from_source(const struct leat_source *e, struct leat_gen_step *s)
{
	*s = (struct leat_gen_step){
		.name = e->name,
		.group = "source",
		.summary = e->summary,
		.example = e->example,
		.params = e->params,
		.out = e->out,
		.modes = e->modes,
	};
}

static void from_sink(const struct leat_sink *e, struct leat_gen_step *s)
{
	*s = (struct leat_gen_step){
		.name = e->name,
		.group = "sink",
		.summary = e->summary,
		.example = e->example,
		.params = e->params,
		.in = e->in,
		.out = e->in,
		.modes = e->modes,
	};
}

/* Steps without an op of their own: the formats' ways in and out. */
static const struct leat_gen_step coders[] = {
	{
		.name = "decode",
		.group = "format",
		.summary = "turn the bytes of an image file into pixels",
		.example = "decode depth=16",
		.params = leat_decode_params,
		.in = LEAT_FILE,
		.out = LEAT_IMAGE,
		.modes = LEAT_ON_DECODE,
	},
	{
		.name = "parse",
		.group = "format",
		.summary = "turn a file of numbers into an array or a table",
		.example = "parse header=yes",
		.params = leat_parse_params,
		.in = LEAT_FILE,
		.out = LEAT_ARRAY | LEAT_TABLE,
		.modes = LEAT_ON_DECODE,
	},
	{
		.name = "encode",
		.group = "format",
		.summary = "turn pixels or numbers into the bytes of a format",
		.example = "encode jpeg quality=82",
		.in = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE,
		.out = LEAT_FILE,
		.modes = LEAT_ON_CPU,
	},
};

static bool visible_op(const struct leat_registry *r, size_t i, struct leat_gen_step *s)
{
	for (size_t k = 0; k < r->n_ops; k++)
		if (!r->ops[k]->hidden && i-- == 0) {
			from_op(r->ops[k], s);
			return true;
		}
	return false;
}

static size_t visible_ops(const struct leat_registry *r)
{
	size_t n = 0;
	for (size_t k = 0; k < r->n_ops; k++)
		n += !r->ops[k]->hidden;
	return n;
}

bool leat_gen_step(const struct leat_registry *r, size_t i, struct leat_gen_step *s)
{
	if (i < r->n_sources) {
		from_source(r->sources[i], s);
		return true;
	}
	i -= r->n_sources;
	if (i < LEAT_LEN(coders)) {
		*s = coders[i];
		return true;
	}
	i -= LEAT_LEN(coders);
	if (visible_op(r, i, s))
		return true;
	i -= visible_ops(r);
	if (i < r->n_sinks) {
		from_sink(r->sinks[i], s);
		return true;
	}
	return false;
}

void leat_gen_step_fields(const struct leat_gen_step *s, leat_field_fn *fn, void *ctx)
{
	struct leat_err ignored = {0};
	struct leat_arena arena = {0};
	void *defaults = s->op && s->op->fields ? leat_arena_alloc(&arena, s->op->params_size + 1) : NULL;
	if (defaults)
		leat_op_preset(s->op, defaults);
	if (defaults && leat_param_defaults(s->op->params, defaults, &arena, &ignored) == 0)
		s->op->fields(defaults, 0, fn, ctx);
	leat_arena_free(&arena);
}

void leat_gen_value(const struct leat_param *p, struct leat_buf *out)
{
	if (!p->choices) {
		if (p->flags & LEAT_OR_NUMBERS)
			leat_buf_addf(out, "%s|", leat_gen_type(LEAT_PT_NUMBERS)->word);
		leat_buf_addf(out, "%s%s%s", leat_gen_type(p->type)->word, p->word ? "|" : "", p->word ? p->word : "");
		return;
	}
	for (size_t i = 0; p->choices[i]; i++)
		leat_buf_addf(out, "%s%s", i ? (p->type == LEAT_PT_FLAGS ? "," : "|") : "", p->choices[i]);
	if (p->type == LEAT_PT_FILE)
		leat_buf_addf(out, "|%s", leat_gen_type(p->type)->word);
}

static void range(const struct leat_param *p, struct leat_buf *out)
{
	bool whole = p->type == LEAT_PT_INT || p->type == LEAT_PT_OPTINT;
	if (whole && (p->imin || p->imax) && p->imax != INT64_MAX)
		leat_buf_addf(out, ", %lld to %lld", (long long)p->imin, (long long)p->imax);
	else if (whole && (p->imin || p->imax))
		leat_buf_addf(out, ", %lld or more", (long long)p->imin);
	if (p->type == LEAT_PT_REAL && (p->rmin != 0 || p->rmax != 0))
		leat_buf_addf(out, ", %g to %g", p->rmin, p->rmax);
	if (p->unit)
		leat_buf_addf(out, " %s", p->unit);
}

enum { LEFT = 30, RIGHT = 100 };

void leat_gen_wrap(const char *text, size_t left, size_t right, struct leat_buf *out)
{
	size_t column = left;
	for (const char *word = text; *word;) {
		size_t n = strcspn(word, " ");
		if (column > left && column + n + 1 > right) {
			leat_buf_addc(out, '\n');
			leat_buf_fill(out, ' ', left);
			column = left;
		} else if (column > left) {
			leat_buf_addc(out, ' ');
			column++;
		}
		leat_buf_add(out, word, n);
		column += n;
		word += n + (word[n] == ' ');
	}
	leat_buf_addc(out, '\n');
}

void leat_gen_option(const struct leat_param *p, struct leat_buf *out)
{
	size_t start = out->len;
	struct leat_buf text = {0};
	bool positional = p->flags & LEAT_POSITIONAL;
	leat_buf_addf(out, "  %s%s", p->name, positional ? "" : "=");
	if (!positional)
		leat_gen_value(p, out);
	size_t width = out->len - start;
	if (width + 2 > LEFT)
		leat_buf_addc(out, '\n');
	leat_buf_fill(out, ' ', width + 2 > LEFT ? LEFT : LEFT - width);
	leat_buf_adds(&text, p->doc);
	range(p, &text);
	if (p->dflt && *p->dflt)
		leat_buf_addf(&text, " (default %s)", p->dflt);
	if (p->flags & LEAT_PENDING_OPT)
		leat_buf_adds(&text, " (not built yet)");
	leat_gen_wrap(text.data ? text.data : "", LEFT, RIGHT, out);
	leat_buf_free(&text);
}

void leat_gen_usage(const char *name, const struct leat_param *params, struct leat_buf *out)
{
	leat_buf_adds(out, name);
	bool options = false;
	for (const struct leat_param *p = params; p && p->name; p++) {
		options = options || !(p->flags & (LEAT_POSITIONAL | LEAT_HIDDEN));
		if (!(p->flags & LEAT_POSITIONAL))
			continue;
		bool required = p->flags & LEAT_REQUIRED;
		leat_buf_addf(out, " %s", required ? "" : "[");
		leat_gen_value(p, out);
		leat_buf_adds(out, required ? "" : "]");
	}
	leat_buf_adds(out, options ? " [option=value ...]\n" : "\n");
}

/* What a command's option takes, where its type alone would say little. */
static const char *command_value(const char *name)
{
	static const struct {
		const char *name, *value;
	} rows[] = {{"e", "'RECIPE'"}, {"set", "NAME=VALUE"}, {"opt", "STEP.KEY=VALUE"},
		    {"vars", "FILE"},  {"input", "PATH..."},  {"only", "PATTERN"}};
	for (size_t i = 0; i < LEAT_LEN(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].value;
	return NULL;
}

void leat_gen_command_option(const struct leat_param *p, struct leat_buf *out)
{
	const char *value = command_value(p->name);
	leat_buf_addf(out, "%s%s", strlen(p->name) == 1 ? "-" : "--", p->name);
	if (p->type == LEAT_PT_SWITCH)
		return;
	leat_buf_addf(out, " %s", value ? value : "");
	if (!value)
		leat_gen_value(p, out);
}
