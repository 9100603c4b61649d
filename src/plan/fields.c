/* SPDX-License-Identifier: MIT */
/* Which fields there are at a step, and E051 for the others. See names.h. */
#include "core/condition.h"
#include "core/item.h"
#include "core/stepfields.h"
#include "core/template.h"
#include "plan/names.h"
#include "plan/tree.h"
#include "plan/words.h"

bool leat_plan_always_there(const char *field)
{
	for (size_t i = 0; leat_item_fields[i]; i++)
		if (strcmp(leat_item_fields[i], field) == 0)
			return true;
	return false;
}

static void each(const struct leat_stepfield *v, leat_field_fn *fn, void *ctx)
{
	for (; v->name; v++)
		fn(ctx, v->name, v->type, v->doc);
}

/* The fields that step i itself measures. */
static void measured_by(const struct leat_plan *p, int i, leat_field_fn *fn, void *ctx)
{
	const struct leat_step *s = &p->steps[i];
	switch (s->role) {
	case LEAT_DECODE:
		each(leat_decoded_fields, fn, ctx);
		if (!leat_plan_certain(s->out)) /* numbers, if they turn out to be ones */
			each(leat_parsed_fields, fn, ctx);
		break;
	case LEAT_PARSE:
		each(leat_parsed_fields, fn, ctx);
		break;
	case LEAT_ENCODE:
	case LEAT_WRITE:
		each(leat_written_fields, fn, ctx);
		break;
	case LEAT_OP:
		if (s->in != s->out && (s->out & (LEAT_ARRAY | LEAT_TABLE)))
			each(leat_parsed_fields, fn, ctx); /* a bridge from images */
		if (s->in != s->out && (s->out & LEAT_IMAGE))
			each(leat_decoded_fields, fn, ctx);
		if (s->op->out == LEAT_FILE)
			each(leat_written_fields, fn, ctx);
		/* fall through */
	case LEAT_REDUCE:
		if (s->op->fields && s->params)
			s->op->fields(s->params, leat_plan_certain(s->in), fn, ctx);
		break;
	default:
		break;
	}
}

/* ---- what is measured on the way to a step: made once, so that long lines cost no more than their length */

struct leat_fieldlist {
	const struct leat_fieldlist *up;
	const char *name;
	enum leat_vtype type;
};

struct growing {
	struct leat_planner *pl;
	const struct leat_fieldlist *list;
};

/* Copies the name: an op may make its names as it goes. */
static void grow(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	struct growing *g = ctx;
	(void)doc;
	for (const struct leat_fieldlist *l = g->list; l; l = l->up)
		if (l->type == type && strcmp(l->name, name) == 0)
			return;
	struct leat_fieldlist *l = leat_plan_alloc(g->pl, 1, sizeof *l);
	const char *copy = leat_plan_text(g->pl, "%s", name);
	if (!l || !copy)
		return;
	*l = (struct leat_fieldlist){g->list, copy, type};
	g->list = l;
}

static void make_list(struct leat_planner *pl, int i)
{
	const struct leat_step *s = &pl->plan->steps[i];
	bool anew = s->role == LEAT_REDUCE || s->parent < 0;
	struct growing g = {pl, anew ? NULL : pl->own->info[s->parent].fields};
	measured_by(pl->plan, i, grow, &g);
	pl->own->info[i].fields = g.list;
	pl->own->info[i].fields_known = true;
}

/* Measured by step `at` and above it, behind the last reduction; the latest first. */
static const struct leat_fieldlist *fields_at(struct leat_planner *pl, int at)
{
	size_t n = 0;
	for (int i = at; i >= 0 && !pl->own->info[i].fields_known; i = pl->plan->steps[i].parent)
		n++;
	int *way = n ? leat_plan_alloc(pl, n, sizeof *way) : NULL;
	for (int i = at, k = 0; way && (size_t)k < n; i = pl->plan->steps[i].parent)
		way[k++] = i;
	while (way && n > 0)
		make_list(pl, way[--n]);
	return at >= 0 ? pl->own->info[at].fields : NULL;
}

/* All fields that a step behind `at` can read. */
static void readable(struct leat_planner *pl, int at, bool report, leat_field_fn *fn, void *ctx)
{
	const struct leat_step *s = at >= 0 ? &pl->plan->steps[at] : NULL;
	for (const struct leat_fieldlist *l = fields_at(pl, at); l; l = l->up)
		fn(ctx, l->name, l->type, "");
	if (report)
		each(leat_ended_fields, fn, ctx);
	if (s && (s->stage > 0 || s->role == LEAT_REDUCE)) {
		each(leat_reduced_fields, fn, ctx);
		return;
	}
	for (size_t i = 0; leat_item_fields[i]; i++)
		fn(ctx, leat_item_fields[i], leat_item_field_types[i], "");
}

