/* SPDX-License-Identifier: MIT */
/* Columns of text: see texts.h. */
#include "core/texts.h"

#include "base/mem.h"

#include <string.h>

struct leat_texts *leat_texts_new(uint64_t rows, size_t n, struct leat_err *err)
{
	struct leat_texts *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return NULL;
	atomic_init(&t->refs, 1);
	t->rows = rows;
	t->column = leat_zalloc(n ? n : 1, sizeof *t->column, err);
	for (; t->column && t->n < n; t->n++) {
		struct leat_text_column *c = &t->column[t->n];
		c->ends = leat_zalloc(rows ? (size_t)rows : 1, sizeof *c->ends, err);
		if (!c->ends)
			break;
	}
	if (!t->column || t->n < n)
		leat_texts_unref(&t);
	return t;
}

struct leat_texts *leat_texts_ref(struct leat_texts *t)
{
	if (t)
		atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
	return t;
}

void leat_texts_unref(struct leat_texts **t)
{
	struct leat_texts *old = *t;
	*t = NULL;
	if (!old || atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < old->n; i++) {
		free(old->column[i].name);
		free(old->column[i].ends);
		leat_buf_free(&old->column[i].text);
	}
	free(old->column);
	free(old);
}

size_t leat_texts_bytes(const struct leat_texts *t)
{
	size_t bytes = 0;
	for (size_t i = 0; t && i < t->n; i++)
		bytes += t->column[i].text.len + (size_t)t->rows * sizeof(uint64_t) + strlen(t->column[i].name) + 1;
	return bytes;
}

static uint64_t begin_of(const struct leat_text_column *c, uint64_t row)
{
	return row ? c->ends[row - 1] & ~LEAT_TEXT_MISSING : 0;
}

void leat_text_set(struct leat_text_column *c, uint64_t row, const char *s, size_t n)
{
	if (s && n)
		leat_buf_add(&c->text, s, n);
	c->ends[row] = s ? c->text.len : begin_of(c, row) | LEAT_TEXT_MISSING;
}

const char *leat_text_get(const struct leat_text_column *c, uint64_t row, size_t *n)
{
	uint64_t begin = begin_of(c, row), end = c->ends[row];
	*n = 0;
	if (end & LEAT_TEXT_MISSING)
		return NULL;
	*n = (size_t)(end - begin);
	return c->text.data ? c->text.data + begin : "";
}

const struct leat_text_column *leat_texts_find(const struct leat_texts *t, const char *name)
{
	for (size_t i = 0; t && i < t->n; i++)
		if (strcmp(t->column[i].name, name) == 0)
			return &t->column[i];
	return NULL;
}

/* Cells stand one behind the other, and within the text. */
static bool good_ends(const uint64_t *ends, uint64_t rows, uint64_t len)
{
	uint64_t at = 0;
	for (uint64_t r = 0; r < rows; r++) {
		uint64_t end = ends[r] & ~LEAT_TEXT_MISSING;
		if (end < at || end > len || (end != ends[r] && end != at))
			return false;
		at = end;
	}
	return true;
}

int leat_text_put(struct leat_text_column *c, uint64_t rows, const char *name, const struct leat_bytes *ends,
		  const struct leat_bytes *text, struct leat_err *err)
{
	if (ends->len != leat_size_mul((size_t)rows, sizeof *c->ends))
		return -1;
	if (rows)
		memcpy(c->ends, ends->data, ends->len);
	leat_buf_add(&c->text, text->data, text->len);
	c->name = leat_strdup(name, err);
	if (!c->name || leat_buf_check(&c->text, err) < 0)
		return -1;
	return good_ends(c->ends, rows, c->text.len) ? 0 : -1;
}

struct leat_texts *leat_texts_take(const struct leat_texts *t, const uint64_t *rows, uint64_t n, struct leat_err *err)
{
	struct leat_texts *made = t ? leat_texts_new(n, t->n, err) : NULL;
	for (size_t i = 0; made && i < t->n; i++) {
		const struct leat_text_column *from = &t->column[i];
		struct leat_text_column *to = &made->column[i];
		to->place = from->place;
		to->name = leat_strdup(from->name, err);
		for (uint64_t r = 0; r < n; r++) {
			size_t len;
			const char *s = leat_text_get(from, rows[r], &len);
			leat_text_set(to, r, s, len);
		}
		if (!to->name || leat_buf_check(&to->text, err) < 0)
			leat_texts_unref(&made);
	}
	return made;
}

int leat_text_copy(const struct leat_text_column *from, uint64_t rows, const char *name, size_t place,
		   struct leat_text_column *to, struct leat_err *err)
{
	to->place = place;
	to->name = leat_strdup(name, err);
	leat_buf_add(&to->text, from->text.data, from->text.len);
	memcpy(to->ends, from->ends, (size_t)rows * sizeof *to->ends);
	return to->name ? leat_buf_check(&to->text, err) : -1;
}
