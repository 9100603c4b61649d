/* SPDX-License-Identifier: MIT */
/* The language room: trees, places, expansion, and canonical text that reads back as the same tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lang/limits.h"
#include "lang/program.h"

/* A parsed text with its diagnostics. */
struct parsed {
	struct leat_program *p;
	struct leat_diags d;
};

static struct parsed parse_with(const char *text, size_t len, const struct leat_program_opts *o)
{
	struct parsed r = {0};
	r.p = leat_program_parse("web.leat", "/srv/site", text, len, o, &r.d);
	assert_non_null(r.p);
	return r;
}

static struct parsed parse(const char *text)
{
	return parse_with(text, strlen(text), NULL);
}

static void drop(struct parsed *r)
{
	leat_program_free(&r->p);
	leat_diags_free(&r->d);
}

/* Parses a text that must be without fault. */
static struct parsed good(const char *text)
{
	struct parsed r = parse(text);
	if (r.d.n)
		print_error("%s: E%03d %s\n", text, r.d.v[0].code, r.d.v[0].message);
	assert_int_equal(r.d.n, 0);
	assert_false(r.p->damaged);
	return r;
}

static void assert_span(struct leat_span s, const char *text)
{
	assert_non_null(s.text);
	assert_true(s.start <= s.end && s.end <= s.text->len);
	if (s.end - s.start != strlen(text) || memcmp(s.text->data + s.start, text, strlen(text)) != 0)
		fail_msg("the place holds '%.*s', not '%s'", (int)(s.end - s.start), s.text->data + s.start, text);
}

/* The canonical text equals this. */
static void prints(const char *text, const char *canonical)
{
	struct parsed r = good(text);
	struct leat_buf b = {0};
	leat_program_print(r.p, &b);
	assert_string_equal(b.data, canonical);
	leat_buf_free(&b);
	drop(&r);
}

/* The first error of a text has this code. */
static void refused(const char *text, size_t len, int code)
{
	struct parsed r = parse_with(text, len, NULL);
	assert_true(r.d.errors > 0);
	assert_int_equal(r.d.v[0].code, code);
	drop(&r);
}

/* ---- words ---- */

static void words_and_places(void **state)
{
	(void)state;
	struct parsed r = good("read photos/*.jpg  \"a b\" exclude='x y' # c\n");
	const struct leat_stmt *s = r.p->steps;
	assert_int_equal(r.p->n_steps, 1);
	assert_int_equal(s->kind, LEAT_STAGE);
	assert_string_equal(s->name, "read");
	assert_span(s->name_at, "read");
	assert_span(s->span, "read photos/*.jpg  \"a b\" exclude='x y'");
	assert_int_equal(s->n_words, 3);
	const struct leat_word *w = s->words;
	assert_null(w[0].key);
	assert_string_equal(w[0].value, "photos/*.jpg");
	assert_span(w[0].span, "photos/*.jpg");
	assert_span(w[0].value_at, "photos/*.jpg");
	assert_false(w[0].quoted);
	assert_string_equal(w[0].dir, "/srv/site");
	assert_string_equal(w[1].value, "a b");
	assert_span(w[1].span, "\"a b\"");
	assert_span(w[1].value_at, "a b");
	assert_true(w[1].quoted);
	assert_string_equal(w[2].key, "exclude");
	assert_span(w[2].key_at, "exclude");
	assert_span(w[2].value_at, "x y");
	assert_span(w[2].span, "exclude='x y'");
	assert_null(w[2].from.text);
	assert_null(w[2].variable);
	drop(&r);
}

