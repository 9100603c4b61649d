/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a recipe, in text or JSON; behind a byte 0x1d a file for --vars, behind further ones files that it can
 * include by "2" to "9". Holds:
 *
 *	nothing crashes or grows without bound; every place lies in its text; messages can be shown in every form;
 *	a text without errors prints as canonical text that reads back the same;
 *	what is formatted is settled, and the same program; so it is in canonical text, in one line and in JSON;
 *	a plan can be made of it, by the real steps and by the frozen ones, and printed and expanded;
 *	a quoted value, and a word of a command line, read back as themselves.
 */
#include "core/diag_json.h"
#include "frozen_registry.h"
#include "lang/argwords.h"
#include "lang/json.h"
#include "lang/show.h"
#include "plan/expanded.h"
#include "same_program.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		__builtin_trap();
}

/* ---- places ---- */

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
		check(d->v[i].message != NULL);
	}
}

/* In all forms; for programs now and then only, it takes its time. */
static void check_messages(struct leat_diags *d, bool for_programs)
{
	struct leat_buf out = {0};
	leat_diags_render(d, &out, d->n % 2);
	if (for_programs) {
		leat_diags_json(d, &out);
		leat_sarif_add(d, &out);
	}
	check(!out.failed);
	leat_buf_free(&out);
}

/* ---- programs ---- */

static bool same_text(const struct leat_buf *a, const struct leat_buf *b)
{
	return !a->failed && !b->failed && a->len == b->len && (!a->len || memcmp(a->data, b->data, a->len) == 0);
}

static struct leat_program *read_buf(const struct leat_buf *b, struct leat_diags *d)
{
	struct leat_program *p = leat_program_read("web.leat", "/d", b->data ? b->data : "", b->len, d);
	check(p != NULL);
	return p;
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
	check(same_text(&once, &twice) && same_program(p, q));
	leat_program_free(&q);
	leat_diags_free(&d);
	leat_buf_free(&once);
	leat_buf_free(&twice);
}

/* p: the program expanded, NULL when it has errors. The text `form` is the same. */
static void check_meaning(const struct leat_buf *form, const struct leat_program *p)
{
	struct leat_diags d = {0};
	struct leat_program *q =
		p ? leat_program_parse("web.leat", "/d", form->data ? form->data : "", form->len, NULL, &d) : NULL;
	check(!p || (q && d.errors == 0 && same_program(p, q)));
	if (q)
		leat_program_free(&q);
	leat_diags_free(&d);
}

/* `form` shows as `shown`. */
static void check_form(const struct leat_buf *form, const struct leat_buf *shown)
{
	struct leat_diags d = {0};
	struct leat_buf again = {0};
	struct leat_program *q = read_buf(form, &d);
	leat_program_show(q, NULL, false, &again);
	check(d.errors == 0 && same_text(shown, &again));
	leat_program_free(&q);
	leat_diags_free(&d);
	leat_buf_free(&again);
}

static void check_forms(const struct leat_program *read, const struct leat_program *p)
{
	struct leat_buf shown = {0}, line = {0}, json = {0};
	leat_program_show(read, NULL, false, &shown);
	leat_program_show(read, NULL, true, &line);
	leat_program_json(read, NULL, &json);
	check(!line.len || (!strchr(line.data, '\'') && !strstr(line.data, "\\\\") && !strchr(line.data, '\n')));
	check_meaning(&shown, p);
	check_form(&shown, &shown);
	check_form(&line, &shown);
	check_form(&json, &shown);
	leat_buf_free(&shown);
	leat_buf_free(&line);
	leat_buf_free(&json);
}

static bool yes(const void *ctx, const char *step, size_t n_step, const char *value, size_t n_value, const char *key,
		size_t n_key)
{
	(void)ctx, (void)step, (void)n_step, (void)value, (void)n_value, (void)key;
	return n_key % 2;
}

static void check_format(const struct leat_program *read, const struct leat_diags *d, const struct leat_program *p)
{
	static const struct leat_style style = {.is_switch = yes};
	struct leat_buf once = {0}, twice = {0};
	struct leat_err err = {0};
	int ok = leat_fmt_refuses(d) ? 1 : leat_fmt(read, &style, &once, &err);
	check(ok >= 0 || err.cause == LEAT_CAUSE_USAGE);
	if (ok == 0) {
		struct leat_diags e = {0};
		struct leat_program *q = read_buf(&once, &e);
		check(!leat_fmt_refuses(&e) && leat_fmt(q, &style, &twice, &err) == 0 && same_text(&once, &twice));
		check_meaning(&once, p);
		leat_program_free(&q);
		leat_diags_free(&e);
	}
	leat_buf_free(&once);
	leat_buf_free(&twice);
}

