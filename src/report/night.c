/* SPDX-License-Identifier: MIT */
/* See night.h. */
#include "report/night.h"

#include "base/mem.h"
#include "base/sys.h"
#include "report/eventlog.h"
#include "report/metrics.h"
#include "report/tracefile.h"

#include <stdatomic.h>

static const int64_t metrics_ns = (int64_t)15 * 1000000000; /* as often as it is worth reading them */

struct leat_night {
	struct leat_eventlog *log;
	struct leat_tracefile *trace;
	char *metrics_path, *job;
	struct leat_metrics metrics;
	int64_t metrics_at_ns; /* when they were written last */
	struct leat_trail record;
	bool records, sync;
	atomic_bool reopen;
	struct leat_err err; /* the first that went wrong */
};

static int open_all(struct leat_night *n, const struct leat_night_opts *o, struct leat_err *err)
{
	n->job = leat_strdup(o->job, err);
	if (!n->job)
		return -1;
	if (o->log && leat_eventlog_open(&n->log, o->log, o->job, err) < 0)
		return -1;
	if (o->trace && leat_tracefile_open(&n->trace, o->trace, o->job, err) < 0)
		return -1;
	if (!o->metrics)
		return 0;
	n->metrics_path = leat_strdup(o->metrics, err);
	n->metrics = (struct leat_metrics){.job = n->job,
					   .started_ns = o->started_ns,
					   .succeeded_ns = leat_metrics_last_success(o->metrics, o->job)};
	return n->metrics_path ? 0 : -1;
}

int leat_night_open(struct leat_night **out, const struct leat_night_opts *o, struct leat_err *err)
{
	struct leat_night *n = *out = leat_zalloc(1, sizeof *n, err);
	if (!n)
		return -1;
	n->records = o->record;
	n->sync = o->sync;
	if (open_all(n, o, err) == 0)
		return 0;
	leat_night_free(out);
	return -1;
}

/* While it goes: counts are all that is known. */
static void write_metrics(struct leat_night *n, const struct leat_event *e)
{
	struct leat_summary s = {.counts = *e->counts};
	int64_t now = leat_now_ns();
	if (!n->metrics_path || (n->metrics_at_ns && now - n->metrics_at_ns < metrics_ns))
		return;
	n->metrics_at_ns = now;
	(void)leat_metrics_write(n->metrics_path, &n->metrics, &s, false, &n->err); /* told at the end */
}

void leat_night_event(struct leat_night *n, const struct leat_event *e)
{
	if (n->log && atomic_exchange(&n->reopen, false))
		(void)leat_eventlog_reopen(n->log, &n->err); /* told at the end, like the next two */
	if (n->log && leat_eventlog_event(n->log, e, &n->err) < 0)
		leat_eventlog_free(&n->log); /* a log with holes is worse than one that ends */
	if (n->trace && leat_tracefile_event(n->trace, e, &n->err) < 0)
		leat_tracefile_free(&n->trace);
	if (n->records)
		leat_trail_event(&n->record, e);
	if (e->type == LEAT_EV_START || e->type == LEAT_EV_TICK)
		write_metrics(n, e);
}

void leat_night_reopen(struct leat_night *n)
{
	atomic_store(&n->reopen, true);
}

int leat_night_end(struct leat_night *n, const struct leat_summary *s, struct leat_err *err)
{
	n->metrics.ended_ns = leat_wall_ns();
	if (s->exit_status == 0)
		n->metrics.succeeded_ns = n->metrics.ended_ns;
	if (n->metrics_path)
		(void)leat_metrics_write(n->metrics_path, &n->metrics, s, n->sync,
					 &n->err); /* told below, like the rest */
	if (n->trace)
		(void)leat_tracefile_end(n->trace, &n->err);
	if (n->log)
		(void)leat_eventlog_end(n->log, s, n->sync, &n->err);
	leat_tracefile_free(&n->trace);
	leat_eventlog_free(&n->log);
	return n->err.cause == LEAT_CAUSE_NONE ? 0 : leat_fail(err, n->err.cause, "%s", n->err.text);
}

const struct leat_trail *leat_night_trail(const struct leat_night *n)
{
	return n->records ? &n->record : NULL;
}

void leat_night_free(struct leat_night **np)
{
	struct leat_night *n = *np;
	*np = NULL;
	if (!n)
		return;
	leat_tracefile_free(&n->trace);
	leat_eventlog_free(&n->log);
	leat_trail_free(&n->record);
	free(n->metrics_path);
	free(n->job);
	free(n);
}
