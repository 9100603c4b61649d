/* SPDX-License-Identifier: MIT */
/*
 * Rows of samples to planes of floats, one for each channel, and back: the two ends of resampling. Whole samples keep
 * their numbers, 0 .. 255 or 65535; float ones are taken and given as they are. Color is multiplied by alpha first and
 * divided by it afterwards. All are thread safe.
 */
#ifndef LEAT_OPS_PLANES_H
#define LEAT_OPS_PLANES_H

#include "core/image.h"
#include "ops/transfer.h"

struct leat_planes {
	const struct leat_image_shape *shape;
	const struct leat_transfer *transfer; /* linear light: tables for shape->sample, U8 or U16; NULL: as coded */
	size_t plane; /* floats from channel to channel; what lies behind the last sample becomes 0 */
};

/* Interleaved floats of an opaque image, 1 or 3 channels, to planes. */
void leat_planes_split(const struct leat_planes *p, const float *row, float *planes);

/* A row of the image. `flat`: room for it as floats. */
void leat_planes_load(const struct leat_planes *p, const void *from, float *flat, float *planes);

/*
 * n pixels of a result, leat_along_step(channels) floats each, to samples: rounded and clamped, or as they are. Where
 * alpha is 0, or rounds to it, the whole pixel is 0.
 */
void leat_planes_store(const struct leat_planes *p, const float *result, uint32_t n, void *to);

#endif