/* Each text gives one step whose only word is this. */
static void values_as_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *key, *value;
	} cases[] = {
		{"s a>=b", NULL, "a>=b"},
		{"s ext!=png", NULL, "ext!=png"},
		{"s http://x/?a=b", NULL, "http://x/?a=b"},
		{"s \"a=b\"", NULL, "a=b"},
		{"s A_b-9=c=d", "A_b-9", "c=d"},
		{"s background=#ff8800", "background", "#ff8800"},
		{"s a#b", NULL, "a#b"},
		{"s \"x\\\"\\\\\\$\\n\\t\\u{e9}\\u{1F4F7}\"", NULL, "x\"\\$\n\t\xc3\xa9\xf0\x9f\x93\xb7"},
		{"s 'a\\n$x\"'", NULL, "a\\n$x\""},
		{"s $$5", NULL, "$5"},
		{"s \"$$5\"", NULL, "$5"},
		{"s \"\"", NULL, ""},
		{"s k=''", "k", ""},
		{"s a\\b\\", NULL, "a\\b\\"},
		{"s -5", NULL, "-5"},
		{"s -", NULL, "-"},
		{"s {a,b}", NULL, "{a,b}"},
		{"s \"it's\"", NULL, "it's"},
		{"s '\xe2\x80\x9c\xc2\xa0'", NULL, "\xe2\x80\x9c\xc2\xa0"},
		{"\xef\xbb\xbfs x", NULL, "x"},
		{"s\tx\t\r\n", NULL, "x"},
		{"s \\\n  x", NULL, "x"},
		{"s \\  \r\n\\\n x", NULL, "x"},
		{"s x\\\n", NULL, "x\\"},
		{"s x#y #z", NULL, "x#y"},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct parsed r = good(cases[i].text);
		assert_int_equal(r.p->n_steps, 1);
		assert_string_equal(r.p->steps[0].name, "s");
		assert_int_equal(r.p->steps[0].n_words, 1);
		assert_string_equal(r.p->steps[0].words[0].value, cases[i].value);
		assert_int_equal(!cases[i].key, !r.p->steps[0].words[0].key);
		if (cases[i].key)
			assert_string_equal(r.p->steps[0].words[0].key, cases[i].key);
		drop(&r);
	}
}

static void statements_and_pipes(void **state)
{
	(void)state;
	static const char *const same[] = {
		"a x | b y | c z",
		"a x\nb y\nc z\n",
		"a x|b y|c z",
		"a x |\n b y\n\n# c\n| c z\n\n",
		"# top\n\n  a x  # c\n\tb y\r\nc z",
		"a x |\n#c\n\n b y \\\n| c z",
	};
	for (size_t i = 0; i < LEAT_LEN(same); i++)
		prints(same[i], "version 1\na x\nb y\nc z\n");
	prints("", "version 1\n");
	prints("\n# nothing\n\n", "version 1\n");
	prints("version 1", "version 1\n");
}

static void empty_value_has_a_place(void **state)
{
	(void)state;
	struct parsed r = good("s k=\"\" ''");
	assert_span(r.p->steps[0].words[0].value_at, "\"\"");
	assert_span(r.p->steps[0].words[1].value_at, "''");
	drop(&r);
}

/* ---- variables ---- */

static void variables(void **state)
{
	(void)state;
	prints("let a=1\nlet b = \"$a two\"\nlet c=#fff\nlet d = x=y\nlet e='$$'\ns $a $b k=$c ${a}x${a} $d \"$b!\" $e "
	       "$a$$\n",
	       "version 1\ns 1 \"1 two\" k=\"#fff\" 1x1 \"x=y\" \"1 two!\" '$$' '1$'\n");
	prints("let a = 'p|q r'\ns $a k=$a", "version 1\ns \"p|q r\" k=\"p|q r\"\n");
	prints("let n = -5\nlet o = --x\ns $n $o", "version 1\ns -5 \"--x\"\n");
	prints("let a = 1\ns $aX${a}b", "version 1\ns 1X1b\n");
}

static void value_remembers_its_variable(void **state)
{
	(void)state;
	struct parsed r = good("let quality = 820\nlet q = $quality\nencode webp quality=$quality other=$q$quality");
	const struct leat_word *w = r.p->steps[0].words;
	assert_null(w[0].variable);
	assert_string_equal(w[1].value, "820");
	assert_string_equal(w[1].variable, "quality");
	assert_span(w[1].from, "820");
	assert_span(w[1].value_at, "$quality");
	assert_string_equal(w[2].value, "820820");
	assert_string_equal(w[2].variable, "quality");
	drop(&r);
}

