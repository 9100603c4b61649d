/* SPDX-License-Identifier: MIT */
/*
 * See gather.h. Two runs are compared by the paths of their items: what failed and did not before, what failed before
 * and is done, what is gone, and of the slowest items those that took much longer.
 */
#include "api/gather.h"
#include "api/told.h"

#include "base/nameset.h"

enum { NAMES = 50, CAUSES = 40, WATCHED = 200, SLOWEST = 20 };

struct gathering {
	struct leat_gathered *g;
	struct leat_nameset *failed_before; /* in the run before */
	struct leat_nameset *watched; /* the slowest of this one, by their place in `slow` */
	struct leat_morning_item slow[WATCHED];
	size_t n_slow;
	struct leat_morning_cause *causes;
	const char *base; /* paths below it are shown from there */
	size_t n_base;
	struct leat_err *err;
};

static const char *copy(struct gathering *c, const char *s)
{
	const char *text = leat_arena_strndup(&c->g->a, s, strlen(s));
	return text ? text : "";
}

static const char *shown(const struct gathering *c, const char *path)
{
	return c->n_base && strncmp(path, c->base, c->n_base) == 0 && path[c->n_base] ? path + c->n_base : path;
}

static struct leat_morning_item item_of(struct gathering *c, const struct leat_state_item *it)
{
	return (struct leat_morning_item){.path = copy(c, shown(c, it->path)),
					  .state = it->state,
					  .cause = it->cause,
					  .step = copy(c, it->step),
					  .text = copy(c, it->text),
					  .seconds = it->seconds,
					  .bytes_in = it->bytes_in,
					  .bytes_out = it->bytes_out,
					  .runs = it->failed_runs};
}

/* Counted always, named while there is room. */
static void add(struct gathering *c, struct leat_morning_list *l, const struct leat_morning_item *v)
{
	if (!l->v)
		l->v = leat_arena_alloc(&c->g->a, NAMES * sizeof *l->v);
	if (l->v && l->n < NAMES)
		l->v[l->n++] = *v;
	l->all++;
}

/* ---- failures */

static struct leat_morning_cause *cause_of(struct gathering *c, const struct leat_state_item *it)
{
	struct leat_morning *m = &c->g->m;
	for (size_t i = 0; i < m->n_causes; i++)
		if (c->causes[i].cause == it->cause && strcmp(c->causes[i].step, it->step) == 0)
			return &c->causes[i];
	if (m->n_causes == CAUSES)
		return &c->causes[CAUSES - 1]; /* told with its own cause in the lines of JSON */
	c->causes[m->n_causes] = (struct leat_morning_cause){.cause = it->cause, .step = copy(c, it->step)};
	return &c->causes[m->n_causes++];
}

static int failed_before(void *ctx, const struct leat_state_item *it)
{
	struct gathering *c = ctx;
	uint64_t other;
	return leat_nameset_claim(c->failed_before, it->path, c, it->seq, &other, c->err) < 0 ? -1 : 0;
}

static int failed_now(void *ctx, const struct leat_state_item *it)
{
	struct gathering *c = ctx;
	struct leat_morning_item v = item_of(c, it);
	struct leat_morning_cause *cause = cause_of(c, it);
	uint64_t seq;
	cause->known += it->state == LEAT_KNOWN_FAILED;
	add(c, &cause->items, &v);
	if (c->g->m.before_id && !leat_nameset_has(c->failed_before, it->path, &seq))
		add(c, &c->g->m.failing, &v);
	return 0;
}

/* The one with the most failures first; of the same number the first. */
static void order_causes(struct gathering *c)
{
	for (size_t i = 1; i < c->g->m.n_causes; i++) {
		struct leat_morning_cause v = c->causes[i];
		size_t at = i;
		for (; at > 0 && c->causes[at - 1].items.all < v.items.all; at--)
			c->causes[at] = c->causes[at - 1];
		c->causes[at] = v;
	}
}

/* ---- the slowest, and what was mended */

