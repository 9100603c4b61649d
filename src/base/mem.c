/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

size_t leat_size_add(size_t a, size_t b)
{
	size_t r;
	return __builtin_add_overflow(a, b, &r) ? SIZE_MAX : r;
}

size_t leat_size_mul(size_t a, size_t b)
{
	size_t r;
	return __builtin_mul_overflow(a, b, &r) ? SIZE_MAX : r;
}

static void no_memory(struct leat_err *err, size_t bytes)
{
	leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate %zu bytes", bytes);
}

void *leat_zalloc(size_t n, size_t size, struct leat_err *err)
{
	void *p = calloc(n ? n : 1, size ? size : 1);
	if (!p)
		no_memory(err, leat_size_mul(n, size));
	return p;
}

void *leat_alloc_aligned(size_t bytes, struct leat_err *err)
{
	size_t padded = leat_size_add(bytes, 64) & ~(size_t)63;
	void *p = bytes > SIZE_MAX / 2 ? NULL : aligned_alloc(64, padded);
	if (!p)
		no_memory(err, bytes);
	return p;
}

void *leat_alloc_large(size_t bytes, struct leat_err *err)
{
	enum { LEAST = 4 << 20, PAGE = 4096 };
	uint8_t *p = leat_alloc_aligned(bytes, err);
	if (p && bytes >= LEAST) {
		size_t skip = (PAGE - (uintptr_t)p % PAGE) % PAGE;
		(void)madvise(p + skip, (bytes - skip) & ~(size_t)(PAGE - 1), MADV_HUGEPAGE); /* a wish, no more */
	}
	return p;
}

void *leat_grow(void *v, size_t *cap, size_t n, size_t size, struct leat_err *err)
{
	if (v && n <= *cap)
		return v;
	size_t want = *cap ? leat_size_mul(*cap, 2) : 8;
	if (want < n)
		want = n;
	size_t bytes = leat_size_mul(want, size);
	void *p = bytes == SIZE_MAX ? NULL : realloc(v, bytes);
	if (!p) {
		no_memory(err, bytes);
		return NULL;
	}
	*cap = want;
	return p;
}

char *leat_strndup(const char *s, size_t n, struct leat_err *err)
{
	char *p = leat_zalloc(leat_size_add(n, 1), 1, err);
	if (p && n)
		memcpy(p, s, n);
	return p;
}

char *leat_strdup(const char *s, struct leat_err *err)
{
	return leat_strndup(s, strlen(s), err);
}

struct leat_arena_block {
	struct leat_arena_block *next;
	size_t used, size;
	alignas(16) unsigned char data[];
};

enum { FIRST = 1024, BLOCK = 16 * 1024 }; /* many arenas hold a few words only */

static struct leat_arena_block *new_block(struct leat_arena *a, size_t bytes)
{
	size_t usual = !a->head ? FIRST : a->head->size < BLOCK / 2 ? 2 * a->head->size : BLOCK;
	size_t size = bytes > usual ? bytes : usual;
	struct leat_arena_block *b = calloc(1, leat_size_add(sizeof *b, size));
	if (!b) {
		a->failed = true;
		return NULL;
	}
	b->size = size;
	b->next = a->head;
	a->head = b;
	return b;
}

void *leat_arena_alloc(struct leat_arena *a, size_t bytes)
{
	if (a->failed || bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes + 15) & ~(size_t)15;
	struct leat_arena_block *b = a->head;
	if (!b || b->size - b->used < bytes)
		b = new_block(a, bytes);
	if (!b)
		return NULL;
	void *p = b->data + b->used;
	b->used += bytes;
	return p;
}

char *leat_arena_strndup(struct leat_arena *a, const char *s, size_t n)
{
	char *p = leat_arena_alloc(a, leat_size_add(n, 1));
	if (p && n)
		memcpy(p, s, n);
	return p;
}

char *leat_arena_printf(struct leat_arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *p = n < 0 ? NULL : leat_arena_alloc(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

bool leat_arena_ok(const struct leat_arena *a)
{
	return !a->failed;
}

void leat_arena_reset(struct leat_arena *a)
{
	struct leat_arena_block *keep = a->head;
	if (!keep || keep->size > BLOCK) { /* made for one large thing */
		leat_arena_free(a);
		return;
	}
	a->head = keep->next;
	leat_arena_free(a);
	memset(keep->data, 0, keep->used);
	keep->used = 0;
	keep->next = NULL;
	a->head = keep;
}

void leat_arena_free(struct leat_arena *a)
{
	while (a->head) {
		struct leat_arena_block *next = a->head->next;
		free(a->head);
		a->head = next;
	}
	a->failed = false;
}
