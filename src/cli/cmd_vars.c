/* SPDX-License-Identifier: MIT */
/* leat vars: every variable of a recipe, its value, where it comes from, and the comment beside it. */
#include "cli.h"

int cmd_vars(const struct leat_invocation *in)
{
	struct leat_err err = {.text = "out of memory"};
	struct leat_recipe *r = open_recipe(in, in->args ? in->args[0] : NULL);
	if (!r)
		return 2;
	int errors = leat_check(r), status = errors < 0 ? complain(&err, 5) : errors ? 2 : 0;
	if (print_diagnostics(in, r) < 0)
		status = 5;
	if (errors >= 0)
		status = worse(status, print_owned(stdout, leat_variables(r, in->json, &err), &err, status));
	leat_free(&r);
	return status;
}
