/* SPDX-License-Identifier: MIT */
/* From one lcms2 profile to sRGB: the step between profile.h and icc.h. Used by icc.c alone. */
#ifndef LEAT_OPS_COLOR_WAY_H
#define LEAT_OPS_COLOR_WAY_H

#include "ops/color/icc.h"

#include <lcms2.h>

/* What a way is wanted for. */
struct leat_way_ask {
	cmsContext ctx;
	cmsHPROFILE from; /* of the image's kind: gray or RGB */
	const struct leat_image_shape *shape; /* U8, U16 or float */
	const struct leat_transfer *curve; /* sRGB for the depth, of float for 16 bit; must outlive the way */
};

/*
 * *t is a new way with one reference, or NULL when the colors are sRGB's within one 8-bit level or lcms2 does
 * not take the profile. -1 with *err set (MEMORY). Touches nothing but its arguments.
 */
int leat_way_find(const struct leat_way_ask *q, struct leat_to_srgb **t, struct leat_err *err);

/* "gray", "matrix" or "lcms2": which kind of way it is, for tests. Static text. */
const char *leat_way_name(const struct leat_to_srgb *t);

#endif
