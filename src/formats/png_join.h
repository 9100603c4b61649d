/* SPDX-License-Identifier: MIT */
/* Deflate streams put behind one another, so that they make one stream. */
#ifndef LEAT_FORMATS_PNG_JOIN_H
#define LEAT_FORMATS_PNG_JOIN_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* What leat_join_open may append. */
enum { LEAT_JOIN_MORE = 5 };

/*
 * Reopens a deflate stream of *n bytes that says it ends: its last block becomes one of many, and an empty stored
 * block (RFC 1951, 3.2.4) fills the last byte, so that another stream may follow. There must be room for
 * LEAT_JOIN_MORE bytes behind it. 0, or -1 with *err (INTERNAL: it is no such stream; MEMORY).
 */
int leat_join_open(uint8_t *stream, size_t *n, struct leat_err *err);

#endif
