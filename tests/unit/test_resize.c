/* SPDX-License-Identifier: MIT */
/* resize against a plain double-precision reference: every kernel, fit, depth and channel count, over random sizes. */
#include "op_harness.h"

#include "ops/eight.h"
#include "ops/loops.h"

#include <math.h>

extern const struct leat_op leat_op_resize;
#define RESIZE (&leat_op_resize)

static const char *const kernels[] = {"nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"};
static const char *const fits[] = {"inside", "cover", "contain", "fill", "outside"};

/* --- the reference: from the definitions, nothing shared with the code under test --- */

static double sinc(double x)
{
	return x == 0 ? 1 : sin(M_PI * x) / (M_PI * x);
}

static double kernel_at(const char *k, double x)
{
	x = fabs(x);
	if (strcmp(k, "linear") == 0)
		return x < 1 ? 1 - x : 0;
	if (strcmp(k, "cubic") == 0) /* Keys, a = -0.5 */
		return x < 1   ? 1.5 * x * x * x - 2.5 * x * x + 1
		       : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2
			       : 0;
	if (strcmp(k, "mitchell") == 0)
		return x < 1   ? (7 * x * x * x - 12 * x * x + 16.0 / 3) / 6
		       : x < 2 ? (-7.0 / 3 * x * x * x + 12 * x * x - 20 * x + 32.0 / 3) / 6
			       : 0;
	double a = strcmp(k, "lanczos2") == 0 ? 2 : 3;
	return x < a ? sinc(x) * sinc(x / a) : 0;
}

/* Weights of all `n` inputs for output i of `m`. */
static void weights(const char *k, uint32_t n, uint32_t m, uint32_t i, double *w)
{
	double scale = (double)n / m, stretch = scale > 1 ? scale : 1, center = (i + 0.5) * scale, sum = 0;
	bool nearest = strcmp(k, "nearest") == 0 || n == m;
	for (uint32_t j = 0; j < n; j++) {
		w[j] = nearest ? j == (uint32_t)floor(center + 1e-9) : kernel_at(k, (j + 0.5 - center) / stretch);
		sum += w[j];
	}
	for (uint32_t j = 0; j < n; j++)
		w[j] /= sum;
}