static void outside_values(void **state)
{
	(void)state;
	setenv("LEAT_TEST_OUT", "from env", 1);
	unsetenv("LEAT_TEST_NONE");
	static const char *const set[] = {"s=old", "s=from set", NULL};
	struct leat_program_opts o = {.set = set, .cwd = "/home/u"};
	static const char text[] =
		"let s = 1\nlet o = env LEAT_TEST_OUT or x\nlet n = env LEAT_TEST_NONE or d/e\nlet e = \"\"\n"
		"let later = $s/x\nw $s $o $n $s/y x$s ${e}$o $later\n";
	struct parsed r = parse_with(text, sizeof text - 1, &o);
	assert_int_equal(r.d.n, 0);
	static const char *const values[] = {"from set",  "from env", "d/e",       "from set/y",
					     "xfrom set", "from env", "from set/x"};
	static const char *const dirs[] = {"/home/u",   "/home/u", "/srv/site", "/home/u",
					   "/srv/site", "/home/u", "/home/u"};
	const struct leat_word *w = r.p->steps[0].words;
	assert_int_equal(r.p->steps[0].n_words, LEAT_LEN(values));
	for (size_t i = 0; i < LEAT_LEN(values); i++) {
		assert_string_equal(w[i].value, values[i]);
		assert_string_equal(w[i].dir, dirs[i]);
	}
	assert_null(w[0].from.text);
	assert_string_equal(w[0].variable, "s");
	assert_span(w[1].from, "LEAT_TEST_OUT");
	drop(&r);
	struct parsed without = parse(text);
	assert_string_equal(without.p->steps[0].words[1].dir, "/srv/site");
	drop(&without);
}

static void set_spares_the_environment(void **state)
{
	(void)state;
	unsetenv("LEAT_TEST_NONE");
	static const char *const set[] = {"n=5", NULL};
	struct leat_program_opts o = {.set = set, .cwd = "/home/u"};
	static const char text[] = "let n = env LEAT_TEST_NONE\nw $n";
	struct parsed r = parse_with(text, sizeof text - 1, &o);
	assert_int_equal(r.d.n, 0);
	assert_string_equal(r.p->steps[0].words[0].value, "5");
	drop(&r);
	refused(text, sizeof text - 1, 64);
}

static void failed_values_are_unknown(void **state)
{
	(void)state;
	struct parsed r = parse("let a = $nope\nlet b = $a/x\nw $b k=$a ok");
	assert_int_equal(r.d.errors, 1); /* $a and $b are set: no follow-up */
	const struct leat_word *w = r.p->steps[0].words;
	assert_true(w[0].unknown && w[1].unknown && !w[2].unknown);
	assert_string_equal(w[0].value, "");
	assert_false(r.p->steps[0].damaged);
	drop(&r);
}

/* ---- blocks ---- */

static void branches(void **state)
{
	(void)state;
	struct parsed r = good("read x\nbranch thumb for size in 320,800\n  resize $size\n  branch deep\n    flip\n  "
			       "end\nend\nwrite y");
	assert_int_equal(r.p->n_steps, 4);
	const struct leat_stmt *b = &r.p->steps[2];
	assert_int_equal(b->kind, LEAT_BRANCH);
	assert_string_equal(b->name, "thumb-800");
	assert_string_equal(b->loop_var, "size");
	assert_string_equal(b->loop_value, "800");
	assert_span(b->name_at, "thumb");
	assert_span(b->span, "branch thumb for size in 320,800");
	assert_int_equal(b->n_body, 2);
	assert_string_equal(b->body[0].words[0].value, "800");
	assert_string_equal(b->body[0].words[0].variable, "size");
	assert_span(b->body[0].words[0].from, "800");
	assert_string_equal(b->body[1].name, "deep");
	assert_null(b->body[1].loop_var);
	assert_string_equal(b->body[1].body[0].name, "flip");
	assert_string_equal(r.p->steps[3].name, "write");
	drop(&r);
}

