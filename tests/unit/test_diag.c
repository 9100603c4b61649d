/* SPDX-License-Identifier: MIT */
/* Diagnostics: the rendered text, letter for letter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "core/diagcode.h"

#include <stdio.h>

static struct leat_text text_of(const char *name, const char *data)
{
	return (struct leat_text){.name = name, .dir = "/", .data = data, .len = strlen(data)};
}

/* The first occurrence of `what` in the text, from the n-th line on. */
static struct leat_span at(const struct leat_text *t, const char *what)
{
	const char *p = strstr(t->data, what);
	assert_non_null(p);
	return (struct leat_span){t, (uint32_t)(p - t->data), (uint32_t)(p - t->data + (ptrdiff_t)strlen(what))};
}

static void expect(struct leat_diags *d, const char *want)
{
	struct leat_buf b = {0};
	leat_diags_render(d, &b, false);
	assert_string_equal(b.data, want);
	leat_buf_free(&b);
	leat_diags_free(d);
}

static void test_misspelt_step(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "read a.png\nresise 800x600\n");
	struct leat_diag *g = leat_diag_error(&d, 24, at(&t, "resise"), "unknown step '%s'", "resise");
	g->label = leat_diag_text(&d, "did you mean '%s'?", "resize");
	leat_diag_help(&d, g, "list all steps with: leat help steps");
	assert_int_equal(d.errors, 1);
	expect(&d, "web.leat:2:1: error[E024]: unknown step 'resise'\n"
		   "  |\n"
		   "2 | resise 800x600\n"
		   "  | ^^^^^^ did you mean 'resize'?\n"
		   "  = help: list all steps with: leat help steps\n");
}

static void test_two_at_the_end_of_a_line(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t =
		text_of("<command line>", "read photos/*.jpg | | resize 800x600 | write out/{stem}.webp |");
	struct leat_diag *g;
	uint32_t end = (uint32_t)t.len;
	g = leat_diag_error(&d, 7, (struct leat_span){&t, end - 1, end}, "nothing follows the last '|'");
	leat_diag_help(&d, g, "remove it, or write the next step");
	g = leat_diag_error(&d, 6, (struct leat_span){&t, 20, 21}, "empty step: nothing stands before this '|'");
	leat_diag_help(&d, g, "remove one '|', or write the missing step");
	expect(&d, "<command line>:1:21: error[E006]: empty step: nothing stands before this '|'\n"
		   "  |\n"
		   "1 | read photos/*.jpg | | resize 800x600 | write out/{stem}.webp |\n"
		   "  |                     ^\n"
		   "  = help: remove one '|', or write the missing step\n"
		   "\n"
		   "<command line>:1:62: error[E007]: nothing follows the last '|'\n"
		   "  |\n"
		   "1 | read photos/*.jpg | | resize 800x600 | write out/{stem}.webp |\n"
		   "  |                                                              ^\n"
		   "  = help: remove it, or write the next step\n");
}

static void test_typographic_quote(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "a\nwrite “my images/{stem}.webp”\n");
	struct leat_diag *g = leat_diag_error(&d, 2, at(&t, "“"), "typographic quote “ (U+201C)");
	g->label = "use the straight quote \" instead";
	expect(&d, "web.leat:2:7: error[E002]: typographic quote “ (U+201C)\n"
		   "  |\n"
		   "2 | write “my images/{stem}.webp”\n"
		   "  |       ^ use the straight quote \" instead\n");
}

static void test_second_place(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "let quality = 820\nread a.jpg\nencode webp quality=$quality\n");
	struct leat_diag *g = leat_diag_error(&d, 43, at(&t, "$quality"), "quality=820 is out of range");
	g->label = "quality is 1 to 100";
	g->span2 = at(&t, "820");
	g->label2 = "$quality comes from here";
	expect(&d, "web.leat:3:21: error[E043]: quality=820 is out of range\n"
		   "  |\n"
		   "3 | encode webp quality=$quality\n"
		   "  |                     ^^^^^^^^ quality is 1 to 100\n"
		   "1 | let quality = 820\n"
		   "  |               --- $quality comes from here\n");
}

static void test_second_place_on_the_same_line(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "read a\nresize 800x600 on=inline workers=4\n");
	struct leat_diag *g = leat_diag_error(&d, 62, at(&t, "workers=4"), "on=inline has no workers of its own");
	g->label = "remove this, or choose on=threads or on=processes";
	g->span2 = at(&t, "on=inline");
	g->label2 = "inline: runs inside the step before it";
	expect(&d, "web.leat:2:26: error[E062]: on=inline has no workers of its own\n"
		   "  |\n"
		   "2 | resize 800x600 on=inline workers=4\n"
		   "  |                          ^^^^^^^^^ remove this, or choose on=threads or on=processes\n"
		   "  |                --------- inline: runs inside the step before it\n");
}

