/* SPDX-License-Identifier: MIT */
/*
 * CMYK to sRGB by the image's own profile, through lcms2, perceptual with black point compensation. Every color is
 * computed exactly; what was met lately is looked up.
 */
#ifndef LEAT_FORMATS_INK_PROFILE_H
#define LEAT_FORMATS_INK_PROFILE_H

#include "core/image.h"

struct leat_ink_profile; /* one decoder's: not for several threads at once */

/*
 * *p for samples of 8 or 16 bit; inverted: the largest sample is no ink. *p stays NULL where the profile is not one of
 * CMYK or cannot be used. 0, or -1 with *err (MEMORY).
 */
int leat_ink_profile_open(struct leat_ink_profile **p, const struct leat_bytes *icc, enum leat_sample sample,
			  bool inverted, struct leat_err *err);
/* One row: four inks a pixel to three colors a pixel. */
void leat_ink_profile_row(struct leat_ink_profile *p, const void *inks, void *rgb, uint32_t width);
void leat_ink_profile_close(struct leat_ink_profile **p); /* clears *p, accepts NULL in it */

#endif
