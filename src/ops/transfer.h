/* SPDX-License-Identifier: MIT */
/* The sRGB transfer curve (IEC 61966-2-1) as tables: coded samples to linear light and back. */
#ifndef LEAT_OPS_TRANSFER_H
#define LEAT_OPS_TRANSFER_H

#include "core/image.h"

struct leat_transfer {
	uint32_t max; /* largest coded sample: 255 or 65535; 0 while empty */
	uint32_t knots; /* `encode` is sampled at i / knots, i = 0 .. knots */
	float *decode; /* [max + 1]: linear light 0..1 of each coded sample */
	float *encode; /* [knots + 2]: coded value 0..max, not rounded; the last entry is there twice */
};

/* Linear light 0..1 of a coded value 0..1, and back: the exact curve. */
double leat_srgb_decode(double v);
double leat_srgb_encode(double v);

/* Makes the tables for U8 or U16 (about 17 or 512 KiB); tables made before are kept. 0, or -1 with *err (MEMORY). */
int leat_transfer_make(struct leat_transfer *t, enum leat_sample sample, struct leat_err *err);
void leat_transfer_free(struct leat_transfer *t);

/*
 * Coded value 0..max, not rounded, of linear light v (clamped to 0..1): linear interpolation between the knots, within
 * 0.01 of a coded level of the exact curve.
 */
static inline float leat_transfer_encode(const struct leat_transfer *t, float v)
{
	float at = (v > 0 ? (v < 1 ? v : 1) : 0) * (float)t->knots;
	uint32_t i = (uint32_t)at;
	return t->encode[i] + (t->encode[i + 1] - t->encode[i]) * (at - (float)i);
}

#endif