struct search {
	const char *name;
	bool found;
	enum leat_vtype type;
};
static void look(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	struct search *s = ctx;
	size_t n = strlen(name);
	(void)doc;
	bool same = n && name[n - 1] == '*' ? strncmp(s->name, name, n - 1) == 0 && s->name[n - 1]
					    : strcmp(s->name, name) == 0;
	if (s->found || !same)
		return;
	s->found = true;
	s->type = type;
}

/* Each name once, copied: an op may make its names as it goes. */
struct names {
	struct leat_planner *pl;
	const char *v[512];
	size_t n;
	bool patterns; /* those, too, that stand for names which only the data tell */
};
static void take(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	struct names *l = ctx;
	(void)type, (void)doc;
	if (!l->patterns && strchr(name, '*')) /* a name for each column: only the data tell them */
		return;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], name) == 0)
			return;
	const char *copy = l->n < LEAT_LEN(l->v) ? leat_plan_text(l->pl, "%s", name) : NULL;
	if (copy)
		l->v[l->n++] = copy;
}

struct reading {
	struct leat_planner *pl;
	int at; /* the step whose result is read */
	bool report;
};

static bool known(const struct reading *r, const char *name, enum leat_vtype *type)
{
	struct search s = {.name = name};
	readable(r->pl, r->at, r->report, look, &s);
	if (type)
		*type = s.type;
	return s.found;
}

static bool listed(const struct leat_stepfield *v, const char *name)
{
	while (v->name && strcmp(v->name, name) != 0)
		v++;
	return v->name != NULL;
}

/* Names that some step could measure, for a better answer than "there is none". */
static const char *measured_after(const char *name)
{
	if (listed(leat_decoded_fields, name))
		return "decode";
	if (listed(leat_parsed_fields, name))
		return "parse";
	return listed(leat_written_fields, name) ? "encode" : NULL;
}

static bool behind_reduction(const struct reading *r)
{
	return r->at >= 0 && (r->pl->plan->steps[r->at].stage > 0 || r->pl->plan->steps[r->at].role == LEAT_REDUCE);
}

/* Does an op of this registry measure the field when its fields= asks for it? Its name, or NULL. */
static const char *measured_by_op(struct leat_planner *pl, const char *name)
{
	for (size_t i = 0; i < pl->reg->n_ops; i++) {
		const struct leat_op *op = pl->reg->ops[i];
		const struct leat_param *p = leat_param_find(op->params, "fields");
		struct leat_value_error e = {0};
		void *params = p && op->fields && !op->hidden ? leat_plan_alloc(pl, 1, op->params_size) : NULL;
		struct search s = {.name = name};
		if (params)
			leat_op_preset(op, params);
		if (!params || leat_param_parse(p, name, params, &pl->plan->arena, &e) < 0)
			continue; /* a name that it does not know is none of its fields: it will not say it */
		op->fields(params, 0, look, &s);
		if (s.found)
			return op->name;
	}
	return NULL;
}

/* A misspelt field that only a later step measures. */
static bool guess_later(const struct reading *r, struct leat_diag *g, const char *name, const char *open,
			const char *close)
{
	struct names all = {.pl = r->pl, .n = 0};
	each(leat_decoded_fields, take, &all);
	each(leat_written_fields, take, &all);
	const char *guess = leat_plan_field_guess(name, all.v, all.n);
	if (guess)
		leat_plan_label(r->pl, g, "did you mean '%s%s%s'?", open, guess, close);
	if (guess)
		leat_plan_help(r->pl, g, "'%s%s%s' is known only after '%s': write that above this line", open, guess,
			       close, measured_after(guess));
	return guess != NULL;
}