static double decode(double v)
{
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double encode(double v)
{
	return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

struct reference {
	const char *kernel;
	bool linear;
	uint32_t scaled_w, scaled_h, x, y; /* the whole image scaled, and where the result begins in it */
};

/* Channel c as the filter sees it: 0..1, linear light, times alpha. */
static double filter_value(const struct reference *r, const struct leat_image *im, uint32_t x, uint32_t y, unsigned c)
{
	double max = im->shape.sample == LEAT_U8 ? 255 : 65535, v = op_at(im, x, y, c) / max;
	unsigned last = im->shape.channels - 1u;
	if (im->shape.alpha && c == last)
		return v;
	v = r->linear ? decode(v) : v;
	return im->shape.alpha ? v * op_at(im, x, y, last) / max : v;
}

/* Filters all of channel c to scaled_w x scaled_h. The caller frees it. */
static double *filtered(const struct reference *r, const struct leat_image *im, unsigned c)
{
	uint32_t w = im->shape.width, h = im->shape.height, sw = r->scaled_w, sh = r->scaled_h;
	double *half = calloc((size_t)sw * h, sizeof *half), *all = calloc((size_t)sw * sh, sizeof *all);
	double *k = calloc(w > h ? w : h, sizeof *k);
	for (uint32_t i = 0; i < sw; i++) {
		weights(r->kernel, w, sw, i, k);
		for (uint32_t j = 0; j < w; j++)
			for (uint32_t y = 0; k[j] != 0 && y < h; y++)
				half[(size_t)y * sw + i] += k[j] * filter_value(r, im, j, y, c);
	}
	for (uint32_t i = 0; i < sh; i++) {
		weights(r->kernel, h, sh, i, k);
		for (uint32_t j = 0; j < h; j++)
			for (uint32_t x = 0; k[j] != 0 && x < sw; x++)
				all[(size_t)i * sw + x] += k[j] * half[(size_t)j * sw + x];
	}
	free(half);
	free(k);
	return all;
}

static double clamped(double v, double max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

/*
 * How far `out` is from the reference, in levels; color counts as far as its alpha shows it, because the color of
 * nearly transparent pixels is a quotient of two small numbers.
 */
static double distance(const struct reference *r, const struct leat_image *im, const struct leat_image *out)
{
	double max = im->shape.sample == LEAT_U8 ? 255 : 65535, worst = 0, *plane[4] = {0};
	unsigned n = im->shape.channels, colors = n - im->shape.alpha;
	for (unsigned c = 0; c < n; c++)
		plane[c] = filtered(r, im, c);
	for (uint32_t y = 0; y < out->shape.height; y++) {
		for (uint32_t x = 0; x < out->shape.width; x++) {
			size_t at = (size_t)(y + r->y) * r->scaled_w + x + r->x;
			double a = im->shape.alpha ? plane[colors][at] : 1, shown = clamped(8 * a, 1);
			for (unsigned c = 0; c < n; c++) {
				double v = c == colors ? a : plane[c][at] / (im->shape.alpha ? a : 1);
				v = clamped(v, 1);
				if (r->linear && c < colors)
					v = encode(v);
				double d = fabs(op_at(out, x, y, c) - floor(v * max + 0.5));
				if (c < colors && im->shape.alpha && op_at(out, x, y, colors) == 0)
					d = op_at(out, x, y, c); /* the whole pixel is 0 */
				worst = fmax(worst, c < colors ? d * shown : d);
			}
		}
	}
	for (unsigned c = 0; c < n; c++)
		free(plane[c]);
	return worst;
}

/* --- random cases --- */

/* Noise with flat stretches, and alpha that is often 0 or full. */
static struct leat_image *picture(uint32_t w, uint32_t h, unsigned channels, enum leat_sample s, uint64_t *seed)
{
	struct leat_image_shape shape = op_shape(w, h, channels, s);
	struct leat_image *im = op_noise(&shape, *seed += 77);
	size_t px = channels * leat_sample_size(s), a = (channels - 1u) * leat_sample_size(s);
	for (uint32_t y = 0; y < h; y++) {
		uint8_t *row = im->pixels + y * im->stride;
		for (uint32_t x = 0; x < w; x++) {
			uint32_t dice = op_random(seed) % 8;
			if (dice < 3 && x)
				memcpy(row + x * px, row + (x - 1) * px, px);
			if (shape.alpha && dice > 5)
				memset(row + x * px + a, dice == 6 ? 0 : 0xff, leat_sample_size(s));
		}
	}
	return im;
}

static uint32_t rounded(double v)
{
	v = floor(v + 0.5 + 1e-9);
	return v < 1 ? 1 : (uint32_t)v;
}

/* Expected frame of a w x h image in a bw x bh box; the canvas equals the window except for contain. */
static void expect(const char *fit, bool enlarge, uint32_t w, uint32_t h, uint32_t bw, uint32_t bh, struct reference *r,
		   uint32_t *out_w, uint32_t *out_h)
{
	double fx = (double)bw / w, fy = (double)bh / h;
	if (strcmp(fit, "inside") == 0 || strcmp(fit, "contain") == 0)
		fx = fy = fmin(fx, fy);
	else if (strcmp(fit, "fill") != 0)
		fx = fy = fmax(fx, fy);
	if (!enlarge)
		fx = fmin(fx, 1), fy = fmin(fy, 1);
	*out_w = r->scaled_w = rounded(w * fx);
	*out_h = r->scaled_h = rounded(h * fy);
	if (strcmp(fit, "cover") == 0) {
		*out_w = bw < r->scaled_w ? bw : r->scaled_w;
		*out_h = bh < r->scaled_h ? bh : r->scaled_h;
	}
	r->x = (r->scaled_w - *out_w + 1) / 2;
	r->y = (r->scaled_h - *out_h + 1) / 2;
}

/* For contain: the image cut out of its canvas; else another reference of it. Checks the background. */
static struct leat_image *window(struct leat_image *out, uint32_t w, uint32_t h)
{
	uint32_t left = (out->shape.width - w) / 2, top = (out->shape.height - h) / 2;
	struct leat_image_shape s = out->shape;
	s.width = w;
	s.height = h;
	struct leat_image *cut = op_image(&s, NULL);
	size_t px = leat_row_bytes(&s) / w;
	int background = s.alpha ? 0 : 0xff;
	for (uint32_t y = 0; y < out->shape.height; y++) {
		for (size_t i = 0; i < leat_row_bytes(&out->shape); i++) {
			bool inside = y >= top && y < top + h && i / px >= left && i / px < left + w;
			uint8_t v = out->pixels[y * out->stride + i];
			if (inside)
				cut->pixels[(y - top) * cut->stride + i - left * px] = v;
			else
				assert_int_equal(v, background);
		}
	}
	return cut;
}

static void one_case(const char *k, const char *fit, bool enlarge, bool linear, enum leat_sample s, unsigned channels,
		     uint64_t *seed)
{
	uint32_t w = op_random(seed) % 60 + 1, h = op_random(seed) % 50 + 1, bw = op_random(seed) % 80 + 1,
		 bh = op_random(seed) % 70 + 1, dice = op_random(seed) % 10, out_w, out_h;
	w = dice == 0 ? 1 : w;
	h = dice == 1 ? 1 : h;
	bw = dice == 2 ? 1 : bw;
	bh = dice == 3 ? 1 : bh;
	struct leat_image *im = picture(w, h, channels, s, seed);
	struct reference r = {.kernel = k, .linear = linear};
	char text[200];
	snprintf(text, sizeof text, "%ux%u fit=%s kernel=%s enlarge=%s linear=%s", bw, bh, fit, k,
		 enlarge ? "yes" : "no", linear ? "yes" : "no");
	expect(fit, enlarge, w, h, bw, bh, &r, &out_w, &out_h);
	struct leat_image *out = op_do(RESIZE, text, im, op_random(seed) % 9);
	bool contain = strcmp(fit, "contain") == 0;
	struct leat_image *cut = contain ? window(out, out_w, out_h) : leat_image_ref(out);
	double d = -1;
	if (cut->shape.width == out_w && cut->shape.height == out_h &&
	    (!contain || (out->shape.width == bw && out->shape.height == bh)))
		d = distance(&r, im, cut);
	if (d < 0 || d > 1)
		fail_msg("%s of %ux%u, %u channels, %s: %ux%u where %ux%u is right, %g levels away", text, w, h,
			 channels, s == LEAT_U8 ? "8 bit" : "16 bit", out->shape.width, out->shape.height, out_w, out_h,
			 d);
	leat_image_unref(&cut);
	leat_image_unref(&out);
	leat_image_unref(&im);
}

static void test_random(void **state)
{
	uint64_t seed = 1;
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(kernels); k++)
		for (size_t f = 0; f < LEAT_LEN(fits); f++)
			for (unsigned channels = 1; channels <= 4; channels++)
				for (unsigned bits = 0; bits < 8; bits++)
					one_case(kernels[k], fits[f], bits & 1, bits & 2, bits & 4 ? LEAT_U16 : LEAT_U8,
						 channels, &seed);
}

/* Thousands of weights: sums must stay exact enough, and full white stay full white. */
static void test_giant_reduction(void **state)
{
	static const uint32_t sizes[][4] = {{9000, 2, 3, 1}, {2, 9000, 1, 3}, {3000, 2, 7, 2}, {3, 3000, 3, 5}};
	uint64_t seed = 5;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(sizes); i++) {
		for (unsigned kind = 0; kind < 4; kind++) {
			const uint32_t *n = sizes[i];
			enum leat_sample s = kind & 1 ? LEAT_U16 : LEAT_U8;
			struct leat_image *im = picture(n[0], n[1], kind & 2 ? 2 : 1, s, &seed);
			struct reference r = {.kernel = "lanczos3", .scaled_w = n[2], .scaled_h = n[3]};
			char text[80];
			snprintf(text, sizeof text, "%ux%u fit=fill", n[2], n[3]);
			struct leat_image *out = op_do(RESIZE, text, im, 0);
			assert_true(distance(&r, im, out) <= 1);
			leat_image_unref(&out);
			memset(im->pixels, 0xff, im->stride * n[1]);
			out = op_do(RESIZE, text, im, 0);
			assert_true(op_at(out, 0, 0, 0) == (s == LEAT_U8 ? 255 : 65535));
			leat_image_unref(&out);
			leat_image_unref(&im);
		}
	}
}

/* --- fixed cases --- */

static void test_sizes(void **state)
{
	static const struct {
		uint32_t w, h;
		const char *text;
		uint32_t out_w, out_h;
	} t[] = {
		{768, 512, "256x256", 256, 171},
		{768, 512, "256x256 fit=cover", 256, 256},
		{768, 512, "256x256 fit=contain", 256, 256},
		{768, 512, "256x256 fit=fill", 256, 256},
		{768, 512, "256x256 fit=outside", 384, 256},
		{768, 512, "256x", 256, 171},
		{768, 512, "x256", 384, 256},
		{768, 512, "256x fit=fill", 256, 512},
		{768, 512, "x256 fit=cover", 384, 256},
		{768, 512, "256x fit=contain", 256, 171},
		{768, 512, "50%", 384, 256},
		{768, 512, "50% fit=fill", 384, 256},
		{5, 3, "50%", 3, 2},
		{768, 512, "200% enlarge=yes", 1536, 1024},
		{768, 512, "0.01%", 1, 1},
		{1000, 3, "10x10", 10, 1},
		{3, 1000, "10x10", 1, 10},
		{100, 50, "200x200", 100, 50},
		{100, 50, "200x200 enlarge=yes", 200, 100},
		{100, 50, "80x80 fit=cover", 80, 50},
		{100, 50, "80x80 fit=cover enlarge=yes", 80, 80},
		{100, 50, "200x200 fit=contain", 200, 200},
		{100, 50, "200x40 fit=fill", 100, 40},
		{100, 50, "200x200 fit=outside", 100, 50},
		{100, 50, "80x80 fit=outside", 100, 50},
		{1, 1, "7x7 enlarge=yes", 7, 7},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(t); i++) {
		struct leat_err err = {0};
		struct leat_shape in = {.kind = LEAT_IMAGE, .image = op_shape(t[i].w, t[i].h, 3, LEAT_U8)}, out = in;
		void *p = op_params(RESIZE, t[i].text);
		if (RESIZE->shape(p, &in, &out, &err) || out.image.width != t[i].out_w ||
		    out.image.height != t[i].out_h)
			fail_msg("%ux%u resize %s: %ux%u %s", t[i].w, t[i].h, t[i].text, out.image.width,
				 out.image.height, err.text);
		free(p);
	}
}

/* What one word of gravity keeps or where it puts: a column of four different pixels, a row of them. */
static void test_gravity(void **state)
{
	static const uint8_t px[] = {10, 20, 30, 40};
	static const struct {
		const char *gravity;
		uint8_t x, y; /* the value that 2x2 of 4x1 and 1x4 keep first */
	} t[] = {{"center", 20, 20},    {"north", 20, 10},     {"northeast", 30, 10},
		 {"east", 30, 20},      {"southeast", 30, 30}, {"south", 20, 30},
		 {"southwest", 10, 30}, {"west", 10, 20},      {"northwest", 10, 10}};
	struct leat_image_shape wide = op_shape(4, 1, 1, LEAT_U8), high = op_shape(1, 4, 1, LEAT_U8);
	struct leat_image *across = op_image(&wide, px), *down = op_image(&high, px);
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(t); i++) {
		char text[80];
		snprintf(text, sizeof text, "2x1 fit=cover gravity=%s", t[i].gravity);
		struct leat_image *out = op_do(RESIZE, text, across, 0);
		assert_int_equal(op_at(out, 0, 0, 0), t[i].x);
		leat_image_unref(&out);
		snprintf(text, sizeof text, "1x2 fit=cover gravity=%s", t[i].gravity);
		out = op_do(RESIZE, text, down, 0);
		assert_int_equal(op_at(out, 0, 0, 0), t[i].y);
		leat_image_unref(&out);
		snprintf(text, sizeof text, "4x3 fit=contain background=#000 gravity=%s", t[i].gravity);
		out = op_do(RESIZE, text, across, 0);
		for (uint32_t y = 0; y < 3; y++)
			assert_int_equal(op_at(out, 0, y, 0), y == t[i].y / 10u - 1 ? 10 : 0);
		leat_image_unref(&out);
	}
	leat_image_unref(&across);
	leat_image_unref(&down);
}