static void loops(void **state)
{
	(void)state;
	prints("let s = 1,2\nread x\nbranch b for i in $s\n  branch c for i in x$i,{a,b}\n    w $i\n  end\nend\n",
	       "version 1\nread x\nbranch b-1\n  branch c-x1\n    w x1\n  end\n  branch \"c-{a,b}\"\n    w {a,b}\n  "
	       "end\nend\n"
	       "branch b-2\n  branch c-x2\n    w x2\n  end\n  branch \"c-{a,b}\"\n    w {a,b}\n  end\nend\n");
}

static void recipes(void **state)
{
	(void)state;
	prints("let base = 5\nrecipe inner q\n  s $q $base\nend\nrecipe web size quality=$base\n  use inner q=$size\n  "
	       "e quality=$quality\nend\n"
	       "read x\nbranch a for size in 1\n  use web size=${size}x\nend\nuse web size=2 quality=9\n",
	       "version 1\nread x\nbranch a-1\n  s 1x 5\n  e quality=5\nend\ns 2 5\ne quality=9\n");
	/* A step that looks like the word, with a size that looks like a name. */
	prints("read x\nresize x50\nwrite y", "version 1\nread x\nresize x50\nwrite y\n");
	/* Lexical scoping: a recipe does not see the caller's loop variable, however deep. */
	struct parsed r = parse("recipe r\n  s $i\nend\nread x\nbranch b for i in 1\n  use r\nend\n");
	assert_int_equal(r.d.errors, 1);
	assert_int_equal(r.d.v[0].code, 60);
	drop(&r);
}

static void directives(void **state)
{
	(void)state;
	struct parsed r = good("let m = 4GiB\njob name=web memory=$m\ndefaults on-error=stop\ndefaults "
			       "retries=1\nexpect matched>=1 failed<=1%\nread x");
	assert_int_equal(r.p->n_jobs, 1);
	assert_span(r.p->jobs[0].name_at, "job");
	assert_string_equal(r.p->jobs[0].words[1].key, "memory");
	assert_string_equal(r.p->jobs[0].words[1].value, "4GiB");
	assert_int_equal(r.p->n_defaults, 2);
	assert_string_equal(r.p->defaults[1].words[0].value, "1");
	assert_int_equal(r.p->n_expects, 1);
	assert_string_equal(r.p->expects[0].words[1].value, "failed<=1%");
	assert_int_equal(r.p->n_schedules, 0);
	drop(&r);
}

/* However many, each is told once, though a loop comes past it three times; from 1,000 on no more are kept. */
static void each_mistake_once(void **state)
{
	(void)state;
	static const struct {
		int lines;
		size_t told;
	} cases[] = {{7, 7}, {100, 100}, {999, 999}, {1500, 1000}};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_buf b = {0};
		leat_buf_adds(&b, "read x\nbranch b for i in 1,2,3\n");
		for (int k = 0; k < cases[i].lines; k++)
			leat_buf_adds(&b, "w $q\n");
		leat_buf_adds(&b, "end\n");
		struct parsed r = parse(b.data);
		assert_int_equal(r.d.errors, cases[i].told);
		assert_int_equal(r.d.v[cases[i].told - 1].code, 60);
		drop(&r);
		leat_buf_free(&b);
	}
}

static void damage_is_marked(void **state)
{
	(void)state;
	struct parsed r = parse("read x\nresize 800 -fit cover on=inline\nwrite y\n");
	assert_int_equal(r.d.errors, 1);
	assert_true(r.p->damaged && r.p->steps[1].damaged && !r.p->steps[0].damaged);
	assert_int_equal(r.p->steps[1].n_words, 2);
	assert_string_equal(r.p->steps[1].words[1].key, "on");
	drop(&r);
	r = parse("read x ! resize 800 | write y");
	assert_int_equal(r.p->n_steps, 2);
	assert_true(r.p->steps[0].damaged);
	assert_string_equal(r.p->steps[1].name, "write");
	drop(&r);
}

