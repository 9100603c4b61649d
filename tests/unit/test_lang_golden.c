/* SPDX-License-Identifier: MIT */
/*
 * The messages of the language room, character for character: tests/golden/lang/NAME.leat gives
 * NAME.err. A name with ".command-line." is read as the text of -e; NAME.set holds --set values,
 * one a line, NAME.opt those of --opt, NAME.vars is the file of --vars; what is included stands in
 * files/; UPDATE=1 rewrites the .err files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "lang/program.h"

#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/golden/lang"

/* "n=v\nm=w\n" becomes a list; the text is cut up. */
static void split_lines(char *text, const char **list, size_t most)
{
	size_t n = 0;
	for (char *line = strtok(text, "\n"); line && n + 1 < most; line = strtok(NULL, "\n"))
		list[n++] = line;
	list[n] = NULL;
}

static struct leat_buf messages(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat");
	struct leat_buf sets = golden_read(FOLDER, stem, ".set");
	struct leat_buf opts = golden_read(FOLDER, stem, ".opt");
	const char *list[16], *opt[16];
	split_lines(sets.data, list, LEAT_LEN(list));
	split_lines(opts.data, opt, LEAT_LEN(opt));
	struct leat_buf vars = golden_read(FOLDER, stem, ".vars");
	struct leat_vars_text file = {"my.vars", "/home/user", vars.data, vars.len};
	struct leat_program_opts o = {.set = list,
				      .opt = opt,
				      .cwd = "/home/user",
				      .vars = &file,
				      .n_vars = vars.len > 0,
				      .path = GOLDEN_DIR "/web.leat",
				      .include = golden_include,
				      .include_ctx = (void *)(uintptr_t)FOLDER};
	struct leat_diags d = {0};
	const char *name = strstr(stem, ".command-line") ? "<command line>" : "web.leat";
	struct leat_program *p = leat_program_parse(name, GOLDEN_DIR, text.data, text.len, &o, &d);
	assert_non_null(p);
	struct leat_buf out = {0};
	leat_buf_adds(&out, "");
	leat_diags_render(&d, &out, false);
	leat_program_free(&p);
	leat_diags_free(&d);
	leat_buf_free(&text);
	leat_buf_free(&sets);
	leat_buf_free(&opts);
	leat_buf_free(&vars);
	return out;
}

static void golden_messages(void **state)
{
	(void)state;
	golden_run(FOLDER, 100, messages);
}

int main(void)
{
	unsetenv("OUT_DIR");
	setenv("LEAT_TEST_TOKEN", "hunter2", 1);
	const struct CMUnitTest tests[] = {cmocka_unit_test(golden_messages)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