static void expect_corner(const char *text, unsigned channels, enum leat_sample s, const uint16_t *want)
{
	struct leat_image_shape shape = op_shape(4, 4, channels, s);
	struct leat_image *im = op_noise(&shape, 3), *out = op_do(RESIZE, text, im, 1);
	assert_int_equal(out->shape.channels, channels);
	for (unsigned c = 0; c < channels; c++)
		assert_int_equal(op_at(out, 0, 0, c), want[c]);
	leat_image_unref(&im);
	leat_image_unref(&out);
}

static void test_background(void **state)
{
	(void)state;
	expect_corner("9x4 fit=contain", 3, LEAT_U8, (uint16_t[]){255, 255, 255});
	expect_corner("4x9 fit=contain", 1, LEAT_U16, (uint16_t[]){65535});
	expect_corner("9x4 fit=contain", 4, LEAT_U8, (uint16_t[]){0, 0, 0, 0});
	expect_corner("9x4 fit=contain background=#f80", 3, LEAT_U8, (uint16_t[]){255, 136, 0});
	expect_corner("9x4 fit=contain background=#ff880080", 4, LEAT_U16, (uint16_t[]){65535, 34952, 0, 32896});
	expect_corner("9x4 fit=contain background=#808080", 2, LEAT_U8, (uint16_t[]){128, 255});
	expect_corner("9x4 fit=contain background=#00ff00", 1, LEAT_U8, (uint16_t[]){220});
	/* An opaque image keeps its channels: the color is seen over white. */
	expect_corner("9x4 fit=contain background=transparent", 3, LEAT_U8, (uint16_t[]){255, 255, 255});
	expect_corner("9x4 fit=contain background=#00000080", 3, LEAT_U8, (uint16_t[]){127, 127, 127});
}

