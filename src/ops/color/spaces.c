/* SPDX-License-Identifier: MIT */
/* See spaces.h. */
#include "ops/color/spaces.h"

#include "base/mem.h"
#include "ops/color/profile.h"

#include <string.h>

static const cmsCIExyY d65 = {0.3127, 0.3290, 1};
static const cmsCIExyYTRIPLE srgb = {{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
static const cmsCIExyYTRIPLE p3 = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
static const cmsCIExyYTRIPLE adobe = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};

/* The sRGB decoding curve as lcms2's parametric type 4. */
static const double srgb_curve[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
static const double adobe_gamma = 563.0 / 256; /* Adobe RGB (1998) Color Image Encoding, 4.3.4.2 */

/* Takes the curve over. */
static cmsHPROFILE rgb(cmsContext ctx, const cmsCIExyYTRIPLE *primaries, cmsToneCurve *curve)
{
	cmsToneCurve *curves[3] = {curve, curve, curve};
	cmsHPROFILE p = curve ? cmsCreateRGBProfileTHR(ctx, &d65, primaries, curves) : NULL;
	cmsFreeToneCurve(curve);
	return p;
}

/* What programs show of a profile. */
static bool name_it(cmsContext ctx, cmsHPROFILE p, const char *name)
{
	cmsMLU *text = cmsMLUalloc(ctx, 1);
	bool ok = text && cmsMLUsetASCII(text, "en", "US", name) && cmsWriteTag(p, cmsSigProfileDescriptionTag, text);
	cmsMLUfree(text);
	return ok;
}

int leat_space_profile(cmsContext ctx, enum leat_space s, cmsHPROFILE *profile, struct leat_err *err)
{
	static const char *const names[] = {"sRGB", "Display P3", "Adobe RGB (1998)", "linear sRGB", "Lab", "", "gray"};
	cmsHPROFILE p = NULL;
	switch (s) {
	case LEAT_SPACE_SRGB:
		p = rgb(ctx, &srgb, cmsBuildParametricToneCurve(ctx, 4, srgb_curve));
		break;
	case LEAT_SPACE_P3:
		p = rgb(ctx, &p3, cmsBuildParametricToneCurve(ctx, 4, srgb_curve));
		break;
	case LEAT_SPACE_ADOBE:
		p = rgb(ctx, &adobe, cmsBuildGamma(ctx, adobe_gamma));
		break;
	case LEAT_SPACE_LINEAR:
		p = rgb(ctx, &srgb, cmsBuildGamma(ctx, 1));
		break;
	case LEAT_SPACE_LAB:
		p = cmsCreateLab4ProfileTHR(ctx, NULL);
		break;
	case LEAT_SPACE_GRAY:
		p = leat_profile_gray(ctx);
		break;
	case LEAT_SPACE_CMYK:
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "images of inks cannot be made yet");
	}
	if (p && name_it(ctx, p, names[s])) {
		*profile = p;
		return 0;
	}
	if (p)
		cmsCloseProfile(p);
	return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
}

struct leat_bytes *leat_space_bytes(cmsHPROFILE profile, struct leat_err *err)
{
	/* ICC.1, 7.2: date and time of creation, 12 bytes; that of the standard itself stands for none. */
	static const uint8_t date[12] = {0x07, 0xe8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
	enum { DATE_AT = 24 };
	cmsUInt32Number n = 0;
	struct leat_bytes *b = NULL;
	if (cmsSaveProfileToMem(profile, NULL, &n) && n > DATE_AT + sizeof date)
		b = leat_bytes_new(n, err);
	if (!b || !cmsSaveProfileToMem(profile, b->data, &n)) {
		leat_bytes_unref(&b);
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
		return NULL;
	}
	b->len = n;
	memcpy(b->data + DATE_AT, date, sizeof date);
	return b;
}
