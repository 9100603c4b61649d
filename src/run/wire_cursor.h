/* SPDX-License-Identifier: MIT */
/* Plain values in and out of the bytes that pass between a run and its workers: for run/wire.c. */
#ifndef LEAT_RUN_WIRE_CURSOR_H
#define LEAT_RUN_WIRE_CURSOR_H

#include "base/mem.h"
#include "core/bytes.h"
#include "core/executor.h"

/* ---- writing: a cursor that remembers that it ran out ---- */

struct out {
	uint8_t *p;
	size_t cap, len;
	size_t whole; /* what lies in [cap, whole) is there already, and stays */
	bool stays; /* something does */
	size_t late_at; /* where bytes that come late go; 0: none do */
	bool full;
};

static inline void put(struct out *o, const void *data, size_t n)
{
	o->full = o->full || n > o->cap - o->len;
	if (n && !o->full)
		memcpy(o->p + o->len, data, n);
	o->len = leat_size_add(o->len, n); /* counted on, so that it is known what it takes */
}

static inline void put_u64(struct out *o, uint64_t v)
{
	put(o, &v, sizeof v);
}

static inline void put_real(struct out *o, double v)
{
	put(o, &v, sizeof v);
}

/* A text or blob: its length plus one, so that 0 is "none". */
static inline void put_blob(struct out *o, const void *data, size_t n)
{
	put_u64(o, data ? n + 1 : 0);
	put(o, data, data ? n : 0);
}

static inline void put_text(struct out *o, const char *s)
{
	put_blob(o, s, s ? strlen(s) : 0);
}

static inline void put_bytes(struct out *o, const struct leat_bytes *b)
{
	put_blob(o, b ? b->data : NULL, b ? b->len : 0);
}

/* File contents and elements begin at multiples of this, so that they can be used where they are. */
enum { ALIGN = 64 };

static inline size_t to_aligned(size_t at)
{
	return (ALIGN - at % ALIGN) % ALIGN;
}

/* Room for what comes later; its place. */
static inline size_t put_late(struct out *o, size_t n)
{
	static const uint8_t zeros[ALIGN] = {0};
	put_u64(o, n);
	put_u64(o, 0);
	put(o, zeros, to_aligned(o->len));
	size_t at = o->len;
	o->full = o->full || n > o->cap - at;
	o->len = leat_size_add(at, n);
	return at;
}

/* Its size and place; place 0: right behind, aligned. */
static inline void put_large(struct out *o, const void *data, size_t n)
{
	static const uint8_t zeros[ALIGN] = {0};
	uintptr_t at = (uintptr_t)data - (uintptr_t)o->p;
	bool there = n && at >= o->cap && at < o->whole && n <= o->whole - at;
	put_u64(o, n);
	put_u64(o, there ? at : 0);
	o->stays = o->stays || there;
	if (there)
		return;
	put(o, zeros, to_aligned(o->len));
	put(o, data, n);
}

/* ---- reading: a cursor that remembers that something was wrong ---- */

struct in {
	const uint8_t *p;
	size_t len, pos;
	bool borrow; /* the other side writes no more: what is large stays where it is */
	struct leat_stay **stay; /* where one large file may; NULL, or of NULL: it is copied */
	bool bad;
};

static inline void get(struct in *i, void *data, size_t n)
{
	if (i->bad || n > i->len - i->pos) {
		i->bad = true;
		memset(data, 0, n);
		return;
	}
	memcpy(data, i->p + i->pos, n);
	i->pos += n;
}

static inline uint64_t get_u64(struct in *i)
{
	uint64_t v;
	get(i, &v, sizeof v);
	return v;
}

/* A number that must be at most `max`. */
static inline uint64_t get_upto(struct in *i, uint64_t max)
{
	uint64_t v = get_u64(i);
	if (v <= max)
		return v;
	i->bad = true;
	return 0;
}

static inline double get_real(struct in *i)
{
	double v;
	get(i, &v, sizeof v);
	return v;
}

/* The place of a blob; NULL for none. */
static inline const uint8_t *get_blob(struct in *i, size_t *n)
{
	uint64_t coded = get_u64(i);
	*n = 0;
	if (coded == 0)
		return NULL;
	if (i->bad || coded - 1 > i->len - i->pos) {
		i->bad = true;
		return NULL;
	}
	*n = (size_t)(coded - 1);
	const uint8_t *at = i->p + i->pos;
	i->pos += *n;
	return at;
}

static inline const char *get_text(struct in *i, struct leat_arena *a)
{
	size_t n;
	const uint8_t *at = get_blob(i, &n);
	return at ? leat_arena_strndup(a, (const char *)at, n) : NULL;
}

static inline struct leat_bytes *get_bytes(struct in *i, struct leat_err *err)
{
	size_t n;
	const uint8_t *at = get_blob(i, &n);
	struct leat_bytes *b = at ? leat_bytes_new(n, err) : NULL;
	if (b && leat_bytes_append(b, at, n, err) < 0)
		leat_bytes_unref(&b);
	i->bad = i->bad || (at && !b);
	return b;
}

#endif