/* A checkerboard of black and white has half the light: 188 of 255, not 128. */
static void test_linear_light(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		enum leat_sample s = kind & 1 ? LEAT_U16 : LEAT_U8;
		unsigned channels = kind & 2 ? 4 : 1;
		struct leat_image_shape shape = op_shape(32, 32, channels, s);
		struct leat_image *im = op_image(&shape, NULL);
		size_t px = channels * leat_sample_size(s), a = leat_sample_size(s);
		for (uint32_t i = 0; i < 32 * 32; i++) {
			uint8_t *at = im->pixels + i / 32 * im->stride + i % 32 * px;
			memset(at, (i / 32 + i % 32) % 2 ? 0xff : 0, px);
			if (channels == 4)
				memset(at + px - a, 0xff, a);
		}
		struct leat_image *out = op_do(RESIZE, "50% kernel=linear linear=yes", im, 0);
		assert_int_equal(op_at(out, 8, 8, 0), s == LEAT_U8 ? 188 : 48192);
		leat_image_unref(&out);
		out = op_do(RESIZE, "50% kernel=linear", im, 0);
		assert_in_range((uintmax_t)op_at(out, 8, 8, 0), s == LEAT_U8 ? 127 : 32767, s == LEAT_U8 ? 128 : 32768);
		leat_image_unref(&out);
		leat_image_unref(&im);
	}
}

