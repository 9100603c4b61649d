/* SPDX-License-Identifier: MIT */
/*
 * The messages of the plan room, character for character, against the frozen registry:
 * tests/golden/plan/NAME.leat gives NAME.err. A name with ".num." is shown as num.leat. UPDATE=1 rewrites the
 * .err files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frozen_registry.h"
#include "plan/plan.h"

#include <dirent.h>
#include <stdio.h>

#define FOLDER "tests/golden/plan"

/* The file's content, or an empty text when there is none. */
static struct leat_buf read_file(const char *path)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, "");
	FILE *f = fopen(path, "rb");
	if (!f)
		return b;
	char part[4096];
	for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
		leat_buf_add(&b, part, n);
	fclose(f);
	return b;
}

static void write_file(const char *path, const struct leat_buf *b)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(b->data, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

static const char *path_of(char *to, size_t size, const char *stem, const char *suffix)
{
	assert_true(snprintf(to, size, FOLDER "/%s%s", stem, suffix) < (int)size);
	return to;
}

static struct leat_buf messages(const char *stem)
{
	char path[512];
	struct leat_buf text = read_file(path_of(path, sizeof path, stem, ".leat"));
	struct leat_diags d = {0};
	struct leat_facts facts = {.cores = 4, .memory = (uint64_t)8 << 30};
	const char *name = strstr(stem, ".num") ? "num.leat" : "web.leat";
	struct leat_program *p = leat_program_parse(name, "/srv/site", text.data, text.len, NULL, &d);
	assert_non_null(p);
	struct leat_plan *plan = leat_plan_make(p, &leat_frozen_registry, &facts, &d);
	assert_non_null(plan);
	struct leat_buf out = {0};
	leat_buf_adds(&out, "");
	leat_diags_render(&d, &out, false);
	leat_plan_free(&plan);
	leat_program_free(&p);
	leat_diags_free(&d);
	leat_buf_free(&text);
	return out;
}

/* True when the messages are those of the .err file. */
static bool agrees(const char *stem)
{
	char path[512];
	path_of(path, sizeof path, stem, ".err");
	struct leat_buf now = messages(stem), then = read_file(path);
	bool same = now.len == then.len && memcmp(now.data, then.data, now.len) == 0;
	if (!same && getenv("UPDATE")) {
		write_file(path, &now);
		same = true;
	}
	if (!same)
		print_error("%s:\n--- expected\n%s--- got\n%s", stem, then.data, now.data);
	leat_buf_free(&now);
	leat_buf_free(&then);
	return same;
}

static void golden_messages(void **state)
{
	(void)state;
	struct dirent **entries;
	int n = scandir(FOLDER, &entries, NULL, alphasort), cases = 0, wrong = 0;
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		char *dot = strrchr(entries[i]->d_name, '.');
		if (dot && strcmp(dot, ".leat") == 0) {
			*dot = 0;
			cases++;
			wrong += !agrees(entries[i]->d_name);
		}
		free(entries[i]);
	}
	free(entries);
	print_message("%d cases\n", cases);
	assert_true(cases > 40);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(golden_messages)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
