/* SPDX-License-Identifier: MIT */
/*
 * An array as another type and another order. The order is changed first, by moving elements of one size; then the
 * type, over packed memory. Every pair of types has one loop, made by the macros below; halves pass through float,
 * which holds each of them exactly.
 */
#include "core/array_half.h"

#include "base/mem.h"

#include <stdio.h>

/* ---- types: each loop converts n elements and returns how many it could ---- */

typedef size_t convert_fn(const void *src, void *dst, size_t n);

/* Integers of any two types: the builtin computes without limits and tells whether the result fits. */
#define INT_TO_INT(s, S, d, D)                                              \
	static size_t s##_to_##d(const void *src, void *dst, size_t n)      \
	{                                                                   \
		const S *a = src;                                           \
		D *b = dst;                                                 \
		size_t i = 0;                                               \
		while (i < n && !__builtin_add_overflow(a[i], (S)0, &b[i])) \
			i++;                                                \
		return i;                                                   \
	}
#define TO_FLOAT(s, S, d, D)                                           \
	static size_t s##_to_##d(const void *src, void *dst, size_t n) \
	{                                                              \
		const S *a = src;                                      \
		D *b = dst;                                            \
		for (size_t i = 0; i < n; i++)                         \
			b[i] = (D)a[i];                                \
		return n;                                              \
	}
/* LO is the smallest value of D and HI the first above the largest: both are exact as doubles. */
#define FLOAT_TO_INT(s, S, d, D, LO, HI)                                               \
	static size_t s##_to_##d(const void *src, void *dst, size_t n)                 \
	{                                                                              \
		const S *a = src;                                                      \
		D *b = dst;                                                            \
		size_t i = 0;                                                          \
		for (; i < n; i++) {                                                   \
			double v = (double)a[i];                                       \
			if (!((v > (LO)-1.0 || v == (LO)) && v < (HI))) /* NaN, too */ \
				break;                                                 \
			b[i] = (D)a[i];                                                \
		}                                                                      \
		return i;                                                              \
	}
#define TO_BOOL(s, S)                                                 \
	static size_t s##_to_b1(const void *src, void *dst, size_t n) \
	{                                                             \
		const S *a = src;                                     \
		uint8_t *b = dst;                                     \
		for (size_t i = 0; i < n; i++)                        \
			b[i] = a[i] != 0;                             \
		return n;                                             \
	}

#define INTS(X, s, S)        \
	X(s, S, i1, int8_t)  \
	X(s, S, u1, uint8_t) \
	X(s, S, i2, int16_t) \
	X(s, S, u2, uint16_t) X(s, S, i4, int32_t) X(s, S, u4, uint32_t) X(s, S, i8, int64_t) X(s, S, u8, uint64_t)
#define FROM_INT(s, S)            \
	INTS(INT_TO_INT, s, S)    \
	TO_BOOL(s, S)             \
	TO_FLOAT(s, S, f4, float) \
	TO_FLOAT(s, S, f8, double)
#define FROM_FLOAT(s, S)                                 \
	FLOAT_TO_INT(s, S, i1, int8_t, -0x1p7, 0x1p7)    \
	FLOAT_TO_INT(s, S, u1, uint8_t, 0.0, 0x1p8)      \
	FLOAT_TO_INT(s, S, i2, int16_t, -0x1p15, 0x1p15) \
	FLOAT_TO_INT(s, S, u2, uint16_t, 0.0, 0x1p16)    \
	FLOAT_TO_INT(s, S, i4, int32_t, -0x1p31, 0x1p31) \
	FLOAT_TO_INT(s, S, u4, uint32_t, 0.0, 0x1p32)    \
	FLOAT_TO_INT(s, S, i8, int64_t, -0x1p63, 0x1p63) \
	FLOAT_TO_INT(s, S, u8, uint64_t, 0.0, 0x1p64)    \
	TO_BOOL(s, S)                                    \
	TO_FLOAT(s, S, f4, float)                        \
	TO_FLOAT(s, S, f8, double)

