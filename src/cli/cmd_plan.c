/* SPDX-License-Identifier: MIT */
/* leat plan: what a run would do, where every step would run, and why. */
#include "cli.h"

int cmd_plan(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	int status;
	struct leat_invocation looks = *in;
	looks.allow_exec = true; /* nothing is run */
	struct leat_recipe *r = plan_recipe(&looks, true, &status);
	if (!r)
		return status;
	char *text = in->json ? leat_describe_plan_json(r, &err) : leat_describe_plan(r, &err);
	status = print_owned(stdout, text, &err, 0);
	if (in->why && status == 0)
		status = print_owned(in->json ? stderr : stdout, leat_describe_why(r, &err), &err, 0);
	leat_free(&r);
	return status;
}
