/* SPDX-License-Identifier: MIT */
#include "gen/explain.h"

#include "base/json.h"
#include "base/num.h"
#include "gen/help.h"

#include <stdio.h>

struct page {
	const char *text, *wrong, *right;
};

enum {
#define PAGE(severity, number, text, wrong, right) PAGE_##severity##_##number,
#include "gen/explain/all.def"
#undef PAGE
};

static const struct page pages[] = {
#define PAGE(severity, number, text, wrong, right) [PAGE_##severity##_##number] = {text, wrong, right},
#include "gen/explain/all.def"
#undef PAGE
};

/* "PAGE_ERROR_67 undeclared": a new code of core/diagcodes.def needs its page in src/gen/explain. */
static const int page_of[] = {
#define DIAG(severity, number, section, meaning) PAGE_##severity##_##number,
#include "core/diagcodes.def"
#undef DIAG
};

struct leat_explanation leat_explanation_at(size_t i)
{
	const struct page *p = &pages[page_of[i]];
	return (struct leat_explanation){&leat_diag_codes[i], p->text, p->wrong, p->right};
}

static const char *code_name(const struct leat_diag_code *c, char buf[static 16])
{
	(void)snprintf(buf, 16, "%c%03d", c->severity == LEAT_ERROR ? 'E' : 'W', c->code);
	return buf;
}

enum { INDENT = 2, WIDTH = 80 };

static void paragraphs(const char *text, struct leat_buf *out)
{
	for (const char *p = text; *p;) {
		struct leat_buf one = {0};
		size_t n = strcspn(p, "\n");
		leat_buf_add(&one, p, n);
		leat_buf_addc(out, '\n');
		leat_gen_wrap(one.data ? one.data : "", 0, WIDTH, out);
		leat_buf_free(&one);
		p += n + (p[n] == '\n');
	}
}

static void example(const char *title, const char *text, struct leat_buf *out)
{
	if (!text)
		return;
	leat_buf_addf(out, "\n%s\n", title);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		leat_buf_fill(out, ' ', INDENT);
		leat_buf_add(out, p, n);
		leat_buf_addc(out, '\n');
		p += n + (p[n] == '\n');
	}
}

static void page(const struct leat_explanation *e, struct leat_buf *out)
{
	char name[16];
	leat_buf_addf(out, "%s: %s\n", code_name(e->code, name), e->code->meaning);
	paragraphs(e->text, out);
	example("Wrong:", e->wrong, out);
	example("Right:", e->right, out);
}

static void page_json(const struct leat_explanation *e, struct leat_buf *out)
{
	char name[16];
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "code", code_name(e->code, name));
	leat_json_text(out, "severity", e->code->severity == LEAT_ERROR ? "error" : "warning");
	leat_json_text(out, "section", e->code->section);
	leat_json_text(out, "meaning", e->code->meaning);
	leat_json_text(out, "text", e->text);
	leat_json_text(out, "wrong", e->wrong);
	leat_json_text(out, "right", e->right);
	leat_json_close(out, '}');
}

static void list(struct leat_buf *out)
{
	char name[16];
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		leat_buf_addf(out, "%s  ", code_name(&leat_diag_codes[i], name));
		leat_gen_wrap(leat_diag_codes[i].meaning, 6, 100, out);
	}
	leat_buf_adds(out, "\nThe page of one: leat explain E024\n");
}

static void list_json(struct leat_buf *out)
{
	leat_json_open(out, NULL, '[');
	for (size_t i = 0; i < leat_n_diag_codes; i++) {
		struct leat_explanation e = leat_explanation_at(i);
		page_json(&e, out);
	}
	leat_json_close(out, ']');
}

/* "E043", "e43", "43", "E043:" as it is copied from a message. */
static const struct leat_diag_code *find(const char *word)
{
	int64_t number;
	bool warning = word[0] == 'w' || word[0] == 'W', letter = warning || word[0] == 'e' || word[0] == 'E';
	size_t digits = strspn(word + letter, "0123456789");
	if (digits == 0 || digits > 4 || word[letter + digits + strspn(word + letter + digits, ":]")] ||
	    !leat_parse_int(word + letter, digits, &number))
		return NULL;
	return leat_diag_code_find(warning ? LEAT_WARNING : LEAT_ERROR, (int)number);
}

int leat_gen_explain(const char *code, bool json, struct leat_buf *out, struct leat_err *err)
{
	const struct leat_diag_code *c = code ? find(code) : NULL;
	if (code && !c)
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is no code '%s'; list all with: leat explain", code);
	if (c) {
		struct leat_explanation e = leat_explanation_at((size_t)(c - leat_diag_codes));
		(json ? page_json : page)(&e, out);
	} else {
		(json ? list_json : list)(out);
	}
	if (json)
		leat_buf_addc(out, '\n');
	return leat_buf_check(out, err);
}
