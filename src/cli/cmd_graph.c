/* SPDX-License-Identifier: MIT */
/* leat graph: the steps of a recipe as a picture, without a look at any file but the recipe. */
#include "cli.h"

int cmd_graph(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	struct leat_recipe *r = open_recipe(in, in->args ? in->args[0] : NULL);
	if (!r)
		return 2;
	int errors = leat_check(r), status = errors ? 2 : 0;
	if (print_diagnostics(in, r) < 0 || errors < 0)
		status = 5;
	if (status == 0) {
		char *text = leat_graph(r, in->format, &err);
		status = text ? print_owned(stdout, text, &err, 0)
			      : complain(&err, err.cause == LEAT_CAUSE_USAGE ? 2 : 5);
	}
	leat_free(&r);
	return status;
}
