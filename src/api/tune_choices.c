/* SPDX-License-Identifier: MIT */
/* What can be set in a recipe, and how it is written. See tune.h. */
#include "api/tune.h"

#include <stdio.h>

static const char *const part_names[LEAT_TUNE_PARTS] = {"read", "computing", "write"};

void leat_tune_name(const struct leat_tune_choice *c, struct leat_buf *b)
{
	bool any = false;
	for (int i = 0; i < LEAT_TUNE_PARTS; i++) {
		const struct leat_tune_setting *s = &c->part[i];
		if (!s->on && !s->workers)
			continue;
		leat_buf_addf(b, "%s%s", any ? ", " : "", part_names[i]);
		if (s->on)
			leat_buf_addf(b, " on=%s", s->on);
		if (s->workers)
			leat_buf_addf(b, " workers=%d", s->workers);
		any = true;
	}
	if (!any)
		leat_buf_adds(b, "as it is");
}

char **leat_tune_opts(struct leat_tuner *t, const struct leat_tune_choice *c)
{
	size_t n = 0;
	while (t->r->opt[n])
		n++;
	char **v = leat_arena_alloc(&t->arena, (n + 2 * t->n_steps + 1) * sizeof *v);
	if (!v)
		return NULL;
	memcpy(v, t->r->opt, n * sizeof *v);
	for (size_t i = 0; i < t->n_steps; i++) {
		const struct leat_tune_setting *s = &c->part[t->steps[i].part];
		if (s->on)
			v[n++] = leat_arena_printf(&t->arena, "%s.on=%s", t->steps[i].address, s->on);
		if (s->workers)
			v[n++] = leat_arena_printf(&t->arena, "%s.workers=%d", t->steps[i].address, s->workers);
	}
	v[n] = NULL;
	return leat_arena_ok(&t->arena) ? v : NULL;
}

/* May the recipe be written so? */
static bool accepts(struct leat_tuner *t, char **opts)
{
	char **own = t->r->opt;
	t->r->opt = opts;
	bool ok = opts && leat_check(t->r) == 0;
	t->r->opt = own;
	return ok;
}

/* ---- steps */

static const struct leat_stmt *statement(const struct leat_stmt *v, size_t n, struct leat_span at)
{
	const struct leat_stmt *found = NULL;
	for (size_t i = 0; !found && i < n; i++)
		if (v[i].kind == LEAT_BRANCH)
			found = statement(v[i].body, v[i].n_body, at);
		else if (v[i].span.text == at.text && v[i].span.start == at.start && v[i].span.end == at.end)
			found = &v[i];
	return found;
}

/* The statement as written, without its on= and workers=. */
static const char *line_of(struct leat_tuner *t, struct leat_span at)
{
	const struct leat_stmt *s = statement(t->r->program->steps, t->r->program->n_steps, at);
	struct leat_buf b = {0};
	uint32_t from = at.start;
	for (size_t i = 0; s && i < s->n_words; i++) {
		const struct leat_word *w = &s->words[i];
		bool ours = w->key && (strcmp(w->key, "on") == 0 || strcmp(w->key, "workers") == 0);
		if (!ours || w->span.text != at.text || w->span.start < from)
			continue;
		leat_buf_add(&b, at.text->data + from, w->span.start - from);
		while (b.len && b.data[b.len - 1] == ' ')
			b.len--;
		from = w->span.end;
	}
	leat_buf_add(&b, at.text->data + from, at.end - from);
	const char *line = leat_arena_strndup(&t->arena, b.data ? b.data : "", b.len);
	leat_buf_free(&b);
	return line;
}

static bool part_of(const struct leat_step *s, bool *computing, enum leat_tune_part *part)
{
	if (s->implied || !s->span.text)
		return false;
	*part = s->role == LEAT_SOURCE ? LEAT_TUNE_READ : s->role == LEAT_WRITE ? LEAT_TUNE_WRITE : LEAT_TUNE_CPU;
	if (*part != LEAT_TUNE_CPU)
		return true;
	/* What follows the first step that computes runs where that runs. */
	bool first = !*computing &&
		     (s->role == LEAT_DECODE || s->role == LEAT_PARSE || s->role == LEAT_OP || s->role == LEAT_ENCODE);
	*computing = *computing || first;
	return first;
}

