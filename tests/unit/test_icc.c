/* SPDX-License-Identifier: MIT */
/* strip without the profile: pixels against lcms2's own float transform, and profiles that are no good. */
#include "op_harness.h"

#include "ops/color/icc.h"
#include "ops/color/way.h"

#include <lcms2.h>
#include <math.h>
#include <pthread.h>

extern const struct leat_op leat_op_convert, leat_op_grayscale, leat_op_strip;

/* --- profiles made here --- */

static struct leat_bytes *saved(cmsHPROFILE p)
{
	struct leat_err err = {0};
	cmsUInt32Number n = 0;
	assert_non_null(p);
	assert_true(cmsSaveProfileToMem(p, NULL, &n) && n > 0);
	struct leat_bytes *b = leat_bytes_new(n, &err);
	assert_non_null(b);
	assert_true(cmsSaveProfileToMem(p, b->data, &n));
	b->len = n;
	cmsCloseProfile(p);
	return b;
}

static const double srgb_curve[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};

static cmsHPROFILE rgb_profile(const double c[6], cmsToneCurve *curve)
{
	cmsCIExyY white = {0.3127, 0.3290, 1};
	cmsCIExyYTRIPLE rgb = {{c[0], c[1], 1}, {c[2], c[3], 1}, {c[4], c[5], 1}};
	cmsHPROFILE p = cmsCreateRGBProfile(&white, &rgb, (cmsToneCurve *[3]){curve, curve, curve});
	cmsFreeToneCurve(curve);
	return p;
}

static cmsHPROFILE p3(void)
{
	static const double primaries[6] = {0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
	return rgb_profile(primaries, cmsBuildParametricToneCurve(NULL, 4, srgb_curve));
}

static cmsHPROFILE adobe(void)
{
	static const double primaries[6] = {0.64, 0.33, 0.21, 0.71, 0.15, 0.06};
	return rgb_profile(primaries, cmsBuildGamma(NULL, 563 / 256.0));
}

static cmsHPROFILE srgb_with(cmsToneCurve *curve)
{
	static const double primaries[6] = {0.64, 0.33, 0.30, 0.60, 0.15, 0.06};
	return rgb_profile(primaries, curve);
}

static cmsHPROFILE gray(double gamma)
{
	cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
	cmsHPROFILE p = cmsCreateGrayProfile(cmsD50_xyY(), curve);
	cmsFreeToneCurve(curve);
	return p;
}

static cmsInt32Number sample(const cmsUInt16Number in[], cmsUInt16Number out[], void *cargo)
{
	cmsDoTransform(cargo, in, out, 1);
	return TRUE;
}

/* Adobe RGB again, but as a table with nothing of curves or a matrix: what scanners and printers have. */
static cmsHPROFILE table(void)
{
	cmsHPROFILE from = adobe(), lab = cmsCreateLab4Profile(NULL), p = cmsCreateProfilePlaceholder(NULL);
	cmsHTRANSFORM t =
		cmsCreateTransform(from, TYPE_RGB_16, lab, TYPE_Lab_16, INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE);
	cmsPipeline *lut = cmsPipelineAlloc(NULL, 3, 3);
	cmsStage *clut = cmsStageAllocCLut16bit(NULL, 17, 3, 3, NULL);
	assert_true(cmsStageSampleCLut16bit(clut, sample, t, 0));
	cmsPipelineInsertStage(lut, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL));
	cmsPipelineInsertStage(lut, cmsAT_END, clut);
	cmsPipelineInsertStage(lut, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL));
	cmsSetProfileVersion(p, 4.3);
	cmsSetDeviceClass(p, cmsSigInputClass);
	cmsSetColorSpace(p, cmsSigRgbData);
	cmsSetPCS(p, cmsSigLabData);
	cmsWriteTag(p, cmsSigMediaWhitePointTag, cmsD50_XYZ());
	assert_true(cmsWriteTag(p, cmsSigAToB0Tag, lut));
	cmsPipelineFree(lut);
	cmsDeleteTransform(t);
	cmsCloseProfile(from);
	cmsCloseProfile(lab);
	return p;
}