/* clang-format off */
FROM_INT(b1, uint8_t)
FROM_INT(i1, int8_t)
FROM_INT(u1, uint8_t)
FROM_INT(i2, int16_t)
FROM_INT(u2, uint16_t)
FROM_INT(i4, int32_t)
FROM_INT(u4, uint32_t)
FROM_INT(i8, int64_t)
FROM_INT(u8, uint64_t)
FROM_FLOAT(f4, float)
FROM_FLOAT(f8, double)

#define ROW(s) { [LEAT_DT_B1] = s##_to_b1, [LEAT_DT_I1] = s##_to_i1, [LEAT_DT_U1] = s##_to_u1, \
		 [LEAT_DT_I2] = s##_to_i2, [LEAT_DT_U2] = s##_to_u2, [LEAT_DT_I4] = s##_to_i4, \
		 [LEAT_DT_U4] = s##_to_u4, [LEAT_DT_I8] = s##_to_i8, [LEAT_DT_U8] = s##_to_u8, \
		 [LEAT_DT_F4] = s##_to_f4, [LEAT_DT_F8] = s##_to_f8 }
static convert_fn *const real[LEAT_N_DTYPES][LEAT_N_DTYPES] = {
	[LEAT_DT_B1] = ROW(b1), [LEAT_DT_I1] = ROW(i1), [LEAT_DT_U1] = ROW(u1), [LEAT_DT_I2] = ROW(i2),
	[LEAT_DT_U2] = ROW(u2), [LEAT_DT_I4] = ROW(i4), [LEAT_DT_U4] = ROW(u4), [LEAT_DT_I8] = ROW(i8),
	[LEAT_DT_U8] = ROW(u8), [LEAT_DT_F4] = ROW(f4), [LEAT_DT_F8] = ROW(f8),
};
/* clang-format on */

/* Halves and complex numbers pass through blocks of floats or doubles. */
enum { BLOCK = 512 };

static size_t from_half(const uint16_t *src, enum leat_dtype to, uint8_t *dst, size_t n)
{
	float block[BLOCK];
	for (size_t done = 0; done < n; done += BLOCK) {
		size_t k = n - done < BLOCK ? n - done : BLOCK;
		for (size_t i = 0; i < k; i++)
			block[i] = leat_half_to_float(src[done + i]);
		size_t good = real[LEAT_DT_F4][to](block, dst + done * leat_dtype_size(to), k);
		if (good < k)
			return done + good;
	}
	return n;
}

/* From float where that holds the value: integers beyond its 24 bits are beyond every half, too. */
static size_t to_half(const uint8_t *src, enum leat_dtype from, uint16_t *dst, size_t n)
{
	const double *wide = (const double *)(const void *)src;
	float block[BLOCK];
	for (size_t done = 0; done < n; done += BLOCK) {
		size_t k = n - done < BLOCK ? n - done : BLOCK;
		if (from != LEAT_DT_F8)
			(void)real[from][LEAT_DT_F4](src + done * leat_dtype_size(from), block, k); /* never refuses */
		for (size_t i = 0; i < k; i++)
			dst[done + i] = from == LEAT_DT_F8 ? leat_half_from_double(wide[done + i])
							   : leat_half_from_double((double)block[i]);
	}
	return n;
}

static size_t convert_real(const void *src, enum leat_dtype from, void *dst, enum leat_dtype to, size_t n)
{
	if (from == LEAT_DT_F2)
		return from_half(src, to, dst, n);
	if (to == LEAT_DT_F2)
		return to_half(src, from, dst, n);
	return real[from][to](src, dst, n);
}

static enum leat_dtype part_of(enum leat_dtype complex)
{
	return complex == LEAT_DT_C8 ? LEAT_DT_F4 : LEAT_DT_F8;
}

