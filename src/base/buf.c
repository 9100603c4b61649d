/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

int leat_buf_reserve(struct leat_buf *b, size_t more)
{
	if (!b->failed && more < b->cap - b->len)
		return 0;
	size_t need = leat_size_add(leat_size_add(b->len, more), 1);
	char *data = b->failed ? NULL : leat_grow(b->data, &b->cap, need, 1, NULL);
	if (!data) {
		b->failed = true;
		return -1;
	}
	b->data = data;
	return 0;
}

void leat_buf_add(struct leat_buf *b, const void *data, size_t n)
{
	if (leat_buf_reserve(b, n) < 0)
		return;
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = 0;
}

void leat_buf_adds(struct leat_buf *b, const char *s)
{
	leat_buf_add(b, s, strlen(s));
}

void leat_buf_addc(struct leat_buf *b, char c)
{
	leat_buf_add(b, &c, 1);
}

void leat_buf_fill(struct leat_buf *b, char c, size_t n)
{
	if (leat_buf_reserve(b, n) < 0)
		return;
	memset(b->data + b->len, c, n);
	b->len += n;
	b->data[b->len] = 0;
}

void leat_buf_addf(struct leat_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		b->failed = true;
	else if (leat_buf_reserve(b, (size_t)n) == 0) {
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void leat_buf_clear(struct leat_buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = 0;
}

void leat_buf_free(struct leat_buf *b)
{
	free(b->data);
	*b = (struct leat_buf){0};
}

int leat_buf_check(const struct leat_buf *b, struct leat_err *err)
{
	if (b->failed)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory while building a text of %zu bytes", b->len);
	return 0;
}

char *leat_buf_detach(struct leat_buf *b, struct leat_err *err)
{
	if (leat_buf_check(b, err) < 0 || leat_buf_reserve(b, 0) < 0)
		return NULL;
	char *data = b->data;
	data[b->len] = 0;
	*b = (struct leat_buf){0};
	return data;
}
