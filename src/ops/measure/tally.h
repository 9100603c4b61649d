/* SPDX-License-Identifier: MIT */
/*
 * Counting samples for stats: everything is kept in whole numbers, so results are exact and do not depend on the
 * order in which rows come or on who counts them.
 */
#ifndef LEAT_OPS_MEASURE_TALLY_H
#define LEAT_OPS_MEASURE_TALLY_H

#include "core/image.h"
#include "ops/transfer.h"

__extension__ typedef unsigned __int128 leat_u128;

/* What is counted beyond the moments. */
struct leat_tally_want {
	struct leat_image_shape shape; /* U8 or U16 */
	bool fine; /* U16: histograms of all levels, for percentiles */
	bool coarse; /* U16: histograms of the high bytes, for entropy (8 bit always has its levels) */
	bool colors; /* the 4096 bins of dominant */
	const struct leat_transfer
		*curve; /* 8 bit, for the histogram of luminance; NULL: not wanted, or the image is gray */
};

enum { LEAT_COLOR_BINS = 4096 };

struct leat_tally {
	struct leat_moments {
		uint64_t min, max, full; /* full: samples at the full range */
		leat_u128 sum, squares;
	} moments[4]; /* U16: of each channel; U8: filled by leat_tally_close */
	uint64_t coarse[4][256]; /* of each channel; U8: all levels */
	uint64_t luminance[256];
	uint64_t bins[LEAT_COLOR_BINS]; /* 4 bits each of red, green, blue */
	uint64_t *fine; /* [channels][65536], or NULL */
};

/* Bytes of one tally with all it holds. */
size_t leat_tally_bytes(const struct leat_tally_want *w);

/* Zeroed, or NULL with *err set (MEMORY). */
struct leat_tally *leat_tally_new(const struct leat_tally_want *w, struct leat_err *err);
void leat_tally_free(struct leat_tally **t); /* clears *t, accepts NULL in it */

/* Counts one row. */
void leat_tally_row(struct leat_tally *t, const struct leat_tally_want *w, const uint8_t *row);

/* Adds from's counts to `to`. */
void leat_tally_add(struct leat_tally *to, const struct leat_tally *from, const struct leat_tally_want *w);

/* After the last row and before anything is read: completes moments and histograms. Once. */
void leat_tally_close(struct leat_tally *t, const struct leat_tally_want *w);

/* The histogram of channel c with all levels of the depth (256 or 65536 of them). U16 without `fine`: NULL. */
const uint64_t *leat_tally_levels(const struct leat_tally *t, const struct leat_tally_want *w, unsigned c);

#endif
