/* SPDX-License-Identifier: MIT */
/* Arrays: numbers of one type in up to eight dimensions, as NumPy has them. */
#ifndef LEAT_CORE_ARRAY_H
#define LEAT_CORE_ARRAY_H

#include "core/bytes.h"

/* Types of elements, in NumPy's words: b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 c8 c16. Always in host byte order. */
enum leat_dtype {
	LEAT_DT_B1, /* one byte, 0 or 1 */
	LEAT_DT_I1,
	LEAT_DT_U1,
	LEAT_DT_I2,
	LEAT_DT_U2,
	LEAT_DT_I4,
	LEAT_DT_U4,
	LEAT_DT_I8,
	LEAT_DT_U8,
	LEAT_DT_F2, /* IEEE half: carried and converted, not calculated with */
	LEAT_DT_F4,
	LEAT_DT_F8,
	LEAT_DT_C8, /* two floats: real, imaginary */
	LEAT_DT_C16, /* two doubles */
	LEAT_N_DTYPES
};

enum { LEAT_MAX_DIMS = 8 };

/* No dimension: one number. A dimension may be 0: no element. */
struct leat_array_shape {
	enum leat_dtype dtype;
	int ndim; /* 0 … LEAT_MAX_DIMS */
	uint64_t dim[LEAT_MAX_DIMS];
	bool fortran; /* column-major; never set where both orders are the same (less than two dimensions) */
};

size_t leat_dtype_size(enum leat_dtype t); /* bytes of an element: 1, 2, 4, 8, 16 */
const char *leat_dtype_name(enum leat_dtype t); /* NumPy's long name: "float64", "uint8", "bool" */
const char *leat_dtype_code(enum leat_dtype t); /* its short one, without byte order: "f8", "u1", "b1" */
/* By either name; false when there is none such. */
bool leat_dtype_find(const char *name, enum leat_dtype *out);
bool leat_dtype_is_float(enum leat_dtype t); /* f2 f4 f8 */
bool leat_dtype_is_complex(enum leat_dtype t);

uint64_t leat_array_count(const struct leat_array_shape *s); /* elements; UINT64_MAX on overflow */
size_t leat_array_bytes(const struct leat_array_shape *s); /* SIZE_MAX on overflow */
/* Alike in type, dimensions and order. */
bool leat_array_shape_equal(const struct leat_array_shape *a, const struct leat_array_shape *b);
/* "(2, 3)" and "(7,)", as Python prints a tuple. buf: 192 bytes; returns it. */
char *leat_array_shape_text(const struct leat_array_shape *s, char *buf);

/* Packed, without gaps. Shared by reference; whoever holds the only reference may write into it. */
struct leat_array {
	atomic_int refs;
	struct leat_array_shape shape;
	struct leat_bytes *mem; /* the elements' memory: heap or slab */
	void *data; /* first element, 64-byte aligned */
	bool headed; /* LEAT_ARRAY_HEAD bytes before `data` belong to nobody */
};
/* Bytes before the elements of new arrays, so that what encodes them finds room for its header. */
enum { LEAT_ARRAY_HEAD = 256 };
/* Elements are not initialised. The shape's `fortran` is cleared where it means nothing. */
struct leat_array *leat_array_new(const struct leat_array_shape *shape, struct leat_err *err);
/* Elements in memory that is there already (a slab): aligned for its type at least; takes a reference of mem. */
struct leat_array *leat_array_wrap(const struct leat_array_shape *shape, struct leat_bytes *mem, void *data,
				   struct leat_err *err);
struct leat_array *leat_array_ref(struct leat_array *a); /* one more; returns a */
void leat_array_unref(struct leat_array **a); /* drops it, clears *a; accepts NULL in it */

/*
 * n bytes of `head`, then the elements, as bytes that are the caller's. Where the caller has the only reference of an
 * array with room before its elements nothing is copied: the bytes then hold another reference of the array, so that
 * nobody takes it for their own. NULL with *err (MEMORY).
 */
struct leat_bytes *leat_array_behind(struct leat_array *a, const void *head, size_t n, struct leat_err *err);

/*
 * The same elements as another type and order: a second reference where nothing changes, a copy otherwise. Integers to
 * float round to nearest even; float to integer truncates and is refused out of range or not finite; complex to real
 * is refused.
 */
struct leat_array *leat_array_as(struct leat_array *a, enum leat_dtype t, bool fortran, struct leat_err *err);

#endif