/* Hidden color must not bleed, and what is fully transparent is all zeros. */
static void test_alpha(void **state)
{
	static const uint8_t two[] = {200, 100, 50, 255, 0, 255, 255, 0};
	struct leat_image_shape shape = op_shape(2, 1, 4, LEAT_U8);
	struct leat_image *im = op_image(&shape, two),
			  *out = op_do(RESIZE, "8x1 fit=fill enlarge=yes kernel=cubic", im, 0);
	(void)state;
	for (uint32_t x = 0; x < 8; x++) {
		bool seen = op_at(out, x, 0, 3) > 0;
		assert_true(op_at(out, x, 0, 0) == (seen ? 200 : 0));
		assert_true(op_at(out, x, 0, 1) == (seen ? 100 : 0));
		assert_true(op_at(out, x, 0, 2) == (seen ? 50 : 0));
	}
	assert_true(op_at(out, 0, 0, 3) == 255 && op_at(out, 7, 0, 3) == 0);
	leat_image_unref(&out);
	leat_image_unref(&im);
}

/* The same size is the same image, for every kernel. */
static void test_same_size(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(kernels); k++) {
		struct leat_image_shape shape = op_shape(9, 5, 4, LEAT_U16);
		struct leat_image *im = op_noise(&shape, k);
		char text[60];
		snprintf(text, sizeof text, "100%% kernel=%s linear=yes", kernels[k]);
		struct leat_image *out = op_do(RESIZE, text, im, 0);
		assert_true(op_same_pixels(im, out));
		leat_image_unref(&out);
		leat_image_unref(&im);
	}
}

