/* SPDX-License-Identifier: MIT */
/*
 * Ways to choose the filter of each row of a PNG: one for all, or for each row the one after which it looks most
 * compressible. Which way is best for an image is found by trying them on a sample of its rows.
 */
#ifndef LEAT_FORMATS_PNG_FILTERING_H
#define LEAT_FORMATS_PNG_FILTERING_H

#include "base/err.h"
#include "formats/packer.h"
#include "formats/png_filter.h"

enum leat_filtering {
	/* That filter for every row; in the order of enum leat_png_filter. */
	LEAT_FILTERING_NONE,
	LEAT_FILTERING_SUB,
	LEAT_FILTERING_UP,
	LEAT_FILTERING_AVERAGE,
	LEAT_FILTERING_PAETH,
	LEAT_FILTERING_SUMS, /* least sum of absolute differences */
	LEAT_FILTERING_ENTROPY, /* least entropy of bytes */
	LEAT_FILTERING_PAIRS, /* least entropy of pairs of bytes */
	LEAT_FILTERINGS,
};

/* Rows as they are stored, with room around them for filters; the row above the first is zeros. */
struct leat_stored_rows {
	uint8_t *memory; /* the caller's to free */
	uint8_t *first;
	size_t stride, n; /* bytes from row to row; bytes of a row */
	uint32_t height;
	unsigned bpp;
};

/* 0, or -1 with *err. The rows are undefined, all around them is zero. */
int leat_stored_new(struct leat_stored_rows *r, uint32_t height, size_t n, unsigned bpp, struct leat_err *err);

/* What the ways need beside the rows. Large: not for the stack. */
struct leat_filter_room;
struct leat_filter_room *leat_filter_room_new(size_t n, struct leat_err *err); /* for rows of n bytes */
void leat_filter_room_free(struct leat_filter_room **r);

/* Row y with its filter byte: n + 1 bytes, and up to LEAT_PNG_BEHIND more that mean nothing. */
void leat_filtering_row(enum leat_filtering way, const struct leat_stored_rows *r, uint32_t y, uint8_t *to,
			struct leat_filter_room *room);

/*
 * Sorts the n ways in `ways` by what a sample of the rows packs to, best first; of equals the former stays first. The
 * sample depends on the rows alone. 0 or -1 with *err.
 */
int leat_filtering_rank(enum leat_filtering *ways, int n, const struct leat_stored_rows *r,
			struct leat_filter_room *room, struct leat_err *err);

#endif