static void list_steps(struct leat_tuner *t)
{
	const struct leat_plan *p = t->r->plan;
	bool computing = false;
	t->now = "auto";
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].on || p->steps[i].workers.n || p->steps[i].workers.percent > 0)
			t->now = "as written";
	for (size_t i = 0; i < p->n_steps && t->n_steps < LEAT_TUNE_STEPS; i++) {
		const struct leat_step *s = &p->steps[i];
		struct leat_tune_step *to = &t->steps[t->n_steps];
		if (!part_of(s, &computing, &to->part))
			continue;
		const char *name = s->id ? s->id : s->name, *branch = s->branch ? s->branch : "";
		if (to->part == LEAT_TUNE_CPU)
			t->loads = s->role == LEAT_DECODE || s->role == LEAT_PARSE;
		to->address = leat_arena_printf(&t->arena, "%s/%s", branch, name);
		to->line = line_of(t, s->span);
		to->span = s->span;
		t->n_steps++;
	}
}

/* Only those that an address means; the short form where it is enough. */
static void keep_addressable(struct leat_tuner *t)
{
	static const struct leat_tune_choice auto_choice;
	size_t n = t->n_steps, kept = 0;
	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(t->steps[i].address, '/');
		const char *forms[2] = {slash + 1, t->steps[i].address};
		for (int k = 0; k < 2; k++) {
			struct leat_tune_choice probe = auto_choice;
			struct leat_tune_step one = t->steps[i];
			one.address = forms[k];
			probe.part[one.part].workers = 1;
			struct leat_tuner alone = {.r = t->r, .o = t->o, .n_steps = 1};
			alone.steps[0] = one;
			bool ok = accepts(&alone, leat_tune_opts(&alone, &probe));
			leat_arena_free(&alone.arena);
			if (!ok)
				continue;
			t->steps[kept++] = one;
			break;
		}
	}
	t->n_steps = kept;
}

/* ---- choices */

static void add(struct leat_tuner *t, enum leat_tune_part part, const char *on, int workers)
{
	bool any = false;
	for (size_t i = 0; i < t->n_steps; i++)
		any = any || t->steps[i].part == part;
	if (!any || t->n == LEAT_TUNE_CHOICES)
		return;
	t->v[t->n] = (struct leat_tune_choice){.n = 0};
	t->v[t->n].part[part] = (struct leat_tune_setting){.on = on, .workers = workers};
	if (accepts(t, leat_tune_opts(t, &t->v[t->n])))
		t->n++;
}

static void add_all(struct leat_tuner *t, int cores, bool required)
{
	static const enum leat_tune_part ends[] = {LEAT_TUNE_READ, LEAT_TUNE_WRITE};
	static const char *const modes[] = {"processes", "threads", "openmp"};
	for (size_t e = 0; e < LEAT_LEN(ends); e++) {
		for (int n = 1; n <= 8; n *= 2)
			add(t, ends[e], NULL, n);
		if (!t->r->facts.no_async)
			add(t, ends[e], "async", 0);
	}
	for (size_t m = 0; m < (required ? 1 : LEAT_LEN(modes)); m++)
		for (int n = 1; n <= cores; n = n < cores && 2 * n > cores ? cores : 2 * n)
			add(t, LEAT_TUNE_CPU, modes[m], n);
}

int leat_tune_find(struct leat_tuner *t, struct leat_err *err)
{
	int errors = leat_check(t->r);
	if (errors > 0)
		return 2;
	if (errors == 0) {
		int cores = t->r->plan->job.cores;
		bool required = t->r->plan->job.isolate == LEAT_ISOLATE_REQUIRE;
		if (t->o->cores > 0 && t->o->cores < cores)
			cores = t->o->cores;
		list_steps(t);
		keep_addressable(t);
		t->n = 1;
		add_all(t, cores, required);
	}
	if (errors == 0 && leat_arena_ok(&t->arena))
		return 0;
	leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	return 5;
}
