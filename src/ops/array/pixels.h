/* SPDX-License-Identifier: MIT */
/* Images as arrays of their samples. Thread safe. */
#ifndef LEAT_OPS_ARRAY_PIXELS_H
#define LEAT_OPS_ARRAY_PIXELS_H

#include "core/payload.h"

/*
 * The shape of an image's array: (height, width, channels), or (channels, height, width) when chw; of gray images
 * (height, width). Of images of several pages the first dimension counts those. Samples keep their type: uint8, uint16,
 * float32. Alpha is the last channel.
 */
struct leat_array_shape leat_pixels_shape(const struct leat_image_shape *s, bool chw);

/* A new array with the samples, C order. NULL with *err (MEMORY, LIMIT). */
struct leat_array *leat_pixels_array(const struct leat_image *im, bool chw, struct leat_err *err);

#endif
