/* SPDX-License-Identifier: MIT */
/* The lcms2 profile that an image's metadata stand for. See profile.h. */
#include "ops/color/profile.h"

#include "base/mem.h"

#include <math.h>

/* Primaries and white as PNG's cHRM has them: white, red, green, blue x y. */
static const double srgb_chrm[8] = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};

/* Code points of ITU-T H.273, as far as they can be brought to sRGB without a choice of tone mapping. */
static const struct {
	uint8_t code;
	double chrm[8];
} primaries[] = {
	{1, {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}}, /* BT.709, sRGB */
	{5, {0.3127, 0.3290, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06}}, /* BT.601, 625 lines */
	{6, {0.3127, 0.3290, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07}}, /* BT.601, 525 lines */
	{7, {0.3127, 0.3290, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07}}, /* SMPTE 240M */
	{9, {0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046}}, /* BT.2020 */
	{12, {0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}}, /* Display P3 */
};

/* The sRGB decoding curve as lcms2's parametric type 4: (a x + b)^g above d, c x below it. */
static cmsToneCurve *srgb_curve(cmsContext ctx)
{
	static const double p[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
	return cmsBuildParametricToneCurve(ctx, 4, p);
}

static cmsToneCurve *bt709_curve(cmsContext ctx)
{
	static const double p[5] = {1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081};
	return cmsBuildParametricToneCurve(ctx, 4, p);
}

/* The decoding curve of a cICP transfer code, or NULL. */
static cmsToneCurve *cicp_curve(cmsContext ctx, uint8_t code)
{
	switch (code) {
	case 1:
	case 6:
	case 14:
	case 15:
		return bt709_curve(ctx);
	case 4:
		return cmsBuildGamma(ctx, 2.2);
	case 5:
		return cmsBuildGamma(ctx, 2.8);
	case 8:
		return cmsBuildGamma(ctx, 1.0);
	case 13:
		return srgb_curve(ctx);
	default:
		return NULL;
	}
}

/* Takes the curve over. NULL when it is NULL, the primaries make no triangle, or memory is out. */
static cmsHPROFILE build(cmsContext ctx, const double chrm[8], cmsToneCurve *curve, bool gray)
{
	cmsCIExyY white = {chrm[0], chrm[1], 1};
	cmsCIExyYTRIPLE rgb = {{chrm[2], chrm[3], 1}, {chrm[4], chrm[5], 1}, {chrm[6], chrm[7], 1}};
	cmsToneCurve *curves[3] = {curve, curve, curve};
	if (!curve)
		return NULL;
	cmsHPROFILE p = gray ? cmsCreateGrayProfileTHR(ctx, cmsD50_xyY(), curve)
			     : cmsCreateRGBProfileTHR(ctx, &white, &rgb, curves);
	cmsFreeToneCurve(curve);
	return p;
}

cmsHPROFILE leat_profile_gray(cmsContext ctx)
{
	return build(ctx, srgb_chrm, srgb_curve(ctx), true);
}

static const double *cicp_primaries(uint8_t code)
{
	for (size_t i = 0; i < LEAT_LEN(primaries); i++)
		if (primaries[i].code == code)
			return primaries[i].chrm;
	return NULL;
}

static int from_cicp(cmsContext ctx, const struct leat_meta *m, bool gray, cmsHPROFILE *profile, struct leat_err *err)
{
	const double *chrm = gray ? srgb_chrm : cicp_primaries(m->cicp[0]);
	cmsToneCurve *curve = cicp_curve(ctx, m->cicp[1]);
	if (!chrm || !curve || !m->cicp[3]) {
		cmsFreeToneCurve(curve);
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "colors coded as cICP %d/%d%s cannot be converted to sRGB yet", m->cicp[0], m->cicp[1],
				 m->cicp[3] ? "" : " with a narrow range");
	}
	*profile = build(ctx, chrm, curve, gray);
	return 0;
}

/* The embedded profile, when it can be read and is of the image's kind; else NULL. */
static cmsHPROFILE from_icc(cmsContext ctx, const struct leat_bytes *icc, bool gray)
{
	if (!icc || icc->len > UINT32_MAX)
		return NULL;
	cmsHPROFILE p = cmsOpenProfileFromMemTHR(ctx, icc->data, (cmsUInt32Number)icc->len);
	if (!p)
		return NULL;
	cmsProfileClassSignature class = cmsGetDeviceClass(p);
	bool device = class == cmsSigInputClass || class == cmsSigDisplayClass || class == cmsSigOutputClass ||
		      class == cmsSigColorSpaceClass;
	cmsColorSpaceSignature pcs = cmsGetPCS(p);
	if (device && (pcs == cmsSigXYZData || pcs == cmsSigLabData) &&
	    cmsGetColorSpace(p) == (gray ? cmsSigGrayData : cmsSigRgbData))
		return p;
	cmsCloseProfile(p);
	return NULL;
}

static bool usable_gamma(const struct leat_meta *m)
{
	return m->has_gamma && m->gamma >= 0.05 && m->gamma <= 10;
}

static bool usable_chrm(const struct leat_meta *m)
{
	for (int i = 0; i < 8 && m->has_chrm; i += 2) {
		double x = m->chrm[i], y = m->chrm[i + 1];
		if (!(x >= 0 && y > 0.01 && x + y <= 1))
			return false;
	}
	return m->has_chrm;
}

/* What PNG's gAMA and cHRM say; NULL: nothing, or sRGB. A missing one of the two is sRGB's. */
static cmsHPROFILE from_chunks(cmsContext ctx, const struct leat_meta *m, bool gray)
{
	bool gamma = usable_gamma(m), chrm = usable_chrm(m);
	if (!gamma && !chrm)
		return NULL;
	bool srgb = !gamma || fabs(m->gamma - 1 / 2.2) < 0.0005;
	return build(ctx, chrm ? m->chrm : srgb_chrm, srgb ? srgb_curve(ctx) : cmsBuildGamma(ctx, 1 / m->gamma), gray);
}

int leat_profile_of(cmsContext ctx, const struct leat_meta *m, bool gray, cmsHPROFILE *profile, struct leat_err *err)
{
	*profile = NULL;
	if (m->has_cicp && m->cicp[0] != 2 && m->cicp[1] != 2) /* 2: not specified */
		return from_cicp(ctx, m, gray, profile, err);
	*profile = from_icc(ctx, m->icc, gray);
	if (!*profile && !m->has_srgb)
		*profile = from_chunks(ctx, m, gray);
	return 0;
}
