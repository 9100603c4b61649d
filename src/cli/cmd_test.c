/* SPDX-License-Identifier: MIT */
/* leat test: the recipes of a folder on their tests, told like any test runner does. */
#include "cli.h"

#include <leat/test.h>

#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned passed, failed, none;
	bool kept;
};

static void print_lines(const char *text)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		printf("       %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
}

static void told(void *ctx, const struct leat_test_result *r)
{
	static const char *const words[] = {
		[LEAT_TEST_PASSED] = "ok  ", [LEAT_TEST_FAILED] = "FAIL", [LEAT_TEST_NONE] = "-   "};
	struct tally *t = ctx;
	char time[32];
	char *name = leat_printable(r->name, NULL);
	t->passed += r->outcome == LEAT_TEST_PASSED;
	t->failed += r->outcome == LEAT_TEST_FAILED;
	t->none += r->outcome == LEAT_TEST_NONE;
	t->kept = t->kept || r->results;
	if (r->outcome == LEAT_TEST_NONE)
		printf("%s  %s: there is no tests/%s/in\n", words[r->outcome], name, name);
	else
		printf("%s  %s: %llu file%s compared, %s\n", words[r->outcome], name, (unsigned long long)r->files,
		       r->files == 1 ? "" : "s", leat_format_time(r->seconds, time));
	print_lines(r->text);
	if (r->results)
		printf("       the results are in %s\n", r->results);
	free(name);
	fflush(stdout);
}

int cmd_test(const struct leat_invocation *in)
{
	char folder[4096];
	struct leat_err err = {0};
	struct tally t = {0, 0, 0, false};
	if (make_folder("leat-test", folder, sizeof folder) < 0)
		return 5;
	int status =
		leat_test(in->args[0], in->n_args > 1 ? in->args + 1 : NULL, folder, in->allow_exec, told, &t, &err);
	if (!t.kept)
		(void)drop_folder(folder);
	if (err.cause != LEAT_CAUSE_NONE)
		complain(&err, status);
	if (t.passed + t.failed + t.none)
		printf("%u passed, %u failed%s\n", t.passed, t.failed, t.none ? ", others have no tests" : "");
	return fflush(stdout) == 0 ? status : 5;
}