/* Read as written. p: the program expanded, NULL when it has errors. */
static void check_written(const char *s, size_t n, const struct leat_program *p)
{
	struct leat_diags d = {0};
	struct leat_program *read = leat_program_read("web.leat", "/d", s, n, &d);
	check(read != NULL);
	check_diags(&d);
	check_format(read, &d, p);
	if (d.errors == 0)
		check_forms(read, p);
	leat_program_free(&read);
	leat_diags_free(&d);
}

/* ---- plans ---- */

static void check_plan(const struct leat_program *p, const struct leat_registry *r, struct leat_diags *d)
{
	static const struct leat_facts facts = {.cores = 4, .memory = (uint64_t)8 << 30, .pool = true};
	struct leat_buf out = {0};
	struct leat_plan *plan = leat_plan_make(p, r, &facts, d);
	check(plan != NULL);
	check_diags(d);
	if (d->errors == 0) {
		struct leat_diags e = {0};
		leat_plan_print(plan, &facts, &out);
		leat_plan_json(plan, &facts, &out);
		leat_buf_clear(&out);
		leat_plan_print_expanded(plan, p, &out);
		struct leat_program *q = read_buf(&out, &e);
		check(!leat_fmt_refuses(&e));
		leat_program_free(&q);
		leat_diags_free(&e);
	}
	leat_plan_free(&plan);
	leat_buf_free(&out);
}

/* ---- values ---- */

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

/* The bytes between blanks as words of a command line: with no error they are what they were. */
static void check_argwords(const uint8_t *data, size_t size)
{
	char copy[512];
	const char *words[64] = {"step"};
	size_t n = size < sizeof copy ? size : sizeof copy - 1, count = 1;
	memcpy(copy, data, n);
	copy[n] = 0;
	for (char *w = strtok(copy, "\n\f"); w && count < LEAT_LEN(words); w = strtok(NULL, "\n\f"))
		words[count++] = w;
	struct leat_buf b = {0};
	struct leat_err err = {0};
	struct leat_diags d = {0};
	if (leat_argwords_to_text(words, count, &b, &err) == 0) {
		struct leat_program *p = leat_program_parse("w", "/d", b.data, b.len, NULL, &d);
		check(p != NULL);
		for (size_t i = 0; d.errors == 0 && p->n_steps == 1 && i < p->steps[0].n_words; i++) {
			const struct leat_word *w = &p->steps[0].words[i];
			size_t key = w->key ? strlen(w->key) + 1 : 0;
			check(p->steps[0].n_words == count - 1 && strcmp(words[i + 1] + key, w->value) == 0);
		}
		leat_program_free(&p);
	}
	leat_diags_free(&d);
	leat_buf_free(&b);
}

static void check_fixed(const char *s, size_t n)
{
	struct leat_buf out = {0};
	leat_fix_characters(s, n, &out);
	check(!out.failed && out.len <= 6 * n);
	leat_buf_free(&out);
}

/* ---- the texts ---- */

/* The input cut into texts: the recipe, a file for --vars, files that can be included. */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const set[] = {"v=a b\n\xff|'\"\\$", "w=", NULL};
	static const char *const opt[] = {"resize.fit=cover", "x.y=z", NULL};
	struct texts t = cut(data, size);
	struct leat_vars_text vars = {"my.vars", "/v", t.v[1], t.len[1]};
	struct leat_program_opts o = {.set = size % 2 ? set : NULL,
				      .opt = size % 8 == 3 ? opt : NULL,
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
	/* Alone, without anything from outside, all forms must mean the same. */
	check_written(t.v[0], t.len[0], t.n == 1 && !o.set && !d.errors ? p : NULL);
	check_plan(p, size % 4 < 2 ? leat_registry_default() : &leat_frozen_registry, &d);
	check_messages(&d, size % 8 == 1);
	leat_program_free(&p);
	leat_diags_free(&d);
	check_quote(data, size);
	check_argwords(data, size);
	check_fixed(t.v[0], t.len[0]);
	return 0;
}
