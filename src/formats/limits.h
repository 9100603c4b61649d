/* SPDX-License-Identifier: MIT */
/* What an input file may ask for, and the checks and messages that go with it. */
#ifndef LEAT_FORMATS_LIMITS_H
#define LEAT_FORMATS_LIMITS_H

#include "core/codec.h"

enum {
	LEAT_LIMIT_SIDE = 65535, /* pixels of width, of height */
	LEAT_LIMIT_BLOB = 4 * 1024 * 1024, /* bytes of one piece of metadata, packed or unpacked */
	LEAT_LIMIT_CHUNKS = 128, /* PNG chunks a library may keep */
	LEAT_LIMIT_SCANS = 500, /* scans of one JPEG */
	LEAT_LIMIT_HEADER_TEXT = 64 * 1024, /* bytes of a PNM or PAM header with its comments */
	LEAT_LIMIT_COPYRIGHT = 4096, /* bytes of a copyright text that is kept */
	LEAT_JPEG_SIDE = 65500, /* what libjpeg can write */
	/*
	 * Up to here baseline JPEG gets Huffman tables of its own: coefficients of at most 24 MB are kept for it;
	 * larger images stream.
	 */
	LEAT_JPEG_OPTIMIZE_PIXELS = 4000000,
};

/* Pixels of an image where the caller sets no limit (decode max-pixels=). */
#define LEAT_LIMIT_PIXELS UINT64_C(268402689)

/*
 * Sides not zero (CORRUPT) and within LEAT_LIMIT_SIDE (LIMIT). `format` names the format in the
 * message. 0 or -1.
 */
int leat_limit_sides(const char *format, uint64_t width, uint64_t height, struct leat_err *err);

/*
 * width * height within max_pixels (0: LEAT_LIMIT_PIXELS); the message has both numbers. 0 or -1
 * (LIMIT).
 */
int leat_limit_pixels(const char *format, uint64_t width, uint64_t height, uint64_t max_pixels, struct leat_err *err);

/* Says that there is no page `page` (from 0) in a file of `pages`. Always -1 (MISMATCH). */
int leat_limit_page(const char *format, uint32_t page, uint32_t pages, struct leat_err *err);

/*
 * Private memory a row decoder takes beyond one strip: `rows` rows of the shape and a fixed part
 * for the library.
 */
uint64_t leat_limit_peak(const struct leat_image_shape *s, unsigned rows);

#endif