/* ---- limits ---- */

static char *repeat(const char *before, const char *part, size_t times, const char *after)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, before);
	for (size_t i = 0; i < times; i++)
		leat_buf_adds(&b, part);
	leat_buf_adds(&b, after);
	return leat_buf_detach(&b, NULL);
}

/* `times` is the most that is taken, one more is refused with E065. */
static void at_most(const char *before, const char *part, size_t times, const char *after)
{
	char *text = repeat(before, part, times, after);
	struct parsed r = good(text);
	drop(&r);
	free(text);
	text = repeat(before, part, times + 1, after);
	refused(text, strlen(text), 65);
	free(text);
}

static void limits(void **state)
{
	(void)state;
	at_most("w ", "x", LEAT_MAX_LINE - 2, "\n");
	at_most("", "s\n", LEAT_MAX_STATEMENTS, "");
	at_most("recipe r\n  s\nend\n", "use r\n", LEAT_MAX_STATEMENTS - 2, "");
	at_most("let a = xxxxxxxxxxxxxxxx\nw \"", "$a", LEAT_MAX_VALUE / 16, "\"\n");
	char *text = repeat("", "# 34567\n", LEAT_MAX_FILE / 8, "");
	struct parsed r = good(text);
	drop(&r);
	refused(text, LEAT_MAX_FILE + 1, 65);
	free(text);
}

static void growth_is_bounded(void **state)
{
	(void)state;
	struct leat_buf b = {0};
	leat_buf_adds(&b, "recipe r0\n  s\nend\n");
	for (int i = 1; i < 50; i++)
		leat_buf_addf(&b, "recipe r%d\n  use r%d\n  use r%d\nend\n", i, i - 1, i - 1);
	leat_buf_adds(&b, "use r49\n");
	refused(b.data, b.len, 65);
	leat_buf_clear(&b);
	leat_buf_adds(&b, "let v0 = xxxxxxxxxxxxxxxx\n");
	for (int i = 1; i < 50; i++)
		leat_buf_addf(&b, "let v%d = $v%d$v%d\n", i, i - 1, i - 1);
	refused(b.data, b.len, 65);
	leat_buf_clear(&b);
	leat_buf_adds(&b, "let v = ");
	leat_buf_fill(&b, 'x', 60000);
	for (int i = 0; i < 5000; i++)
		leat_buf_adds(&b, "\nw $v $v $v");
	refused(b.data, b.len, 65);
	leat_buf_free(&b);
}

/* ---- canonical text ---- */

static void assert_same_words(const struct leat_word *a, const struct leat_word *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(!a[i].key, !b[i].key);
		if (a[i].key)
			assert_string_equal(a[i].key, b[i].key);
		assert_string_equal(a[i].value, b[i].value);
		assert_int_equal(a[i].quoted, b[i].quoted);
	}
}

static void assert_same_steps(const struct leat_stmt *a, const struct leat_stmt *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(a[i].kind, b[i].kind);
		assert_string_equal(a[i].name, b[i].name);
		assert_int_equal(a[i].n_words, b[i].n_words);
		assert_same_words(a[i].words, b[i].words, a[i].n_words);
		assert_int_equal(a[i].n_body, b[i].n_body);
		assert_same_steps(a[i].body, b[i].body, a[i].n_body);
	}
}

static void round_trip(const char *text, const struct leat_program_opts *o)
{
	struct parsed first = parse_with(text, strlen(text), o);
	assert_int_equal(first.d.n, 0);
	struct leat_buf once = {0}, twice = {0};
	leat_program_print(first.p, &once);
	struct leat_program_opts canonical = {.canonical = true};
	struct parsed second = parse_with(once.data, once.len, &canonical);
	assert_int_equal(second.d.n, 0);
	leat_program_print(second.p, &twice);
	assert_string_equal(once.data, twice.data);
	assert_int_equal(first.p->n_steps, second.p->n_steps);
	assert_same_steps(first.p->steps, second.p->steps, first.p->n_steps);
	assert_int_equal(first.p->n_jobs, second.p->n_jobs);
	leat_buf_free(&once);
	leat_buf_free(&twice);
	drop(&first);
	drop(&second);
}

