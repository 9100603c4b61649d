/* SPDX-License-Identifier: MIT */
/* leat check: grammar, names, types, kinds; all errors at once. */
#include "cli.h"

#include <stdlib.h>

static void print_verdict(const struct leat_recipe *r, const char *name)
{
	char *shown = leat_printable(name, NULL);
	if (leat_error_count(r) || leat_warning_count(r))
		fprintf(stderr, "%s: %zu error(s), %zu warning(s)\n", shown ? shown : name, leat_error_count(r),
			leat_warning_count(r));
	else
		printf("%s: ok, %zu steps\n", shown ? shown : name, leat_step_count(r));
	free(shown);
}

static int check_one(const struct leat_invocation *in, const char *file)
{
	struct leat_recipe *r = open_recipe(in, file);
	if (!r)
		return 2;
	int errors = leat_check(r);
	struct leat_err memory = {.text = "out of memory"};
	if (errors < 0) {
		leat_free(&r);
		return complain(&memory, 5);
	}
	int printed = print_diagnostics(r);
	print_verdict(r, file ? file : "<command line>");
	int status = errors ? 2 : denied(in, r);
	leat_free(&r);
	return printed < 0 ? 5 : status;
}

int cmd_check(const struct leat_invocation *in)
{
	if (in->pipeline)
		return check_one(in, NULL);
	int worst = 0;
	for (size_t i = 0; i < in->n_args; i++)
		worst = worse(worst, check_one(in, in->args[i]));
	return fflush(stdout) == 0 ? worst : 5;
}