/* E051. braces: the field is written {name} there. */
static void unknown_field(const struct reading *r, struct leat_span at, const char *name, bool braces)
{
	const char *open = braces ? "{" : "", *close = braces ? "}" : "";
	const char *step = measured_after(name);
	struct names all = {.pl = r->pl, .n = 0};
	struct leat_diag *g;
	if (step) {
		g = leat_plan_error(r->pl, 51, at, "'%s%s%s' is not known yet at this step", open, name, close);
		leat_plan_label(r->pl, g, "known only after '%s'", step);
		leat_plan_help(r->pl, g, "write '%s' above this line", step);
		return;
	}
	g = leat_plan_error(r->pl, 51, at, "there is no field '%s%s%s'", open, name, close);
	if (!g)
		return;
	if (behind_reduction(r) && leat_plan_always_there(name)) {
		leat_plan_label(r->pl, g, "many items became one result above");
		leat_plan_help(r->pl, g,
			       "what is left: count, key, date, time, host, job, and what later steps measure");
		return;
	}
	readable(r->pl, r->at, r->report, take, &all);
	const char *guess = leat_plan_field_guess(name, all.v, all.n);
	const char *op = measured_by_op(r->pl, name);
	if (op) {
		leat_plan_label(r->pl, g, "no step before this one measures it");
		leat_plan_help(r->pl, g, "add %s fields=%s before it", op, name);
		return;
	}
	if (guess)
		leat_plan_label(r->pl, g, "did you mean '%s%s%s'?", open, guess, close);
	else if (!behind_reduction(r) && guess_later(r, g, name, open, close))
		return;
	if (braces) {
		leat_plan_help(r->pl, g,
			       "for photos/2024/cat.jpg: {stem}=cat  {ext}=jpg  {name}=cat.jpg  {reldir}=2024");
		leat_plan_help(r->pl, g, "all fields: leat help fields");
	} else {
		leat_plan_help(r->pl, g, "list the fields with: leat help fields");
	}
}

/* A value of this type, as good as any. */
static int set_sample(struct leat_fields *f, const char *name, enum leat_vtype type)
{
	struct leat_err err = {0};
	switch (type) {
	case LEAT_V_INT:
		return leat_fields_set_int(f, name, 1, &err);
	case LEAT_V_REAL:
		return leat_fields_set_real(f, name, 0.5, &err);
	case LEAT_V_TEXT:
		return leat_fields_set_text(f, name, "x", 1, &err);
	default:
		return -1;
	}
}

static const char *type_words(enum leat_vtype type)
{
	switch (type) {
	case LEAT_V_INT:
		return "a whole number";
	case LEAT_V_REAL:
		return "a number";
	case LEAT_V_TIME:
		return "a time";
	default:
		return "a text";
	}
}

/* E050: the template itself says whether it can print such a value. `field` is "{stem:04}". */
static void check_format(const struct reading *r, const char *field, const char *name, enum leat_vtype type,
			 struct leat_span at)
{
	struct leat_fields fields = {0};
	struct leat_buf out = {0};
	struct leat_err err = {0};
	struct leat_entry entry = {.path = "x", .root = "", .rel = "x", .reldir = ""};
	struct leat_view v = {.entry = &entry, .fields = &fields, .run = &r->pl->facts->run, .branch = ""};
	struct leat_template *t = leat_template_new(field, NULL, &err);
	bool sampled = type == LEAT_V_TIME || set_sample(&fields, name, type) == 0; /* times: mtime of the entry */
	if (t && sampled && leat_template_expand(t, &v, &out, &err) < 0) {
		struct leat_diag *g = leat_plan_error(r->pl, 50, at, "the format in '%s' does not fit: '{%s}' is %s",
						      field, name, type_words(type));
		leat_plan_help(r->pl, g,
			       "{index:04} fills with zeros, {stem:8} are the first 8 characters, {mean:.1} "
			       "has 1 digit behind the point, {mtime:%%Y-%%m} is a date");
	}
	leat_template_free(&t);
	leat_buf_free(&out);
	leat_fields_free(&fields);
}

/* The name of a report's file: one for all items, so that nothing of an item can be in it. */
static bool in_file_of_report(const struct reading *r, const char *name, struct leat_span at)
{
	static const char *const run[] = {"job", "date", "time", "host", "branch"};
	for (size_t i = 0; i < LEAT_LEN(run); i++)
		if (strcmp(run[i], name) == 0)
			return true;
	struct leat_diag *g = leat_plan_error(r->pl, 51, at, "'{%s}' cannot be in the name of a report", name);
	leat_plan_label(r->pl, g, "one report is about all items");
	leat_plan_help(r->pl, g, "what can be in its name: {job}, {date}, {time}, {host}, {branch}");
	return false;
}

/* shared: the name of a file for all items. */
static void check_template(const struct reading *r, const struct leat_tmpl *t, const struct leat_word *w, bool shared)
{
	const char *name;
	size_t offset;
	for (size_t i = 0; t->t && (name = leat_template_field(t->t, i, &offset)) != NULL; i++) {
		enum leat_vtype type = LEAT_V_NONE;
		size_t n = strcspn(t->text + offset, "}") + 1;
		const char *field = leat_plan_text(r->pl, "%.*s", (int)n, t->text + offset);
		struct leat_span at = field ? leat_plan_part(w, field, n) : w->value_at;
		if (!field || (shared && !in_file_of_report(r, name, at)))
			continue;
		if (known(r, name, &type))
			check_format(r, field, name, type, at);
		else
			unknown_field(r, at, name, true);
	}
}

