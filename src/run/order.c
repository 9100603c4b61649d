/* SPDX-License-Identifier: MIT */
/* Ended items in input order: report rows, the failures of the summary, and what the host is told. */
#include "base/mem.h"
#include "base/sys.h"
#include "run/engine.h"

#include <stdio.h>

/* Only who asked for them is told of these. */
static bool asked_for(enum leat_event_type t)
{
	return t == LEAT_EV_STEP || t == LEAT_EV_TASK || t == LEAT_EV_TICK;
}

void leat_run_tell(struct leat_run *r, const struct leat_event *e)
{
	const int64_t often_enough = 100 * 1000 * 1000;
	struct leat_counts *c = &r->summary->counts;
	int64_t now = leat_now_ns();
	bool progress = e->type == LEAT_EV_ITEM && now - r->told_ns >= often_enough;
	c->seconds = (double)(now - r->started_ns) * 1e-9;
	if (progress || e->type != LEAT_EV_ITEM)
		leat_effort_sum(r);
	if (r->night)
		leat_night_event(r->night, e);
	if (!r->event)
		return;
	if (r->trace || !asked_for(e->type))
		r->event(r->event_ctx, e);
	if (!progress)
		return;
	r->told_ns = now;
	struct leat_event p = {.type = LEAT_EV_PROGRESS, .counts = c};
	r->event(r->event_ctx, &p);
}

struct ending {
	struct leat_run *run;
	const struct leat_entry *entry; /* NULL behind a reduction */
	uint64_t seq;
	int reduce_step; /* that reduction, or -1 */
	enum leat_state state;
	const struct leat_err *err;
	int err_step;
	double seconds;
	const struct leat_fields *rows; /* by step, or NULL */
	const struct leat_fields *start;
};

static const char *step_name(const struct ending *e)
{
	const struct leat_known *k = e->run->facts->known;
	if (e->state == LEAT_KNOWN_FAILED && k && k->v[e->seq].step)
		return k->v[e->seq].step;
	return e->err_step >= 0 ? e->run->plan->steps[e->err_step].name : "";
}

/*
 * The fields that this report row shows: those of the place where the item passed the report, else what is
 * known of its start.
 */
static int row_fields(const struct ending *e, int step, struct leat_fields *f, struct leat_err *err)
{
	const struct leat_fields *from = e->rows && e->rows[step].n ? &e->rows[step] : e->start;
	if (from && leat_fields_copy(f, from, err) < 0)
		return -1;
	return leat_fields_set_real(f, "seconds", e->seconds, err);
}

/* Pages of which something was measured by itself: fields NAME[0], NAME[1] ... (rows/pages.h); 0: none. */
static uint32_t measured_pages(const struct leat_fields *f)
{
	char end[16];
	uint32_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const char *at = strchr(f->v[i].name, '[');
		snprintf(end, sizeof end, "[%u]", n);
		n += at && strcmp(at, end) == 0; /* a name has its pages in their order */
	}
	return n;
}

/* The fields as they are for one page: what was measured of it by its name, and its number. */
static int page_fields(const struct leat_fields *from, uint32_t page, struct leat_fields *to, struct leat_err *err)
{
	char end[16];
	int ok = 0;
	snprintf(end, sizeof end, "[%u]", page);
	for (size_t i = 0; ok == 0 && i < from->n; i++) {
		const char *name = from->v[i].name, *at = strchr(name, '[');
		if (at && strcmp(at, end) != 0)
			continue;
		char *plain = leat_strndup(name, at ? (size_t)(at - name) : strlen(name), err);
		ok = plain ? leat_fields_set(to, plain, &from->v[i].value, err) : -1;
		free(plain);
	}
	return ok == 0 ? leat_fields_set_int(to, "page", page, err) : -1;
}

static int give_row(const struct ending *e, int step, const struct leat_fields *f, struct leat_err *err)
{
	struct leat_run *r = e->run;
	const struct leat_step *s = &r->plan->steps[step];
	struct leat_view v = {.entry = e->entry, .fields = f, .run = &r->facts->run, .branch = s->branch};
	v.index = e->entry ? e->entry->index : e->seq;
	return s->sink->row(r->sinks[step], &v, e->state, e->err, step_name(e), err);
}

/* One row of an item, or one of each of its pages. */
static void report_row(const struct ending *e, int step)
{
	struct leat_fields f = {0};
	struct leat_err err = {0};
	/* dropped by keep or drop above the report */
	bool absent = (e->state == LEAT_DONE || e->state == LEAT_SKIPPED) && !(e->rows && e->rows[step].n);
	int ok = absent ? 0 : row_fields(e, step, &f, &err);
	uint32_t pages = ok == 0 ? measured_pages(&f) : 0;
	for (uint32_t i = 0; ok == 0 && i < pages; i++) {
		struct leat_fields of_page = {0};
		ok = page_fields(&f, i, &of_page, &err);
		if (ok == 0)
			ok = give_row(e, step, &of_page, &err);
		leat_fields_free(&of_page);
	}
	if (ok == 0 && !absent && pages == 0)
		ok = give_row(e, step, &f, &err);
	if (ok < 0)
		leat_run_fatal(e->run, &err);
	leat_fields_free(&f);
}

static void summarize(const struct ending *e)
{
	struct leat_err err = {0};
	if (e->state != LEAT_FAILED)
		return;
	const char *path = e->entry ? e->entry->path : e->run->plan->steps[e->reduce_step].text;
	pthread_mutex_lock(&e->run->lock);
	if (leat_summary_failure(e->run->summary, step_name(e), e->err, path, e->seq, &err) < 0)
		e->run->internal = err;
	pthread_mutex_unlock(&e->run->lock);
}

static void deliver(const struct ending *e)
{
	const struct leat_plan *p = e->run->plan;
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].role == LEAT_ROWSINK && p->steps[i].sink->row && leat_fed_by(p, (int)i, e->reduce_step))
			report_row(e, (int)i);
	summarize(e);
}

void leat_order_deliver(void *run, uint64_t seq, void *item)
{
	struct leat_run *r = run;
	struct leat_run_item *it = item;
	struct ending e = {
		.run = r,
		.entry = it->entry,
		.seq = seq,
		.reduce_step = it->reduce_step,
		.state = it->state,
		.err = it->state == LEAT_FAILED || it->state == LEAT_KNOWN_FAILED ? &it->err : NULL,
		.err_step = it->state == LEAT_FAILED ? it->err_step : -1,
		.seconds = (double)((leat_now_ns() - it->started_ns) / 1000) / 1e6, /* microseconds are enough */
		.rows = it->rows,
		.start = &it->fields,
	};
	deliver(&e);
	bool counts = it->stage == 0;
	leat_item_free(it);
	pthread_mutex_lock(&r->lock);
	r->delivered += counts;
	if (r->delivered % (LEAT_WINDOW / 64) == 0) /* whoever waits for the window has a whole one before it */
		pthread_cond_broadcast(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

/* Matched, but the run ended before their turn. They count, and reports show them. */
void leat_order_not_reached(struct leat_run *r, uint64_t from)
{
	const struct leat_listing *l = r->facts->inputs;
	for (uint64_t i = from; i < l->n; i++) {
		struct ending e = {
			.run = r,
			.entry = &l->v[i],
			.seq = i,
			.reduce_step = -1,
			.state = LEAT_NOT_REACHED,
			.err_step = -1,
		};
		r->summary->counts.state[LEAT_NOT_REACHED]++;
		deliver(&e);
	}
}
