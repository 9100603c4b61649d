/* SPDX-License-Identifier: MIT */
/*
 * The names that will be written, where they follow from the inputs' names alone: two inputs for one output
 * (E071) and inputs that would be overwritten (E075) are found before anything runs. Where a filter asks for
 * something that only the run can know, an output is possible, not certain.
 */
#include "core/condition.h"
#include "core/template.h"
#include "plan/names.h"
#include "plan/place.h"
#include "plan/targets.h"

#include "base/num.h"

#include <strings.h>

enum { MAX_OUTPUTS = 1 << 24 }; /* beyond it only the writing itself finds two with one name */

/* A write whose names can be told. */
struct writer {
	int step;
	const struct leat_codec *codec; /* of the encoder before it, where that is fixed */
	bool certain; /* no filter above it waits for what the run will measure */
	bool single; /* behind a reduction: one output in all */
	bool replace; /* may overwrite inputs */
	uint64_t colliding; /* its outputs that share their name */
};

struct outlook {
	struct leat_planner *pl;
	struct writer *w;
	size_t n;
	struct leat_fields fields; /* empty: nothing is measured yet */
	struct leat_buf buf;
};

static bool known_before(const char *field, const struct leat_codec *codec)
{
	if (strcmp(field, "format") == 0 || strcmp(field, "suffix") == 0)
		return codec != NULL;
	return strcmp(field, "hash") != 0 && leat_plan_always_there(field);
}

static bool is_measured(const struct leat_plan *p, const char *field)
{
	for (size_t i = 0; p->fields[i]; i++)
		if (strcmp(p->fields[i], field) == 0)
			return true;
	return false;
}

/* The right side may be a field, too; any other word there is just a word. */
static bool condition_known(const struct leat_plan *p, const struct leat_condition *c)
{
	const char *right = leat_condition_field(c, 1);
	if (!known_before(leat_condition_field(c, 0), NULL))
		return false;
	return !right || !(is_measured(p, right) || (leat_plan_always_there(right) && !known_before(right, NULL)));
}

static bool filter_known(const struct leat_plan *p, const struct leat_step *s)
{
	for (size_t i = 0; i < s->conditions.n; i++)
		if (!condition_known(p, s->conditions.v[i]))
			return false;
	return true;
}

static bool name_known(const struct leat_tmpl *t, const struct leat_codec *codec, bool single)
{
	static const char *const late[] = {"branch", "date", "time", "host", "job"};
	const char *f;
	for (size_t i = 0; (f = leat_template_field(t->t, i, NULL)) != NULL; i++) {
		size_t k = 0;
		while (single && k < LEAT_LEN(late) && strcmp(late[k], f) != 0)
			k++;
		if (single ? k == LEAT_LEN(late) : !known_before(f, codec))
			return false;
	}
	return true;
}

static bool may_replace(const struct leat_step *s)
{
	const struct leat_param *p = leat_param_find(s->sink->params, "replace");
	return p && p->type == LEAT_PT_SWITCH && *(const bool *)(const void *)((const char *)s->params + p->offset);
}

/* Fills *w; false when its names cannot be told. */
static bool look_at(const struct leat_planner *pl, int i, struct writer *w)
{
	const struct leat_step *steps = pl->plan->steps;
	const struct leat_stepinfo *in = &pl->own->info[i];
	if (steps[i].role != LEAT_WRITE || !in->tmpl || strcmp(in->tmpl->shown, "-") == 0)
		return false;
	const struct leat_step *before = &steps[steps[i].parent];
	*w = (struct writer){
		.step = i, .certain = true, .single = steps[i].stage > 0, .replace = may_replace(&steps[i])};
	w->codec = before->role == LEAT_ENCODE ? before->codec : NULL;
	for (int up = steps[i].parent; up >= 0 && steps[up].role != LEAT_REDUCE; up = steps[up].parent)
		if (steps[up].role == LEAT_FILTER && !filter_known(pl->plan, &steps[up]))
			w->certain = false;
	return name_known(in->tmpl, w->codec, w->single);
}

