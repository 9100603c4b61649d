/* SPDX-License-Identifier: MIT */
/* See wide.h. */
#include "ops/array/wide.h"

#include "ops/array/axis.h"

#include <string.h>

enum leat_dtype leat_wide_type(enum leat_dtype t)
{
	if (leat_dtype_is_float(t))
		return LEAT_DT_F8;
	return t == LEAT_DT_U1 || t == LEAT_DT_U2 || t == LEAT_DT_U4 || t == LEAT_DT_U8 ? LEAT_DT_U8 : LEAT_DT_I8;
}

struct leat_array *leat_wide_of(struct leat_array *a, bool keep, struct leat_err *err)
{
	if (leat_real_check(&a->shape, err) < 0)
		return NULL;
	struct leat_array *w = leat_array_as(a, leat_wide_type(a->shape.dtype), keep && a->shape.fortran, err);
	if (!w || w->mem != a->mem)
		return w;
	struct leat_array *copy = leat_array_new(&w->shape, err);
	if (copy)
		memcpy(copy->data, w->data, leat_array_bytes(&w->shape));
	leat_array_unref(&w);
	return copy;
}

#define NARROW(T)                        \
	for (uint64_t i = 0; i < n; i++) \
	((T *)out->data)[i] = (T)((const uint64_t *)from->data)[i]

static void narrow(const struct leat_array *from, struct leat_array *out)
{
	uint64_t n = leat_array_count(&from->shape);
	switch (leat_dtype_size(out->shape.dtype)) {
	case 1:
		NARROW(uint8_t);
		break;
	case 2:
		NARROW(uint16_t);
		break;
	case 4:
		NARROW(uint32_t);
		break;
	default:
		NARROW(uint64_t);
		break;
	}
}

struct leat_array *leat_wide_back(struct leat_array **wide, enum leat_dtype t, struct leat_err *err)
{
	struct leat_array *from = *wide, *out;
	struct leat_array_shape shape = from->shape;
	*wide = NULL;
	if (shape.dtype == t)
		return from;
	if (leat_dtype_is_float(t) || t == LEAT_DT_B1) {
		out = leat_array_as(from, t, shape.fortran, err);
	} else {
		shape.dtype = t;
		out = leat_array_new(&shape, err);
		if (out)
			narrow(from, out);
	}
	leat_array_unref(&from);
	return out;
}
