/* SPDX-License-Identifier: MIT */
/* Whole numbers over an axis: 64 bits, which wrap where they are too few, as NumPy's do. */
#include "ops/array/over_whole.h"

static bool is_unsigned(enum leat_dtype t)
{
	return t == LEAT_DT_U1 || t == LEAT_DT_U2 || t == LEAT_DT_U4 || t == LEAT_DT_U8;
}

bool leat_over_is_whole(enum leat_over_how how, enum leat_dtype t)
{
	bool fits = how == LEAT_OVER_SUM || how == LEAT_OVER_PROD || how == LEAT_OVER_MIN || how == LEAT_OVER_MAX ||
		    how == LEAT_OVER_PTP;
	return fits && !leat_dtype_is_float(t) && !leat_dtype_is_complex(t);
}

/* Is a smaller than b: bits that mean one or the other. */
static bool less(uint64_t a, uint64_t b, bool positive)
{
	return positive ? a < b : (int64_t)a < (int64_t)b;
}

/* n numbers, `step` apart; n is at least 1 but for sums and products. */
static uint64_t of_line(enum leat_over_how how, const uint64_t *v, uint64_t n, uint64_t step, bool positive)
{
	uint64_t sum = 0, prod = 1, min = n ? v[0] : 0, max = min;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t x = v[i * step];
		sum += x;
		prod *= x;
		min = less(x, min, positive) ? x : min;
		max = less(max, x, positive) ? x : max;
	}
	switch (how) {
	case LEAT_OVER_SUM:
		return sum;
	case LEAT_OVER_PROD:
		return prod;
	case LEAT_OVER_MIN:
		return min;
	case LEAT_OVER_MAX:
		return max;
	default:
		return max - min;
	}
}

/* The low bits, as a cast of NumPy's. */
static void put(struct leat_array *out, uint64_t i, uint64_t v)
{
	size_t size = leat_dtype_size(out->shape.dtype);
	uint8_t *at = (uint8_t *)out->data + i * size;
	for (size_t k = 0; k < size; k++) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		at[size - 1 - k] = (uint8_t)(v >> 8 * k);
#else
		at[k] = (uint8_t)(v >> 8 * k);
#endif
	}
}

struct leat_array *leat_over_whole(enum leat_over_how how, struct leat_array *a, const struct leat_axis *axis,
				   const struct leat_array_shape *out, struct leat_err *err)
{
	bool positive = is_unsigned(a->shape.dtype);
	struct leat_array *wide = leat_array_as(a, positive ? LEAT_DT_U8 : LEAT_DT_I8, false, err);
	struct leat_array *made = wide ? leat_array_new(out, err) : NULL;
	for (uint64_t l = 0; made && l < axis->outer * axis->inner; l++) {
		const uint64_t *v = wide->data;
		v += l / axis->inner * axis->n * axis->inner + l % axis->inner;
		put(made, l, of_line(how, v, axis->n, axis->inner, positive));
	}
	leat_array_unref(&wide);
	return made;
}