bool leat_plan_passes(const struct leat_plan *p, int step, const struct leat_view *v, bool *certain)
{
	const struct leat_step *steps = p->steps;
	struct leat_buf tmp = {0};
	bool yes = true;
	for (int up = steps[step].parent; yes && up >= 0; up = steps[up].parent) {
		const struct leat_step *s = &steps[up];
		if (s->role == LEAT_REDUCE)
			break;
		if (s->role != LEAT_FILTER)
			continue;
		if (!filter_known(p, s)) {
			*certain = false;
			continue;
		}
		bool all = true;
		for (size_t k = 0; all && k < s->conditions.n; k++)
			all = leat_condition_holds(s->conditions.v[k], v, &tmp);
		yes = s->drop ? !all : all;
	}
	leat_buf_free(&tmp);
	return yes;
}

/* E076 for names whose extension is the input's: the data is of one format, the name says another. */
static void check_extension(struct outlook *o, const struct writer *w, const char *path)
{
	const struct leat_stepinfo *in = &o->pl->own->info[w->step];
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	const struct leat_step *enc = &o->pl->plan->steps[o->pl->plan->steps[w->step].parent];
	const struct leat_codec *other = dot ? leat_registry_codec_for_extension(o->pl->reg, dot + 1) : NULL;
	if (!w->codec || enc->implied || !other || other == w->codec)
		return;
	struct leat_diag *g = leat_plan_error(o->pl, 76, in->name->value_at, "'%s' ends in %s, but the data is %s",
					      leat_plan_shown(o->pl->program, path), dot, w->codec->name);
	leat_plan_second(g, enc->span, "encoded here");
	leat_plan_help(o->pl, g, "name the outputs by {stem}, for example {stem}.%s", w->codec->suffix);
}

/* Adds the output of one item; items whose names cannot be made fail by themselves later. */
static void add(struct outlook *o, const struct writer *w, const struct leat_entry *e)
{
	struct leat_plan *p = o->pl->plan;
	struct leat_err err = {0};
	struct leat_view v = {.entry = e, .fields = &o->fields, .run = &o->pl->facts->run};
	v.branch = p->steps[w->step].branch;
	v.index = e ? e->index : 0;
	v.format = w->codec ? w->codec->name : NULL;
	bool certain = true;
	if (e && (e->problem || !leat_plan_passes(p, w->step, &v, &certain)))
		return;
	leat_buf_clear(&o->buf);
	if (leat_template_expand_path(o->pl->own->info[w->step].tmpl->t, &v, &o->buf, &err) < 0 || !o->buf.data)
		return;
	char *path = leat_arena_strndup(&p->arena, o->buf.data, o->buf.len);
	if (!path) {
		o->pl->failed = true;
		return;
	}
	o->pl->own->outputs_possible = o->pl->own->outputs_possible || !w->certain;
	p->outputs[p->n_outputs++] = (struct leat_output){.path = path, .seq = e ? e->seq : 0, .step = w->step};
	check_extension(o, w, path);
}

static int by_path(const void *a, const void *b)
{
	const struct leat_output *x = a, *y = b;
	int d = strcmp(x->path, y->path);
	if (d == 0)
		d = x->step < y->step ? -1 : x->step > y->step;
	return d ? d : x->seq < y->seq ? -1 : x->seq > y->seq;
}

static bool is_sorted(const struct leat_plan *p)
{
	for (size_t i = 1; i < p->n_outputs; i++)
		if (by_path(&p->outputs[i - 1], &p->outputs[i]) > 0)
			return false;
	return true;
}

static struct writer *writer_of(struct outlook *o, const struct leat_output *out)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->w[i].step == out->step)
			return &o->w[i];
	return NULL;
}

static const struct leat_entry *entry_of(const struct outlook *o, const struct leat_output *out)
{
	const struct leat_listing *l = o->pl->facts->inputs;
	return out->seq < l->n ? &l->v[out->seq] : NULL;
}

