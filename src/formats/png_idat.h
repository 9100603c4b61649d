/* SPDX-License-Identifier: MIT */
/*
 * The pixels of a PNG on their way out: filtered rows are gathered, packed with libdeflate, and appended as IDAT
 * chunks. Up to LEAT_IDAT_WHOLE bytes are packed in one go and make one chunk; of more, bands of LEAT_IDAT_BAND bytes
 * are packed one by one and joined to one stream (png_join.h), a chunk each, so that memory stays flat. Where a band
 * ends depends on the bytes of a row and of the image alone.
 *
 * Where samples are mostly noise (photographs in 16 bit), a lower level can pack smaller, and it is faster always. So
 * two levels may be given: both pack a part of the first band, and which one goes on depends on the pixels alone.
 */
#ifndef LEAT_FORMATS_PNG_IDAT_H
#define LEAT_FORMATS_PNG_IDAT_H

#include "core/bytes.h"
#include "formats/packer.h"

enum { LEAT_IDAT_WHOLE = 32 << 20, LEAT_IDAT_BAND = 8 << 20 };

struct leat_idat {
	struct leat_bytes *out; /* borrowed */
	struct libdeflate_compressor *packer;
	int level;
	int lower; /* to be tried, or -1 */
	uint8_t *band, *packed; /* packed: of bands only */
	size_t used, cap, packed_cap;
	uint64_t left; /* bytes that are still to come */
	uint32_t adler;
	bool whole, begun;
};

/*
 * `total` bytes will come in rows of at most `row`. lower: a level that is used instead of `level` where it packs a
 * sample no larger; -1: none. 0, or -1 with *err. Close it either way.
 */
int leat_idat_open(struct leat_idat *i, struct leat_bytes *out, uint64_t total, size_t row, int level, int lower,
		   struct leat_err *err);

/* Room for the next n bytes, and for LEAT_PNG_BEHIND more that do not count. NULL with *err. */
uint8_t *leat_idat_row(struct leat_idat *i, size_t n, struct leat_err *err);

/* After the last row: everything is in `out`. 0 or -1. */
int leat_idat_end(struct leat_idat *i, struct leat_err *err);
void leat_idat_close(struct leat_idat *i);

/* Memory that it takes of such an image, besides what it appends. */
size_t leat_idat_cost(uint64_t total, size_t row, int level);

#endif
