/* SPDX-License-Identifier: MIT */
/* colorspace: every sample against lcms2's own float transform, the profile that comes with it, what is refused. */
#include "op_harness.h"

#include "ops/color/icc.h"
#include "ops/color/spaces.h"

extern const struct leat_op leat_op_colorspace;

enum { FILE_SPACE = -1 };

static cmsHPROFILE profile(enum leat_space s)
{
	cmsHPROFILE p = NULL;
	struct leat_err err = {0};
	assert_int_equal(leat_space_profile(NULL, s, &p, &err), 0);
	return p;
}

static struct leat_bytes *bytes_of(enum leat_space s)
{
	struct leat_err err = {0};
	cmsHPROFILE p = profile(s);
	struct leat_bytes *b = leat_space_bytes(p, &err);
	assert_non_null(b);
	cmsCloseProfile(p);
	return b;
}

static const char *const words[] = {"srgb", "p3", "adobe-rgb", "linear", "lab", "cmyk", "gray"};

/* The step with this text; space FILE_SPACE: the file that `resource` holds. */
static struct leat_image *run(int space, const char *more, struct leat_image *in, const struct leat_resource *resource,
			      uint32_t strip, struct leat_err *err)
{
	char *params = op_params(&leat_op_colorspace, more);
	struct leat_fileref to = {.resource = space == FILE_SPACE ? 0 : -1,
				  .word = space == FILE_SPACE ? 0 : 1 + space};
	memcpy(params + leat_op_colorspace.params[0].offset, &to, sizeof to);
	struct leat_image *out = op_run_with(&leat_op_colorspace, params, in, strip, NULL, resource, NULL, err);
	free(params);
	return out;
}

static struct leat_image *done(int space, struct leat_image *in, uint32_t strip)
{
	struct leat_err err = {0};
	struct leat_image *out = run(space, "", in, NULL, strip, &err);
	if (!out)
		fail_msg("colorspace %s: %s", words[space], err.text);
	return out;
}

static double full(const struct leat_image *im)
{
	return im->shape.sample == LEAT_U8 ? 255 : im->shape.sample == LEAT_U16 ? 65535 : 1;
}

/* Most that a sample of `out` is off, in levels of its depth, from lcms2's float transform of `in`. */
static double worst(const struct leat_image *in, const struct leat_image *out, cmsHPROFILE from, cmsHPROFILE to)
{
	unsigned n_in = in->shape.channels - in->shape.alpha, n_out = out->shape.channels - out->shape.alpha;
	bool lab = cmsGetColorSpace(to) == cmsSigLabData;
	cmsHTRANSFORM t = cmsCreateTransform(from, n_in == 1 ? TYPE_GRAY_DBL : TYPE_RGB_DBL, to,
					     lab          ? TYPE_Lab_DBL
					     : n_out == 1 ? TYPE_GRAY_DBL
							  : TYPE_RGB_DBL,
					     INTENT_PERCEPTUAL,
					     cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
	assert_non_null(t);
	double most = 0, max = full(in), wide = in->shape.sample == LEAT_F32 ? 65535 : 1;
	for (uint32_t y = 0; y < in->shape.height; y++)
		for (uint32_t x = 0; x < in->shape.width; x++) {
			double v[3] = {0}, want[3] = {0};
			for (unsigned c = 0; c < n_in; c++)
				v[c] = op_at(in, x, y, c) / max;
			cmsDoTransform(t, v, want, 1);
			if (lab) {
				want[0] /= 100;
				want[1] = (want[1] + 128) / 255;
				want[2] = (want[2] + 128) / 255;
			}
			for (unsigned c = 0; c < n_out; c++) {
				double w = want[c] < 0 ? 0 : want[c] > 1 ? 1 : want[c];
				double have = op_at(out, x, y, c);
				if (in->shape.sample == LEAT_F32)
					have = have < 0 ? 0 : have > 1 ? 1 : have;
				most = fmax(most, fabs(have - w * max) * wide);
			}
			if (in->shape.alpha)
				assert_true(op_at(in, x, y, n_in) == op_at(out, x, y, n_out));
		}
	cmsDeleteTransform(t);
	return most;
}

static struct leat_image *noise(unsigned channels, enum leat_sample sample)
{
	struct leat_image_shape s = op_shape(40, 41, channels, sample);
	struct leat_image *im = op_noise(&s, 7 + channels);
	float *v = (float *)(void *)im->pixels;
	for (size_t i = 0; sample == LEAT_F32 && i < im->stride / 4 * s.height; i++)
		v[i] = (float)(i * 7919 % 1000) / 999;
	return im;
}

/* Every kind and depth into every space, from plain sRGB. */
static void within_a_level(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (enum leat_sample s = LEAT_U8; s <= LEAT_F32; s++)
			for (int to = LEAT_SPACE_SRGB; to <= LEAT_SPACE_GRAY; to++) {
				if (to == LEAT_SPACE_CMYK || (to == LEAT_SPACE_LAB && s == LEAT_F32))
					continue;
				struct leat_image *in = noise(channels, s), *out = done(to, in, 0);
				cmsHPROFILE a = profile(channels < 3 ? LEAT_SPACE_GRAY : LEAT_SPACE_SRGB);
				cmsHPROFILE b = profile((enum leat_space)to);
				double d = worst(in, out, a, b);
				if (!(d <= 1))
					fail_msg("%s, %u channels, depth %d: off by %g", words[to], channels, (int)s,
						 d);
				assert_int_equal(out->shape.channels,
						 (to == LEAT_SPACE_GRAY ? 1 : 3) + in->shape.alpha);
				struct leat_image *strips = done(to, in, 7);
				assert_true(op_same_pixels(out, strips));
				cmsCloseProfile(a);
				cmsCloseProfile(b);
				leat_image_unref(&strips);
				leat_image_unref(&in);
				leat_image_unref(&out);
			}
}

/* From images that carry a profile, and back to where they came from. */
static void from_profiles(void **state)
{
	static const enum leat_space froms[] = {LEAT_SPACE_P3, LEAT_SPACE_ADOBE, LEAT_SPACE_LINEAR};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(froms); i++)
		for (enum leat_sample s = LEAT_U8; s <= LEAT_U16; s++) {
			struct leat_image *in = noise(4, s);
			in->meta->icc = bytes_of(froms[i]);
			struct leat_image *out = done(LEAT_SPACE_SRGB, in, 0);
			cmsHPROFILE a = cmsOpenProfileFromMem(in->meta->icc->data, (cmsUInt32Number)in->meta->icc->len);
			cmsHPROFILE b = profile(LEAT_SPACE_SRGB);
			assert_true(worst(in, out, a, b) <= 1);
			assert_null(out->meta->icc);
			assert_true(out->meta->has_srgb);
			cmsCloseProfile(a);
			cmsCloseProfile(b);
			leat_image_unref(&in);
			leat_image_unref(&out);
		}
}

