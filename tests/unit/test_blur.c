/* SPDX-License-Identifier: MIT */
/* blur against a double-precision Gaussian of eight sigma; border rules; strips; the passes of all processors. */
#include "op_harness.h"

#include "ops/filter/edge.h"
#include "ops/filter/symmetric.h"

#include <math.h>

extern const struct leat_op leat_op_blur;

/* --- the border rules, told by SciPy's pictures --- */

static void borders_are_scipys(void **state)
{
	static const char *const want[] = {
		"aabcddcba|abcd|dcbaabcdd", "aaaaaaaaa|abcd|ddddddddd", "dcbabcdcb|abcd|cbabcdcba",
		"dabcdabcd|abcd|abcdabcda", "---------|abcd|---------",
	};
	(void)state;
	for (int e = 0; e <= LEAT_EDGE_CONSTANT; e++) {
		char text[32], *to = text;
		for (int i = -9; i < 13; i++) {
			int64_t at = leat_edge_at((enum leat_edge)e, i, 4);
			if (i == 0 || i == 4)
				*to++ = '|';
			*to++ = (char)(at < 0 ? '-' : 'a' + at);
		}
		*to = 0;
		assert_string_equal(text, want[e]);
		assert_int_equal(leat_edge_at((enum leat_edge)e, -1000, 1), e == LEAT_EDGE_CONSTANT ? -1 : 0);
	}
	assert_string_equal(leat_edges[LEAT_EDGE_CONSTANT], "constant");
	assert_null(leat_edges[LEAT_EDGE_CONSTANT + 1]);
}

/* --- the reference --- */

/* Place i on a line of n, by walking step by step; -1: outside. */
static int64_t walk(const char *edge, int64_t i, int64_t n)
{
	while (i < 0 || i >= n) {
		if (strcmp(edge, "constant") == 0)
			return -1;
		if (strcmp(edge, "nearest") == 0)
			return i < 0 ? 0 : n - 1;
		if (strcmp(edge, "wrap") == 0)
			i += i < 0 ? n : -n;
		else if (strcmp(edge, "reflect") == 0)
			i = i < 0 ? -1 - i : 2 * n - 1 - i;
		else if (n == 1)
			i = 0;
		else
			i = i < 0 ? -i : 2 * n - 2 - i;
	}
	return i;
}

/* Blurs along one axis: `lines` lines of n values, `next` apart within a line. */
static void blur_lines(const char *edge, double sigma, double fill, double *v, int64_t n, int64_t next, int64_t lines,
		       int64_t line_next)
{
	int64_t r = (int64_t)(8 * sigma) + 1;
	double *to = calloc((size_t)n, sizeof *to), *w = calloc((size_t)r + 1, sizeof *w), sum = 0;
	for (int64_t k = -r; k <= r; k++)
		sum += w[k < 0 ? -k : k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
	for (int64_t l = 0; l < lines; l++) {
		double *line = v + l * line_next;
		for (int64_t i = 0; i < n; i++) {
			to[i] = 0;
			for (int64_t k = -r; k <= r; k++) {
				int64_t at = walk(edge, i + k, n);
				to[i] += w[k < 0 ? -k : k] / sum * (at < 0 ? fill : line[at * next]);
			}
		}
		for (int64_t i = 0; i < n; i++)
			line[i * next] = to[i];
	}
	free(to);
	free(w);
}

/* Largest distance in levels; colors with alpha are compared weighted by it. */
static double worst(const struct leat_image *in, const struct leat_image *out, double sigma, const char *edge,
		    double cval)
{
	int64_t w = in->shape.width, h = in->shape.height;
	unsigned channels = in->shape.channels;
	double max = in->shape.sample == LEAT_U8 ? 255 : 65535, most = 0;
	double *plane = calloc((size_t)(w * h), sizeof *plane);
	for (unsigned c = 0; c < channels; c++) {
		bool color = in->shape.alpha && c + 1 < channels;
		for (int64_t i = 0; i < w * h; i++) {
			uint32_t x = (uint32_t)(i % w), y = (uint32_t)(i / w);
			plane[i] = op_at(in, x, y, c) * (color ? op_at(in, x, y, channels - 1) / max : 1);
		}
		double fill = color ? cval * cval / max : cval;
		blur_lines(edge, sigma, fill, plane, w, 1, h, w);
		blur_lines(edge, sigma, fill, plane, h, w, w, 1);
		for (int64_t i = 0; i < w * h; i++) {
			uint32_t x = (uint32_t)(i % w), y = (uint32_t)(i / w);
			double v = op_at(out, x, y, c) * (color ? op_at(out, x, y, channels - 1) / max : 1);
			most = fmax(most, fabs(v - plane[i]));
		}
	}
	free(plane);
	return most;
}

/* The image whose blur is most sensitive to a cut kernel: large plain areas of both extremes. */
static struct leat_image *blocks(const struct leat_image_shape *s)
{
	struct leat_image *im = op_noise(s, 31);
	size_t n = s->channels * leat_sample_size(s->sample);
	for (uint32_t y = 0; y < s->height; y++)
		for (uint32_t x = 0; x < s->width; x++)
			if ((x / 13 + y / 11) % 3)
				memset(im->pixels + y * im->stride + x * n, (x / 13 + y / 11) % 3 == 1 ? 0xFF : 0, n);
	return im;
}

static void within_one_level_of_the_gaussian(void **state)
{
	static const double sigmas[] = {0.01, 0.3, 0.5, 1, 2.5, 7, 19};
	char text[64];
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++)
			for (size_t i = 0; i < LEAT_LEN(sigmas); i++) {
				struct leat_image_shape s = op_shape(43, 37, channels, wide ? LEAT_U16 : LEAT_U8);
				struct leat_image *in = blocks(&s);
				snprintf(text, sizeof text, "%g", sigmas[i]);
				struct leat_image *out = op_do(&leat_op_blur, text, in, 0);
				double d = worst(in, out, sigmas[i], "nearest", 0);
				if (!(d < (s.alpha ? 1.5 : 1)))
					fail_msg("sigma %g, %u channels: %g levels", sigmas[i], channels, d);
				leat_image_unref(&in);
				leat_image_unref(&out);
			}
}

