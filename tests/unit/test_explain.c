/* SPDX-License-Identifier: MIT */
/* The pages of `leat explain` keep their word: the wrong example gives the code, the right one gives no diagnostic. */
#include "gen/explain.h"
#include "plan/plan.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Checks a recipe against the real registry. Does it give this code? *n: diagnostics in all. */
static bool gives(const char *recipe, const struct leat_diag_code *c, size_t *n)
{
	static const struct leat_facts facts = {.pool = true};
	struct leat_diags d = {0};
	struct leat_program *p = leat_program_parse("web.leat", "/srv", recipe, strlen(recipe), NULL, &d);
	assert_non_null(p);
	struct leat_plan *plan = leat_plan_make(p, leat_registry_default(), &facts, &d);
	assert_non_null(plan);
	bool found = false;
	for (size_t i = 0; i < d.n; i++)
		found = found || (d.v[i].severity == c->severity && d.v[i].code == c->code);
	*n = d.n;
	if (d.n && c->code == 0) {
		struct leat_buf out = {0};
		leat_diags_render(&d, &out, false);
		print_message("%s", out.data);
		leat_buf_free(&out);
	}
	leat_plan_free(&plan);
	leat_program_free(&p);
	leat_diags_free(&d);
	return found;
}

static bool is_command(const char *text)
{
	return strncmp(text, "$ ", 2) == 0;
}

static void examples_keep_their_word(void **state)
{
	static const struct leat_diag_code none = {.code = 0};
	size_t n, tried = 0, bad = 0;
	(void)state;
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		struct leat_explanation e = leat_explanation_at(i);
		char letter = e.code->severity == LEAT_ERROR ? 'E' : 'W';
		assert_non_null(e.wrong);
		if (!is_command(e.wrong)) {
			tried++;
			if (!gives(e.wrong, e.code, &n) && ++bad)
				print_message("%c%03d: its wrong example gives another code or none\n", letter,
					      e.code->code);
		}
		if (e.right && !is_command(e.right)) {
			(void)gives(e.right, &none, &n);
			if (n && ++bad)
				print_message("%c%03d: its right example is not right\n", letter, e.code->code);
		}
	}
	assert_int_equal(bad, 0);
	assert_true(tried > leat_n_diag_codes * 3 / 4);
}

static void texts_have_their_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		struct leat_explanation e = leat_explanation_at(i);
		size_t n = strlen(e.text);
		assert_true(n > 40 && n < 1200);
		assert_true(e.text[n - 1] == '.');
		assert_true(e.wrong[strlen(e.wrong) - 1] == '\n');
		assert_true(!e.right || e.right[strlen(e.right) - 1] == '\n');
		assert_true(!e.right || strcmp(e.right, e.wrong) != 0);
	}
}

static void pages_are_found_by_all_spellings(void **state)
{
	static const char *const same[] = {"E043", "e043", "E43", "43", "E043:", "E043]:"};
	static const char *const none[] = {"", "E", "E999", "X043", "E04x", "-1", "00000043"};
	struct leat_err err = {0};
	struct leat_buf first = {0};
	(void)state;
	assert_int_equal(leat_gen_explain("E043", false, &first, &err), 0);
	assert_non_null(strstr(first.data, "E043: a value out of range\n"));
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		struct leat_buf b = {0};
		assert_int_equal(leat_gen_explain(same[i], false, &b, &err), 0);
		assert_string_equal(b.data, first.data);
		leat_buf_free(&b);
	}
	leat_buf_free(&first);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct leat_buf b = {0};
		struct leat_err e = {0};
		assert_int_equal(leat_gen_explain(none[i], false, &b, &e), -1);
		assert_int_equal(e.cause, LEAT_CAUSE_USAGE);
		leat_buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_keep_their_word),
		cmocka_unit_test(texts_have_their_form),
		cmocka_unit_test(pages_are_found_by_all_spellings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
