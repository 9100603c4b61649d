/* SPDX-License-Identifier: MIT */
/* Resampling weights of one axis. See taps.h. */
#include "ops/taps.h"

#include "base/mem.h"

#include <math.h>

const char *const leat_kernels[] = {"lanczos3", "nearest", "linear", "cubic", "mitchell", "lanczos2", NULL};

static const double PI = 3.14159265358979323846;

static double lanczos2(double x)
{
	double t = x * PI;
	return x >= 2 ? 0 : x < 1e-9 ? 1 : sin(t) * sin(t / 2) * 2 / (t * t);
}

/* One sine instead of two, because sin 3a = 3 sin a - 4 sin^3 a: the weights cost more than small images. */
static double lanczos3(double x)
{
	double t = x * PI, s = sin(t / 3);
	return x >= 3 ? 0 : x < 1e-9 ? 1 : s * s * (3 - 4 * s * s) * 3 / (t * t);
}

/* The two-parameter family of Mitchell and Netravali (1988). */
static double cubic(double x, double b, double c)
{
	if (x < 1)
		return (((12 - 9 * b - 6 * c) * x - 18 + 12 * b + 6 * c) * x * x + 6 - 2 * b) / 6;
	if (x < 2)
		return (((-b - 6 * c) * x + 6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x + 8 * b + 24 * c) / 6;
	return 0;
}

double leat_kernel_at(enum leat_kernel k, double x)
{
	switch (k) {
	case LEAT_NEAREST:
		return x < 0.5 ? 1 : 0;
	case LEAT_LINEAR:
		return x < 1 ? 1 - x : 0;
	case LEAT_CUBIC:
		return cubic(x, 0, 0.5);
	case LEAT_MITCHELL:
		return cubic(x, 1.0 / 3, 1.0 / 3);
	case LEAT_LANCZOS2:
		return lanczos2(x);
	default:
		return lanczos3(x);
	}
}

double leat_kernel_support(enum leat_kernel k)
{
	switch (k) {
	case LEAT_NEAREST:
		return 0.5;
	case LEAT_LINEAR:
		return 1;
	case LEAT_LANCZOS3:
		return 3;
	default:
		return 2;
	}
}

/* Nearest takes one sample, also when reducing; an axis that keeps its size is left alone (mitchell would blur it). */
static bool is_single(enum leat_kernel k, const struct leat_axis *a)
{
	return k == LEAT_NEAREST || (a->in == a->scaled && a->span == 0) || a->in == 1;
}

/* Input samples to an output sample. */
static double scale_of(const struct leat_axis *a)
{
	return (a->span > 0 ? a->span : a->in) / a->scaled;
}

/* Input samples that output sample i of the scaled axis takes: [*first, result). */
static uint32_t span(enum leat_kernel k, const struct leat_axis *a, uint32_t i, uint32_t *first)
{
	double scale = scale_of(a), stretch = scale > 1 ? scale : 1;
	double center = (i + 0.5) * scale, reach = leat_kernel_support(k) * stretch;
	/* The samples whose centers, at whole numbers and a half, are nearer than reach. */
	double from = floor(center - reach + 0.5), to = floor(center + reach + 0.5);
	*first = from < 0 ? 0 : from > a->in - 1 ? a->in - 1 : (uint32_t)from;
	uint32_t end = to > a->in ? a->in : (uint32_t)to;
	return end > *first ? end : *first + 1;
}

/* More than any output sample takes. */
static uint32_t most_taps(enum leat_kernel k, const struct leat_axis *a)
{
	if (is_single(k, a))
		return 1;
	double scale = scale_of(a), stretch = scale > 1 ? scale : 1;
	double n = ceil(2 * leat_kernel_support(k) * stretch) + 1;
	return n > a->in ? a->in : (uint32_t)n;
}

static uint32_t padded(uint32_t n)
{
	return (n + LEAT_TAP_LANES - 1) / LEAT_TAP_LANES * LEAT_TAP_LANES;
}

static void fill_single(struct leat_taps *t)
{
	const struct leat_axis *a = &t->axis;
	for (uint32_t i = 0; i < a->out; i++) {
		/* floor of the output sample's center, exactly */
		uint64_t at = (2 * ((uint64_t)a->offset + i) + 1) * a->in / (2 * (uint64_t)a->scaled);
		t->first[i] = at < a->in ? (uint32_t)at : a->in - 1;
		t->count[i] = 1;
		t->weight[(size_t)i * t->step] = 1;
		t->fixed[(size_t)i * t->step] = 1 << 14;
	}
	t->bits = 14;
}

/* The weights of output sample i for n input samples from `first` on, in double, normalized, into w. */
static void exact(const struct leat_axis *a, enum leat_kernel k, uint32_t i, uint32_t first, uint32_t n, double *w)
{
	double scale = scale_of(a), stretch = scale > 1 ? scale : 1;
	double center = (a->offset + i + 0.5) * scale, sum = 0;
	for (uint32_t j = 0; j < n; j++) {
		w[j] = leat_kernel_at(k, fabs(first + j + 0.5 - center) / stretch);
		sum += w[j];
	}
	for (uint32_t j = 0; j < n; j++)
		w[j] = sum != 0 ? w[j] / sum : 1.0 / n;
}

/*
 * Fixed-point weights of one output sample. The running sum is rounded, not each weight: so they sum to 2^bits exactly
 * and errors do not add up along smooth stretches; each weight is off by less than one unit.
 */
static void round_weights(const float *w, uint32_t n, unsigned bits, int16_t *q)
{
	double sum = 0, one = (double)(1u << bits);
	long last = 0;
	for (uint32_t j = 0; j < n; j++) {
		sum += (double)w[j];
		long now = j + 1 == n ? (long)one : lround(sum * one);
		q[j] = (int16_t)(now - last);
		last = now;
	}
}

/* The largest scale at which no weight leaves int16 and no sum of 255 * weight leaves int32. */
static unsigned choose_bits(double largest, double magnitudes)
{
	unsigned bits = 22;
	while (bits > 1 && (largest * (1u << bits) > 32765 || 255 * magnitudes * (1u << bits) > 2147000000.0))
		bits--;
	return bits;
}

/*
 * The weights of output sample i into its row. Near the end of the axis the row begins earlier, with zeros, so that
 * first + most never passes the end. Adds to the largest magnitude and the largest sum of magnitudes.
 */
static void fill_row(struct leat_taps *t, enum leat_kernel k, uint32_t i, double *w, double *largest,
		     double *magnitudes)
{
	uint32_t first, end = span(k, &t->axis, t->axis.offset + i, &first);
	uint32_t shift = first + t->most > t->axis.in ? first + t->most - t->axis.in : 0;
	float *row = t->weight + (size_t)i * t->step + shift;
	double sum = 0;
	exact(&t->axis, k, i, first, end - first, w);
	for (uint32_t j = 0; j < end - first; j++) {
		row[j] = (float)w[j];
		*largest = fmax(*largest, fabs(w[j]));
		sum += fabs(w[j]);
	}
	*magnitudes = fmax(*magnitudes, sum);
	t->first[i] = first - shift;
	t->count[i] = end - first + shift;
}

static int fill(struct leat_taps *t, enum leat_kernel k, struct leat_err *err)
{
	double largest = 0, magnitudes = 0, *w = leat_zalloc(t->most, sizeof *w, err);
	if (!w)
		return -1;
	for (uint32_t i = 0; i < t->axis.out; i++)
		fill_row(t, k, i, w, &largest, &magnitudes);
	t->bits = choose_bits(largest, magnitudes);
	for (size_t i = 0; t->fixed && i < t->axis.out; i++)
		round_weights(t->weight + i * t->step, t->count[i], t->bits, t->fixed + i * t->step);
	free(w);
	return 0;
}

int leat_taps_make(struct leat_taps *t, enum leat_kernel k, const struct leat_axis *axis, struct leat_err *err)
{
	*t = (struct leat_taps){.axis = *axis, .single = is_single(k, axis), .most = most_taps(k, axis)};
	t->step = padded(t->most);
	size_t weights = leat_size_mul(axis->out, t->step);
	t->first = leat_zalloc(axis->out, sizeof *t->first, err);
	t->count = leat_zalloc(axis->out, sizeof *t->count, err);
	t->weight = leat_zalloc(weights, sizeof *t->weight, err);
	if (!t->first || !t->count || !t->weight)
		return -1;
	if (t->most <= LEAT_TAP_FIXED_MAX) {
		t->fixed = leat_zalloc(weights, sizeof *t->fixed, err);
		if (!t->fixed)
			return -1;
	}
	if (!t->single)
		return fill(t, k, err);
	fill_single(t);
	return 0;
}

void leat_taps_free(struct leat_taps *t)
{
	free(t->first);
	free(t->count);
	free(t->weight);
	free(t->fixed);
	*t = (struct leat_taps){0};
}

size_t leat_taps_bytes(enum leat_kernel k, const struct leat_axis *axis)
{
	uint32_t most = most_taps(k, axis);
	size_t per_tap = sizeof(float) + (most > LEAT_TAP_FIXED_MAX ? 0 : sizeof(int16_t));
	return leat_size_mul(axis->out, leat_size_add(8, leat_size_mul(padded(most), per_tap)));
}