/* Real parts; the imaginary ones are zero. */
static void real_to_complex(const uint8_t *src, enum leat_dtype from, uint8_t *dst, enum leat_dtype to, size_t n)
{
	enum leat_dtype part = part_of(to);
	size_t wide = leat_dtype_size(part);
	union {
		float f[BLOCK];
		double d[BLOCK];
		uint8_t bytes[BLOCK * sizeof(double)];
	} block;
	memset(dst, 0, n * leat_dtype_size(to));
	for (size_t done = 0; done < n; done += BLOCK) {
		size_t k = n - done < BLOCK ? n - done : BLOCK;
		(void)convert_real(src + done * leat_dtype_size(from), from, &block, part, k); /* never refuses */
		for (size_t i = 0; i < k; i++)
			memcpy(dst + (done + i) * 2 * wide, block.bytes + i * wide, wide);
	}
}

static void complex_to_bool(const uint8_t *src, enum leat_dtype from, uint8_t *dst, size_t n)
{
	uint8_t parts[2];
	for (size_t i = 0; i < n; i++) {
		(void)real[part_of(from)][LEAT_DT_B1](src + i * leat_dtype_size(from), parts, 2);
		dst[i] = parts[0] | parts[1];
	}
}

static size_t convert(const void *src, enum leat_dtype from, void *dst, enum leat_dtype to, size_t n)
{
	bool cs = leat_dtype_is_complex(from), cd = leat_dtype_is_complex(to);
	if (cs && cd)
		return real[part_of(from)][part_of(to)](src, dst, 2 * n) / 2;
	if (cs)
		complex_to_bool(src, from, dst, n);
	else if (cd)
		real_to_complex(src, from, dst, to, n);
	else
		return convert_real(src, from, dst, to, n);
	return n;
}

/* The element that could not be converted, as text. */
static void element_text(const uint8_t *at, enum leat_dtype t, char *buf, size_t size)
{
	double v = 0;
	int64_t i = 0;
	uint64_t u = 0;
	if (t == LEAT_DT_F2 || t == LEAT_DT_F4 || t == LEAT_DT_F8) {
		(void)convert_real(at, t, &v, LEAT_DT_F8, 1);
		(void)snprintf(buf, size, "%.17g", v);
	} else if (t == LEAT_DT_U8) {
		memcpy(&u, at, sizeof u);
		(void)snprintf(buf, size, "%llu", (unsigned long long)u);
	} else {
		(void)convert_real(at, t, &i, LEAT_DT_I8, 1);
		(void)snprintf(buf, size, "%lld", (long long)i);
	}
}

static struct leat_array *as_type(const struct leat_array *a, enum leat_dtype t, struct leat_err *err)
{
	char text[40];
	struct leat_array_shape shape = a->shape;
	if (leat_dtype_is_complex(shape.dtype) && !leat_dtype_is_complex(t) && t != LEAT_DT_B1) {
		leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s cannot become %s: the imaginary parts would be lost",
			  leat_dtype_name(shape.dtype), leat_dtype_name(t));
		return NULL;
	}
	shape.dtype = t;
	struct leat_array *out = leat_array_new(&shape, err);
	if (!out)
		return NULL;
	size_t n = (size_t)leat_array_count(&shape), good = convert(a->data, a->shape.dtype, out->data, t, n);
	if (good == n)
		return out;
	element_text((const uint8_t *)a->data + good * leat_dtype_size(a->shape.dtype), a->shape.dtype, text,
		     sizeof text);
	leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s does not fit into %s (element %zu)", text, leat_dtype_name(t), good);
	leat_array_unref(&out);
	return NULL;
}

/* ---- order ---- */

struct moving {
	const uint8_t *src;
	uint8_t *dst;
	size_t size; /* of an element */
	uint64_t n_a, n_b; /* the two axes that are moved in tiles: a is packed in src, b in dst */
	size_t src_b, dst_a; /* bytes from one to the next along the other axis */
};

