/* SPDX-License-Identifier: MIT */
/* leat run: the job, a progress line on a terminal, one summary at the end. */
#include "cli.h"

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

static int run_planned(struct leat_recipe *r, const struct leat_invocation *in)
{
	struct leat_err err = {0};
	struct progress progress = {.on = !in->quiet && wants_color(stderr)};
	struct leat_run_options o = {.event = progress_event, .event_ctx = &progress};
	if (signals_begin(r, &progress) < 0)
		return 5;
	int status = leat_run(r, &o, &err);
	signals_end();
	progress_clear(&progress);
	if (status == 75) /* a diagnostic of one line */
		return print_owned(stderr, leat_printable(err.text, NULL), &err, 75);
	return print_summary(r, in, status); /* it says, too, why a run could not go on */
}

int cmd_run(const struct leat_invocation *in)
{
	if (in->dry_run)
		return cmd_plan(in);
	int status;
	struct leat_recipe *r = plan_recipe(in, false, &status);
	if (!r)
		return status;
	status = run_planned(r, in);
	leat_free(&r);
	return status;
}
