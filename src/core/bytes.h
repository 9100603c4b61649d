/* SPDX-License-Identifier: MIT */
/* Counted bytes: a file's content on its way. Shared by reference between threads; immutable once shared. */
#ifndef LEAT_CORE_BYTES_H
#define LEAT_CORE_BYTES_H

#include "base/err.h"

#include <stdatomic.h>

struct leat_bytes {
	atomic_int refs;
	uint8_t *data;
	size_t len; /* bytes used */
	size_t cap; /* bytes there */
	void (*release)(struct leat_bytes *); /* frees `data` (not the struct); NULL: free(data) */
	void *owner; /* for release: a slab, say */
	/*
	 * > 0: the beginning of a file of so many bytes, the rest of which is read when it is sent to the process that
	 * needs it (run/late.c). Nobody else gets such bytes.
	 */
	size_t late;
};

/* New, with room for cap bytes and len 0; one reference. NULL with *err set on failure. */
struct leat_bytes *leat_bytes_new(size_t cap, struct leat_err *err);
/* Wraps memory: takes `data` over (even on failure it is released through `release`/free). */
struct leat_bytes *leat_bytes_wrap(uint8_t *data, size_t len, void (*release)(struct leat_bytes *), void *owner,
				   struct leat_err *err);
struct leat_bytes *leat_bytes_ref(struct leat_bytes *b); /* one more reference; b may be NULL */
void leat_bytes_unref(struct leat_bytes **b); /* drops it, clears *b; accepts NULL in it */

/* Room for n more bytes behind the `len` that are used. Only while the caller holds the one reference. */
int leat_bytes_reserve(struct leat_bytes *b, size_t n, struct leat_err *err);
/* Gives back what is not used, where that can be had. Only while the caller holds the one reference. */
void leat_bytes_trim(struct leat_bytes *b);

/* Appends; grows by doubling. Only while the caller holds the one reference. */
int leat_bytes_append(struct leat_bytes *b, const void *data, size_t n, struct leat_err *err);

#endif
