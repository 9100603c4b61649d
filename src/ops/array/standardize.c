/* SPDX-License-Identifier: MIT */
/*
 * standardize: (x - mean) / std, the z-score, of all numbers or of each line by itself.
 *
 * The result is float64 and equals scipy.stats.zscore within rounding. column is an index of the last axis and row
 * one of the first, of one or two dimensions (one dimension is one column); of three or more they are called
 * channel and page. An image is the array that to-array makes of it, alpha a channel like the others. A line of
 * equal numbers has no deviation: zeros, or a failure. nan=propagate makes all of a line NaN where one number is;
 * nan=omit leaves NaN where it is and out of mean and deviation.
 */
#include "base/mem.h"
#include "ops/array/pixels.h"
#include "ops/array/sums.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

#include <math.h>

struct standardize {
	int64_t per, ddof, constant, nan;
};

enum { CONSTANT_ZERO, CONSTANT_FAIL };
enum { NAN_PROPAGATE, NAN_OMIT };

static const char *const pers[] = {"all", "column", "row", "page", "channel", NULL};
static const char *const constants[] = {"zero", "fail", NULL};
static const char *const nans[] = {"propagate", "omit", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(
		struct standardize, per, "per", "all", pers, 0,
		"what is treated by itself; column and row of one or two dimensions, channel (last axis) and page "
		"(first axis) of more"),
	LEAT_P_INT(struct standardize, ddof, "ddof", "0", 0, INT32_MAX, NULL, 0,
		   "delta degrees of freedom: the divisor of the variance is the count less this"),
	LEAT_P_CHOICE(struct standardize, constant, "constant", "zero", constants, 0,
		      "what becomes of equal numbers, which have no deviation: zeros, or the item fails"),
	LEAT_P_CHOICE(struct standardize, nan, "nan", "propagate", nans, 0,
		      "what a missing number does: makes the whole line missing, or is left out and stays"),
	LEAT_P_END,
};

static int check_kind(const void *params_, unsigned kind, const struct leat_param **which, struct leat_err *err)
{
	const struct standardize *p = params_;
	*which = &params[0];
	if (kind == LEAT_IMAGE && (p->per == LEAT_PER_COLUMN || p->per == LEAT_PER_ROW))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "per=%s is for arrays and tables; images know all, channel and page", pers[p->per]);
	if (kind == LEAT_TABLE && (p->per == LEAT_PER_PAGE || p->per == LEAT_PER_CHANNEL))
		return leat_fail(err, LEAT_CAUSE_USAGE, "a table has no %ss; it knows all, column and row",
				 pers[p->per]);
	*which = NULL;
	return 0;
}

/* A gray image is one channel, and most are one page. */
static enum leat_per per_of(const struct standardize *p, const struct leat_image_shape *image)
{
	if (image && p->per == LEAT_PER_PAGE)
		return image->page_height ? LEAT_PER_PAGE : LEAT_PER_ALL;
	if (image && image->channels == 1)
		return LEAT_PER_ALL;
	return (enum leat_per)p->per;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	bool image = in->kind == LEAT_IMAGE;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	if (image)
		out->array = leat_pixels_shape(&in->image, false);
	if (leat_lines_check(&out->array, per_of(params_, image ? &in->image : NULL), err) < 0)
		return -1;
	out->array.dtype = LEAT_DT_F8;
	return 0;
}

/* Beside the result: the numbers as float64, and an image's samples. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_; /* the same for all */
	size_t bytes = leat_array_bytes(&out->array);
	return in->kind == LEAT_IMAGE ? leat_size_add(bytes, leat_image_bytes(&in->image)) : bytes;
}

/* What a line is moved and divided by, from its sums and the squares of its distances. */
static int line_scale(const struct standardize *p, const struct leat_sum *s, double squares, double *center,
		      double *std, struct leat_err *err)
{
	*std = 1;
	if (s->nan && p->nan == NAN_PROPAGATE) {
		*center = NAN;
		return 0;
	}
	if (s->n == 0 || s->min == s->max) {
		*center = s->n ? s->min : 0;
		if (s->n && p->constant == CONSTANT_FAIL)
			return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
					 "all %llu numbers of a line are %g: there is no deviation "
					 "(constant=zero makes them 0)",
					 (unsigned long long)s->n, s->min);
		return 0;
	}
	if (s->n <= (uint64_t)p->ddof)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "ddof=%lld leaves nothing of %llu numbers",
				 (long long)p->ddof, (unsigned long long)s->n);
	*std = sqrt(squares / (double)(s->n - (uint64_t)p->ddof));
	return 0;
}

struct work {
	struct leat_sum *sum;
	double *center, *std, *squares, *ones;
};

static int measure(const struct leat_whole *w, const struct leat_lines *l, const struct work *k, struct leat_err *err)
{
	if (leat_lines_sum(l, LEAT_SUM_EXTREMES, w->team, k->sum, err) < 0)
		return -1;
	for (size_t i = 0; i < l->lines; i++)
		k->center[i] = k->sum[i].n ? k->sum[i].sum / (double)k->sum[i].n : 0;
	if (leat_lines_squares(l, k->center, w->team, k->squares, err) < 0)
		return -1;
	for (size_t i = 0; i < l->lines; i++)
		if (line_scale(w->params, &k->sum[i], k->squares[i], &k->center[i], &k->std[i], err) < 0)
			return -1;
	return 0;
}

static struct leat_array *scaled(const struct leat_whole *w, const struct leat_lines *l, struct leat_err *err)
{
	struct work k = {.sum = leat_zalloc(l->lines, sizeof *k.sum, err),
			 .center = leat_zalloc(leat_size_mul(l->lines, 4), sizeof *k.center, err)};
	struct leat_array *out = NULL;
	if (k.sum && k.center) {
		k.std = k.center + l->lines;
		k.squares = k.std + l->lines;
		k.ones = k.squares + l->lines;
		for (size_t i = 0; i < l->lines; i++)
			k.ones[i] = 1;
		if (measure(w, l, &k, err) == 0)
			out = leat_array_new(&l->from->shape, err);
	}
	if (out)
		leat_lines_scale(l,
				 &(struct leat_scaling){.center = k.center,
							.divisor = k.std,
							.factor = k.ones,
							.low = -INFINITY,
							.high = INFINITY},
				 w->team, out->data);
	free(k.sum);
	free(k.center);
	return out;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	bool image = in->kind == LEAT_IMAGE;
	struct leat_array *a =
		image ? leat_pixels_array(in->image, false, err) : leat_array_ref(leat_payload_numbers(in));
	struct leat_lines l;
	if (!a)
		return -1;
	int ok = leat_lines_of(&l, a, per_of(w->params, image ? &in->image->shape : NULL), err);
	leat_array_unref(&a);
	if (ok < 0)
		return -1;
	struct leat_array *result = scaled(w, &l, err);
	leat_lines_free(&l);
	if (!result)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = result};
	return 0;
}

const struct leat_op leat_op_standardize = {
	.name = "standardize",
	.group = "array",
	.summary = "subtract the mean and divide by the standard deviation",
	.example = "standardize per=column",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct standardize),
	.in = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.check_kind = check_kind,
	.shape = shape,
	.paged = leat_paged_always,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
