/* SPDX-License-Identifier: MIT */
/* leat report: how a run of a job went and what changed since the one before. */
#include "cli.h"

#include <stdlib.h>

static int tell(const struct leat_invocation *in, const char *state)
{
	struct leat_err err = {0};
	const char *run = in->n_args > 1 ? in->args[1] : NULL;
	enum leat_report_form form = in->html ? LEAT_REPORT_HTML : in->json ? LEAT_REPORT_JSON : LEAT_REPORT_TEXT;
	char *text = leat_report(state, run, form, wants_color(stdout), &err);
	if (!text)
		return complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : err.cause == LEAT_CAUSE_NOT_FOUND ? 3 : 5);
	if (!in->html)
		return print_owned(stdout, text, &err, 0);
	int saved = leat_report_save(text, in->html, &err);
	free(text);
	return saved < 0 ? complain(&err, 5) : 0;
}

int cmd_report(const struct leat_invocation *in)
{
	static const struct leat_err both = {.text = "--html and --json exclude each other"};
	if (in->html && in->json)
		return complain(&both, 2);
	return with_state(in, tell);
}