static void every_border_rule(void **state)
{
	static const uint32_t sizes[][2] = {{40, 33}, {5, 3}, {1, 1}, {3, 50}, {50, 2}};
	char text[64];
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(sizes); i++)
		for (unsigned channels = 3; channels <= 4; channels++)
			for (int e = 0; leat_edges[e]; e++) {
				struct leat_image_shape s = op_shape(sizes[i][0], sizes[i][1], channels, LEAT_U8);
				struct leat_image *in = op_noise(&s, 77 + i);
				bool fill = strcmp(leat_edges[e], "constant") == 0;
				snprintf(text, sizeof text, "2.2 edge=%s cval=%d", leat_edges[e], fill ? 200 : 0);
				struct leat_image *out = op_do(&leat_op_blur, text, in, 0);
				double d = worst(in, out, 2.2, leat_edges[e], 200);
				if (!(d < (s.alpha ? 1.5 : 1)))
					fail_msg("%s at %ux%u: %g levels", text, s.width, s.height, d);
				op_same_in_strips(&leat_op_blur, text, in);
				leat_image_unref(&in);
				leat_image_unref(&out);
			}
}

static void strips_do_not_matter(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++) {
			struct leat_image_shape s = op_shape(70, 150, channels, wide ? LEAT_U16 : LEAT_U8);
			struct leat_image *in = op_noise(&s, channels);
			op_same_in_strips(&leat_op_blur, "1.3", in);
			op_same_in_strips(&leat_op_blur, "9 edge=reflect", in);
			op_same_in_strips(&leat_op_blur, "60 edge=mirror", in);
			leat_image_unref(&in);
		}
}

static void plain_stays_plain(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++) {
			struct leat_image_shape s = op_shape(45, 20, channels, wide ? LEAT_U16 : LEAT_U8);
			for (int level = 1; level < 256; level += 127) {
				struct leat_image *in = op_image(&s, NULL);
				for (uint32_t y = 0; y < s.height; y++)
					memset(in->pixels + y * in->stride, level, leat_row_bytes(&s));
				struct leat_image *a = op_do(&leat_op_blur, "3", in, 0);
				struct leat_image *b = op_do(&leat_op_blur, "300 edge=wrap", in, 0);
				assert_true(op_same_pixels(in, a) && op_same_pixels(in, b));
				leat_image_unref(&in);
				leat_image_unref(&a);
				leat_image_unref(&b);
			}
		}
}

