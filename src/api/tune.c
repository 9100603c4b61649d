/* SPDX-License-Identifier: MIT */
/*
 * leat tune: a sample of the inputs through the recipe with other settings, in turn, so that what else the machine
 * does meanwhile hits all of them; then the best of each part together against auto, side by side.
 */
#include "api/tune.h"

#include "api/trial.h"
#include "base/sys.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static const double worth_writing = 0.97; /* of auto's time: what is not faster than this is no candidate for the end */

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

double leat_tune_median(const struct leat_tune_choice *c)
{
	double v[LEAT_TUNE_ROUNDS];
	if (c->n == 0)
		return 0;
	memcpy(v, c->seconds, c->n * sizeof *v);
	qsort(v, c->n, sizeof *v, by_size);
	return c->n % 2 ? v[c->n / 2] : 0.5 * (v[c->n / 2 - 1] + v[c->n / 2]);
}

/* ---- one run */

struct watch {
	int64_t first_ns, last_ns;
	uint64_t items;
	unsigned failed;
};

static void event(void *ctx, const struct leat_event *e)
{
	struct watch *w = ctx;
	if (e->type != LEAT_EV_ITEM)
		return;
	w->last_ns = leat_now_ns();
	if (w->items++ == 0)
		w->first_ns = w->last_ns;
	w->failed += e->state == LEAT_FAILED;
}

/* From the end of the first item to that of the last: what starts up does so once, however long a run is. */
static double seconds_of(const struct watch *w, int64_t whole_ns)
{
	enum { FEW = 8 };
	if (w->items < FEW)
		return (double)whole_ns * 1e-9;
	return (double)(w->last_ns - w->first_ns) * 1e-9 * (double)w->items / (double)(w->items - 1);
}

static int plan_and_run(struct leat_tuner *t, uint64_t limit, struct watch *w, double *seconds, struct leat_err *err)
{
	struct leat_plan_options po = {.cores = t->o->cores,
				       .input = t->o->input,
				       .only = t->o->only,
				       .limit = limit,
				       .redirect = t->folder,
				       .allow_exec = t->o->allow_exec};
	struct leat_run_options ro = {.event = event, .event_ctx = w};
	int status = leat_plan(t->r, &po, err);
	if (status != 0)
		return status;
	int64_t since = leat_now_ns();
	status = leat_run(t->r, &ro, err);
	*seconds = seconds_of(w, leat_now_ns() - since);
	return status;
}

/* Status of leat_plan or leat_run; failed items are no failure here: they cost time as they will. */
static int run_one(struct leat_tuner *t, const struct leat_tune_choice *c, uint64_t limit, struct watch *w,
		   double *seconds, struct leat_err *err)
{
	struct leat_buf name = {0};
	char **own = t->r->opt, **opts = leat_tune_opts(t, c);
	leat_tune_name(c, &name);
	if (t->o->tell && name.data)
		t->o->tell(t->o->ctx, name.data);
	leat_buf_free(&name);
	if (!opts) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		return 5;
	}
	if (mkdir(t->folder, 0700) < 0) {
		leat_fail_sys(err, LEAT_CAUSE_TARGET, errno, "cannot make the folder '%s'", t->folder);
		return 5;
	}
	t->r->opt = opts;
	int status = plan_and_run(t, limit, w, seconds, err);
	t->r->opt = own;
	leat_tree_remove(t->folder);
	return status == 1 ? 0 : status;
}

static int measure(struct leat_tuner *t, struct leat_tune_choice *c, struct leat_err *err)
{
	struct watch w = {0};
	double seconds = 0;
	int status = run_one(t, c, t->limit, &w, &seconds, err);
	if (t->items == 0)
		t->items = w.items;
	if (status == 0 && c->n < LEAT_TUNE_ROUNDS)
		c->seconds[c->n++] = seconds;
	return status;
}

/* ---- many */

static bool over(const struct leat_tuner *t, double share)
{
	double left = (double)(t->until_ns - leat_now_ns()) * 1e-9;
	return left < (1 - share) * t->o->seconds;
}

/*
 * A first run warms the cache, and says how large the sample may be: two rounds through all choices must be possible.
 */