static void keep_slow(struct gathering *c, const struct leat_state_item *it)
{
	size_t at = c->n_slow;
	while (at > 0 && c->slow[at - 1].seconds < it->seconds)
		at--;
	if (at == WATCHED || !(it->seconds > 0))
		return;
	size_t n = c->n_slow < WATCHED ? c->n_slow++ : WATCHED - 1;
	memmove(&c->slow[at + 1], &c->slow[at], (n - at) * sizeof *c->slow);
	c->slow[at] = item_of(c, it);
	c->slow[at].text = copy(c, it->path); /* absolute, for the comparison */
}

static int ended_now(void *ctx, const struct leat_state_item *it)
{
	struct gathering *c = ctx;
	uint64_t seq;
	if (it->state == LEAT_DONE || it->state == LEAT_FAILED)
		keep_slow(c, it);
	if (it->state != LEAT_DONE || !c->g->m.before_id || !leat_nameset_has(c->failed_before, it->path, &seq))
		return 0;
	struct leat_morning_item v = item_of(c, it);
	add(c, &c->g->m.fixed, &v);
	return 0;
}

static int ended_before(void *ctx, const struct leat_state_item *it)
{
	struct gathering *c = ctx;
	uint64_t place;
	if (it->state == LEAT_DONE && leat_nameset_has(c->watched, it->path, &place) && place < c->n_slow)
		c->slow[place].before = it->seconds;
	return 0;
}

static int gone(void *ctx, const char *path)
{
	struct gathering *c = ctx;
	struct leat_morning_item v = {.path = copy(c, shown(c, path))};
	add(c, &c->g->m.gone, &v);
	return 0;
}

static int compare_times(struct gathering *c, struct leat_state_file *s)
{
	uint64_t other;
	if (c->n_slow == 0) /* nothing was done: the run before may have done very much */
		return 0;
	for (size_t i = 0; i < c->n_slow; i++)
		if (leat_nameset_claim(c->watched, c->slow[i].text, c, i, &other, c->err) < 0)
			return -1;
	int ok = leat_state_each_item(s, c->g->m.before_id, ended_before, c, c->err);
	for (size_t i = 0; i < c->n_slow && ok == 0; i++)
		if (leat_morning_is_slower(c->slow[i].seconds, c->slow[i].before))
			add(c, &c->g->m.slower, &c->slow[i]);
	return ok;
}

static int gather_items(struct gathering *c, struct leat_state_file *s)
{
	struct leat_morning *m = &c->g->m;
	int ok = m->before_id ? leat_state_each_failure(s, m->before_id, failed_before, c, c->err) : 0;
	if (ok == 0)
		ok = leat_state_each_item(s, m->id, ended_now, c, c->err);
	if (ok == 0)
		ok = leat_state_each_failure(s, m->id, failed_now, c, c->err);
	if (ok == 0 && m->before_id)
		ok = leat_state_each_gone(s, m->id, gone, c, c->err);
	if (ok == 0 && m->before_id)
		ok = compare_times(c, s);
	order_causes(c);
	for (size_t i = 0; i < c->n_slow; i++) /* it was the path */
		c->slow[i].text = "";
	m->slowest.n = c->n_slow < SLOWEST ? c->n_slow : SLOWEST;
	m->slowest.all = m->slowest.n;
	m->slowest.v = leat_arena_alloc(&c->g->a, (SLOWEST + 1) * sizeof *c->slow);
	if (m->slowest.v)
		memcpy(m->slowest.v, c->slow, m->slowest.n * sizeof *c->slow);
	for (size_t i = 0; m->slower.v && i < m->slower.n; i++)
		m->slower.v[i].text = "";
	return ok;
}

/* ---- the runs */

static void gather_groups(struct leat_gathered *g)
{
	struct leat_group_time *v = leat_arena_alloc(&g->a, (g->run.n_groups + 1) * sizeof *v);
	for (size_t i = 0; v && i < g->run.n_groups; i++)
		v[i] = leat_told_group(&g->run.groups[i]);
	g->m.groups = v;
	g->m.n_groups = v ? g->run.n_groups : 0;
}