static void test_wide_gutter(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "\n\n\n\n\n\n\n\n\n\n\n\n\n  write out/{stem}.webp\n");
	struct leat_diag *g =
		leat_diag_error(&d, 71, at(&t, "out/{stem}.webp"), "two inputs would write the same file out/cat.webp");
	leat_diag_help(&d, g, "photos/2023/cat.jpg and photos/2024/cat.jpg; 17 files are affected");
	leat_diag_help(&d, g, "keep the folders apart: out/{reldir}/{stem}.webp");
	expect(&d, "web.leat:14:9: error[E071]: two inputs would write the same file out/cat.webp\n"
		   "   |\n"
		   "14 |   write out/{stem}.webp\n"
		   "   |         ^^^^^^^^^^^^^^^\n"
		   "   = help: photos/2023/cat.jpg and photos/2024/cat.jpg; 17 files are affected\n"
		   "   = help: keep the folders apart: out/{reldir}/{stem}.webp\n");
}

static void test_no_place(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = {.name = "web.leat"};
	struct leat_diag *g;
	leat_diag_error(&d, 74, (struct leat_span){&t, 0, 0}, "expect failed<=1%% did not hold");
	g = leat_diag_error(&d, 39, (struct leat_span){0}, "--set widht=…: the pipeline has no variable 'widht'");
	leat_diag_help(&d, g, "did you mean --set width=…?");
	expect(&d, "leat: error[E039]: --set widht=…: the pipeline has no variable 'widht'\n"
		   "  = help: did you mean --set width=…?\n"
		   "\n"
		   "web.leat: error[E074]: expect failed<=1% did not hold\n");
}

static void test_other_file(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "include \"c.leat\"\nencode webp quality=$q"),
			 c = text_of("c.leat", "\nlet q = 0\n");
	struct leat_diag *g = leat_diag_error(&d, 43, at(&t, "$q"), "quality=0 is out of range");
	g->span2 = at(&c, "0");
	g->label2 = "$q comes from here";
	expect(&d, "web.leat:2:21: error[E043]: quality=0 is out of range\n"
		   "  |\n"
		   "2 | encode webp quality=$q\n"
		   "  |                     ^^\n"
		   "  ::: c.leat:2:9\n"
		   "2 | let q = 0\n"
		   "  |         - $q comes from here\n");
}

static void test_warning(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "let bg = #ffffff\n");
	struct leat_diag *g =
		leat_diag_warning(&d, 1, at(&t, "#ffffff"), "'#ffffff' starts a comment here, it is not a color");
	g->label = "everything from here on is ignored";
	assert_int_equal(d.warnings, 1);
	assert_int_equal(d.errors, 0);
	expect(&d, "web.leat:1:10: warning[W001]: '#ffffff' starts a comment here, it is not a color\n"
		   "  |\n"
		   "1 | let bg = #ffffff\n"
		   "  |          ^^^^^^^ everything from here on is ignored\n");
}

/* BOM, TAB, CRLF, a wide and a combining character, a byte that is no UTF-8, an escape sequence in name and label. */
static void test_odd_bytes(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("a\033.leat", "\xEF\xBB\xBF\tx\xE4\xE4\xB8\xAD"
						   "\xE4\xB8\xAD"
						   "e\xCC\x81z=1\r\nend");
	struct leat_diag *g = leat_diag_error(&d, 40,
					      at(&t, "\xE4\xB8\xAD"
						     "\xE4\xB8\xAD"
						     "e\xCC\x81z"),
					      "bad\nline");
	g->label = "\033[2J";
	expect(&d, "a\\x1B.leat:1:4: error[E040]: bad\\x0Aline\n"
		   "  |\n"
		   "1 |  x\\xE4\xE4\xB8\xAD"
		   "\xE4\xB8\xAD"
		   "e\xCC\x81z=1\n"
		   "  |       ^^^^^^ \\x1B[2J\n");
}

static void test_span_over_lines(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("a", "read a \\\n  b\nnext");
	leat_diag_error(&d, 28, (struct leat_span){&t, 0, (uint32_t)t.len}, "x");
	leat_diag_error(&d, 28, (struct leat_span){&t, (uint32_t)t.len, (uint32_t)t.len + 9}, "y");
	expect(&d, "a:1:1: error[E028]: x\n  |\n1 | read a \\\n  | ^^^^^^^^\n"
		   "\na:3:5: error[E028]: y\n  |\n3 | next\n  |     ^\n");
}

static void test_empty_line(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("a", "");
	leat_diag_error(&d, 28, (struct leat_span){&t, 0, 0}, "empty");
	expect(&d, "a:1:1: error[E028]: empty\n  |\n1 |\n  | ^\n");
}

static void test_long_line(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	char data[1200];
	memset(data, 'a', sizeof data - 1);
	data[sizeof data - 1] = 0;
	memcpy(data + 700, "HERE", 4);
	struct leat_text t = text_of("long", data);
	struct leat_diag *g = leat_diag_error(&d, 1, at(&t, "HERE"), "m");
	g->label = "l";
	struct leat_buf b = {0};
	leat_diags_render(&d, &b, false);
	const char *line = strstr(b.data, "1 | "), *carets = strchr(line, '\n') + 1;
	assert_int_equal(strcspn(line, "\n"), 4 + 3 + 160 + 3);
	assert_memory_equal(line, "1 | ...aaa", 10);
	assert_memory_equal(line + 4 + 3 + 60, "HEREaaa", 7);
	assert_memory_equal(carets + strcspn(carets, "^"), "^^^^ l\n", 7);
	assert_int_equal(strcspn(carets, "^"), strstr(line, "HERE") - line);
	leat_buf_free(&b);
	leat_diags_free(&d);
}

