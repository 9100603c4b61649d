/* SPDX-License-Identifier: MIT */
/*
 * A zlib stream (RFC 1950) unpacked piece by piece: by ISA-L where leat was built with it, else by zlib. Every state
 * of a thread is used again (base/stash.h). What is refused, and in which words, is the same with both libraries but
 * for one thing: ISA-L accepts a prefix code (of literals, of distances or of lengths) that leaves bit patterns without
 * a meaning as long as none of those occurs; zlib refuses the code itself. No encoder makes such codes, and damage does
 * not either without spoiling the checksums; tests/unit/test_inflate.c has the list.
 */
#ifndef LEAT_FORMATS_INFLATE_H
#define LEAT_FORMATS_INFLATE_H

#include "base/err.h"

struct leat_inflate;

enum leat_inflate_state {
	LEAT_INFLATE_MORE, /* all input is taken, and more of it is needed */
	LEAT_INFLATE_FULL, /* no room is left; there may be more to come */
	LEAT_INFLATE_END, /* the stream is over and its checksum right; the input stands behind it */
	LEAT_INFLATE_BAD, /* it is damaged: leat_inflate_fault. What was given until then is right */
};

/* All four move on as bytes are taken and given. */
struct leat_inflate_io {
	const uint8_t *in;
	size_t n_in;
	uint8_t *out;
	size_t n_out;
};

/* Ready for a new stream of less than 4 GiB. NULL with *err (MEMORY). One thread at a time uses it. */
struct leat_inflate *leat_inflate_take(struct leat_err *err);
/* Gives it back; *f is NULL then. Accepts NULL in it. */
void leat_inflate_put(struct leat_inflate **f);
/* Unpacks until one of the states is reached. After END or BAD it may not be called again. */
enum leat_inflate_state leat_inflate_run(struct leat_inflate *f, struct leat_inflate_io *io);
/* After BAD: what is wrong with the stream, for a message. */
const char *leat_inflate_fault(const struct leat_inflate *f);
/* The library that does it, with its version. */
const char *leat_inflate_library(void);

#endif
