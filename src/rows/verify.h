/* SPDX-License-Identifier: MIT */
/* What an encoder made, held against the rows it was given, before anybody sees it. */
#ifndef LEAT_ROWS_VERIFY_H
#define LEAT_ROWS_VERIFY_H

#include "core/codec.h"

/*
 * A digest of rows that follow each other, `bytes` each: the same however they are cut into strips. Starts with 0. It
 * finds faults, not forgeries.
 */
uint64_t leat_rows_digest(uint64_t digest, const struct leat_rows *r, size_t bytes);

/*
 * Decodes all of b strictly. It must have the size of `shape`, and of a codec that is exact the whole shape and the
 * digest of its rows, too. 0, or -1 with *err (INTERNAL, or MEMORY).
 */
int leat_verify_encoded(const struct leat_codec *codec, const struct leat_bytes *b,
			const struct leat_image_shape *shape, uint64_t digest, struct leat_err *err);

#endif
