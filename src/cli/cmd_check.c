/* SPDX-License-Identifier: MIT */
/* leat check: grammar, names, types, kinds; all errors at once. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

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

/* One recipe; NULL when it could not be opened. */
static struct leat_recipe *check_one(const struct leat_invocation *in, const char *file, int *status)
{
	struct leat_recipe *r = open_recipe(in, file);
	int errors = r ? leat_check(r) : 0;
	struct leat_err memory = {.text = "out of memory"};
	if (!r || errors < 0) {
		*status = worse(*status, r ? complain(&memory, 5) : 2);
		leat_free(&r);
		return NULL;
	}
	if (in->diagnostics == LEAT_DIAG_TEXT) {
		if (print_diagnostics(in, r) < 0)
			*status = worse(*status, 5);
		print_verdict(r, !file ? "<command line>" : strcmp(file, "-") == 0 ? "<standard input>" : file);
	}
	*status = worse(*status, errors ? 2 : denied(in, r));
	return r;
}

/* For programs: all of it as one text, on standard output. */
static int print_all(const struct leat_invocation *in, struct leat_recipe *const *recipes, size_t n, int status)
{
	struct leat_err err = {.text = "out of memory"};
	char *text = leat_diagnostics_as(recipes, n, (enum leat_diag_format)in->diagnostics);
	return worse(status, print_owned(stdout, text, &err, 0));
}

int cmd_check(const struct leat_invocation *in)
{
	bool one = in->pipeline || in->words;
	size_t files = one ? 1 : in->n_args, n = 0;
	struct leat_recipe **recipes = calloc(files, sizeof *recipes);
	struct leat_err memory = {.text = "out of memory"};
	int status = 0;
	if (!recipes)
		return complain(&memory, 5);
	for (size_t i = 0; i < files; i++) {
		recipes[n] = check_one(in, one ? NULL : in->args[i], &status);
		if (recipes[n] && in->diagnostics == LEAT_DIAG_TEXT)
			leat_free(&recipes[n]);
		n += recipes[n] != NULL;
	}
	if (in->diagnostics != LEAT_DIAG_TEXT)
		status = print_all(in, recipes, n, status);
	while (n > 0)
		leat_free(&recipes[--n]);
	free(recipes);
	return fflush(stdout) == 0 ? status : worse(status, 5);
}