static cmsHPROFILE cmyk(void)
{
	cmsHPROFILE p = cmsCreateProfilePlaceholder(NULL);
	cmsSetProfileVersion(p, 4.3);
	cmsSetDeviceClass(p, cmsSigOutputClass);
	cmsSetColorSpace(p, cmsSigCmykData);
	cmsSetPCS(p, cmsSigLabData);
	return p;
}

/* --- comparing --- */

static double max_of(const struct leat_image *im)
{
	return im->shape.sample == LEAT_U8 ? 255 : 65535;
}

struct distance { /* in levels */
	double most, mean;
};

/* Between `out` and lcms2's float result for `in`, clamped. Alpha must be the same. */
static struct distance distance(const struct leat_image *in, const struct leat_image *out, cmsHPROFILE from)
{
	struct distance d = {0, 0};
	bool one = in->shape.channels < 3;
	cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, srgb_curve);
	cmsHPROFILE to = one ? cmsCreateGrayProfile(cmsD50_xyY(), curve) : cmsCreate_sRGBProfile();
	cmsUInt32Number format = one ? TYPE_GRAY_DBL : TYPE_RGB_DBL;
	cmsHTRANSFORM t = cmsCreateTransform(from, format, to, format, INTENT_PERCEPTUAL,
					     cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE);
	double max = max_of(in), n_all = 0;
	for (uint32_t y = 0; y < in->shape.height; y++)
		for (uint32_t x = 0; x < in->shape.width; x++) {
			double v[3] = {0}, want[3] = {0};
			unsigned n = one ? 1 : 3;
			for (unsigned c = 0; c < n; c++)
				v[c] = op_at(in, x, y, c) / max;
			cmsDoTransform(t, v, want, 1);
			for (unsigned c = 0; c < n; c++) {
				double w = want[c] < 0 ? 0 : want[c] > 1 ? 1 : want[c];
				double off = fabs(op_at(out, x, y, c) - w * max);
				d.most = fmax(d.most, off);
				d.mean += off;
				n_all++;
			}
			if (in->shape.alpha)
				assert_true(op_at(in, x, y, n) == op_at(out, x, y, n));
		}
	cmsFreeToneCurve(curve);
	cmsDeleteTransform(t);
	cmsCloseProfile(to);
	d.mean /= n_all;
	return d;
}

static double worst(const struct leat_image *in, const struct leat_image *out, cmsHPROFILE from)
{
	return distance(in, out, from).most;
}

static struct leat_image *with_profile(unsigned channels, enum leat_sample sample_type, struct leat_bytes *icc)
{
	struct leat_image_shape s = op_shape(61, 67, channels, sample_type);
	struct leat_image *im = op_noise(&s, 23);
	im->meta->icc = icc;
	return im;
}

static struct distance stripped(cmsHPROFILE (*make)(void), unsigned channels, enum leat_sample depth)
{
	struct leat_image *in = with_profile(channels, depth, saved(make()));
	struct leat_image *out = op_do(&leat_op_strip, "keep=none", in, 0);
	assert_null(out->meta->icc);
	assert_false(op_same_pixels(in, out));
	op_same_in_strips(&leat_op_strip, "keep=none", in);
	/* As saved: numbers in a profile have 16 bits. */
	cmsHPROFILE from = cmsOpenProfileFromMem(in->meta->icc->data, (cmsUInt32Number)in->meta->icc->len);
	struct distance d = distance(in, out, from);
	cmsCloseProfile(from);
	leat_image_unref(&in);
	leat_image_unref(&out);
	return d;
}

static void curves_and_matrix(void **state)
{
	(void)state;
	for (unsigned channels = 3; channels <= 4; channels++) {
		assert_true(stripped(p3, channels, LEAT_U8).most < 1);
		assert_true(stripped(p3, channels, LEAT_U16).most < 1);
		assert_true(stripped(adobe, channels, LEAT_U8).most < 1);
		assert_true(stripped(adobe, channels, LEAT_U16).most < 1);
	}
}

static void tables(void **state)
{
	(void)state;
	assert_true(stripped(table, 3, LEAT_U8).mean < 0.3); /* rounding alone is 0.19 */
	assert_true(stripped(table, 4, LEAT_U8).mean < 0.3); /* rounding alone is 0.19 */
	assert_true(stripped(table, 3, LEAT_U16).most < 1);
	assert_true(stripped(table, 4, LEAT_U16).most < 1);
}

