/* SPDX-License-Identifier: MIT */
/* leat explain-run: how a run of a job went, from the state that it keeps. */
#include "cli.h"

static int explain(const struct leat_invocation *in, const char *state)
{
	struct leat_err err = {0};
	char *text = leat_explain_run(state, in->n_args > 1 ? in->args[1] : NULL, in->json, &err);
	if (text)
		return print_owned(stdout, text, &err, 0);
	return complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : err.cause == LEAT_CAUSE_NOT_FOUND ? 3 : 5);
}

int cmd_explain_run(const struct leat_invocation *in)
{
	return with_state(in, explain);
}
