/* SPDX-License-Identifier: MIT */
/* cumsum: sums of all numbers up to each place along an axis, as numpy.cumsum: whole numbers as int64 or uint64. */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/array/wide.h"
#include "ops/rows.h"

struct cumsum {
	int64_t axis;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct cumsum, axis, "axis", "-1", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct cumsum *p = params_;
	struct leat_axis a;
	enum leat_dtype t = in->array.dtype;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.dtype = leat_dtype_is_float(t) ? t : leat_wide_type(t);
	out->array.fortran = false;
	return leat_real_check(&in->array, err) < 0 ? -1 : leat_axis_of(&a, &in->array, p->axis, err);
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_array *from = leat_payload_numbers(in), *a = leat_wide_of(from, false, err);
	struct leat_axis x;
	if (!a || leat_axis_of(&x, &a->shape, ((const struct cumsum *)w->params)->axis, err) < 0) {
		leat_array_unref(&a);
		return -1;
	}
	double *v = a->data;
	uint64_t *u = a->data, plane = x.n * x.inner;
	bool floating = a->shape.dtype == LEAT_DT_F8;
	for (uint64_t o = 0; o < x.outer; o++)
		for (uint64_t i = o * plane + x.inner; i < (o + 1) * plane; i++) {
			if (floating)
				v[i] += v[i - x.inner];
			else
				u[i] += u[i - x.inner];
		}
	return leat_whole_give(leat_wide_back(&a, floating ? from->shape.dtype : a->shape.dtype, err), out);
}

const struct leat_op leat_op_cumsum = {
	.name = "cumsum",
	.group = "array",
	.summary = "running sums along an axis",
	.example = "cumsum axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct cumsum),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.cost = cost,
};
