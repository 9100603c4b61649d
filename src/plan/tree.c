/* SPDX-License-Identifier: MIT */
/* Statements become a tree of steps. See tree.h; what is only implied is in lower.c. */
#include "plan/tree.h"

#include "plan/names.h"
#include "plan/words.h"

/* The statement without its execution options and with its variables replaced: what people see in a plan. */
static const char *statement_text(struct leat_planner *pl, const struct leat_stmt *st)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, st->name);
	for (size_t i = 0; i < st->n_words; i++) {
		if (leat_plan_is_exec(&st->words[i]))
			continue;
		leat_buf_addc(&b, ' ');
		if (st->words[i].key)
			leat_buf_addf(&b, "%s=", st->words[i].key);
		if (st->words[i].quoted)
			leat_word_quote(&b, st->words[i].value);
		else
			leat_buf_adds(&b, st->words[i].value);
	}
	const char *s = b.failed ? NULL : leat_plan_text(pl, "%s", b.data);
	pl->failed = pl->failed || b.failed;
	leat_buf_free(&b);
	return s ? s : st->name;
}

int leat_plan_step(struct leat_planner *pl, const struct leat_line *l, enum leat_role role, const char *name,
		   const struct leat_stmt *st)
{
	struct leat_plan *p = pl->plan;
	struct leat_step *v = leat_plan_more(pl, p->steps, p->n_steps, &pl->own->cap_steps, sizeof *v);
	struct leat_stepinfo *info = leat_plan_more(pl, pl->own->info, p->n_steps, &pl->own->cap_info, sizeof *info);
	if (!v || !info)
		return -1;
	p->steps = v;
	pl->own->info = info;
	int i = (int)p->n_steps++;
	v[i] = (struct leat_step){
		.role = role,
		.name = name,
		.branch = l->branch,
		.text = statement_text(pl, st),
		.span = st->span,
		.parent = l->at,
		.in = l->kind,
		.out = l->kind,
		.stage = l->stage,
	};
	info[i] = (struct leat_stepinfo){.stmt = st, .scope = l->scope, .after_unknown = l->unknown};
	return i;
}

/* Binds the words of st and leaves the result with step i. */
static bool bind_step(struct leat_planner *pl, int i, struct leat_binding *b, const struct leat_stmt *st)
{
	b->at = st->name_at;
	b->words = st->words;
	b->n_words = st->n_words;
	b->damaged = st->damaged;
	b->steps = true;
	bool ok = leat_plan_bind(pl, b);
	pl->plan->steps[i].params = b->params;
	pl->own->info[i].given = b->given;
	return ok;
}

/* The line goes on with the result of step i. */
static void go_on(struct leat_line *l, int i, unsigned kind)
{
	l->at = i;
	l->kind = kind;
	l->raw = false;
	l->codec = NULL;
	l->loaded = -1;
	l->wrote = -1;
}

static void source(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st,
		   const struct leat_source *s)
{
	if (l->at >= 0 || l->scope) { /* an unknown step before it may have been no step at all */
		leat_plan_late_source(pl, st);
		return;
	}
	int i = leat_plan_step(pl, l, LEAT_SOURCE, s->name, st);
	if (i < 0)
		return;
	struct leat_step *step = &pl->plan->steps[i];
	step->source = s;
	step->out = s->out;
	leat_plan_exec(pl, step, &pl->own->info[i], st, s->modes);
	struct leat_binding b = {.table = s->params,
				 .size = s->params_size,
				 .name = s->name,
				 .owner = s->name,
				 .example = s->example,
				 .check = s->check};
	(void)bind_step(pl, i, &b, st);
	go_on(l, i, s->out);
	l->raw = l->kind == LEAT_FILE;
}

static void decode(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st)
{
	if (l->kind && l->kind != LEAT_FILE) {
		leat_plan_wrong_kind(pl, l, st, LEAT_FILE);
		l->unknown = true;
		return;
	}
	if (l->raw)
		leat_plan_check_loader(pl, st, LEAT_IMAGE);
	int i = leat_plan_step(pl, l, LEAT_DECODE, "decode", st);
	if (i < 0)
		return;
	pl->plan->steps[i].out = LEAT_IMAGE;
	leat_plan_exec(pl, &pl->plan->steps[i], &pl->own->info[i], st, LEAT_ON_DECODE);
	struct leat_binding b = {.table = leat_decode_params,
				 .size = sizeof(struct leat_decode_params),
				 .name = "decode",
				 .owner = "decode",
				 .example = "decode depth=16"};
	(void)bind_step(pl, i, &b, st);
	go_on(l, i, LEAT_IMAGE);
}

