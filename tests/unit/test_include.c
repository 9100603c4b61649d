/* SPDX-License-Identifier: MIT */
/* Several texts as one program: include, files of --vars, and where each value comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lang/limits.h"
#include "lang/program.h"

/* The files there are, and how often they were read. */
struct disk {
	const char *const (*files)[2]; /* absolute path, text; ends with NULL */
	int reads;
};

static int read_file(void *ctx, const char *dir, const char *name, struct leat_include *out, struct leat_err *err)
{
	struct disk *disk = ctx;
	struct leat_buf path = {0};
	leat_buf_addf(&path, "%s/%s", dir, name);
	disk->reads++;
	for (size_t i = 0; disk->files[i][0]; i++)
		if (strcmp(disk->files[i][0], path.data) == 0) {
			*out = (struct leat_include){.data = leat_strdup(disk->files[i][1], err),
						     .len = strlen(disk->files[i][1])};
			out->path = leat_buf_detach(&path, err);
			return 0;
		}
	leat_buf_free(&path);
	return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no such file");
}

struct parsed {
	struct leat_program *p;
	struct leat_diags d;
};

static struct parsed parse(struct disk *disk, const char *text, const char *vars, const char *const *set)
{
	struct leat_vars_text file = {"my.vars", "/home/u/vars", vars, vars ? strlen(vars) : 0};
	struct leat_program_opts o = {.set = set,
				      .cwd = "/home/u",
				      .vars = &file,
				      .n_vars = vars != NULL,
				      .path = "/srv/web.leat",
				      .include = read_file,
				      .include_ctx = disk};
	struct parsed r = {.p = NULL};
	r.p = leat_program_parse("jobs/web.leat", "/srv", text, strlen(text), &o, &r.d);
	assert_non_null(r.p);
	return r;
}

static void drop(struct parsed *r)
{
	leat_program_free(&r->p);
	leat_diags_free(&r->d);
}

/* Value and folder of word i of the first step. */
static void has(const struct parsed *r, size_t i, const char *value, const char *dir)
{
	if (r->d.n)
		print_error("E%03d %s\n", r->d.v[0].code, r->d.v[0].message);
	assert_int_equal(r->d.n, 0);
	assert_true(r->p->n_steps > 0 && i < r->p->steps[0].n_words);
	assert_string_equal(r->p->steps[0].words[i].value, value);
	assert_string_equal(r->p->steps[0].words[i].dir, dir);
}

static void paths_belong_to_their_file(void **state)
{
	static const char *const files[][2] = {
		{"/srv/lib/a.leat", "let a = from-a\ninclude sub/b.leat\nrecipe r x=default\n  step $x $a own\nend\n"},
		{"/srv/lib/sub/b.leat", "let b = from-b\n"},
		{NULL, NULL},
	};
	struct disk disk = {.files = files};
	(void)state;
	struct parsed r = parse(&disk, "include lib/a.leat\ns $a $b $a/x here/$a\nuse r\nuse r x=mine\n", NULL, NULL);
	has(&r, 0, "from-a", "/srv/lib");
	has(&r, 1, "from-b", "/srv/lib/sub");
	has(&r, 2, "from-a/x", "/srv/lib");
	has(&r, 3, "here/from-a", "/srv");
	const struct leat_stmt *first = &r.p->steps[1], *second = &r.p->steps[2];
	assert_string_equal(first->words[0].value, "default");
	assert_string_equal(first->words[0].dir, "/srv/lib");
	assert_string_equal(first->words[2].dir, "/srv/lib");
	assert_string_equal(second->words[0].value, "mine");
	assert_string_equal(second->words[0].dir, "/srv");
	/* names as messages show them, by the way from the main file */
	assert_int_equal(r.p->n_texts, 3);
	assert_string_equal(r.p->texts[0]->name, "jobs/web.leat");
	assert_string_equal(r.p->texts[1]->name, "jobs/lib/a.leat");
	assert_string_equal(r.p->texts[2]->name, "jobs/lib/sub/b.leat");
	assert_ptr_equal(r.p->texts[2]->included.text, r.p->texts[1]);
	drop(&r);
}

static void each_file_once(void **state)
{
	static const char *const files[][2] = {
		{"/srv/a", "include c\nlet a = 1\n"},
		{"/srv/b", "include c\nlet b = $c\n"},
		{"/srv/c", "let c = 3\n"},
		{NULL, NULL},
	};
	struct disk disk = {.files = files};
	(void)state;
	struct parsed r = parse(&disk, "include a\ninclude b\ninclude c\ns $a$b$c\n", NULL, NULL);
	has(&r, 0, "133", "/srv");
	assert_int_equal(r.p->n_texts, 4);
	drop(&r);
}

/* --set > --vars > the main file > an included one; the value acts where the variable is defined. */
static void who_wins(void **state)
{
	static const char *const files[][2] = {{"/srv/a", "let out = included\nlet big = $out/big\n"}, {NULL, NULL}};
	static const char *const set[] = {"out=set", NULL};
	static const char plain[] = "include a\ns $out $big\n", replaced[] = "include a\nlet out = main\ns $out $big\n",
			  before[] = "let out = main\ninclude a\ns $out $big\n";
	struct disk disk = {.files = files};
	(void)state;
	struct parsed r = parse(&disk, plain, NULL, NULL);
	has(&r, 1, "included/big", "/srv");
	drop(&r);
	r = parse(&disk, replaced, NULL, NULL);
	has(&r, 0, "main", "/srv");
	has(&r, 1, "main/big", "/srv");
	drop(&r);
	r = parse(&disk, before, NULL, NULL);
	has(&r, 1, "main/big", "/srv");
	drop(&r);
	r = parse(&disk, replaced, "let out = vars # of the night\n", NULL);
	has(&r, 0, "vars", "/home/u/vars");
	has(&r, 1, "vars/big", "/home/u/vars");
	drop(&r);
	r = parse(&disk, replaced, "let out = vars\n", set);
	has(&r, 0, "set", "/home/u");
	has(&r, 1, "set/big", "/home/u");
	drop(&r);
}

