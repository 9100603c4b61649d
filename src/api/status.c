/* SPDX-License-Identifier: MIT */
/* How a run stands: one of this process, and one of another by its live file. */
#include <leat/leat.h>

#include "api/recipe.h"
#include "report/status.h"
#include "state/live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void leat_reopen_log(struct leat_recipe *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->run)
		leat_run_reopen(r->run);
	pthread_mutex_unlock(&r->lock);
}

char *leat_status(struct leat_recipe *r, bool json)
{
	struct leat_buf out = {0};
	struct leat_arena a = {0};
	struct leat_status s;
	pthread_mutex_lock(&r->lock);
	if (r->run) {
		leat_run_status(r->run, &s, &a);
		(json ? leat_status_json : leat_status_text)(&s, &out);
	}
	pthread_mutex_unlock(&r->lock);
	leat_arena_free(&a);
	char *text = leat_buf_detach(&out, NULL);
	leat_buf_free(&out);
	return text;
}

bool leat_keeps_log(const struct leat_recipe *r)
{
	return r->plan && r->plan->job.log;
}

/* Is the process that wrote it still there, as far as this machine can tell? */
static bool is_alive(const struct leat_status *s)
{
	char host[65] = "";
	if (gethostname(host, sizeof host - 1) < 0 || strcmp(host, s->host) != 0)
		return true; /* another machine's: its word is taken */
	return s->pid > 0 && (kill((pid_t)s->pid, 0) == 0 || errno == EPERM);
}

static void tell_dead(const struct leat_status *s, struct leat_err *err)
{
	char when[32] = "";
	time_t at = (time_t)(s->now_ns / 1000000000);
	struct tm tm;
	if (!localtime_r(&at, &tm) || !strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &tm))
		when[0] = 0;
	leat_fail(err, LEAT_CAUSE_NOT_FOUND,
		  "the job does not run: its process %lld died, and was last seen at %s; the next run goes on",
		  (long long)s->pid, when);
}

/* The clock of who reads: what was in hand then is still. */
static void go_on(struct leat_status *s, struct leat_status_item *items)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	double past = (double)(now.tv_sec * (int64_t)1000000000 + now.tv_nsec - s->now_ns) * 1e-9;
	if (!(past > 0))
		return;
	s->counts.seconds += past;
	for (size_t i = 0; i < s->n_items; i++)
		items[i].seconds += past;
	if (s->left >= 0)
		s->left = s->left > past ? s->left - past : 0;
}

char *leat_status_of(const char *state, bool json, struct leat_err *err)
{
	struct leat_buf text = {0}, out = {0};
	struct leat_arena a = {0};
	struct leat_status s;
	int ok = leat_live_read(state, &text, err);
	if (ok > 0)
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "the job does not run");
	if (ok == 0)
		ok = leat_status_read(text.data, text.len, &s, &a, err);
	if (ok == 0 && !is_alive(&s)) {
		tell_dead(&s, err);
		ok = -1;
	}
	if (ok == 0) {
		go_on(&s, (struct leat_status_item *)s.items);
		(json ? leat_status_json : leat_status_text)(&s, &out);
	}
	char *result = ok == 0 ? leat_buf_detach(&out, err) : NULL;
	leat_buf_free(&text);
	leat_buf_free(&out);
	leat_arena_free(&a);
	return result;
}