static void test_strips(void **state)
{
	static const char *const texts[] = {
		"40x30",
		"300x300 enlarge=yes",
		"90x90 fit=contain",
		"70x20 fit=cover gravity=north kernel=cubic",
		"150x40 fit=fill kernel=nearest enlarge=yes",
		"1x1 fit=fill linear=yes",
		"37x200 fit=fill enlarge=yes linear=yes kernel=mitchell",
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(texts); i++) {
		for (unsigned kind = 0; kind < 8; kind++) {
			struct leat_image_shape s = op_shape(131, 97, kind % 4 + 1, kind < 4 ? LEAT_U8 : LEAT_U16);
			struct leat_image *im = op_noise(&s, i);
			op_same_in_strips(RESIZE, texts[i], im);
			leat_image_unref(&im);
		}
	}
	struct leat_image_shape tall = op_shape(5, 4200, 3, LEAT_U16); /* partial sums */
	struct leat_image *im = op_noise(&tall, 9);
	op_same_in_strips(RESIZE, "5x11 fit=fill", im);
	leat_image_unref(&im);
}

/* What the processor has and plain C give the same sums, also in the extremes. */
static void test_column_sums(void **state)
{
	uint64_t seed = 4;
	(void)state;
	for (int i = 0; i < 500; i++) {
		uint32_t taps = op_random(&seed) % 9 + 1, n = op_random(&seed) % 300 + 1;
		uint8_t *from = op_rubbish(taps * n);
		int16_t *weight = (int16_t *)(void *)op_rubbish(taps * sizeof *weight);
		float *a = (float *)(void *)op_rubbish(n * sizeof *a), *b = (float *)(void *)op_rubbish(n * sizeof *b);
		for (size_t j = 0; j < taps * n; j++)
			from[j] = i % 3 ? (uint8_t)op_random(&seed) : 255;
		for (uint32_t k = 0; k < taps; k++)
			weight[k] = i % 5 ? (int16_t)(op_random(&seed) & 0xffff) : i % 2 ? INT16_MAX : INT16_MIN;
		leat_column_sums(from, n, weight, taps, 0.25f, n, a, leat_cpu_level());
		leat_column_sums(from, n, weight, taps, 0.25f, n, b, LEAT_CPU_PLAIN);
		assert_memory_equal(a, b, n * sizeof *a);
		for (uint32_t x = 0; x < n; x++) {
			int64_t sum = 0;
			for (uint32_t k = 0; k < taps; k++)
				sum += from[k * n + x] * weight[k];
			assert_true(a[x] == (float)sum * 0.25f);
		}
		free(from);
		free(weight);
		free(a);
		free(b);
	}
}

static void along_case(unsigned channels, const struct leat_axis *axis, uint64_t *seed)
{
	struct leat_taps t;
	assert_int_equal(leat_taps_make(&t, LEAT_LANCZOS3, axis, NULL), 0);
	size_t plane = axis->in + LEAT_TAP_LANES, n = (axis->out * leat_along_step(channels) + 4) * sizeof(float);
	float *planes = (float *)(void *)op_rubbish(plane * channels * sizeof *planes);
	float *a = (float *)(void *)op_rubbish(n), *b = (float *)(void *)op_rubbish(n);
	for (size_t i = 0; i < plane * channels; i++)
		planes[i] = i % plane < axis->in ? (float)(op_random(seed) % 65536) : 0;
	leat_along(&t, planes, plane, channels, a, leat_cpu_level());
	leat_along(&t, planes, plane, channels, b, LEAT_CPU_PLAIN);
	assert_memory_equal(a, b, n - 4 * sizeof *a);
	for (uint32_t i = 0; i < axis->out; i++) {
		for (unsigned c = 0; c < channels; c++) {
			double sum = 0;
			for (uint32_t k = 0; k < t.count[i]; k++)
				sum += (double)t.weight[(size_t)i * t.step + k] * planes[c * plane + t.first[i] + k];
			assert_true(fabs(sum - a[i * leat_along_step(channels) + c]) < 0.1);
		}
	}
	free(planes);
	free(a);
	free(b);
	leat_taps_free(&t);
}

/* The same for the sums along a row, whose floats may not be added in another order. */
static void test_along(void **state)
{
	uint64_t seed = 8;
	(void)state;
	for (unsigned i = 0; i < 400; i++) {
		uint32_t in = op_random(&seed) % 200 + 1, scaled = op_random(&seed) % 300 + 1;
		uint32_t offset = op_random(&seed) % scaled, out = op_random(&seed) % (scaled - offset) + 1;
		along_case(i % 4 + 1, &(struct leat_axis){in, scaled, offset, out, 0}, &seed);
	}
}

struct eight_case {
	struct leat_axis ax, ay;
	struct leat_taps x, y;
	struct leat_pairs pairs;
	struct leat_rows in;
	unsigned channels;
};

