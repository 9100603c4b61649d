/* SPDX-License-Identifier: MIT */
/* leat explain-run: how a run of a job went, from the state that it keeps. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* A state rather than a recipe: by its name, or by what it begins with. */
static bool is_state(const char *path)
{
	static const char magic[] = "SQLite format 3"; /* with its NUL */
	char head[sizeof magic] = "";
	size_t n = strlen(path);
	if (n > 3 && strcmp(path + n - 3, ".db") == 0)
		return true;
	FILE *f = fopen(path, "rb");
	bool is = f && fread(head, 1, sizeof head, f) == sizeof head && memcmp(head, magic, sizeof magic) == 0;
	if (f)
		(void)fclose(f); /* only read */
	return is;
}

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
	static const struct leat_err none = {.text = "this recipe keeps no state, so nothing is known of its runs: "
						     "give it a name, for example: job name=nightly"};
	const char *file = in->args[0];
	if (is_state(file))
		return explain(in, file);
	struct leat_recipe *r = open_recipe(in, file);
	if (!r)
		return 2;
	int errors = leat_check(r), status = errors ? 2 : 0;
	if (errors && print_diagnostics(in, r) < 0)
		status = 5;
	if (status == 0)
		status = leat_state_path(r) ? explain(in, leat_state_path(r)) : complain(&none, 2);
	leat_free(&r);
	return status;
}
