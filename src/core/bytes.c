/* SPDX-License-Identifier: MIT */
/* Counted bytes: see bytes.h. */
#include "core/bytes.h"

#include "base/mem.h"

static void release_memory(struct leat_bytes *b)
{
	if (b->release)
		b->release(b);
	else
		free(b->data);
}

struct leat_bytes *leat_bytes_new(size_t cap, struct leat_err *err)
{
	uint8_t *data = leat_alloc_large(cap, err);
	struct leat_bytes *b = data ? leat_bytes_wrap(data, 0, NULL, NULL, err) : NULL;
	if (b)
		b->cap = cap;
	return b;
}

struct leat_bytes *leat_bytes_wrap(uint8_t *data, size_t len, void (*release)(struct leat_bytes *), void *owner,
				   struct leat_err *err)
{
	struct leat_bytes *b = leat_zalloc(1, sizeof *b, err);
	if (!b) {
		struct leat_bytes lost = {.data = data, .len = len, .cap = len, .release = release, .owner = owner};
		release_memory(&lost);
		return NULL;
	}
	atomic_init(&b->refs, 1);
	b->data = data;
	b->len = b->cap = len;
	b->release = release;
	b->owner = owner;
	return b;
}

struct leat_bytes *leat_bytes_ref(struct leat_bytes *b)
{
	if (b)
		atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
	return b;
}

void leat_bytes_unref(struct leat_bytes **b)
{
	struct leat_bytes *old = *b;
	*b = NULL;
	if (!old || atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) != 1)
		return;
	release_memory(old);
	free(old);
}

/* Memory that is not from malloc (a slab) cannot grow in place: the content moves to the heap. */
static int grow(struct leat_bytes *b, size_t need, struct leat_err *err)
{
	if (!b->release) {
		uint8_t *data = leat_grow(b->data, &b->cap, need, 1, err);
		if (!data)
			return -1;
		b->data = data;
		return 0;
	}
	size_t cap = 0;
	uint8_t *data = leat_grow(NULL, &cap, need, 1, err);
	if (!data)
		return -1;
	if (b->len)
		memcpy(data, b->data, b->len);
	b->release(b);
	b->release = NULL;
	b->owner = NULL;
	b->data = data;
	b->cap = cap;
	return 0;
}

int leat_bytes_reserve(struct leat_bytes *b, size_t n, struct leat_err *err)
{
	size_t need = leat_size_add(b->len, n);
	return need > b->cap ? grow(b, need, err) : 0;
}

void leat_bytes_trim(struct leat_bytes *b)
{
	if (b->release || b->len == b->cap || b->len == 0)
		return;
	uint8_t *data = realloc(b->data, b->len);
	if (!data)
		return; /* it was only about saving */
	b->data = data;
	b->cap = b->len;
}

int leat_bytes_append(struct leat_bytes *b, const void *data, size_t n, struct leat_err *err)
{
	size_t need = leat_size_add(b->len, n);
	if (need > b->cap && grow(b, need, err) < 0)
		return -1;
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len = need;
	return 0;
}