/* Lab and back is the picture again; a Lab image is known as such. */
static void lab_and_back(void **state)
{
	(void)state;
	struct leat_image *in = noise(3, LEAT_U16), *lab = done(LEAT_SPACE_LAB, in, 0);
	assert_true(leat_meta_is_lab(lab->meta));
	struct leat_image *back = done(LEAT_SPACE_SRGB, lab, 0);
	assert_false(leat_meta_is_lab(back->meta));
	for (uint32_t y = 0; y < 41; y++)
		for (uint32_t x = 0; x < 40; x++)
			for (unsigned c = 0; c < 3; c++)
				assert_true(fabs(op_at(in, x, y, c) - op_at(back, x, y, c)) < 60);
	leat_image_unref(&in);
	leat_image_unref(&lab);
	leat_image_unref(&back);
}

/* The same bytes whenever they are made; other metadata stay. */
static void profiles(void **state)
{
	(void)state;
	struct leat_bytes *a = bytes_of(LEAT_SPACE_P3), *b = bytes_of(LEAT_SPACE_P3);
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
	assert_int_equal(a->data[25], 0xe8); /* 2024, the year that stands for none */
	struct leat_image *in = noise(3, LEAT_U8);
	in->meta->copyright = leat_strdup("me", NULL);
	in->meta->has_gamma = true;
	in->meta->gamma = 1;
	struct leat_image *out = done(LEAT_SPACE_P3, in, 0);
	assert_int_equal(out->meta->icc->len, a->len);
	assert_memory_equal(out->meta->icc->data, a->data, a->len);
	assert_false(out->meta->has_gamma);
	assert_string_equal(out->meta->copyright, "me");
	leat_bytes_unref(&a);
	leat_bytes_unref(&b);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void a_file(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_resource r = {.path = "my.icc", .bytes = bytes_of(LEAT_SPACE_ADOBE)};
	struct leat_image *in = noise(3, LEAT_U8);
	struct leat_image *out = run(FILE_SPACE, "", in, &r, 0, &err), *named = done(LEAT_SPACE_ADOBE, in, 0);
	assert_non_null(out);
	assert_ptr_equal(out->meta->icc, r.bytes);
	for (uint32_t y = 0; y < 41; y++)
		for (uint32_t x = 0; x < 40; x++)
			assert_true(fabs(op_at(out, x, y, 1) - op_at(named, x, y, 1)) <= 1);
	leat_image_unref(&out);
	leat_image_unref(&named);
	leat_bytes_unref(&r.bytes);
	r.bytes = bytes_of(LEAT_SPACE_GRAY);
	assert_null(run(FILE_SPACE, "", in, &r, 0, &err));
	assert_non_null(strstr(err.text, "'my.icc' is no profile to write RGB images with"));
	r.bytes->len = 60;
	err = (struct leat_err){0};
	assert_null(run(FILE_SPACE, "", in, &r, 0, &err));
	assert_non_null(strstr(err.text, "'my.icc' is no ICC profile"));
	leat_bytes_unref(&r.bytes);
	leat_image_unref(&in);
}

static void refused(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_image *in = noise(3, LEAT_U8), *real = noise(3, LEAT_F32);
	assert_null(run(LEAT_SPACE_CMYK, "", in, NULL, 0, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	err = (struct leat_err){0};
	assert_null(run(LEAT_SPACE_LAB, "", real, NULL, 0, &err));
	assert_non_null(strstr(err.text, "convert depth=16"));
	leat_image_unref(&in);
	leat_image_unref(&real);
}

/* Colors that sRGB lacks: what is done with them depends on the intent only where a profile says how. */
static void options(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_image *in = noise(3, LEAT_U8);
	in->meta->icc = bytes_of(LEAT_SPACE_P3);
	struct leat_image *a = run(LEAT_SPACE_SRGB, "intent=relative black-point=no", in, NULL, 0, &err);
	struct leat_image *b = run(LEAT_SPACE_SRGB, "intent=perceptual", in, NULL, 0, &err);
	assert_non_null(a);
	assert_true(op_same_pixels(a, b));
	leat_image_unref(&in);
	leat_image_unref(&a);
	leat_image_unref(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_a_level), cmocka_unit_test(from_profiles), cmocka_unit_test(lab_and_back),
		cmocka_unit_test(profiles),       cmocka_unit_test(a_file),        cmocka_unit_test(refused),
		cmocka_unit_test(options),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