#define MOVE(T)                                                 \
	for (uint64_t b = b0; b < b1; b++)                      \
		for (uint64_t a = a0; a < a1; a++)              \
	*(T *)(void *)(m->dst + a * m->dst_a + b * sizeof(T)) = \
		*(const T *)(const void *)(m->src + b * m->src_b + a * sizeof(T))

static void move_tile(const struct moving *m, uint64_t a0, uint64_t a1, uint64_t b0, uint64_t b1)
{
	struct pair {
		uint64_t v[2];
	};
	switch (m->size) {
	case 1:
		MOVE(uint8_t);
		break;
	case 2:
		MOVE(uint16_t);
		break;
	case 4:
		MOVE(uint32_t);
		break;
	case 8:
		MOVE(uint64_t);
		break;
	default:
		MOVE(struct pair);
		break;
	}
}

/* Tiles that fit the cache on both sides: one side is always read or written across its rows. */
static void move_plane(const struct moving *m)
{
	enum { TILE = 32 };
	for (uint64_t b = 0; b < m->n_b; b += TILE)
		for (uint64_t a = 0; a < m->n_a; a += TILE)
			move_tile(m, a, a + TILE < m->n_a ? a + TILE : m->n_a, b,
				  b + TILE < m->n_b ? b + TILE : m->n_b);
}

/* Bytes from one index to the next, for each axis. */
static void strides_of(const struct leat_array_shape *s, size_t *stride)
{
	size_t step = leat_dtype_size(s->dtype);
	for (int k = 0; k < s->ndim; k++) {
		int axis = s->fortran ? k : s->ndim - 1 - k;
		stride[axis] = step;
		step *= (size_t)s->dim[axis];
	}
}

/* From one order to the other: the packed axes of both sides in tiles, one plane for each index of the others. */
static void reorder(const struct leat_array *a, struct leat_array *out)
{
	const struct leat_array_shape *s = &a->shape;
	size_t from[LEAT_MAX_DIMS], to[LEAT_MAX_DIMS];
	uint64_t at[LEAT_MAX_DIMS] = {0};
	int pa = s->fortran ? 0 : s->ndim - 1, pb = s->ndim - 1 - pa;
	strides_of(s, from);
	strides_of(&out->shape, to);
	struct moving m = {.src = a->data,
			   .dst = out->data,
			   .size = leat_dtype_size(s->dtype),
			   .n_a = s->dim[pa],
			   .n_b = s->dim[pb],
			   .src_b = from[pb],
			   .dst_a = to[pa]};
	for (;;) {
		int k = 1;
		move_plane(&m);
		for (; k < s->ndim - 1; k++) { /* the next index of the axes between the first and the last */
			m.src += from[k];
			m.dst += to[k];
			if (++at[k] < s->dim[k])
				break;
			m.src -= from[k] * (size_t)s->dim[k];
			m.dst -= to[k] * (size_t)s->dim[k];
			at[k] = 0;
		}
		if (k >= s->ndim - 1)
			return;
	}
}

static struct leat_array *as_order(const struct leat_array *a, bool fortran, struct leat_err *err)
{
	struct leat_array_shape shape = a->shape;
	shape.fortran = fortran;
	struct leat_array *out = leat_array_new(&shape, err);
	if (out && leat_array_count(&shape) > 0)
		reorder(a, out);
	return out;
}

struct leat_array *leat_array_as(struct leat_array *a, enum leat_dtype t, bool fortran, struct leat_err *err)
{
	struct leat_array *turned = NULL;
	if (a->shape.ndim >= 2 && a->shape.fortran != fortran) {
		turned = as_order(a, fortran, err);
		if (!turned || t == a->shape.dtype)
			return turned;
		a = turned;
	}
	struct leat_array *out = t == a->shape.dtype ? leat_array_ref(a) : as_type(a, t, err);
	leat_array_unref(&turned);
	return out;
}