/* Red, opaque, beside green, transparent: no green in the result. */
static void transparent_colors_do_not_bleed(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(40, 3, 4, LEAT_U8);
	struct leat_image *in = op_image(&s, NULL);
	for (uint32_t y = 0; y < 3; y++)
		for (uint32_t x = 0; x < 40; x++)
			memcpy(in->pixels + y * in->stride + x * 4, x < 20 ? "\xFF\0\0\xFF" : "\0\xFF\0\0", 4);
	struct leat_image *out = op_do(&leat_op_blur, "2", in, 0);
	for (uint32_t x = 0; x < 40; x++) {
		assert_true(op_at(out, x, 1, 0) == (op_at(out, x, 1, 3) > 0 ? 255 : 0));
		assert_true(op_at(out, x, 1, 1) == 0);
	}
	assert_true(op_at(out, 19, 1, 3) > 127 && op_at(out, 20, 1, 3) < 128 && op_at(out, 39, 1, 3) == 0);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

enum { TAPS = 3, SAMPLES = 100, STEP = 3 };

struct lines {
	uint8_t u8[2 * TAPS + 1][SAMPLES];
	uint16_t u16[2 * TAPS + 1][SAMPLES];
	float f32[2 * TAPS + 1][SAMPLES];
	float line[SAMPLES + 2 * TAPS * STEP];
	const void *taps8[2 * TAPS + 1], *taps16[2 * TAPS + 1], *taps32[2 * TAPS + 1];
};

static void fill_lines(struct lines *l)
{
	uint64_t seed = 9;
	for (int r = 0; r <= 2 * TAPS; r++) {
		for (int i = 0; i < SAMPLES; i++) {
			l->u8[r][i] = (uint8_t)op_random(&seed);
			l->u16[r][i] = (uint16_t)op_random(&seed);
			l->f32[r][i] = (float)op_random(&seed) / 1e6f;
		}
		l->taps8[r] = l->u8[r];
		l->taps16[r] = l->u16[r];
		l->taps32[r] = l->f32[r];
	}
	for (size_t i = 0; i < LEAT_LEN(l->line); i++)
		l->line[i] = (float)op_random(&seed) / 1e6f;
}

#define ASSERT_BITS(got, first, near, far)                    \
	for (size_t i = 0; i < n; i++) {                      \
		float v = (float)(first)*w[0];                \
		for (size_t k = 1; k <= TAPS; k++)            \
			v += (float)((near) + (far)) * w[k];  \
		assert_memory_equal(&(got)[i], &v, sizeof v); \
	}

/* What all passes give is what the plain formula gives, bit for bit, at every length and place. */
static void passes_do_not_depend_on_place(void **state)
{
	static const float w[TAPS + 1] = {0.4f, 0.2f, 0.07f, 0.03f};
	static struct lines l;
	(void)state;
	fill_lines(&l);
	for (size_t round = 0; round < 2 * SAMPLES; round++) {
		const struct leat_symmetric *p = leat_symmetric_passes(round & 1 ? LEAT_CPU_PLAIN : leat_cpu_level());
		size_t n = round / 2;
		float *out = malloc(n * sizeof *out + 1); /* exactly, so that a checker sees a step too far */
		p->vertical_u8(l.taps8, w, TAPS, n, out);
		ASSERT_BITS(out, l.u8[TAPS][i], l.u8[TAPS - k][i], l.u8[TAPS + k][i])
		p->vertical_u16(l.taps16, w, TAPS, n, out);
		ASSERT_BITS(out, l.u16[TAPS][i], l.u16[TAPS - k][i], l.u16[TAPS + k][i])
		p->vertical_f32(l.taps32, w, TAPS, n, out);
		ASSERT_BITS(out, l.f32[TAPS][i], l.f32[TAPS - k][i], l.f32[TAPS + k][i])
		p->horizontal(l.line, w, TAPS, STEP, n, out);
		ASSERT_BITS(out, l.line[i + TAPS * STEP], l.line[i + (TAPS - k) * STEP], l.line[i + (TAPS + k) * STEP])
		free(out);
	}
}

static void refusals(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(4, 4, 1, LEAT_U8);
	struct leat_image *in = op_image(&s, NULL);
	op_refused(&leat_op_blur, "2 cval=3", in, "edge=constant alone");
	op_refused(&leat_op_blur, "2 edge=constant cval=256", in, "cval=256 is more than the 255");
	op_refused(&leat_op_blur, "2 edge=constant cval=101%", in, "outside the range");
	leat_image_unref(&in);
}

/* The same as in 16 bit, but for its rounding; and nothing is cut off at 1. */
static void float_samples(void **state)
{
	static const char *const texts[] = {"1.3", "4", "2 edge=reflect", "2 edge=wrap", "3 edge=constant cval=25%"};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (unsigned channels = 1; channels <= 4; channels++) {
			struct leat_image_shape s = op_shape(61, 47, channels, LEAT_U16);
			struct leat_image *wide = op_noise(&s, i), *real = op_as_float(wide, 65535);
			struct leat_image *a = op_do(&leat_op_blur, texts[i], wide, 5);
			struct leat_image *b = op_do(&leat_op_blur, texts[i], real, 5);
			op_same_as_float(a, b, 65535, 1.01);
			leat_image_unref(&a);
			leat_image_unref(&b);
			leat_image_unref(&wide);
			leat_image_unref(&real);
		}
	const float bright[3] = {4, 4, 4};
	struct leat_image_shape s = op_shape(3, 1, 1, LEAT_F32);
	struct leat_image *in = op_image(&s, bright), *out = op_do(&leat_op_blur, "2", in, 0);
	assert_float_equal(op_at(out, 1, 0, 0), 4, 1e-6);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders_are_scipys),
		cmocka_unit_test(within_one_level_of_the_gaussian),
		cmocka_unit_test(every_border_rule),
		cmocka_unit_test(strips_do_not_matter),
		cmocka_unit_test(plain_stays_plain),
		cmocka_unit_test(transparent_colors_do_not_bleed),
		cmocka_unit_test(passes_do_not_depend_on_place),
		cmocka_unit_test(refusals),
		cmocka_unit_test(float_samples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
