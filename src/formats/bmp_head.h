/* SPDX-License-Identifier: MIT */
/*
 * The headers of BMP, read with bounds: OS/2 1 and 2, Windows 3 to 5. What is not read (JPEG and PNG inside, RLE of 24
 * bits, Huffman) is UNSUPPORTED.
 */
#ifndef LEAT_FORMATS_BMP_HEAD_H
#define LEAT_FORMATS_BMP_HEAD_H

#include "core/codec.h"

enum leat_bmp_packing { LEAT_BMP_PLAIN, LEAT_BMP_RLE8, LEAT_BMP_RLE4 };

struct leat_bmp_mask { /* of one channel in a pixel of 16 or 32 bits */
	uint32_t mask;
	uint8_t shift;
	uint32_t full; /* the largest value; 0: the channel is not there */
};

struct leat_bmp {
	uint32_t width, height;
	bool top_down;
	unsigned bits; /* of a pixel */
	enum leat_bmp_packing packing;
	size_t raster, stride; /* offset and bytes of a stored row; stride 0 when packed */
	uint8_t palette[256][4]; /* red, green, blue, unused; black from `colors` on */
	unsigned colors; /* 0: no palette */
	bool gray; /* every color of the palette is */
	struct leat_bmp_mask mask[4]; /* red, green, blue, alpha, of 16 and 32 bits */
	double density_x, density_y; /* pixels per inch, 0 unknown */
	size_t icc, icc_bytes; /* the profile inside the file; 0: none */
};

/* From the first n bytes (`whole`: that is the file). 0; -1 with *err; 1 when more bytes are needed. */
int leat_bmp_header(const uint8_t *d, size_t n, bool whole, struct leat_bmp *b, struct leat_err *err);
struct leat_image_shape leat_bmp_shape(const struct leat_bmp *b);
/* Private memory of a decode. */
uint64_t leat_bmp_peak(const struct leat_bmp *b);
/* codec.probe, codec.sniff */
int leat_bmp_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err);
bool leat_bmp_sniff(const uint8_t *d, size_t n);

#endif
