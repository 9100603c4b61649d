/* SPDX-License-Identifier: MIT */
/* Text as it is read: unpacked, in UTF-8. */
#ifndef LEAT_FORMATS_CSV_PLAIN_H
#define LEAT_FORMATS_CSV_PLAIN_H

#include "core/codec.h"

/* Is it packed by gzip? */
bool leat_csv_packed(const uint8_t *d, size_t n);
/*
 * The bytes as UTF-8 text without a mark before it: *text refers to `in` where nothing was to be done, else to a copy;
 * the caller's reference. *begin: behind the mark. -1 with *err: what is no text (FORMAT), damaged (CORRUPT,
 * TRUNCATED), MEMORY.
 */
int leat_csv_plain(const struct leat_parse_params *p, struct leat_bytes *in, struct leat_bytes **text, size_t *begin,
		   struct leat_err *err);
/* How many bytes it would be, at most, as far as it tells. */
uint64_t leat_csv_plain_size(const uint8_t *d, size_t n);
/* The other way: *b becomes itself packed by gzip (no time, no name in it). 0, or -1 with *err: *b is NULL then. */
int leat_csv_pack(struct leat_bytes **b, struct leat_err *err);

#endif