/* "out/{reldir}/{stem}.webp" from "out/{stem}.webp". */
static const char *with_reldir(struct leat_planner *pl, const char *shown)
{
	const char *slash = NULL;
	int depth = 0;
	for (const char *s = shown; *s; s++) {
		depth += (*s == '{') - (*s == '}');
		if (*s == '/' && depth == 0)
			slash = s;
	}
	int cut = slash ? (int)(slash + 1 - shown) : 0;
	const char *text = leat_plan_text(pl, "%.*s{reldir}/%s", cut, shown, shown + cut);
	return text ? text : "";
}

static void two_inputs(struct outlook *o, const struct writer *w, const struct leat_output *a,
		       const struct leat_output *b)
{
	struct leat_planner *pl = o->pl;
	const struct leat_stepinfo *in = &pl->own->info[w->step];
	const struct leat_entry *x = entry_of(o, a), *y = entry_of(o, b);
	char n[32];
	if (!x || !y)
		return;
	struct leat_diag *g = leat_plan_error(pl, 71, in->name->value_at, "two inputs would write the same file %s",
					      leat_plan_shown(pl->program, a->path));
	leat_plan_help(pl, g, "%s and %s; %s files are affected", leat_plan_shown(pl->program, x->path),
		       leat_plan_shown(pl->program, y->path), leat_group_digits(w->colliding, n));
	if (strcmp(x->reldir, y->reldir) != 0 && !strstr(in->tmpl->shown, "{reldir}"))
		leat_plan_help(pl, g, "keep the folders apart: %s", with_reldir(pl, in->tmpl->shown));
	else
		leat_plan_help(pl, g, "tell the inputs apart: %s", leat_plan_name_with(pl, in->tmpl->shown, "-{ext}"));
}

static void two_steps(struct outlook *o, const struct leat_output *a, const struct leat_output *b)
{
	struct leat_planner *pl = o->pl;
	const struct leat_stepinfo *first = &pl->own->info[a->step], *second = &pl->own->info[b->step];
	const char *path = leat_plan_shown(pl->program, b->path);
	if (!writer_of(o, a)->certain || !writer_of(o, b)->certain) {
		leat_plan_note(pl, "two steps may write the same file, as their filters decide: %s", path);
		return;
	}
	struct leat_diag *g =
		leat_plan_error(pl, 71, second->name->value_at, "two steps would write the same file %s", path);
	leat_plan_second(g, first->name->value_at, "written here too");
	leat_plan_help(pl, g, "give each its own name, for example %s",
		       leat_plan_name_with(pl, second->tmpl->shown, "-2"));
}

/* One run of outputs [a, b) with the same name. */
static void collide(struct outlook *o, const struct leat_output *a, const struct leat_output *b)
{
	for (const struct leat_output *x = a; x + 1 < b; x++) {
		if (x[0].step == x[1].step && x[0].seq != x[1].seq)
			two_inputs(o, writer_of(o, x), x, x + 1);
		else
			two_steps(o, x, x + 1);
	}
}

static void collisions(struct outlook *o, bool report)
{
	const struct leat_plan *p = o->pl->plan;
	for (size_t i = 0, end; i < p->n_outputs; i = end) {
		for (end = i + 1; end < p->n_outputs && strcmp(p->outputs[end].path, p->outputs[i].path) == 0; end++)
			;
		if (end - i < 2)
			continue;
		if (report)
			collide(o, &p->outputs[i], &p->outputs[end]);
		for (size_t k = i; !report && k < end; k++)
			writer_of(o, &p->outputs[k])->colliding++;
	}
}

static bool is_left_alone(const struct leat_planner *pl, const struct leat_output *out)
{
	const struct leat_known *k = pl->facts->known;
	return k && pl->plan->steps[out->step].stage == 0 && out->seq < pl->facts->inputs->n &&
	       leat_verdict_skips(k->v[out->seq].verdict);
}