static cmsHPROFILE gray18(void)
{
	return gray(1.8);
}

static void grays(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 2; channels++) {
		assert_true(stripped(gray18, channels, LEAT_U8).most < 1);
		assert_true(stripped(gray18, channels, LEAT_U16).most < 1);
	}
}

/* Float samples become what 16-bit ones become, but are not cut off where sRGB ends. */
static void floats(void **state)
{
	static cmsHPROFILE (*const make[])(void) = {gray18, gray18, p3, table};
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++) {
		struct leat_image *in = with_profile(channels, LEAT_U16, saved(make[channels - 1]()));
		struct leat_image *wide = op_do(&leat_op_convert, "depth=float", in, 0);
		struct leat_image *out = op_do(&leat_op_strip, "keep=none", wide, 0);
		assert_true(out->shape.sample == LEAT_F32 && !op_same_pixels(wide, out));
		struct leat_image *back = op_do(&leat_op_convert, "depth=16", out, 0);
		cmsHPROFILE from = cmsOpenProfileFromMem(in->meta->icc->data, (cmsUInt32Number)in->meta->icc->len);
		assert_true(worst(in, back, from) < 1);
		cmsCloseProfile(from);
		leat_image_unref(&in);
		leat_image_unref(&wide);
		leat_image_unref(&out);
		leat_image_unref(&back);
	}
}