/* The kind that `parse` gives: of the format that is written, else what the inputs' extensions tell. */
static unsigned parsed_kind(const struct leat_planner *pl, const struct leat_parse_params *p)
{
	const unsigned numbers = LEAT_ARRAY | LEAT_TABLE;
	const struct leat_codec *c = leat_parse_format(pl->reg, p);
	unsigned kinds = c ? leat_codec_gives(c) : leat_plan_input_kinds(pl, NULL) & numbers;
	return kinds ? kinds : numbers;
}

static void parse(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st)
{
	if (l->kind && l->kind != LEAT_FILE) {
		leat_plan_wrong_kind(pl, l, st, LEAT_FILE);
		l->unknown = true;
		return;
	}
	int i = leat_plan_step(pl, l, LEAT_PARSE, "parse", st);
	if (i < 0)
		return;
	leat_plan_exec(pl, &pl->plan->steps[i], &pl->own->info[i], st, LEAT_ON_DECODE);
	struct leat_binding b = {.table = leat_parse_params,
				 .size = sizeof(struct leat_parse_params),
				 .name = "parse",
				 .owner = "parse",
				 .example = "parse header=yes",
				 .check = leat_parse_check};
	bool ok = bind_step(pl, i, &b, st);
	const struct leat_parse_params *params = b.params;
	const char *missing = ok ? leat_parse_missing(pl->reg, params) : NULL;
	if (missing)
		leat_plan_not_built(pl, leat_plan_given(b.table, b.given, "format")->span, "format=%s", missing);
	else if (ok && l->raw && !params->format)
		leat_plan_check_loader(pl, st, LEAT_ARRAY | LEAT_TABLE);
	unsigned kind = params ? parsed_kind(pl, params) : LEAT_ARRAY;
	if (ok && kind == LEAT_TABLE && params->dtype > 0 && params->dtype - 1 != LEAT_DT_F8)
		leat_plan_not_built(pl, leat_plan_given(b.table, b.given, "dtype")->span, "dtype=%s of text",
				    leat_dtype_name((enum leat_dtype)(params->dtype - 1)));
	pl->plan->steps[i].out = kind;
	go_on(l, i, kind);
}

/* The format word as a choice among all encoders, so that its messages are those of any choice. */
static const struct leat_codec *format(struct leat_planner *pl, const struct leat_word *w)
{
	const char *names[65] = {NULL};
	size_t n = 0;
	for (size_t i = 0; i < pl->reg->n_codecs && n < 64; i++)
		if (pl->reg->codecs[i]->enc_open || pl->reg->codecs[i]->enc_run)
			names[n++] = pl->reg->codecs[i]->name;
	struct leat_param p = {.name = "format", .type = LEAT_PT_CHOICE, .choices = names};
	struct leat_value_error e = {0};
	int64_t chosen = 0;
	if (leat_param_parse(&p, w->value, &chosen, &pl->plan->arena, &e) == 0)
		return leat_registry_codec(pl->reg, names[chosen]);
	leat_plan_value_error(pl, w, &e);
	return NULL;
}

static const struct leat_word *first_positional(const struct leat_stmt *st)
{
	for (size_t i = 0; i < st->n_words; i++)
		if (!st->words[i].key)
			return &st->words[i];
	return NULL;
}

static const struct leat_codec *encoder_of(struct leat_planner *pl, const struct leat_stmt *st,
					   const struct leat_word *w)
{
	if (w)
		return w->unknown ? NULL : format(pl, w);
	if (!st->damaged) {
		struct leat_diag *g = leat_plan_error(pl, 34, st->name_at, "'encode' needs a value: the format");
		leat_plan_help(pl, g, "for example: encode jpeg quality=82");
	}
	return NULL;
}

/* The same of one that takes payloads whole: one number is written for nobody. */
static void try_whole_encoder(struct leat_planner *pl, const struct leat_codec *c, const void *params,
			      const struct leat_stmt *st)
{
	const struct leat_array_shape one = {.dtype = LEAT_DT_F8};
	struct leat_err e = {0};
	struct leat_payload in = {.kind = LEAT_ARRAY, .array = leat_array_new(&one, &e)};
	struct leat_bytes *out = NULL;
	if (!in.array) {
		pl->failed = true;
		return;
	}
	*(double *)in.array->data = 0;
	if (c->enc_run(params, &in, &out, &e) < 0)
		leat_plan_refused(pl, st->span, &e);
	leat_bytes_unref(&out);
	leat_array_unref(&in.array);
}

