/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a pipeline text, through lexer, parser, expansion and checker. A byte 0x1d begins another text: the
 * second is the file of --vars, the others are what "include 2", "include 3" ... names. Holds: nothing crashes or grows
 * without bound; every place lies in its text; messages render in all forms; a text without errors prints as canonical
 * text that reads back without errors and prints the same; a quoted value reads back as itself.
 */
#include "core/diag_json.h"
#include "lang/program.h"
#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		__builtin_trap();
}

static void check_span(struct leat_span s)
{
	check(!s.text || (s.start <= s.end && s.end <= s.text->len));
}

static void check_words(const struct leat_word *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		check(w[i].value && w[i].dir);
		check_span(w[i].span);
		check_span(w[i].key_at);
		check_span(w[i].value_at);
		check_span(w[i].from);
		check(w[i].span.start <= w[i].value_at.start && w[i].value_at.end <= w[i].span.end);
	}
}

static void check_steps(const struct leat_stmt *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		check(v[i].name != NULL);
		check_span(v[i].span);
		check_span(v[i].name_at);
		check_words(v[i].words, v[i].n_words);
		check_steps(v[i].body, v[i].n_body);
	}
}

static void check_diags(const struct leat_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		check_span(d->v[i].span);
		check_span(d->v[i].span2);
		check_span(d->v[i].fix_at);
		check(!d->v[i].fix_at.text || d->v[i].fix);
		check(d->v[i].message != NULL);
	}
}

/* Canonical text of a program without errors: a fixed point. */
static void check_canonical(const struct leat_program *p)
{
	static const struct leat_program_opts canonical = {.canonical = true};
	struct leat_buf once = {0}, twice = {0};
	struct leat_diags d = {0};
	leat_program_print(p, &once);
	struct leat_program *q = leat_program_parse("web.leat", "/d", once.data, once.len, &canonical, &d);
	check(q && d.errors == 0);
	leat_program_print(q, &twice);
	check(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	check(p->n_steps == q->n_steps && p->n_jobs == q->n_jobs && p->n_defaults == q->n_defaults &&
	      p->n_expects == q->n_expects);
	leat_program_free(&q);
	leat_diags_free(&d);
	leat_buf_free(&once);
	leat_buf_free(&twice);
}

/* The bytes up to the first NUL as one value. */
static void check_quote(const uint8_t *data, size_t size)
{
	static const struct leat_program_opts canonical = {.canonical = true};
	char value[256];
	size_t n = size < sizeof value ? size : sizeof value - 1;
	memcpy(value, data, n);
	value[n] = 0;
	struct leat_buf b = {0};
	leat_buf_adds(&b, "s ");
	leat_word_quote(&b, value);
	leat_buf_adds(&b, " k=");
	leat_word_quote(&b, value);
	leat_buf_adds(&b, " x");
	struct leat_diags d = {0};
	struct leat_program *p = leat_program_parse("w", "/d", b.data, b.len, &canonical, &d);
	check(p && d.n == 0 && p->n_steps == 1 && p->steps[0].n_words == 3);
	check(!p->steps[0].words[0].key && strcmp(p->steps[0].words[0].value, value) == 0);
	check(p->steps[0].words[1].key && strcmp(p->steps[0].words[1].value, value) == 0);
	leat_program_free(&p);
	leat_diags_free(&d);
	leat_buf_free(&b);
}

/* The input cut into texts. */
enum { TEXTS = 10 };
struct texts {
	const char *v[TEXTS];
	size_t len[TEXTS], n;
};

static struct texts cut(const uint8_t *data, size_t size)
{
	struct texts t = {.v = {(const char *)data}, .n = 1};
	for (size_t i = 0; i < size; i++)
		if (data[i] == 0x1d && t.n < TEXTS)
			t.v[t.n++] = (const char *)data + i + 1;
		else
			t.len[t.n - 1]++;
	return t;
}

/* "2" to "9", wherever it is written: "./2" is the same file. */
static int include(void *ctx, const char *dir, const char *name, struct leat_include *out, struct leat_err *err)
{
	const struct texts *t = ctx;
	(void)dir;
	size_t n = strlen(name), i = n ? (size_t)(unsigned char)name[n - 1] - '0' : TEXTS;
	if (i < 2 || i >= t->n)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "cannot open '%s'", name);
	struct leat_buf path = {0}, data = {0};
	leat_buf_addf(&path, "/d/%zu", i);
	leat_buf_add(&data, t->v[i], t->len[i]);
	out->len = data.len;
	out->path = leat_buf_detach(&path, NULL);
	out->data = leat_buf_detach(&data, NULL);
	return 0;
}

static void check_plan(const struct leat_program *p, struct leat_diags *d)
{
	static const struct leat_facts facts = {.cores = 4, .memory = (uint64_t)8 << 30, .pool = true};
	struct leat_plan *plan = leat_plan_make(p, leat_registry_default(), &facts, d);
	check(plan != NULL);
	check_diags(d);
	leat_plan_free(&plan);
}

static void check_rendering(struct leat_diags *d)
{
	struct leat_buf out = {0};
	leat_diags_render(d, &out, false);
	leat_diags_json(d, &out);
	leat_sarif_begin(&out);
	leat_sarif_add(d, &out);
	leat_sarif_end(&out);
	check(!out.failed);
	leat_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const set[] = {"v=a b\n\xff|'\"\\$", "w=", NULL};
	struct texts t = cut(data, size);
	struct leat_vars_text vars = {"my.vars", "/v", t.v[1], t.len[1]};
	struct leat_program_opts o = {.set = size % 2 ? set : NULL,
				      .cwd = "/home/u",
				      .vars = &vars,
				      .n_vars = t.n > 1 && t.len[1] > 0,
				      .path = "/d/web.leat",
				      .include = include,
				      .include_ctx = &t};
	struct leat_diags d = {0};
	struct leat_program *p =
		leat_program_parse(size % 3 ? "web.leat" : "<command line>", "/d", t.v[0], t.len[0], &o, &d);
	check(p != NULL);
	check(p->damaged <= (d.errors > 0));
	check_diags(&d);
	check_steps(p->steps, p->n_steps);
	if (!d.errors)
		check_canonical(p);
	check_plan(p, &d);
	check_rendering(&d);
	leat_program_free(&p);
	leat_diags_free(&d);
	check_quote(data, size);
	return 0;
}