/* Takes icc over. */
static void stays(unsigned channels, struct leat_bytes *icc)
{
	struct leat_image *in = with_profile(channels, LEAT_U8, icc);
	struct leat_image *out = op_do(&leat_op_strip, "keep=none", in, 0);
	assert_null(out->meta->icc);
	assert_true(op_same_pixels(in, out));
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void srgb_profiles_leave_pixels_alone(void **state)
{
	(void)state;
	stays(3, saved(cmsCreate_sRGBProfile()));
	stays(4, saved(srgb_with(cmsBuildParametricToneCurve(NULL, 4, srgb_curve))));
}

static void bad_profiles_count_as_absent(void **state)
{
	struct leat_err err = {0};
	(void)state;
	stays(3, saved(cmyk()));
	stays(3, saved(gray(1.8)));
	stays(1, saved(p3()));
	stays(2, saved(cmyk()));
	struct leat_bytes *whole = saved(p3());
	for (size_t n = 0; n < whole->len; n += 13) {
		struct leat_bytes *cut = leat_bytes_new(n ? n : 1, &err);
		memcpy(cut->data, whole->data, n);
		cut->len = n;
		struct leat_image *in = with_profile(3, LEAT_U8, cut), *out = op_do(&leat_op_strip, "keep=none", in, 0);
		leat_image_unref(&in);
		leat_image_unref(&out);
	}
	for (uint64_t i = 0, seed = 1; i < 400; i++) {
		struct leat_bytes *bent = leat_bytes_new(whole->len, &err);
		memcpy(bent->data, whole->data, bent->len = whole->len);
		for (int k = 0; k < 6; k++)
			bent->data[op_random(&seed) % bent->len] = (uint8_t)op_random(&seed);
		struct leat_image *in = with_profile(3, LEAT_U8, bent),
				  *out = op_do(&leat_op_strip, "keep=none", in, 0);
		leat_image_unref(&in);
		leat_image_unref(&out);
	}
	leat_bytes_unref(&whole);
}

/* --- PNG's own descriptions --- */

static void describe(struct leat_meta *m, double gamma, const double *chrm)
{
	m->has_gamma = gamma > 0;
	m->gamma = gamma;
	m->has_chrm = chrm != NULL;
	if (chrm)
		memcpy(m->chrm, chrm, sizeof m->chrm);
}

static double chunked(unsigned channels, double gamma, const double *chrm, cmsHPROFILE from)
{
	struct leat_image *in = with_profile(channels, LEAT_U16, NULL);
	describe(in->meta, gamma, chrm);
	struct leat_image *kept = op_do(&leat_op_strip, "", in, 0), *out = op_do(&leat_op_strip, "keep=exif", in, 0);
	assert_true(op_same_pixels(in, kept) && kept->meta->has_gamma == in->meta->has_gamma);
	assert_false(out->meta->has_gamma || out->meta->has_chrm);
	double d = worst(in, out, from);
	cmsCloseProfile(from);
	leat_image_unref(&in);
	leat_image_unref(&kept);
	leat_image_unref(&out);
	return d;
}

static void gamma_and_chrm(void **state)
{
	static const double wide[8] = {0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
	static const double flat[8] = {0.3127, 0.3290, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
	(void)state;
	assert_true(chunked(3, 1.0, NULL, srgb_with(cmsBuildGamma(NULL, 1))) < 1);
	assert_true(chunked(4, 0.55, NULL, srgb_with(cmsBuildGamma(NULL, 1 / 0.55))) < 1);
	assert_true(chunked(1, 1.0, NULL, gray(1)) < 1);
	assert_true(chunked(3, 0.45455, wide, p3()) < 1);
	assert_true(chunked(3, 0, wide, p3()) < 1);
	/* sRGB, or nonsense: nothing to do */
	assert_true(chunked(3, 0.45455, NULL, cmsCreate_sRGBProfile()) < 1);
	assert_true(chunked(3, 1e-9, flat, cmsCreate_sRGBProfile()) < 1);
	assert_true(chunked(3, NAN, NULL, cmsCreate_sRGBProfile()) < 1);
}

static void an_srgb_mark_outweighs_gamma(void **state)
{
	(void)state;
	struct leat_image *in = with_profile(3, LEAT_U8, NULL);
	describe(in->meta, 1.0, NULL);
	in->meta->has_srgb = true;
	struct leat_image *out = op_do(&leat_op_strip, "keep=none", in, 0);
	assert_true(op_same_pixels(in, out));
	assert_false(out->meta->has_gamma || out->meta->has_srgb);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void code_points(void **state)
{
	(void)state;
	struct leat_image *in = with_profile(3, LEAT_U16, saved(adobe())); /* the code points come first */
	in->meta->has_cicp = true;
	memcpy(in->meta->cicp, (uint8_t[4]){12, 13, 0, 1}, 4);
	struct leat_image *out = op_do(&leat_op_strip, "keep=none", in, 0);
	cmsHPROFILE from = p3();
	assert_true(worst(in, out, from) < 1);
	cmsCloseProfile(from);
	leat_image_unref(&out);
	memcpy(in->meta->cicp, (uint8_t[4]){9, 16, 0, 1}, 4);
	op_refused(&leat_op_strip, "keep=none", in, "cICP 9/16");
	op_refused(&leat_op_grayscale, "", in, "cICP 9/16");
	memcpy(in->meta->cicp, (uint8_t[4]){1, 13, 0, 0}, 4);
	op_refused(&leat_op_strip, "keep=none", in, "narrow");
	leat_image_unref(&in);
}

/* --- grayscale of other colors, the cache, threads --- */

static void grayscale_goes_through_srgb(void **state)
{
	(void)state;
	struct leat_image *in = with_profile(4, LEAT_U8, saved(p3()));
	struct leat_image *srgb = op_do(&leat_op_strip, "keep=none", in, 0);
	struct leat_image *want = op_do(&leat_op_grayscale, "", srgb, 0), *out = op_do(&leat_op_grayscale, "", in, 0);
	assert_true(op_same_pixels(want, out));
	op_same_in_strips(&leat_op_grayscale, "", in);
	leat_image_unref(&out);
	out = op_do(&leat_op_grayscale, "keep-channels=yes", in, 0);
	assert_null(out->meta->icc);
	leat_image_unref(&in);
	leat_image_unref(&srgb);
	leat_image_unref(&want);
	leat_image_unref(&out);
}

static void equal_profiles_are_parsed_once(void **state)
{
	struct leat_err err = {0};
	(void)state;
	struct leat_icc *w = leat_icc_new(&err);
	struct leat_to_srgb *a, *b, *c, *d;
	struct leat_image *one = with_profile(3, LEAT_U8, saved(p3())), *two = with_profile(3, LEAT_U8, saved(p3()));
	struct leat_image *other = with_profile(3, LEAT_U8, saved(adobe()));
	assert_int_equal(leat_icc_find(w, one->meta, &one->shape, &a, &err), 0);
	assert_int_equal(leat_icc_find(w, two->meta, &two->shape, &b, &err), 0);
	assert_int_equal(leat_icc_find(w, other->meta, &other->shape, &c, &err), 0);
	two->shape.sample = LEAT_U16;
	assert_int_equal(leat_icc_find(w, two->meta, &two->shape, &d, &err), 0);
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_true(c && c != a && d && d != a && d != c);
	uint8_t px[3] = {200, 30, 40}, to[3];
	leat_to_srgb_row(a, px, to, 1); /* still good when another came after it */
	assert_memory_not_equal(px, to, 3);
	leat_to_srgb_unref(&a);
	leat_to_srgb_unref(&b);
	leat_to_srgb_unref(&c);
	leat_to_srgb_unref(&d);
	two->shape.sample = LEAT_U8;
	leat_image_unref(&one);
	leat_image_unref(&two);
	leat_image_unref(&other);
	leat_icc_free(&w);
}

/* Speed depends on it: only profiles that are tables go through lcms2. */
static void each_profile_has_its_way(void **state)
{
	static const struct {
		cmsHPROFILE (*make)(void);
		unsigned channels;
		const char *way;
	} cases[] = {{p3, 3, "matrix"}, {adobe, 4, "matrix"}, {table, 3, "lcms2"}, {gray18, 2, "gray"}};
	struct leat_err err = {0};
	(void)state;
	for (size_t i = 0; i < 2 * LEAT_LEN(cases); i++) {
		struct leat_icc *w = leat_icc_new(&err);
		struct leat_image *im =
			with_profile(cases[i / 2].channels, i % 2 ? LEAT_U16 : LEAT_U8, saved(cases[i / 2].make()));
		struct leat_to_srgb *t;
		assert_int_equal(leat_icc_find(w, im->meta, &im->shape, &t, &err), 0);
		assert_non_null(t);
		assert_string_equal(leat_way_name(t), cases[i / 2].way);
		leat_to_srgb_unref(&t);
		leat_icc_free(&w);
		leat_image_unref(&im);
	}
}

struct half {
	const struct leat_to_srgb *t;
	const struct leat_image *in;
	struct leat_image *out;
	uint32_t first;
};

static void *convert_half(void *arg)
{
	struct half *h = arg;
	for (uint32_t y = h->first; y < h->in->shape.height; y += 2)
		leat_to_srgb_row(h->t, h->in->pixels + y * h->in->stride, h->out->pixels + y * h->out->stride,
				 h->in->shape.width);
	return NULL;
}

static void two_threads_share_one_way(void **state)
{
	(void)state;
	struct leat_err err = {0};
	cmsHPROFILE (*make[2])(void) = {p3, table};
	for (int i = 0; i < 2; i++) {
		struct leat_icc *w = leat_icc_new(&err);
		struct leat_image *in = with_profile(3, LEAT_U8, saved(make[i]())), *out = op_image(&in->shape, NULL);
		struct leat_image *want = op_do(&leat_op_strip, "keep=none", in, 0);
		struct half h[2] = {{NULL, in, out, 0}, {NULL, in, out, 1}};
		struct leat_to_srgb *t;
		pthread_t thread;
		assert_int_equal(leat_icc_find(w, in->meta, &in->shape, &t, &err), 0);
		h[0].t = h[1].t = t;
		assert_int_equal(pthread_create(&thread, NULL, convert_half, &h[0]), 0);
		convert_half(&h[1]);
		pthread_join(thread, NULL);
		assert_true(op_same_pixels(out, want));
		leat_to_srgb_unref(&t);
		leat_icc_free(&w);
		leat_image_unref(&in);
		leat_image_unref(&out);
		leat_image_unref(&want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(curves_and_matrix),
		cmocka_unit_test(tables),
		cmocka_unit_test(grays),
		cmocka_unit_test(floats),
		cmocka_unit_test(srgb_profiles_leave_pixels_alone),
		cmocka_unit_test(bad_profiles_count_as_absent),
		cmocka_unit_test(gamma_and_chrm),
		cmocka_unit_test(an_srgb_mark_outweighs_gamma),
		cmocka_unit_test(code_points),
		cmocka_unit_test(grayscale_goes_through_srgb),
		cmocka_unit_test(equal_profiles_are_parsed_once),
		cmocka_unit_test(each_profile_has_its_way),
		cmocka_unit_test(two_threads_share_one_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