static uint8_t *eight_image(const struct eight_case *c, enum leat_cpu level)
{
	size_t stride = (size_t)c->ax.out * c->channels + 5, room = 0;
	uint8_t *to = op_rubbish(stride * c->ay.out);
	room = (leat_eight_scratch(&c->pairs, c->ax.in, c->channels, c->ax.out) + 63) & ~(size_t)63;
	struct leat_eight e = {&c->y, &c->pairs, c->ax.in, c->ax.out, c->channels, leat_alloc_aligned(room, NULL)};
	memset(e.scratch, 0x77, room); /* it may hold anything */
	for (uint32_t y = 0; y < c->ay.out; y += LEAT_EIGHT)
		leat_eight_rows(&e, &c->in, y, y + LEAT_EIGHT < c->ay.out ? y + LEAT_EIGHT : c->ay.out, to + y * stride,
				stride, level);
	free(e.scratch);
	return to;
}

/* One sample in double precision, from the weights before they were rounded. */
static double eight_exact(const struct eight_case *c, uint32_t x, uint32_t y, unsigned channel)
{
	double sum = 0;
	for (uint32_t k = 0; k < c->y.count[y]; k++)
		for (uint32_t j = 0; j < c->x.count[x]; j++)
			sum += (double)c->y.weight[(size_t)y * c->y.step + k] *
			       (double)c->x.weight[(size_t)x * c->x.step + j] *
			       leat_row(&c->in, c->y.first[y] + k)[(c->x.first[x] + j) * c->channels + channel];
	return sum < 0 ? 0 : sum > 255 ? 255 : sum;
}

static void eight_one(const struct eight_case *c)
{
	uint8_t *made[] = {eight_image(c, LEAT_CPU_PLAIN), eight_image(c, LEAT_CPU_BASE),
			   eight_image(c, leat_cpu_level())};
	size_t n = (size_t)c->ax.out * c->channels;
	for (uint32_t y = 0; y < c->ay.out; y++) {
		size_t row = y * (n + 5);
		assert_memory_equal(made[0] + row, made[1] + row, n);
		assert_memory_equal(made[0] + row, made[2] + row, n);
		for (size_t i = 0; i < n; i++) {
			double want = eight_exact(c, (uint32_t)(i / c->channels), y, (unsigned)(i % c->channels));
			assert_true(fabs(want - made[0][row + i]) < 0.85);
		}
	}
	for (size_t i = 0; i < LEAT_LEN(made); i++)
		free(made[i]);
}

/* All levels give the same bytes, within the error that is promised of exact arithmetic. */
static void test_eight(void **state)
{
	static const enum leat_kernel used[] = {LEAT_LANCZOS3, LEAT_LINEAR, LEAT_CUBIC, LEAT_MITCHELL, LEAT_LANCZOS2};
	uint64_t seed = 21;
	int made = 0;
	(void)state;
	for (int i = 0; i < 300; i++) {
		struct eight_case c = {.channels = i % 2 ? 1 : 3};
		uint32_t w = op_random(&seed) % (i % 10 ? 70 : 400) + 1, h = op_random(&seed) % 60 + 1;
		uint32_t scaled = op_random(&seed) % 90 + 1, tall = op_random(&seed) % 30 + 1;
		uint32_t x = op_random(&seed) % scaled, y = op_random(&seed) % tall;
		c.ax = (struct leat_axis){w, scaled, x, op_random(&seed) % (scaled - x) + 1, 0};
		c.ay = (struct leat_axis){h, tall, y, op_random(&seed) % (tall - y) + 1, 0};
		enum leat_kernel k = used[op_random(&seed) % LEAT_LEN(used)];
		assert_int_equal(leat_taps_make(&c.x, k, &c.ax, NULL), 0);
		assert_int_equal(leat_taps_make(&c.y, k, &c.ay, NULL), 0);
		assert_int_equal(leat_pairs_make(&c.pairs, &c.x, &c.y, NULL), 0);
		size_t stride = (size_t)w * c.channels;
		uint8_t *from = op_rubbish(stride * h);
		for (size_t j = 0; j < stride * h; j++) /* noise, extremes, black and white stripes */
			from[j] = i % 3 == 0 ? (uint8_t)op_random(&seed) : i % 3 == 1 ? j / 7 % 2 * 255 : j % 2 * 255;
		c.in = (struct leat_rows){.pixels = from, .stride = stride, .y0 = 0, .y1 = h};
		if (c.pairs.n)
			eight_one(&c);
		made += c.pairs.n != 0;
		free(from);
		leat_taps_free(&c.x);
		leat_taps_free(&c.y);
		leat_pairs_free(&c.pairs);
	}
	assert_in_range(made, 250, 300);
}