static void test_at_most_twenty(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("a", "x");
	for (int i = 0; i < 27; i++)
		leat_diag_error(&d, 31, at(&t, "x"), "number %d", i);
	struct leat_diag *again = leat_diag_error(&d, 31, at(&t, "x"), "number %d", 3);
	again->label = "not kept";
	assert_int_equal(d.errors, 27);
	struct leat_buf b = {0};
	leat_diags_render(&d, &b, false);
	assert_non_null(strstr(b.data, "number 19\n"));
	assert_null(strstr(b.data, "number 20\n"));
	assert_null(strstr(b.data, "not kept"));
	assert_non_null(strstr(b.data, "\n7 more error(s) are not shown\n"));
	leat_buf_free(&b);
	leat_diags_free(&d);
}

static void test_color_changes_nothing_else(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_text t = text_of("web.leat", "a bb\ncc");
	struct leat_diag *g = leat_diag_error(&d, 24, at(&t, "bb"), "m");
	g->label = "l";
	g->span2 = at(&t, "cc");
	leat_diag_help(&d, g, "h");
	struct leat_buf color = {0}, bare = {0}, stripped = {0};
	leat_diags_render(&d, &color, true);
	leat_diags_render(&d, &bare, false);
	for (const char *p = color.data; *p; p++) {
		if (*p == '\033')
			p += strcspn(p, "m");
		else
			leat_buf_addc(&stripped, *p);
	}
	assert_string_equal(stripped.data, bare.data);
	assert_true(color.len > bare.len);
	leat_buf_free(&color);
	leat_buf_free(&bare);
	leat_buf_free(&stripped);
	leat_diags_free(&d);
}

static void test_place(void **state)
{
	(void)state;
	struct leat_text t = text_of("a", "\xEF\xBB\xBFxé\ny\r\nz"), none = {.name = "n"};
	static const struct {
		size_t at;
		unsigned line, column;
	} cases[] = {{0, 1, 1}, {3, 1, 1}, {4, 1, 2}, {6, 1, 3}, {7, 2, 1}, {10, 3, 1}, {11, 3, 2}, {999, 3, 2}};
	unsigned line, column;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		leat_text_place(&t, cases[i].at, &line, &column);
		assert_int_equal(line, cases[i].line);
		assert_int_equal(column, cases[i].column);
	}
	leat_text_place(&none, 5, &line, &column);
	assert_int_equal(line + column, 2);
}

static void test_helps_are_bounded(void **state)
{
	(void)state;
	struct leat_diags d = {0};
	struct leat_diag *g = leat_diag_error(&d, 1, (struct leat_span){0}, "m");
	for (int i = 0; i < 7; i++)
		leat_diag_help(&d, g, "help %d", i);
	expect(&d, "leat: error[E001]: m\n  = help: help 0\n  = help: help 1\n  = help: help 2\n  = help: help 3\n");
}

/* In order, each once, one line each; and found by number and by name. */
static void test_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		const struct leat_diag_code *c = &leat_diag_codes[i], *before = i ? c - 1 : NULL;
		char name[8];
		assert_true(!before || before->severity < c->severity ||
			    (before->severity == c->severity && before->code < c->code));
		assert_true(c->code > 0 && c->code < 200);
		assert_true(c->meaning[0] >= 'a' && c->meaning[strlen(c->meaning) - 1] != '.');
		assert_null(strchr(c->meaning, '\n'));
		assert_ptr_equal(leat_diag_code_find(c->severity, c->code), c);
		snprintf(name, sizeof name, "%c%03d", c->severity == LEAT_ERROR ? 'e' : 'W', c->code);
		assert_ptr_equal(leat_diag_code_named(name), c);
	}
	assert_null(leat_diag_code_find(LEAT_WARNING, 24));
	assert_null(leat_diag_code_named("E999"));
	assert_null(leat_diag_code_named("E24"));
	assert_null(leat_diag_code_named("X024"));
	assert_null(leat_diag_code_named(""));
	assert_null(leat_diag_code_named("E-24"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_misspelt_step),
		cmocka_unit_test(test_two_at_the_end_of_a_line),
		cmocka_unit_test(test_typographic_quote),
		cmocka_unit_test(test_second_place),
		cmocka_unit_test(test_second_place_on_the_same_line),
		cmocka_unit_test(test_wide_gutter),
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_other_file),
		cmocka_unit_test(test_warning),
		cmocka_unit_test(test_odd_bytes),
		cmocka_unit_test(test_span_over_lines),
		cmocka_unit_test(test_empty_line),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_at_most_twenty),
		cmocka_unit_test(test_color_changes_nothing_else),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_helps_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