double leat_gathered_before(const struct leat_gathered *g, const char *text, const char *branch)
{
	for (size_t i = 0; i < g->before.n_steps; i++) {
		const struct leat_state_step *s = &g->before.steps[i];
		if (s->items && strcmp(s->text, text) == 0 && strcmp(s->branch, branch) == 0)
			return s->seconds / (double)s->items;
	}
	return 0;
}

static void gather_steps(struct leat_gathered *g)
{
	struct leat_morning_step *v = leat_arena_alloc(&g->a, (g->run.n_steps + 1) * sizeof *v);
	for (size_t i = 0; v && i < g->run.n_steps; i++) {
		const struct leat_state_step *s = &g->run.steps[i];
		v[i] = (struct leat_morning_step){s->text, s->branch, s->items, s->seconds,
						  leat_gathered_before(g, s->text, s->branch)};
	}
	g->m.steps = v;
	g->m.n_steps = v ? g->run.n_steps : 0;
}

static int gather_runs(struct leat_gathered *g, struct leat_state_file *s, int64_t id, struct leat_err *err)
{
	struct leat_morning *m = &g->m;
	int found = leat_state_get_run(s, id, &g->run, err);
	if (found != 0)
		return found;
	m->id = g->run.id;
	m->host = g->run.host;
	m->version = *g->run.version ? g->run.version : "?";
	m->started_ns = g->run.started_ns;
	m->cores = g->run.cores;
	m->exit_status = g->run.exit_status;
	m->unfinished = g->run.exit_status == LEAT_RUN_UNFINISHED;
	m->partial = g->run.partial;
	m->counts = g->run.counts;
	m->counts.seconds = g->run.seconds;
	found = m->partial || m->unfinished ? 1 : leat_state_previous(s, m->id, &m->before_id, err);
	if (found == 0)
		found = leat_state_get_run(s, m->before_id, &g->before, err);
	if (found < 0)
		return -1;
	if (found > 0)
		m->before_id = 0;
	m->before = g->before.counts;
	m->before.seconds = g->before.seconds;
	m->before_started_ns = g->before.started_ns;
	gather_groups(g);
	gather_steps(g);
	return 0;
}

/* ".leat/NAME.db" is of the job NAME, and of the files beside ".leat". */
static void name_job(struct gathering *c, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t n = strlen(name);
	n -= n > 3 && strcmp(name + n - 3, ".db") == 0 ? 3 : 0;
	const char *job = leat_arena_strndup(&c->g->a, name, n);
	c->g->m.job = job ? job : "";
	c->base = path;
	size_t folder = slash ? (size_t)(slash - path) : 0;
	if (folder >= 6 && strncmp(path + folder - 6, "/.leat", 6) == 0)
		c->n_base = folder - 5; /* with its slash */
}

int leat_gather(struct leat_state_file *s, const char *path, int64_t id, struct leat_gathered *g, struct leat_err *err)
{
	*g = (struct leat_gathered){.run.id = 0};
	int found = gather_runs(g, s, id, err);
	if (found != 0)
		return found;
	struct gathering *c = leat_zalloc(1, sizeof *c, err);
	if (!c)
		return -1;
	c->g = g;
	c->err = err;
	name_job(c, path);
	c->failed_before = leat_nameset_new(err);
	c->watched = leat_nameset_new(err);
	c->causes = leat_arena_alloc(&g->a, CAUSES * sizeof *c->causes);
	g->m.causes = c->causes;
	int ok = c->failed_before && c->watched && c->causes ? gather_items(c, s) : -1;
	leat_nameset_free(&c->failed_before);
	leat_nameset_free(&c->watched);
	free(c);
	if (ok == 0 && !leat_arena_ok(&g->a))
		ok = leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	return ok;
}

void leat_gathered_free(struct leat_gathered *g)
{
	leat_state_run_free(&g->run);
	leat_state_run_free(&g->before);
	leat_arena_free(&g->a);
	*g = (struct leat_gathered){.run.id = 0};
}
