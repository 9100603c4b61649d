/* SPDX-License-Identifier: MIT */
/*
 * The formatter: every rule of language 9 as a golden file (tests/golden/fmt/NAME.leat gives NAME.out; a name with
 * ".fix" has its characters repaired first), and what holds for every text: formatted twice is formatted once, and the
 * program stays the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/style.h"
#include "golden.h"
#include "lang/fmt.h"
#include "same_program.h"
#include "seeds.h"

#define FOLDER "tests/golden/fmt"

static bool format(const char *s, size_t n, struct leat_buf *out, struct leat_diags *d)
{
	struct leat_style style = leat_recipe_style();
	struct leat_err err = {0};
	struct leat_program *p = leat_program_read("web.leat", "/srv/site", s, n, d);
	assert_non_null(p);
	int ok = leat_fmt_refuses(d) ? 1 : leat_fmt(p, &style, out, &err);
	if (ok < 0)
		fail_msg("%s\n--- text\n%.*s", err.text, (int)n, s);
	if (ok > 0) {
		leat_buf_adds(out, "refused:\n");
		leat_diags_render(d, out, false);
	}
	leat_program_free(&p);
	return ok == 0;
}

/* ---- golden files ---- */

static struct leat_buf formatted(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat"), fixed = {0}, out = {0};
	struct leat_diags d = {0};
	bool fix = strstr(stem, ".fix") != NULL;
	if (fix)
		leat_fix_characters(text.data, text.len, &fixed);
	leat_buf_adds(&out, "");
	format(fix ? fixed.data : text.data, fix ? fixed.len : text.len, &out, &d);
	leat_diags_free(&d);
	leat_buf_free(&text);
	leat_buf_free(&fixed);
	return out;
}

static void golden_layouts(void **state)
{
	(void)state;
	golden_run_to(FOLDER, ".out", 25, formatted);
}

/* ---- every text ---- */

/* Both texts as programs: the same steps, the same number of errors. */
static void check_meaning(const struct leat_buf *before, const struct leat_buf *after)
{
	struct leat_diags d = {0}, e = {0};
	struct leat_program *p = leat_program_parse("a", "/d", before->data, before->len, NULL, &d);
	struct leat_program *q = leat_program_parse("a", "/d", after->data, after->len, NULL, &e);
	assert_true(p && q);
	if (d.errors != e.errors || !same_program(p, q))
		fail_msg("another meaning (%zu and %zu errors):\n--- before\n%s\n--- after\n%s", d.errors, e.errors,
			 before->data, after->data);
	leat_program_free(&p);
	leat_program_free(&q);
	leat_diags_free(&d);
	leat_diags_free(&e);
}

static bool check_text(const struct leat_buf *text)
{
	struct leat_buf once = {0}, twice = {0};
	struct leat_diags d = {0};
	leat_buf_adds(&once, "");
	leat_buf_adds(&twice, "");
	bool takes = format(text->data, text->len, &once, &d);
	if (takes) {
		struct leat_diags e = {0};
		assert_true(format(once.data, once.len, &twice, &e));
		leat_diags_free(&e);
		if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
			fail_msg("not settled:\n--- text\n%s\n--- once\n%s\n--- twice\n%s", text->data, once.data,
				 twice.data);
		check_meaning(text, &once);
	}
	leat_diags_free(&d);
	leat_buf_free(&once);
	leat_buf_free(&twice);
	return takes;
}

static void twenty_thousand_texts(void **state)
{
	(void)state;
	struct seeds *s = seeds_load(check_text);
	seeds_mutate(s, 20000, check_text);
	seeds_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_layouts),
		cmocka_unit_test(twenty_thousand_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
