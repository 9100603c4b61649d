/* SPDX-License-Identifier: MIT */
/* The lcms2 profile that an image's metadata stand for. Used by icc.c alone. */
#ifndef LEAT_OPS_COLOR_PROFILE_H
#define LEAT_OPS_COLOR_PROFILE_H

#include "core/image.h"

#include <lcms2.h>

/*
 * The profile of samples with this metadata, for a gray or an RGB image, by the order that icc.h tells. *profile
 * is NULL when they are sRGB, else the caller's to close. -1 with *err (UNSUPPORTED) for cICP code points that
 * cannot be brought to sRGB.
 */
int leat_profile_of(cmsContext ctx, const struct leat_meta *meta, bool gray, cmsHPROFILE *profile,
		    struct leat_err *err);

/* A gray profile with the sRGB curve; NULL when memory is out. The caller's to close. */
cmsHPROFILE leat_profile_gray(cmsContext ctx);

#endif
