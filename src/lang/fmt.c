/* SPDX-License-Identifier: MIT */
/* The formatter's door: which texts it takes, and that it changes nothing but the layout. */
#include "lang/fmt.h"

#include "lang/json.h"
#include "lang/layout.h"
#include "lang/limits.h"
#include "lang/show.h"

bool leat_fmt_refuses(const struct leat_diags *d)
{
	enum { LAST_OF_WORDS = 21, NEWER_VERSION = 30, LIMIT = 65, FIRST_OF_JSON = 80 };
	for (size_t i = 0; i < d->n; i++) {
		int code = d->v[i].code;
		bool fault = code <= LAST_OF_WORDS || code == NEWER_VERSION || code == LIMIT || code >= FIRST_OF_JSON;
		if (d->v[i].severity == LEAT_ERROR && fault)
			return true;
	}
	return false;
}

static int check_limits(const char *s, size_t n, struct leat_err *err)
{
	if (n > LEAT_MAX_FILE)
		return leat_fail(err, LEAT_CAUSE_USAGE, "formatted, this file would be larger than 1 MiB");
	for (size_t at = 0; at < n;) {
		const char *nl = memchr(s + at, '\n', n - at);
		size_t end = nl ? (size_t)(nl - s) : n;
		if (end - at > LEAT_MAX_LINE)
			return leat_fail(err, LEAT_CAUSE_USAGE, "formatted, a line would be longer than %d KiB",
					 LEAT_MAX_LINE / 1024);
		at = end + 1;
	}
	return 0;
}

/* A promise that is too important to be only believed: the text reads as the same program. */
static int check_same(const struct leat_program *p, const struct leat_style *style, const struct leat_buf *now,
		      struct leat_err *err)
{
	struct leat_buf before = {0}, after = {0};
	struct leat_diags d = {0};
	struct leat_program *q = leat_program_read(p->texts[0]->name, p->texts[0]->dir, now->data, now->len, &d);
	leat_program_show(p, style, false, &before);
	if (q)
		leat_program_show(q, style, false, &after);
	bool memory = !q || before.failed || after.failed || d.failed;
	bool same = before.len == after.len && (!before.len || memcmp(before.data, after.data, before.len) == 0);
	if (q)
		leat_program_free(&q);
	leat_diags_free(&d);
	leat_buf_free(&before);
	leat_buf_free(&after);
	if (memory)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	return same ? 0 : leat_fail(err, LEAT_CAUSE_INTERNAL, "the formatted text would mean something else");
}

/*
 * Formats into `text`. keep_order: without moving execution options, for the rare text that is wrong already and would
 * be taken for something else with its words in another order.
 */
static int attempt(const struct leat_program *p, const struct leat_style *style, bool keep_order, struct leat_buf *text,
		   struct leat_err *err)
{
	struct leat_layout ls;
	leat_buf_clear(text);
	leat_buf_adds(text, "");
	if (p->texts[0]->places) {
		leat_program_json(p, style, text);
		return leat_buf_check(text, err) < 0 || check_limits(text->data, text->len, err) < 0
			       ? -1
			       : check_same(p, style, text, err);
	}
	leat_layout_collect(&ls, p->texts[0]);
	ls.keep_order = keep_order;
	if (!ls.failed) {
		leat_layout_arrange(&ls);
		leat_layout_write(&ls, style, text);
	}
	text->failed = text->failed || ls.failed;
	leat_layout_free(&ls);
	if (leat_buf_check(text, err) < 0 || check_limits(text->data, text->len, err) < 0)
		return -1;
	return check_same(p, style, text, err);
}

int leat_fmt(const struct leat_program *p, const struct leat_style *style, struct leat_buf *out, struct leat_err *err)
{
	struct leat_buf text = {0};
	struct leat_err first = {0};
	int ok = attempt(p, style, false, &text, &first);
	if (ok < 0 && first.cause == LEAT_CAUSE_INTERNAL) {
		first = (struct leat_err){0};
		ok = attempt(p, style, true, &text, &first);
	}
	if (ok < 0 && first.cause == LEAT_CAUSE_INTERNAL && p->damaged)
		ok = 1;
	else if (ok < 0)
		*err = first;
	if (ok == 0) {
		leat_buf_add(out, text.data, text.len);
		ok = leat_buf_check(out, err);
	}
	leat_buf_free(&text);
	return ok;
}
