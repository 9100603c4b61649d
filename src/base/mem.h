/* SPDX-License-Identifier: MIT */
/* Memory: overflow-checked sizes, allocation that reports, and an arena for things that die together. */
#ifndef LEAT_BASE_MEM_H
#define LEAT_BASE_MEM_H

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#define LEAT_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Saturating arithmetic: SIZE_MAX on overflow, which no allocation satisfies. */
size_t leat_size_add(size_t a, size_t b);
size_t leat_size_mul(size_t a, size_t b);

/* Zeroed memory for n objects of `size` bytes, to be given to free(). NULL with *err set (MEMORY) on failure. */
void *leat_zalloc(size_t n, size_t size, struct leat_err *err);

/* As leat_zalloc, 64-byte aligned and not zeroed: for pixels and scratch. Give to free(). */
void *leat_alloc_aligned(size_t bytes, struct leat_err *err);

/*
 * The same for what will be filled from end to end: where it is large, the system is asked for large pages, which
 * costs a small part of the time that many small ones take.
 */
void *leat_alloc_large(size_t bytes, struct leat_err *err);

/*
 * Room for at least n objects in v (doubling, *cap updated); the new part is not zeroed. Returns the possibly
 * moved v, or NULL with *err set and the old v intact:
 * `p = leat_grow(v, &cap, n, size, err); if (!p) return -1; v = p;`
 */
void *leat_grow(void *v, size_t *cap, size_t n, size_t size, struct leat_err *err);

/* Copies of text, to be given to free(). NULL with *err set on failure. */
char *leat_strdup(const char *s, struct leat_err *err);
char *leat_strndup(const char *s, size_t n, struct leat_err *err);

/*
 * An arena: many small allocations, one free. Not thread safe. An allocation failure is remembered:
 * leat_arena_alloc returns NULL from then on and leat_arena_ok() tells, so that long constructions may check once
 * at their end.
 */
struct leat_arena {
	struct leat_arena_block *head;
	bool failed;
};
void *leat_arena_alloc(struct leat_arena *a, size_t bytes); /* zeroed, 16-byte aligned, or NULL */
char *leat_arena_strndup(struct leat_arena *a, const char *s, size_t n); /* NUL-terminated copy, or NULL */
char *leat_arena_printf(struct leat_arena *a, const char *fmt, ...) LEAT_PRINTF(2, 3);
bool leat_arena_ok(const struct leat_arena *a);
/* Forgets what is in it, keeps some of its memory for what comes. */
void leat_arena_reset(struct leat_arena *a);
void leat_arena_free(struct leat_arena *a); /* releases everything; the arena can be used again */

#endif
