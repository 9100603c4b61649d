/* SPDX-License-Identifier: MIT */
/* leat run: the job, a progress line on a terminal, one summary at the end. */
#include "cli.h"
#include "notify.h"

#include <stdlib.h>

/* --quiet: nothing when all is well, otherwise the summary on stderr, so that cron mails only bad news. */
static int print_summary(struct leat_recipe *r, const struct leat_invocation *in, int status)
{
	struct leat_err err = {.text = "out of memory"};
	if (in->quiet && status == 0)
		return 0;
	if (in->quiet && print_diagnostics(in, r) < 0) /* warnings that were held back */
		status = 5;
	FILE *f = in->quiet || leat_writes_stdout(r) ? stderr : stdout;
	char *text = in->json ? leat_run_summary_json(r) : leat_run_summary(r, wants_color(f));
	return print_owned(f, text, &err, status);
}

enum { AGAIN = -1 };

/* --wait: AGAIN when the other run is over, and all is to be planned anew; else the status to end with. */
static int wait_for_other(struct leat_recipe *r, const struct leat_invocation *in, struct leat_err *err)
{
	struct leat_err other = *err;
	char *who = in->quiet ? NULL : leat_printable(other.text, NULL);
	if (who)
		fprintf(stderr, "%s\nleat: waiting until it is over\n", who);
	free(who);
	*err = (struct leat_err){0};
	int status = leat_await_job(r, err);
	return status == 0 ? AGAIN : status;
}

static void tell_event(void *ctx, const struct leat_event *e)
{
	progress_event(ctx, e);
	notify_event(e);
}

static int run_planned(struct leat_recipe *r, const struct leat_invocation *in)
{
	struct leat_err err = {0};
	struct progress progress = {.on = !in->quiet && wants_color(stderr)};
	struct leat_run_options o = {.event = tell_event, .event_ctx = &progress, .look = true};
	FILE *aside = in->json || in->quiet || leat_writes_stdout(r) ? stderr : stdout;
	if (in->why && print_owned(aside, leat_describe_why(r, &err), &err, 0) != 0)
		return 5;
	if (signals_begin(r, &progress) < 0)
		return 5;
	int status = leat_run(r, &o, &err);
	bool waited = status == 75 && in->wait;
	if (waited)
		status = wait_for_other(r, in, &err);
	signals_end();
	progress_clear(&progress);
	if (waited)
		return status == AGAIN ? AGAIN : complain(&err, status);
	if (status == 75) /* a diagnostic of one line */
		return print_owned(stderr, leat_printable(err.text, NULL), &err, 75);
	return print_summary(r, in, status); /* it says, too, why a run could not go on */
}

int cmd_run(const struct leat_invocation *in)
{
	if (in->dry_run)
		return cmd_plan(in);
	int status;
	struct leat_invocation run = *in;
	run.calls_back = true;
	signals_hold();
	notify_begin();
	do {
		struct leat_recipe *r = plan_recipe(&run, false, &status);
		if (!r)
			break;
		status = run_planned(r, in);
		leat_free(&r);
	} while (status == AGAIN);
	notify_end();
	return status;
}
