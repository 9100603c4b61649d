/* SPDX-License-Identifier: MIT */
/* The color spaces that `colorspace` knows by name, as lcms2 profiles and as the bytes that files get. */
#ifndef LEAT_OPS_COLOR_SPACES_H
#define LEAT_OPS_COLOR_SPACES_H

#include "core/image.h"

#include <lcms2.h>

enum leat_space { /* in the order of the step's words */
		  LEAT_SPACE_SRGB,
		  LEAT_SPACE_P3, /* Display P3: the primaries of DCI P3 with white and curve of sRGB */
		  LEAT_SPACE_ADOBE, /* Adobe RGB (1998) */
		  LEAT_SPACE_LINEAR, /* sRGB's primaries, linear light */
		  LEAT_SPACE_LAB, /* CIE L*a*b* against D50, as ICC profiles count it */
		  LEAT_SPACE_CMYK,
		  LEAT_SPACE_GRAY, /* the curve of sRGB */
};

/*
 * *profile of such a space, the caller's to close; of LEAT_SPACE_CMYK none. -1 with *err (MEMORY; UNSUPPORTED).
 */
int leat_space_profile(cmsContext ctx, enum leat_space s, cmsHPROFILE *profile, struct leat_err *err);

/*
 * The profile as bytes, a new reference; always the same for the same profile, so the date in it is none. NULL with
 * *err.
 */
struct leat_bytes *leat_space_bytes(cmsHPROFILE profile, struct leat_err *err);

#endif