static const struct leat_variable *variable(const struct parsed *r, const char *name)
{
	for (size_t i = 0; i < r->p->n_variables; i++)
		if (strcmp(r->p->variables[i].name, name) == 0)
			return &r->p->variables[i];
	fail_msg("no variable '%s'", name);
	return NULL;
}

static void has_origin(const struct parsed *r, const char *name, enum leat_origin origin, const char *value,
		       const char *from)
{
	const struct leat_variable *v = variable(r, name);
	assert_int_equal(v->origin, origin);
	assert_string_equal(v->value, value);
	if (!from) {
		assert_null(v->from.text);
		return;
	}
	assert_int_equal(v->from.end - v->from.start, strlen(from));
	assert_memory_equal(v->from.text->data + v->from.start, from, strlen(from));
}

static void origins(void **state)
{
	static const char *const files[][2] = {{"/srv/a", "let a = 1 # the first\r\nlet b = 2\n"}, {NULL, NULL}};
	static const char *const set[] = {"d=4", NULL};
	struct disk disk = {.files = files};
	(void)state;
	setenv("LEAT_TEST_VALUE", "outside", 1);
	struct parsed r =
		parse(&disk,
		      "include a\nlet b = main\nlet c = env LEAT_TEST_VALUE or x#no\nlet d = env LEAT_TEST_VALUE\n"
		      "let e = secret env LEAT_TEST_VALUE # hush\nlet f = x$e\nlet g = a\nlet h = env LEAT_NOPE or 9\n",
		      "let g = env LEAT_TEST_VALUE\n", set);
	assert_int_equal(r.d.n, 0);
	assert_int_equal(r.p->n_variables, 8);
	has_origin(&r, "a", LEAT_FROM_TEXT, "1", "1");
	has_origin(&r, "b", LEAT_FROM_TEXT, "main", "main");
	has_origin(&r, "c", LEAT_FROM_ENV, "outside", "LEAT_TEST_VALUE");
	has_origin(&r, "d", LEAT_FROM_SET, "4", NULL);
	has_origin(&r, "e", LEAT_FROM_ENV, "***", "LEAT_TEST_VALUE");
	has_origin(&r, "f", LEAT_FROM_TEXT, "***", "x$e");
	has_origin(&r, "g", LEAT_FROM_ENV, "outside", "LEAT_TEST_VALUE");
	has_origin(&r, "h", LEAT_FROM_TEXT, "9", "9");
	struct leat_span c = variable(&r, "a")->comment;
	assert_int_equal(c.end - c.start, strlen("# the first"));
	assert_memory_equal(c.text->data + c.start, "# the first", strlen("# the first"));
	assert_null(variable(&r, "c")->comment.text);
	drop(&r);
	unsetenv("LEAT_TEST_VALUE");
}

/* A secret is given out in a place of its own only, so that nobody shows it by mistake. */
static void secrets(void **state)
{
	struct disk disk = {.files = NULL};
	static const char *const set[] = {"s=hunter2", NULL};
	(void)state;
	struct parsed r = parse(
		&disk, "let s = secret env LEAT_NOPE\nlet t = \"Bearer $s\"\nfetch x header=$t k=$s l=z\n", NULL, set);
	assert_int_equal(r.d.n, 0);
	const struct leat_word *w = r.p->steps[0].words;
	assert_string_equal(w[1].value, "***");
	assert_string_equal(w[1].secret, "Bearer hunter2");
	assert_true(w[1].unknown && w[2].unknown);
	assert_string_equal(w[2].secret, "hunter2");
	assert_null(w[3].secret);
	struct leat_buf b = {0};
	leat_program_print(r.p, &b);
	assert_null(strstr(b.data, "hunter2"));
	leat_buf_free(&b);
	drop(&r);
}

static void bounds(void **state)
{
	static const char *const files[][2] = {{"/srv/a", "let a = 1\n"}, {NULL, NULL}};
	struct disk disk = {.files = files};
	struct leat_buf b = {0};
	(void)state;
	for (int i = 0; i < LEAT_MAX_INCLUDES; i++)
		leat_buf_adds(&b, "include a\n");
	struct parsed r = parse(&disk, b.data, NULL, NULL);
	assert_int_equal(r.d.n, 0);
	drop(&r);
	for (int i = 0; i < 500; i++)
		leat_buf_adds(&b, "include a\n");
	disk.reads = 0;
	r = parse(&disk, b.data, NULL, NULL);
	assert_int_equal(r.d.n, 1);
	assert_int_equal(r.d.v[0].code, 65);
	assert_int_equal(disk.reads, LEAT_MAX_INCLUDES);
	drop(&r);
	leat_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_belong_to_their_file),
		cmocka_unit_test(each_file_once),
		cmocka_unit_test(who_wins),
		cmocka_unit_test(origins),
		cmocka_unit_test(secrets),
		cmocka_unit_test(bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
