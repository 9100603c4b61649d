/* SPDX-License-Identifier: MIT */
/* See ink_profile.h. */
#include "formats/ink_profile.h"

#include "base/mem.h"

#include <lcms2.h>
#include <string.h>

enum { KNOWN_BITS = 12, KNOWN = 1 << KNOWN_BITS };

/* A color of 8 bit met before. */
struct known {
	uint8_t inks[4], rgb[3];
	bool is;
};

struct leat_ink_profile {
	cmsContext ctx;
	cmsHTRANSFORM transform;
	enum leat_sample sample;
	struct known known[KNOWN];
};

static bool make(struct leat_ink_profile *p, const struct leat_bytes *icc, bool inverted)
{
	bool narrow = p->sample == LEAT_U8;
	cmsUInt32Number from =
		inverted ? (narrow ? TYPE_CMYK_8_REV : TYPE_CMYK_16_REV) : (narrow ? TYPE_CMYK_8 : TYPE_CMYK_16);
	cmsHPROFILE own = cmsOpenProfileFromMemTHR(p->ctx, icc->data, (cmsUInt32Number)icc->len);
	cmsHPROFILE srgb = cmsCreate_sRGBProfileTHR(p->ctx);
	if (own && srgb && cmsGetColorSpace(own) == cmsSigCmykData && cmsGetDeviceClass(own) != cmsSigLinkClass)
		p->transform = cmsCreateTransformTHR(
			p->ctx, own, from, srgb, narrow ? TYPE_RGB_8 : TYPE_RGB_16, INTENT_PERCEPTUAL,
			cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE | cmsFLAGS_BLACKPOINTCOMPENSATION);
	if (own)
		cmsCloseProfile(own);
	if (srgb)
		cmsCloseProfile(srgb);
	return p->transform != NULL;
}

int leat_ink_profile_open(struct leat_ink_profile **out, const struct leat_bytes *icc, enum leat_sample sample,
			  bool inverted, struct leat_err *err)
{
	*out = NULL;
	if (!icc || icc->len > UINT32_MAX)
		return 0;
	struct leat_ink_profile *p = leat_zalloc(1, sizeof *p, err);
	if (!p)
		return -1;
	p->sample = sample;
	p->ctx = cmsCreateContext(NULL, NULL);
	if (p->ctx && make(p, icc, inverted))
		*out = p;
	else
		leat_ink_profile_close(&p);
	return 0;
}

static unsigned place(const uint8_t inks[4])
{
	uint32_t v;
	memcpy(&v, inks, sizeof v);
	return v * UINT32_C(2654435761) >> (32 - KNOWN_BITS); /* Knuth's multiplicative hash */
}

static void narrow_row(struct leat_ink_profile *p, const uint8_t *inks, uint8_t *rgb, uint32_t width)
{
	for (size_t x = 0; x < width; x++, inks += 4, rgb += 3) {
		struct known *k = &p->known[place(inks)];
		if (!k->is || memcmp(k->inks, inks, sizeof k->inks) != 0) {
			cmsDoTransform(p->transform, inks, k->rgb, 1);
			memcpy(k->inks, inks, sizeof k->inks);
			k->is = true;
		}
		memcpy(rgb, k->rgb, sizeof k->rgb);
	}
}

void leat_ink_profile_row(struct leat_ink_profile *p, const void *inks, void *rgb, uint32_t width)
{
	if (p->sample == LEAT_U8)
		narrow_row(p, inks, rgb, width);
	else
		cmsDoTransform(p->transform, inks, rgb, width);
}

void leat_ink_profile_close(struct leat_ink_profile **p)
{
	struct leat_ink_profile *old = *p;
	*p = NULL;
	if (!old)
		return;
	if (old->transform)
		cmsDeleteTransform(old->transform);
	if (old->ctx)
		cmsDeleteContext(old->ctx);
	free(old);
}
