/* SPDX-License-Identifier: MIT */
/* Which files are inputs: a set of (device, inode) pairs. Built once, then only asked: any thread. */
#ifndef LEAT_IO_IDSET_H
#define LEAT_IO_IDSET_H

#include "core/end.h"

#include <sys/stat.h>

struct leat_idset {
	struct leat_file_id {
		uint64_t dev, ino;
		uint32_t at; /* index into the listing, + 1; 0: free */
	} * v;
	size_t size; /* power of two, at least twice what is in it */
};

/* All inputs that are files. -1 with *err: out of memory. */
int leat_idset_make(struct leat_idset *s, const struct leat_listing *inputs, struct leat_err *err);
/* The input that this file is, as an index into the listing; -1: none. */
int64_t leat_idset_find(const struct leat_idset *s, const struct stat *st);
void leat_idset_free(struct leat_idset *s);

#endif