/* Options that this codec would refuse for every image are refused here, not once per item. */
static void try_encoder(struct leat_planner *pl, const struct leat_codec *c, const void *params,
			const struct leat_stmt *st)
{
	const struct leat_image_shape ordinary = {
		.width = 1, .height = 1, .channels = 3, .alpha = false, .sample = LEAT_U8, .pages = 1};
	struct leat_image_shape want;
	struct leat_err e = {0};
	if (c->enc_takes && c->enc_takes(params, &ordinary, &want, &e) < 0)
		leat_plan_refused(pl, st->span, &e);
	if (c->enc_run && !c->prepare) /* else its library may not be there yet */
		try_whole_encoder(pl, c, params, st);
}

static void encode(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st)
{
	const struct leat_word *w = first_positional(st);
	const struct leat_codec *c = encoder_of(pl, st, w);
	unsigned takes = c ? c->kinds : LEAT_IMAGE;
	int loaded = leat_plan_load(pl, l, st, takes);
	if (l->kind && !(l->kind & takes))
		leat_plan_wrong_kind(pl, l, st, takes);
	int i = leat_plan_step(pl, l, LEAT_ENCODE, "encode", st);
	if (i < 0)
		return;
	struct leat_step *s = &pl->plan->steps[i];
	s->codec = c;
	s->out = LEAT_FILE;
	leat_plan_exec(pl, s, &pl->own->info[i], st, c ? c->modes : 0);
	if (loaded >= 0)
		leat_plan_exec_like(&pl->plan->steps[loaded], &pl->own->info[loaded], s, &pl->own->info[i],
				    LEAT_ON_DECODE);
	if (c) {
		const char *owner = leat_plan_text(pl, "encode %s", c->name);
		struct leat_binding b = {.table = c->params,
					 .size = c->params_size,
					 .name = "encode",
					 .owner = owner ? owner : "encode",
					 .skip = w};
		bool ok = bind_step(pl, i, &b, st);
		if (ok && c->enc_hint)
			c->enc_hint(b.params, leat_plan_resized(pl->plan, i));
		if (ok)
			try_encoder(pl, c, b.params, st);
	}
	go_on(l, i, LEAT_FILE);
	l->codec = c;
}

static const struct leat_conditions *conditions_of(const struct leat_op *op, const void *params)
{
	size_t n = leat_param_count(op->params);
	for (size_t i = 0; i < n; i++)
		if (op->params[i].type == LEAT_PT_CONDITIONS)
			return (const void *)((const char *)params + op->params[i].offset);
	return NULL;
}

static enum leat_role role_of(const struct leat_op *op)
{
	size_t n = leat_param_count(op->params);
	if (op->reduction)
		return LEAT_REDUCE;
	for (size_t i = 0; i < n; i++)
		if (op->params[i].type == LEAT_PT_CONDITIONS && !op->rows && !op->run)
			return LEAT_FILTER;
	return LEAT_OP;
}

static unsigned gives(const struct leat_op *op, unsigned kind)
{
	if (!op->out || op->out == LEAT_ANY)
		return kind;
	return op->out & kind ? op->out & kind : op->out;
}

static void op_step(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, const struct leat_op *op)
{
	bool raw = l->raw;
	int loaded = leat_plan_load(pl, l, st, op->in);
	if (l->kind && !(l->kind & op->in)) {
		leat_plan_wrong_kind(pl, l, st, op->in);
		l->unknown = true;
		l->kind = 0;
	}
	int i = leat_plan_step(pl, l, role_of(op), op->name, st);
	if (i < 0)
		return;
	struct leat_step *s = &pl->plan->steps[i];
	s->op = op;
	s->out = gives(op, l->kind);
	leat_plan_exec(pl, s, &pl->own->info[i], st, op->modes);
	if (loaded >= 0)
		leat_plan_exec_like(&pl->plan->steps[loaded], &pl->own->info[loaded], s, &pl->own->info[i],
				    LEAT_ON_DECODE);
	struct leat_binding b = {.table = op->params,
				 .size = op->params_size,
				 .op = op,
				 .name = op->name,
				 .owner = op->name,
				 .example = op->example,
				 .check = op->check,
				 .check_kind = op->check_kind,
				 .kind = leat_plan_certain(l->kind)};
	bool ok = bind_step(pl, i, &b, st);
	s = &pl->plan->steps[i];
	if (ok && s->role == LEAT_FILTER) {
		s->conditions = *conditions_of(op, s->params);
		s->drop = strcmp(op->name, "drop") == 0;
	}
	if (ok)
		leat_plan_check_fields(pl, i);
	if (op->program)
		leat_plan_runs_programs(pl, st->name_at, leat_plan_text(pl, "'%s'", op->name));
	go_on(l, i, s->out);
	l->raw = raw && s->out == LEAT_FILE && !op->program;
	l->stage += s->role == LEAT_REDUCE;
}

