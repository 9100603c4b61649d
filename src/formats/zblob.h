/* SPDX-License-Identifier: MIT */
/* Small zlib streams inside image files (profiles, texts), unpacked with a bound, and packed. */
#ifndef LEAT_FORMATS_ZBLOB_H
#define LEAT_FORMATS_ZBLOB_H

#include "core/bytes.h"

/*
 * Unpacks a whole zlib stream of n bytes. 0 with a new reference in *out; 1 when the stream is
 * damaged or unpacks to more than `limit` bytes (nothing beyond it is allocated); -1 with *err
 * (MEMORY).
 */
int leat_zblob_unpack(const uint8_t *d, size_t n, size_t limit, struct leat_bytes **out, struct leat_err *err);

/* Appends the zlib stream of n bytes, always the same for the same bytes. 0 or -1. */
int leat_zblob_pack(struct leat_bytes *to, const uint8_t *d, size_t n, struct leat_err *err);

#endif
