/* SPDX-License-Identifier: MIT */
/* YCbCr to RGB as libjpeg does it: 16-bit fixed point, each term rounded by itself (T.871, jdcolor.c). */
#ifndef LEAT_FORMATS_JPEG_YCC_H
#define LEAT_FORMATS_JPEG_YCC_H

#include <stddef.h>
#include <stdint.h>

/* One row of n pixels. */
void leat_ycc_row(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *rgb, size_t n);

#endif
