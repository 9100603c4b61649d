/* SPDX-License-Identifier: MIT */
/* leat fmt: one layout for every recipe. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static int print_diff(const struct leat_recipe *r, const char *text)
{
	struct leat_err err = {0};
	return print_owned(stdout, leat_format_diff(r, text, &err), &err, 0);
}

/* What is to be done with a text that should be another. 0, or 5 after a complaint. */
static int deliver(const struct leat_invocation *in, const char *file, const struct leat_recipe *r, const char *text,
		   bool same)
{
	struct leat_err err = {0};
	bool input = strcmp(file, "-") == 0;
	int status = 0;
	if (in->check && !same) {
		char *shown = leat_printable(input ? "<standard input>" : file, NULL);
		printf("%s\n", shown ? shown : file);
		free(shown);
	}
	if (in->diff && !same)
		status = print_diff(r, text);
	if (in->check || in->diff)
		return status;
	if (input)
		return fputs(text, stdout) >= 0 ? 0 : 5;
	if (!same && leat_save(r, text, &err) < 0)
		return complain(&err, 5);
	return 0;
}

static int format_one(const struct leat_invocation *in, const char *file)
{
	struct leat_err err = {0};
	struct leat_format_options o = {.fix_characters = in->fix_characters};
	char *text = NULL;
	struct leat_recipe *r = open_recipe(in, file);
	if (!r)
		return 2;
	int status = leat_format(r, &o, &text, &err);
	if (status == 2) {
		char *shown = leat_printable(file, NULL);
		if (print_diagnostics(in, r) < 0)
			status = 5;
		fprintf(stderr, "%s: left as it is: %zu error(s)\n", shown ? shown : file, leat_error_count(r));
		free(shown);
	} else if (status == 5) {
		complain(&err, 5);
	} else {
		int failed = deliver(in, file, r, text, status == 0);
		status = failed ? failed : in->check ? status : 0;
	}
	free(text);
	leat_free(&r);
	return status;
}

int cmd_fmt(const struct leat_invocation *in)
{
	int worst = 0;
	for (size_t i = 0; i < in->n_args; i++) {
		int status = format_one(in, in->args[i]);
		worst = status > worst ? status : worst;
	}
	if (in->upgrade)
		fprintf(stderr, "leat: nothing to upgrade: version 1 is the first version of the language, and no "
				"name in it has been replaced\n");
	if (fflush(stdout) != 0) {
		perror("leat: cannot print");
		return 5;
	}
	return worst;
}
