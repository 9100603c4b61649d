/* SPDX-License-Identifier: MIT */
/* leat plan: what a run would do, where every step would run, and why. */
#include "cli.h"

int cmd_plan(const struct leat_invocation *in)
{
	struct leat_recipe *r = open_recipe(in, in->args ? in->args[0] : NULL);
	if (!r)
		return 2;
	struct leat_err err = {0};
	struct leat_plan_options o = plan_options(in);
	o.headers = true;
	int status = leat_plan(r, &o, &err);
	if (print_diagnostics(r) < 0)
		status = 5;
	if (status == 0)
		status = print_owned(stdout, leat_describe_plan(r, &err), &err, 0);
	else if (err.cause != LEAT_CAUSE_NONE)
		complain(&err, status);
	leat_free(&r);
	return status;
}
