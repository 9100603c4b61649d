/* SPDX-License-Identifier: MIT */
/*
 * Baseline JPEG at 1/8, 1/4 or 1/2 without libjpeg's decoder: pixel for pixel what libjpeg-turbo gives, in less
 * time. At 1/8 most coefficients are passed over, several at once.
 *
 * It decodes only what is in perfect order and ordinary. At the first thing that is not (damage, a file that ends
 * early, numbers that an 8-bit image does not make) it gives up; then libjpeg decodes the file from its beginning,
 * passes over the rows that were given already, which are the same, and has the last word about what is wrong.
 *
 * Bounds: the data are read through a window with zeros behind its end (jpeg_bits.h), so that one MCU needs no check;
 * samples go into planes as wide as whole MCUs.
 */
#ifndef LEAT_FORMATS_JPEG_SMALL_H
#define LEAT_FORMATS_JPEG_SMALL_H

#include "core/image.h"

#include <stdio.h> /* jpeglib.h needs FILE */

#include <jpeglib.h>

struct leat_jpeg_small;

/*
 * c: its header was read (jpeg_read_header), the scale is set and its output dimensions calculated; src stands behind
 * the first SOS. What is needed of c is copied; the file's bytes, up to `end`, must stay. *s stays NULL where this
 * is not a JPEG for it. 0, or -1 with *err (MEMORY).
 */
int leat_jpeg_small_open(struct leat_jpeg_small **s, const struct jpeg_decompress_struct *c, const uint8_t *end,
			 struct leat_err *err);

/* The next rows, in order. False when it gives up: it must not be asked again then. */
bool leat_jpeg_small_rows(struct leat_jpeg_small *s, struct leat_rows *out);

/* After the last row: does the file end there as it should? */
bool leat_jpeg_small_ends_well(struct leat_jpeg_small *s);

/* Releases it and clears *s; accepts NULL in it. */
void leat_jpeg_small_close(struct leat_jpeg_small **s);

#endif
