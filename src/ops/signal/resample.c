/* SPDX-License-Identifier: MIT */
/*
 * resample: another number of samples along an axis by way of the Fourier transform, as scipy.signal.resample.
 * Float64.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/signal/complex.h"

struct resample {
	int64_t num, axis;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct resample, num, "num", NULL, 1, INT64_C(1) << 31, "samples", LEAT_POSITIONAL | LEAT_REQUIRED,
		   "numbers along the axis of the result"),
	LEAT_P_INT(struct resample, axis, "axis", "0", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct resample *p = params_;
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	if (leat_real_check(&in->array, err) < 0 || leat_axis_of(&a, &in->array, p->axis, err) < 0)
		return -1;
	out->array.dtype = LEAT_DT_F8;
	out->array.fortran = false;
	out->array.dim[a.axis] = (uint64_t)p->num;
	return a.n ? 0 : leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no number along the axis");
}

/* Both sides as complex numbers. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_; /* the same for all */
	return leat_size_mul(leat_size_add((size_t)leat_array_count(&in->array), (size_t)leat_array_count(&out->array)),
			     4 * sizeof(double));
}

/* The number of the highest frequency that stays stands for two where the length is even. */
static void settle_highest(struct leat_array *spectrum, const struct leat_axis *x, uint64_t shorter, double factor)
{
	struct leat_complex *v = spectrum->data;
	for (uint64_t o = 0; o < x->outer; o++)
		for (uint64_t i = 0; i < x->inner; i++) {
			struct leat_complex *at = &v[(o * x->n + shorter / 2) * x->inner + i];
			*at = (struct leat_complex){at->re * factor, at->im * factor};
		}
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct resample *p = w->params;
	struct leat_array *a = leat_payload_numbers(in), *made = NULL;
	struct leat_axis x;
	if (leat_axis_of(&x, &a->shape, p->axis, err) < 0)
		return -1;
	uint64_t n = x.n, num = (uint64_t)p->num, shorter = n < num ? n : num;
	struct leat_fft_job there = {.way = LEAT_RFFT, .axis = p->axis, .n = (size_t)n, .scale = 1.0 / (double)n};
	struct leat_fft_job back = {.way = LEAT_IRFFT, .axis = p->axis, .n = (size_t)num, .scale = 1};
	struct leat_array *spectrum = leat_fft_array(a, &there, w->team, err);
	if (spectrum && leat_axis_of(&x, &spectrum->shape, p->axis, err) == 0) {
		if (shorter % 2 == 0 && n != num)
			settle_highest(spectrum, &x, shorter, num < n ? 2 : 0.5);
		made = leat_fft_array(spectrum, &back, w->team, err);
	}
	leat_array_unref(&spectrum);
	return leat_whole_give(made, out);
}

const struct leat_op leat_op_resample = {
	.name = "resample",
	.group = "signal",
	.summary = "another number of samples along an axis",
	.example = "resample 100 axis=-1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct resample),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.cost = cost,
};
