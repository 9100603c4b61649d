/* SPDX-License-Identifier: MIT */
/* percentile: what stands at a share of the sorted numbers, interpolated linearly, as numpy.percentile. */
#include "ops/array/over.h"

static const char *const methods[] = {"linear", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct leat_over, q, struct leat_numbers, LEAT_PT_NUMBERS, "q", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "percentiles, 0 to 100; of several the result has them as its first axis"),
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_CHOICE(struct leat_over, method, "method", "linear", methods, 0, "what stands between two numbers"),
	LEAT_P_END,
};

static int check_q(const void *p_, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_over *p = p_;
	*which = &params[0];
	for (size_t i = 0; i < p->q.n; i++)
		if (!(p->q.v[i] >= 0 && p->q.v[i] <= 100))
			return leat_fail(err, LEAT_CAUSE_USAGE, "it takes percentiles, 0 to 100");
	return leat_over_check(p, params, which, err);
}

LEAT_OVER_PARTS_OF(check_q, LEAT_OVER_PERCENTILE, "percentile")

const struct leat_op leat_op_percentile = {
	.name = "percentile",
	.summary = "the numbers at shares of the sorted ones, over an axis or of all",
	.example = "percentile 5,50,95 axis=0",
	LEAT_OVER_ROWS,
};
