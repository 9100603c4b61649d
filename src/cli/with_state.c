/* SPDX-License-Identifier: MIT */
/* Commands about a job take its recipe or the file of its state. */
#include "cli.h"

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

int with_state(const struct leat_invocation *in, int (*fn)(const struct leat_invocation *in, const char *state))
{
	static const struct leat_err none = {.text = "this recipe keeps no state, so nothing is known of its runs: "
						     "give it a name, for example: job name=nightly"};
	const char *file = in->args[0];
	if (is_state(file))
		return fn(in, file);
	struct leat_recipe *r = open_recipe(in, file);
	if (!r)
		return 2;
	int errors = leat_check(r), status = errors ? 2 : 0;
	if (errors && print_diagnostics(in, r) < 0)
		status = 5;
	if (status == 0)
		status = leat_state_path(r) ? fn(in, leat_state_path(r)) : complain(&none, 2);
	leat_free(&r);
	return status;
}
