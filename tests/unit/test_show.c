/* SPDX-License-Identifier: MIT */
/*
 * The forms of a program: text, one line, JSON, expanded (tests/golden/show/NAME.leat gives NAME.out with all of them);
 * and what holds for every program: from each form it is read back as the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leat/leat.h>

#include "golden.h"
#include "lang/argwords.h"
#include "lang/json.h"
#include "lang/show.h"
#include "same_program.h"
#include "seeds.h"

#define FOLDER "tests/golden/show"

/* ---- golden files ---- */

static void add_form(struct leat_buf *out, struct leat_recipe *r, const char *title, enum leat_form form)
{
	struct leat_err err = {0};
	char *text = NULL;
	int status = leat_show(r, form, &text, &err);
	leat_buf_addf(out, "== %s\n", title);
	if (status != 0) {
		char *messages = leat_diagnostics(r, false);
		leat_buf_addf(out, "status %d %s\n%s", status, err.text, messages ? messages : "");
		free(messages);
	}
	leat_buf_adds(out, text ? text : "");
	free(text);
}

static struct leat_buf all_forms(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat"), out = {0};
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("web.leat", text.data, text.len, NULL, &err);
	assert_non_null(r);
	add_form(&out, r, "text", LEAT_FORM_TEXT);
	add_form(&out, r, "line", LEAT_FORM_LINE);
	add_form(&out, r, "json", LEAT_FORM_JSON);
	add_form(&out, r, "expanded", LEAT_FORM_EXPANDED);
	leat_free(&r);
	leat_buf_free(&text);
	return out;
}

static void golden_forms(void **state)
{
	(void)state;
	golden_run_to(FOLDER, ".out", 6, all_forms);
}

/* ---- every program ---- */

static const char *text_of(struct leat_buf *b)
{
	assert_false(b->failed);
	return b->data ? b->data : "";
}

/* `form` reads as the program whose canonical text is `shown`; and `p`, the program itself, is the same. */
static void check_form(const char *title, const struct leat_buf *form, const char *shown, const struct leat_program *p)
{
	struct leat_diags d = {0}, e = {0};
	struct leat_buf again = {0};
	struct leat_program *q = leat_program_read("web.leat", "/d", form->data ? form->data : "", form->len, &d);
	assert_non_null(q);
	leat_program_show(q, NULL, false, &again);
	if (d.errors || strcmp(text_of(&again), shown) != 0)
		fail_msg("%s:\n%s\n--- is read as\n%s\n--- and not as\n%s", title, form->data, text_of(&again), shown);
	leat_program_free(&q);
	q = leat_program_parse("web.leat", "/d", form->data ? form->data : "", form->len, NULL, &e);
	assert_non_null(q);
	if (p && (e.errors || !same_program(p, q)))
		fail_msg("%s means something else:\n%s\n--- than\n%s", title, form->data, shown);
	leat_program_free(&q);
	leat_diags_free(&d);
	leat_diags_free(&e);
	leat_buf_free(&again);
}

/* In every form the program is the same; so is its meaning, unless there are errors in it. */
static bool check_text(const struct leat_buf *text)
{
	struct leat_diags d = {0}, e = {0};
	struct leat_buf shown = {0}, line = {0}, json = {0};
	struct leat_program *p = leat_program_read("web.leat", "/d", text->data, text->len, &d);
	struct leat_program *whole = leat_program_parse("web.leat", "/d", text->data, text->len, NULL, &e);
	assert_true(p && whole);
	bool takes = !d.errors;
	if (takes) {
		const struct leat_program *meant = e.errors ? NULL : whole;
		leat_program_show(p, NULL, false, &shown);
		leat_program_show(p, NULL, true, &line);
		leat_program_json(p, NULL, &json);
		assert_true(!strchr(text_of(&line), '\'') && !strstr(text_of(&line), "\\\\"));
		check_form("text", &shown, text_of(&shown), meant);
		check_form("line", &line, text_of(&shown), meant);
		check_form("json", &json, text_of(&shown), meant);
	}
	leat_program_free(&p);
	leat_program_free(&whole);
	leat_diags_free(&d);
	leat_diags_free(&e);
	leat_buf_free(&shown);
	leat_buf_free(&line);
	leat_buf_free(&json);
	return takes;
}