static int size_up(struct leat_tuner *t, struct leat_err *err)
{
	enum { FIRST = 8, LEAST = 4 };
	struct watch w = {0};
	double seconds = 0;
	int status = run_one(t, &t->v[0], t->o->sample < FIRST ? t->o->sample : FIRST, &w, &seconds, err);
	if (status != 0)
		return status;
	t->failed = w.failed;
	double each = 0.6 * t->o->seconds / (2 * (double)t->n + 1); /* for one run */
	double fit = seconds > 0 ? each * (double)w.items / seconds : (double)t->o->sample;
	fit = fit < LEAST ? LEAST : fit;
	t->limit = fit >= (double)t->o->sample ? t->o->sample : (uint64_t)fit;
	return 0;
}

/* What is far behind is not measured again. */
static void drop_slow(struct leat_tuner *t)
{
	double best = leat_tune_median(&t->v[0]);
	for (size_t i = 1; i < t->n; i++)
		if (t->v[i].n && leat_tune_median(&t->v[i]) < best)
			best = leat_tune_median(&t->v[i]);
	for (size_t i = 1; i < t->n; i++)
		t->v[i].out = t->v[i].out || (t->v[i].n > 1 && leat_tune_median(&t->v[i]) > 2 * best);
}

static int sweep(struct leat_tuner *t, struct leat_err *err)
{
	int status = 0;
	for (int round = 0; status == 0 && round < LEAT_TUNE_ROUNDS; round++) {
		for (size_t k = 0; status == 0 && k < t->n; k++) {
			size_t i = round % 2 ? t->n - 1 - k : k; /* there and back: a drift hits all alike */
			if (t->v[0].n && over(t, 0.6))
				return 0;
			if (!t->v[i].out)
				status = measure(t, &t->v[i], err);
		}
		drop_slow(t);
	}
	return status;
}

/* The best of each part, where it beats auto, together. */
static bool combine(struct leat_tuner *t)
{
	bool any = false;
	for (int part = 0; part < LEAT_TUNE_PARTS; part++) {
		double best = worth_writing * leat_tune_median(&t->v[0]);
		for (size_t i = 1; i < t->n; i++) {
			const struct leat_tune_setting *s = &t->v[i].part[part];
			double m = leat_tune_median(&t->v[i]);
			if (!t->v[i].n || !(s->on || s->workers) || m >= best)
				continue;
			best = m;
			t->best.part[part] = *s;
			any = true;
		}
	}
	return any;
}

static int face_to_face(struct leat_tuner *t, struct leat_err *err)
{
	int status = 0;
	for (int round = 0; status == 0 && round < LEAT_TUNE_ROUNDS && !(round && over(t, 1)); round++) {
		status = measure(t, round % 2 ? &t->best : &t->calm, err);
		if (status == 0)
			status = measure(t, round % 2 ? &t->calm : &t->best, err);
	}
	return status;
}

static int tune(struct leat_tuner *t, struct leat_err *err)
{
	int status = leat_tune_find(t, err);
	if (status == 0)
		status = size_up(t, err);
	if (status == 0)
		status = sweep(t, err);
	if (status == 0 && combine(t))
		status = face_to_face(t, err);
	const char *on = t->best.part[LEAT_TUNE_CPU].on;
	t->in_process = t->loads && on && strcmp(on, "processes") != 0;
	return status;
}

int leat_tune(struct leat_recipe *r, const struct leat_tune_options *o, char **text, struct leat_err *err)
{
	struct leat_buf b = {0};
	struct leat_tuner *t = leat_zalloc(1, sizeof *t, err);
	*text = NULL;
	if (!t)
		return 5;
	t->r = r;
	t->o = o;
	t->until_ns = leat_now_ns() + (int64_t)(o->seconds * 1e9);
	int n = snprintf(t->folder, sizeof t->folder, "%s/run", o->temp), status = 2;
	if (n < 0 || (size_t)n >= sizeof t->folder)
		leat_fail(err, LEAT_CAUSE_USAGE, "the path of the folder for results is too long");
	else
		status = tune(t, err);
	if (status == 0) {
		leat_tune_text(t, &b);
		*text = leat_buf_detach(&b, err);
		status = *text ? 0 : 5;
	}
	r->planned = false; /* its results would go to a folder that is no more */
	leat_buf_free(&b);
	leat_arena_free(&t->arena);
	free(t);
	return status;
}