/* E038: standard output belongs to the images and to --json. */
static void check_report_file(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w)
{
	if (!t->shown || strcmp(t->shown, "-") != 0)
		return;
	struct leat_diag *g = leat_plan_error(pl, 38, w->value_at, "a report cannot go to standard output yet");
	leat_plan_help(pl, g, "write it into a file: %s=report.%s", w->key ? w->key : "csv", w->key ? w->key : "csv");
}

static void check_list(const struct reading *r, const struct leat_strs *l, const struct leat_word *w)
{
	for (size_t i = 0; i < l->n; i++)
		if (!known(r, l->v[i], NULL))
			unknown_field(r, leat_plan_part(w, l->v[i], strlen(l->v[i])), l->v[i], false);
}

/* The right side may be a field too: width>height. Otherwise it must be something to compare this field with. */
static void check_condition(const struct reading *r, struct leat_condition *c, const struct leat_word *w)
{
	const char *left = leat_condition_field(c, 0), *right = leat_condition_field(c, 1);
	enum leat_vtype type = LEAT_V_NONE;
	struct leat_err err = {0};
	bool there = known(r, left, &type);
	if (!there)
		unknown_field(r, w->key ? w->key_at : leat_plan_part(w, left, strlen(left)), left, false);
	if (right && known(r, right, NULL))
		leat_condition_right_is_field(c);
	else if (there && leat_condition_check(c, type, &err) < 0)
		leat_plan_error(r->pl, 53, w->span, "%s", err.text);
}

static void check_conditions(const struct reading *r, const struct leat_conditions *c, const struct leat_stmt *st)
{
	size_t k = 0;
	for (size_t i = 0; i < st->n_words && k < c->n; i++)
		if (!leat_plan_is_exec(&st->words[i]))
			check_condition(r, c->v[k++], &st->words[i]);
}

void leat_plan_check_fields(struct leat_planner *pl, int i)
{
	const struct leat_step *s = &pl->plan->steps[i];
	const struct leat_stepinfo *in = &pl->own->info[i];
	const struct leat_param *table = s->op ? s->op->params : s->sink ? s->sink->params : NULL;
	struct reading r = {.pl = pl, .at = s->parent, .report = s->role == LEAT_ROWSINK};
	size_t n = leat_param_count(table);
	if (in->after_unknown || !in->given || !s->params)
		return;
	for (size_t k = 0; k < n; k++) {
		const void *field = (const char *)s->params + table[k].offset;
		if (!in->given[k])
			continue;
		bool shared = s->role == LEAT_ROWSINK && (table[k].flags & LEAT_OWN_PATH);
		if (table[k].type == LEAT_PT_TEMPLATE)
			check_template(&r, field, in->given[k], shared);
		if (table[k].type == LEAT_PT_TEMPLATE && shared)
			check_report_file(pl, field, in->given[k]);
		if (table[k].type == LEAT_PT_FIELDS && s->sink)
			check_list(&r, field, in->given[k]);
		else if (table[k].type == LEAT_PT_CONDITIONS)
			check_conditions(&r, field, in->stmt);
	}
}

/* What was measured on the way to step i, first things first; a reduction begins anew. */
static void measured_above(struct leat_planner *pl, int i, leat_field_fn *fn, void *ctx)
{
	const struct leat_fieldlist *list = fields_at(pl, pl->plan->steps[i].parent);
	size_t n = 0;
	for (const struct leat_fieldlist *l = list; l; l = l->up)
		n++;
	const struct leat_fieldlist **v = n ? leat_plan_alloc(pl, n, sizeof(void *)) : NULL;
	for (size_t k = n; v && k > 0; list = list->up)
		v[--k] = list;
	for (size_t k = 0; v && k < n; k++)
		fn(ctx, v[k]->name, v[k]->type, "");
}

static const char **kept(struct leat_planner *pl, const struct names *found)
{
	const char **v = leat_plan_alloc(pl, found->n + 1, sizeof *v);
	if (v)
		memcpy(v, found->v, found->n * sizeof *v);
	return v;
}

void leat_plan_collect_fields(struct leat_planner *pl)
{
	struct leat_plan *p = pl->plan;
	struct names all = {.pl = pl, .n = 0};
	for (size_t i = 0; i < p->n_steps; i++) {
		struct names above = {.pl = pl, .patterns = true};
		measured_by(p, (int)i, take, &all);
		if (p->steps[i].role != LEAT_ROWSINK)
			continue;
		measured_above(pl, (int)i, take, &above);
		p->steps[i].fields = kept(pl, &above);
	}
	p->fields = kept(pl, &all);
}