/*
 * A report looks at the fields only. Right behind a write that stands beside the line it sees what that has
 * measured.
 */
static void row_sink(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st,
		     const struct leat_sink *k)
{
	struct leat_line here = *l;
	if (l->wrote >= 0)
		here.at = l->wrote;
	int i = leat_plan_step(pl, &here, LEAT_ROWSINK, k->name, st);
	if (i < 0)
		return;
	struct leat_step *s = &pl->plan->steps[i];
	s->sink = k;
	leat_plan_exec(pl, s, &pl->own->info[i], st, k->modes);
	struct leat_binding b = {.table = k->params,
				 .size = k->params_size,
				 .name = k->name,
				 .owner = k->name,
				 .example = k->example,
				 .check = k->check};
	(void)bind_step(pl, i, &b, st);
	leat_plan_check_fields(pl, i);
	l->sink = true;
}

static void stage(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st)
{
	const struct leat_source *src = leat_registry_source(pl->reg, st->name);
	const struct leat_sink *sink = leat_registry_sink(pl->reg, st->name);
	const struct leat_op *op = leat_registry_op(pl->reg, st->name);
	bool coder =
		strcmp(st->name, "decode") == 0 || strcmp(st->name, "parse") == 0 || strcmp(st->name, "encode") == 0;
	bool wants_encode = !src && !sink && !coder && leat_plan_is_encode(pl, st);
	if (wants_encode || (!src && !sink && !op && !coder)) {
		if (!wants_encode)
			leat_plan_unknown_step(pl, st);
		l->unknown = true;
		l->kind = 0;
		return;
	}
	if (l->at < 0 && !src && !l->unknown) {
		if (!pl->program->damaged)
			leat_plan_no_source(pl, st);
		l->unknown = true;
		l->kind = 0;
	}
	if (src)
		source(pl, l, st, src);
	else if (sink && sink->rows)
		row_sink(pl, l, st, sink);
	else if (sink)
		leat_plan_write(pl, l, st, sink);
	else if (op)
		op_step(pl, l, st, op);
	else if (strcmp(st->name, "decode") == 0)
		decode(pl, l, st);
	else if (strcmp(st->name, "parse") == 0)
		parse(pl, l, st);
	else
		encode(pl, l, st);
}

static void line(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, size_t n);

static void branch(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st)
{
	struct leat_scope *scope = leat_plan_alloc(pl, 1, sizeof *scope);
	if (!scope)
		return;
	*scope = (struct leat_scope){.branch = st, .up = l->scope};
	if (l->at < 0 && !l->unknown) {
		if (!pl->program->damaged)
			leat_plan_no_source(pl, st);
		l->unknown = true;
		l->kind = 0;
	}
	struct leat_line b = *l;
	unsigned wants = l->raw ? leat_plan_wants(pl, st->body, st->n_body) : 0;
	if (wants) {
		if (l->loaded < 0)
			l->loaded = leat_plan_imply_loader(pl, l, st, wants, NULL);
		b = *l;
		if (l->loaded >= 0)
			go_on(&b, l->loaded, pl->plan->steps[l->loaded].out);
	}
	b.scope = scope;
	b.branch = st->name;
	b.wrote = -1;
	b.sink = false;
	line(pl, &b, st->body, st->n_body);
	l->wrote = -1;
}

static void line(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, size_t n)
{
	for (size_t i = 0; i < n && !pl->failed; i++) {
		if (st[i].kind == LEAT_BRANCH)
			branch(pl, l, &st[i]);
		else
			stage(pl, l, &st[i]);
	}
	bool ends_in_branch = n > 0 && st[n - 1].kind == LEAT_BRANCH;
	if (!l->sink && !l->unknown && !ends_in_branch && !pl->program->damaged && (n > 0 || l->scope))
		leat_plan_no_sink(pl, l->scope ? l->scope->branch : NULL, n > 0 ? &st[n - 1] : l->scope->branch);
}

void leat_plan_tree(struct leat_planner *pl)
{
	struct leat_line l = {.branch = "", .at = -1, .loaded = -1, .wrote = -1};
	line(pl, &l, pl->program->steps, pl->program->n_steps);
}