/* E075; and what is there already. */
static void existing(struct outlook *o)
{
	struct leat_planner *pl = o->pl;
	struct leat_plan *p = pl->plan;
	for (size_t i = 0; i < p->n_outputs; i++) {
		const struct leat_output *out = &p->outputs[i];
		if (is_left_alone(pl, out))
			continue;
		struct leat_there s = {.there = false};
		if (pl->facts->output)
			pl->facts->output(pl->facts->output_ctx, out->path, &s);
		leat_plan_count_output(pl, out, &s);
		if (!s.input || writer_of(o, out)->replace)
			continue;
		const char *shown = leat_plan_shown(pl->program, out->path);
		const struct leat_word *w = pl->own->info[out->step].name;
		struct leat_diag *g = leat_plan_error(pl, 75, w->value_at, "this would overwrite the input %s", shown);
		leat_plan_help(pl, g, "write somewhere else, or allow it: write %s replace=yes", w->value);
	}
}

/* Is there nothing that an item does but to become files whose names are known? */
static bool is_only_named(const struct outlook *o)
{
	const struct leat_plan *p = o->pl->plan;
	size_t writes = 0;
	for (size_t i = 1; i < p->n_steps; i++) {
		enum leat_role role = p->steps[i].role;
		bool last = true;
		for (size_t k = i + 1; last && k < p->n_steps; k++)
			last = p->steps[k].parent != (int)i;
		if (role == LEAT_REDUCE || role == LEAT_ROWSINK || (last && role != LEAT_WRITE))
			return false;
		writes += role == LEAT_WRITE;
	}
	for (size_t i = 0; i < o->n; i++)
		if (!o->w[i].certain)
			return false;
	return writes > 0 && o->n == writes;
}

static bool find_writers(struct outlook *o, size_t *room)
{
	struct leat_planner *pl = o->pl;
	*room = 0;
	o->w = leat_plan_alloc(pl, pl->plan->n_steps, sizeof *o->w);
	for (size_t i = 0; o->w && i < pl->plan->n_steps; i++)
		if (look_at(pl, (int)i, &o->w[o->n])) {
			*room = leat_size_add(*room, o->w[o->n].single ? 1 : pl->facts->inputs->n);
			o->n++;
		}
	pl->plan->only_named = o->w && is_only_named(o);
	if (*room <= MAX_OUTPUTS)
		return o->w != NULL;
	leat_plan_note(pl, "too many outputs to compare their names in advance: two with one name are found when they "
			   "are written");
	return false;
}

/*
 * Is every input left alone as up to date? Then nothing is written, and what stands there was compared when it was: the
 * names are not needed. A report may meet any of them, and a result of many items is written anew.
 */
static bool nothing_is_written(const struct leat_planner *pl)
{
	const struct leat_known *k = pl->facts->known;
	for (size_t i = 1; i < pl->plan->n_steps; i++)
		if (pl->plan->steps[i].role == LEAT_ROWSINK || pl->plan->steps[i].role == LEAT_REDUCE)
			return false;
	return k && k->counts[LEAT_UP_TO_DATE] == pl->facts->inputs->n;
}

/* Fills the plan's outputs, by path. False when memory is out. */
static bool name_outputs(struct outlook *o, size_t room)
{
	struct leat_planner *pl = o->pl;
	struct leat_plan *p = pl->plan;
	p->outputs = leat_plan_alloc(pl, room, sizeof *p->outputs);
	for (size_t i = 0; p->outputs && i < o->n; i++) {
		if (o->w[i].single)
			add(o, &o->w[i], NULL);
		for (size_t k = 0; !o->w[i].single && k < pl->facts->inputs->n && !pl->failed; k++)
			add(o, &o->w[i], &pl->facts->inputs->v[k]);
	}
	leat_buf_free(&o->buf);
	if (!p->outputs || pl->failed)
		return false;
	if (!is_sorted(p)) /* inputs come sorted, and so do most names made of theirs */
		qsort(p->outputs, p->n_outputs, sizeof *p->outputs, by_path);
	return true;
}

void leat_plan_outputs(struct leat_planner *pl)
{
	struct outlook o = {.pl = pl};
	size_t room;
	if (!pl->facts->inputs || !leat_plan_open_targets(pl) || !find_writers(&o, &room))
		return;
	if (!nothing_is_written(pl)) {
		if (!name_outputs(&o, room))
			return;
		collisions(&o, false);
		collisions(&o, true);
		existing(&o);
	}
	leat_plan_close_targets(pl);
}
