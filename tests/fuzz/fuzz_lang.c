/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a pipeline text. Holds: nothing crashes or grows without bound; every place lies in
 * its text; messages render; a text without errors prints as canonical text that reads back without
 * errors and prints the same; a quoted value reads back as itself.
 */
#include "lang/program.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const set[] = {"v=a b\n\xff|'\"\\$", "w=", NULL};
	struct leat_program_opts o = {.set = size % 2 ? set : NULL, .cwd = "/home/u"};
	struct leat_diags d = {0};
	struct leat_program *p =
		leat_program_parse(size % 3 ? "web.leat" : "<command line>", "/d", (const char *)data, size, &o, &d);
	check(p != NULL);
	check(p->damaged <= (d.errors > 0));
	check_diags(&d);
	check_steps(p->steps, p->n_steps);
	if (!d.errors)
		check_canonical(p);
	struct leat_buf out = {0};
	leat_diags_render(&d, &out, false);
	leat_buf_free(&out);
	leat_program_free(&p);
	leat_diags_free(&d);
	check_quote(data, size);
	return 0;
}