static void any_program(void **state)
{
	(void)state;
	struct seeds *s = seeds_load(check_text);
	seeds_mutate(s, 5000, check_text);
	seeds_free(s);
}

/* ---- words of a command line ---- */

static void check_words(const char *expected, const char *const *words)
{
	struct leat_buf out = {0};
	struct leat_err err = {0};
	size_t n = 0;
	while (words[n])
		n++;
	int ok = leat_argwords_to_text(words, n, &out, &err);
	assert_string_equal(ok == 0 ? text_of(&out) : err.text, expected);
	leat_buf_free(&out);
}
#define WORDS(expected, ...) check_words(expected, (const char *const[]){__VA_ARGS__, NULL})

static void words(void **state)
{
	(void)state;
	WORDS("read \"a b.jpg\" | resize 800x | write out/{stem}.png", "read", "a b.jpg", "then", "resize", "800x",
	      "then", "write", "out/{stem}.png");
	WORDS("read '$HOME/x' \"it's\" 'a\"b' \"\" 'a\\b' \"#x\"", "read", "$HOME/x", "it's", "a\"b", "", "a\\b", "#x");
	WORDS("extend 9x9 background=#fff label=\"a b\" empty=", "extend", "9x9", "background=#fff", "label=a b",
	      "empty=");
	WORDS("keep width>=800 ext=png -fit", "keep", "width>=800", "ext=png", "-fit");
	WORDS("let x = 3 | branch b | end", "let", "x", "=", "3", "then", "branch", "b", "then", "end");
	WORDS("read \"a|b\" \"a\\nb\"", "read", "a|b", "a\nb");
	WORDS("behind '--' steps are separated by 'then', not by '|'", "read", "a", "|", "write", "b");
	WORDS("'--limit' stands behind '--', where the recipe begins: options of the program stand before it", "read",
	      "a", "--limit", "2");
	WORDS("no step stands before the first 'then'", "then", "read");
	WORDS("no step stands between two 'then'", "read", "a", "then", "then", "write");
	WORDS("no step follows the last 'then'", "read", "a", "then");
}

/* What a word is read as is exactly what it was. */
static void words_stand_for_themselves(void **state)
{
	(void)state;
	static const char *const odd[] = {"a b",    "$x", "#c",   "it's", "\"",       "\\",          "a\\", "$$",
					  "{stem}", "|",  "a\tb", "é",    "x\ny",     "a;b",         "*",   "~",
					  "=",      "",   "end",  "let",  "800x600>", "\xe2\x80\x9c"};
	for (size_t i = 0; i < LEAT_LEN(odd); i++) {
		const char *list[] = {"step", "first", odd[i], "last"};
		struct leat_buf out = {0};
		struct leat_err err = {0};
		struct leat_diags d = {0};
		if (leat_argwords_to_text(list, 4, &out, &err) < 0) {
			assert_true(strcmp(odd[i], "|") == 0);
			leat_buf_free(&out);
			continue;
		}
		struct leat_program *p = leat_program_parse("x", "/d", out.data, out.len, NULL, &d);
		assert_non_null(p);
		if (d.errors == 0) {
			assert_int_equal(p->steps[0].n_words, 3);
			assert_string_equal(p->steps[0].words[1].value, odd[i]);
		} else {
			assert_true(strcmp(odd[i], "=") == 0);
		}
		leat_program_free(&p);
		leat_diags_free(&d);
		leat_buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_forms),
		cmocka_unit_test(any_program),
		cmocka_unit_test(words),
		cmocka_unit_test(words_stand_for_themselves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