/* LEAT_CPU= changes nothing but the time. */
static void test_levels(void **state)
{
	static const char *const texts[] = {"41x33", "200x210 enlarge=yes", "3x2 fit=fill", "50x40 linear=yes"};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(texts); i++)
		for (unsigned kind = 0; kind < 8; kind++) {
			struct leat_image_shape s = op_shape(131, 97, kind % 4 + 1, kind < 4 ? LEAT_U8 : LEAT_U16);
			struct leat_image *im = op_noise(&s, i), *a = op_do(RESIZE, texts[i], im, 0);
			for (int less = 0; less < 2; less++) {
				setenv("LEAT_CPU", less ? "avx2" : "baseline", 1);
				assert_true(less ? leat_cpu_level() <= LEAT_CPU_AVX2
						 : leat_cpu_level() == LEAT_CPU_BASE);
				struct leat_image *b = op_do(RESIZE, texts[i], im, 0);
				unsetenv("LEAT_CPU");
				assert_true(op_same_pixels(a, b));
				leat_image_unref(&b);
			}
			leat_image_unref(&a);
			leat_image_unref(&im);
		}
}

/* Float samples: the same as in 16 bit, but for its rounding, at every level of the processor; nothing is cut off. */
static void test_float(void **state)
{
	static const char *const texts[] = {"41x33", "200x210 enlarge=yes", "3x2 fit=fill kernel=linear",
					    "60x20 fit=contain background=#204060", "30x30 kernel=nearest"};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(texts); i++)
		for (unsigned channels = 1; channels <= 4; channels++) {
			struct leat_image_shape s = op_shape(131, 97, channels, LEAT_U16);
			struct leat_image *wide = op_noise(&s, i), *real = op_as_float(wide, 65535);
			struct leat_image *a = op_do(RESIZE, texts[i], wide, 7), *b = op_do(RESIZE, texts[i], real, 7);
			op_same_as_float(a, b, 65535, 1.01);
			setenv("LEAT_CPU", "baseline", 1);
			struct leat_image *c = op_do(RESIZE, texts[i], real, 0);
			unsetenv("LEAT_CPU");
			assert_true(op_same_pixels(b, c));
			leat_image_unref(&a);
			leat_image_unref(&b);
			leat_image_unref(&c);
			leat_image_unref(&wide);
			leat_image_unref(&real);
		}
	const float bright[4] = {4, 4, 4, 4};
	struct leat_image_shape s = op_shape(4, 1, 1, LEAT_F32);
	struct leat_image *in = op_image(&s, bright), *out = op_do(RESIZE, "2x1 fit=fill", in, 0);
	assert_float_equal(op_at(out, 1, 0, 0), 4, 1e-5);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void test_refused(void **state)
{
	struct leat_image_shape shape = op_shape(8, 8, 3, LEAT_U8), real = op_shape(8, 8, 1, LEAT_F32);
	struct leat_image *im = op_image(&shape, NULL), *f32 = op_image(&real, NULL);
	(void)state;
	op_refused(RESIZE, "200%", im, "enlarge=yes");
	op_refused(RESIZE, "4x4 gravity=entropy", im, "'gravity=entropy' is not built yet");
	op_refused(RESIZE, "4x4 gravity=attention", im, "'gravity=attention' is not built yet");
	op_refused(RESIZE, "2000000x8 fit=fill enlarge=yes", im, "2000000x8 pixels, a side may have 1000000");
	op_refused(RESIZE, "4000000000x1 fit=cover enlarge=yes", im, "8x8 pixels to 4000000000x4000000000");
	op_refused(RESIZE, "4x4 linear=yes", f32, "'resize linear=yes' does not take float samples");
	leat_image_unref(&im);
	leat_image_unref(&f32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),           cmocka_unit_test(test_random),
		cmocka_unit_test(test_giant_reduction), cmocka_unit_test(test_gravity),
		cmocka_unit_test(test_background),      cmocka_unit_test(test_linear_light),
		cmocka_unit_test(test_alpha),           cmocka_unit_test(test_same_size),
		cmocka_unit_test(test_strips),          cmocka_unit_test(test_column_sums),
		cmocka_unit_test(test_eight),           cmocka_unit_test(test_levels),
		cmocka_unit_test(test_along),           cmocka_unit_test(test_float),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
