/* SPDX-License-Identifier: MIT */
/* Blocks of baseline JPEG to samples at a fraction of their size. */
#ifndef LEAT_FORMATS_JPEG_BLOCK_H
#define LEAT_FORMATS_JPEG_BLOCK_H

#include "formats/jpeg_huff.h"

/* One component: how its blocks are read. */
struct leat_jpeg_plane {
	unsigned size; /* samples across and down of a block: 1, 2 or 4 */
	const struct leat_huff *dc, *ac;
	const struct leat_skip *skip; /* for size 1 */
	int32_t last_dc;
	size_t stride; /* of its samples */
	/* By the order in the file (zigzag): quantization step; for size 2 times the weight of its row. */
	int32_t step[64], weight[64];
	uint8_t place[64]; /* size 2: sum it belongs to; size 4: place in the block by rows */
	uint8_t counts[64]; /* 1 where the coefficient has a say */
};

/* A block of an MCU: of which component, and where its samples go. */
struct leat_jpeg_unit {
	struct leat_jpeg_plane *plane;
	uint8_t *to;
	size_t on; /* bytes to the same block of the next MCU */
};

/* From a table by rows, with p->size set. False for steps that 8-bit JPEG does not have. */
bool leat_jpeg_plane_quant(struct leat_jpeg_plane *p, const uint16_t quant[64]);

/*
 * Reads `count` MCUs of n blocks each and makes their samples, the first at unit.to. False when the data are not
 * all there, or when there is something in them that calls for libjpeg.
 */
bool leat_jpeg_mcus(const struct leat_jpeg_unit *units, unsigned n, uint32_t count, struct leat_bits *bits);

#endif
