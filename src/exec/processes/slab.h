/* SPDX-License-Identifier: MIT */
/*
 * One direction of one worker's shared memory: a sparse memfd that can neither grow nor shrink, mapped once.
 *
 * Properties: what lies low is used again and again, so that its pages are there already; what lies high is
 *             given back when idle.
 * Operation:  nothing waits; who is short of memory is told before anybody could meet SIGBUS.
 * Safety:     one thread at a time: its hand's.
 */
#ifndef LEAT_EXEC_SLAB_H
#define LEAT_EXEC_SLAB_H

#include "base/err.h"

struct leat_slab {
	uint8_t *map; /* the parent's mapping */
	int fd; /* -1: none */
	size_t size;
	size_t backed; /* [0, backed) has pages */
};

/* `writable`: the parent writes (input) or only reads (output). -1 with *err; then s->fd is -1. */
int leat_slab_open(struct leat_slab *s, const char *name, size_t size, bool writable, struct leat_err *err);
/*
 * Sees to it that [0, end) has pages, so that nobody meets SIGBUS later. -1 with *err (MEMORY) when memory
 * is out.
 */
int leat_slab_back(struct leat_slab *s, size_t end, struct leat_err *err);
/* Gives pages above `keep` back. */
void leat_slab_trim(struct leat_slab *s, size_t keep);
/* Bytes it really takes: more than `backed` means that the worker wrote where it was not told to. */
uint64_t leat_slab_taken(const struct leat_slab *s);
/* A descriptor of the same memory through which it cannot be written, ever. -1 with *err. */
int leat_slab_readonly(const struct leat_slab *s, struct leat_err *err);
void leat_slab_close(struct leat_slab *s);

/* A sealed memfd with these bytes, read only. -1 with *err. */
int leat_slab_of_bytes(const void *data, size_t len, struct leat_err *err);

#endif
