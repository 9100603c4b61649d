/* SPDX-License-Identifier: MIT */
/*
 * round: to so many places behind the point, halves to the even one, as numpy.round; negative: to tens and
 * hundreds. The type stays.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/array/axis.h"
#include "ops/array/wide.h"
#include "ops/rows.h"

#include <math.h>

struct round {
	int64_t decimals;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct round, decimals, "decimals", NULL, -300, 300, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "places behind the decimal point; negative ones are before it"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params_; /* the same for all */
	*out = *in;
	return leat_real_check(&in->array, err);
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static void round_floats(double *v, uint64_t n, int64_t decimals)
{
	double ten = pow(10, (double)llabs(decimals));
	for (uint64_t i = 0; i < n; i++) {
		double scaled = decimals < 0 ? v[i] / ten : v[i] * ten;
		double whole = rint(scaled);
		if (isfinite(scaled))
			v[i] = decimals < 0 ? whole * ten : whole / ten;
	}
}

/* A number without its sign, to a multiple of ten. */
static uint64_t rounded(uint64_t v, uint64_t ten)
{
	uint64_t down = v / ten, rest = v % ten;
	bool up = rest > ten - rest || (rest == ten - rest && down % 2);
	return (down + up) * ten;
}

static void round_whole(uint64_t *v, uint64_t n, int64_t decimals, bool with_sign)
{
	uint64_t ten = 1;
	for (int64_t i = decimals; i < 0; i++)
		if (__builtin_mul_overflow(ten, 10, &ten)) {
			memset(v, 0, (size_t)n * sizeof *v);
			return;
		}
	for (uint64_t i = 0; ten > 1 && i < n; i++)
		v[i] = with_sign && (int64_t)v[i] < 0 ? 0 - rounded(0 - v[i], ten) : rounded(v[i], ten);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	int64_t decimals = ((const struct round *)w->params)->decimals;
	struct leat_array *from = leat_payload_numbers(in), *a = leat_wide_of(from, true, err);
	if (!a)
		return -1;
	uint64_t n = leat_array_count(&a->shape);
	if (a->shape.dtype == LEAT_DT_F8)
		round_floats(a->data, n, decimals);
	else
		round_whole(a->data, n, decimals, a->shape.dtype == LEAT_DT_I8);
	return leat_whole_give_like(in, leat_wide_back(&a, from->shape.dtype, err), out, err);
}

const struct leat_op leat_op_round = {
	.name = "round",
	.group = "array",
	.summary = "round numbers to decimal places",
	.example = "round 2",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct round),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.cost = cost,
};
