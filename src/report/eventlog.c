/* SPDX-License-Identifier: MIT */
/* See eventlog.h. */
#include "report/eventlog.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/publish.h"
#include "base/sys.h"
#include "report/outfile.h"
#include "report/share.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { FLUSH = 64 * 1024 };

struct leat_eventlog {
	char *path, *job;
	int fd;
	struct leat_buf lines; /* whole ones, not written yet */
};

static int fail(const struct leat_eventlog *l, int sys, struct leat_err *err)
{
	return leat_fail_sys(err, leat_target_cause(sys), sys, "cannot write the log '%.300s'", l->path);
}

static int open_file(struct leat_eventlog *l, struct leat_err *err)
{
	const char *name;
	struct stat st;
	int dir = leat_report_folder(l->path, &name, false, err);
	if (dir < 0)
		return -1;
	l->fd = openat(dir, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
	int sys = errno;
	(void)close(dir); /* O_PATH */
	if (l->fd < 0)
		return fail(l, sys, err);
	if (fstat(l->fd, &st) == 0 && S_ISDIR(st.st_mode))
		return leat_fail(err, LEAT_CAUSE_SPECIAL, "the log '%.300s' is a folder", l->path);
	return 0;
}

int leat_eventlog_open(struct leat_eventlog **out, const char *path, const char *job, struct leat_err *err)
{
	struct leat_eventlog *l = *out = leat_zalloc(1, sizeof *l, err);
	if (!l)
		return -1;
	l->fd = -1;
	l->path = leat_strdup(path, err);
	l->job = leat_strdup(job, err);
	if (l->path && l->job && open_file(l, err) == 0)
		return 0;
	leat_eventlog_free(out);
	return -1;
}

static int flush(struct leat_eventlog *l, struct leat_err *err)
{
	if (leat_buf_check(&l->lines, err) < 0)
		return -1;
	if (l->lines.len > 0 && leat_write_all(l->fd, l->lines.data, l->lines.len) < 0)
		return fail(l, errno, err);
	leat_buf_clear(&l->lines);
	return 0;
}

/* "2026-01-31T02:30:05.123Z": every reader of logs knows it, and it knows no summer. */
static void begin(struct leat_eventlog *l, const char *event)
{
	int64_t now = leat_wall_ns();
	time_t at = (time_t)(now / 1000000000);
	struct tm tm;
	char day[32] = "", time[48];
	if (gmtime_r(&at, &tm))
		(void)strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(time, sizeof time, "%s.%03dZ", day, (int)(now / 1000000 % 1000));
	leat_json_open(&l->lines, NULL, '{');
	leat_json_text(&l->lines, "time", time);
	leat_json_text(&l->lines, "event", event);
	leat_json_text(&l->lines, "job", l->job);
}

static void end(struct leat_eventlog *l)
{
	leat_json_close(&l->lines, '}');
	leat_buf_addc(&l->lines, '\n');
}

static void log_start(struct leat_eventlog *l, const struct leat_event *e)
{
	begin(l, "start");
	leat_json_int(&l->lines, "pid", getpid());
	leat_json_text(&l->lines, "version", LEAT_VERSION);
	leat_json_uint(&l->lines, "matched", e->counts->matched);
	leat_json_uint(&l->lines, "bytes_total", e->counts->bytes_total);
	end(l);
}

static void log_item(struct leat_eventlog *l, const struct leat_event *e)
{
	struct leat_buf *b = &l->lines;
	begin(l, "item");
	leat_json_uint(b, "index", e->seq);
	leat_json_text(b, "path", e->path);
	leat_json_text(b, "state", leat_state_key(e->state));
	leat_json_real(b, "seconds", e->seconds, 6);
	leat_json_uint(b, "bytes_in", e->bytes);
	if (e->pixels)
		leat_json_uint(b, "pixels", e->pixels);
	if (e->output)
		leat_json_text(b, "output", e->output);
	if (e->err) {
		leat_json_text(b, "cause", leat_cause_name(e->err->cause));
		leat_json_text(b, "step", e->step);
		leat_json_text(b, "message", e->err->text);
	}
	end(l);
}

static void log_notice(struct leat_eventlog *l, const char *text, uint64_t n)
{
	begin(l, "notice");
	leat_json_text(&l->lines, "text", text);
	leat_json_uint(&l->lines, "count", n);
	end(l);
}

int leat_eventlog_event(struct leat_eventlog *l, const struct leat_event *e, struct leat_err *err)
{
	if (e->type == LEAT_EV_START)
		log_start(l, e);
	else if (e->type == LEAT_EV_ITEM)
		log_item(l, e);
	bool soon = e->type == LEAT_EV_START || e->type == LEAT_EV_TICK || (e->type == LEAT_EV_ITEM && e->err);
	return soon || l->lines.len >= FLUSH ? flush(l, err) : 0;
}

int leat_eventlog_end(struct leat_eventlog *l, const struct leat_summary *s, bool sync, struct leat_err *err)
{
	struct leat_buf *b = &l->lines;
	const struct leat_counts *c = &s->counts;
	for (size_t i = 0; i < s->n_notices; i++)
		log_notice(l, s->notices[i], s->notice_counts[i]);
	begin(l, "end");
	leat_json_int(b, "exit_status", s->exit_status);
	leat_json_real(b, "seconds", c->seconds, 3);
	leat_json_uint(b, "matched", c->matched);
	for (int i = LEAT_DONE; i < LEAT_N_STATES; i++)
		leat_json_uint(b, leat_state_key(i), c->state[i]);
	leat_json_uint(b, "bytes_in", c->bytes_in);
	leat_json_uint(b, "bytes_out", c->bytes_out);
	if (s->fatal)
		leat_json_text(b, "stopped", s->fatal);
	if (s->expect)
		leat_json_text(b, "expect", s->expect);
	end(l);
	if (flush(l, err) < 0)
		return -1;
	return sync && fsync(l->fd) < 0 ? fail(l, errno, err) : 0;
}

int leat_eventlog_reopen(struct leat_eventlog *l, struct leat_err *err)
{
	int ok = flush(l, err), old = l->fd;
	if (open_file(l, err) < 0) { /* better the old one than none */
		if (l->fd >= 0)
			(void)close(l->fd);
		l->fd = old;
		return -1;
	}
	if (close(old) < 0)
		ok = fail(l, errno, err);
	return ok;
}

void leat_eventlog_free(struct leat_eventlog **lp)
{
	struct leat_eventlog *l = *lp;
	*lp = NULL;
	if (!l)
		return;
	if (l->fd >= 0)
		(void)close(l->fd); /* what mattered was flushed */
	leat_buf_free(&l->lines);
	free(l->path);
	free(l->job);
	free(l);
}