static void canonical_text_reads_back(void **state)
{
	(void)state;
	static const char *const set[] = {"v=\xff\n\x01 \xe2\x80\x8b'\"\\$|", NULL};
	struct leat_program_opts o = {.set = set, .cwd = "/"};
	round_trip("let v = 1\nread $v k=$v \"$v\"\nbranch b for i in $v,A/B,x.y\n  w $i\nend", NULL);
	round_trip("let v = 1\nread $v k=$v \"$v\" a$v\nbranch b for i in $v\n  w $i\nend\n", &o);
	round_trip("job name='a b'\ndefaults on=inline\nexpect \"matched>=1\" failed<=1%\nread a\\ | w x\\", NULL);
	round_trip("read a\\  b c=d\\\t\te\nwrite '\\' x\\  f\n", NULL);
	round_trip("s $$ a$$b '' k='' '$x' \"\\u{7}\" - -5 {a b}", NULL);
}

static void quoting(void **state)
{
	(void)state;
	static const struct {
		const char *value, *word;
	} cases[] = {
		{"abc", "abc"},
		{"out/{stem}-320.webp", "out/{stem}-320.webp"},
		{"photos/**/*.{jpg,png}", "photos/**/*.{jpg,png}"},
		{"", "\"\""},
		{"a b", "\"a b\""},
		{"it's", "\"it's\""},
		{"say \"x\"", "'say \"x\"'"},
		{"a\"'", "\"a\\\"'\""},
		{"$x", "'$x'"},
		{"a\nb", "\"a\\nb\""},
		{"a=b", "\"a=b\""},
		{"#fff", "\"#fff\""},
		{"-5", "-5"},
		{"-fit", "\"-fit\""},
		{"C:\\x", "'C:\\x'"},
		{"\xe2\x80\x8b", "\"\\u{200b}\""},
		{"\xc3\xbc.jpg", "\xc3\xbc.jpg"},
		{"\xe2\x80\x9c", "\"\xe2\x80\x9c\""},
		{"!", "\"!\""},
		{"x:", "\"x:\""},
		{"{", "\"{\""},
		{"a;", "\"a;\""},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_buf b = {0};
		leat_word_quote(&b, cases[i].value);
		assert_string_equal(b.data, cases[i].word);
		leat_buf_free(&b);
	}
}

static void places(void **state)
{
	(void)state;
	struct parsed r = good("\xef\xbb\xbf# \xc3\xbc\nread \"\xc3\xbc\" x\n");
	unsigned line, column;
	leat_span_place(r.p->steps[0].words[1].span, &line, &column);
	assert_int_equal(line, 2);
	assert_int_equal(column, 10);
	leat_span_place((struct leat_span){0}, &line, &column);
	assert_int_equal(line, 0);
	drop(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_places),
		cmocka_unit_test(values_as_read),
		cmocka_unit_test(statements_and_pipes),
		cmocka_unit_test(empty_value_has_a_place),
		cmocka_unit_test(variables),
		cmocka_unit_test(value_remembers_its_variable),
		cmocka_unit_test(outside_values),
		cmocka_unit_test(set_spares_the_environment),
		cmocka_unit_test(failed_values_are_unknown),
		cmocka_unit_test(branches),
		cmocka_unit_test(loops),
		cmocka_unit_test(recipes),
		cmocka_unit_test(directives),
		cmocka_unit_test(each_mistake_once),
		cmocka_unit_test(damage_is_marked),
		cmocka_unit_test(limits),
		cmocka_unit_test(growth_is_bounded),
		cmocka_unit_test(canonical_text_reads_back),
		cmocka_unit_test(quoting),
		cmocka_unit_test(places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
