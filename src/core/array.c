/* SPDX-License-Identifier: MIT */
/* Arrays: their types, shapes and memory. See array.h; conversions are in array_as.c. */
#include "core/array.h"

#include "base/mem.h"
#include "base/room.h"

#include <stdio.h>
#include <string.h>

static const struct dtype {
	const char *name, *code;
	uint8_t size;
} dtypes[LEAT_N_DTYPES] = {
	[LEAT_DT_B1] = {"bool", "b1", 1},      [LEAT_DT_I1] = {"int8", "i1", 1},
	[LEAT_DT_U1] = {"uint8", "u1", 1},     [LEAT_DT_I2] = {"int16", "i2", 2},
	[LEAT_DT_U2] = {"uint16", "u2", 2},    [LEAT_DT_I4] = {"int32", "i4", 4},
	[LEAT_DT_U4] = {"uint32", "u4", 4},    [LEAT_DT_I8] = {"int64", "i8", 8},
	[LEAT_DT_U8] = {"uint64", "u8", 8},    [LEAT_DT_F2] = {"float16", "f2", 2},
	[LEAT_DT_F4] = {"float32", "f4", 4},   [LEAT_DT_F8] = {"float64", "f8", 8},
	[LEAT_DT_C8] = {"complex64", "c8", 8}, [LEAT_DT_C16] = {"complex128", "c16", 16},
};

size_t leat_dtype_size(enum leat_dtype t)
{
	return dtypes[t].size;
}

const char *leat_dtype_name(enum leat_dtype t)
{
	return dtypes[t].name;
}

const char *leat_dtype_code(enum leat_dtype t)
{
	return dtypes[t].code;
}

bool leat_dtype_find(const char *name, enum leat_dtype *out)
{
	for (int t = 0; t < LEAT_N_DTYPES; t++)
		if (strcmp(name, dtypes[t].name) == 0 || strcmp(name, dtypes[t].code) == 0) {
			*out = (enum leat_dtype)t;
			return true;
		}
	return false;
}

bool leat_dtype_is_float(enum leat_dtype t)
{
	return t == LEAT_DT_F2 || t == LEAT_DT_F4 || t == LEAT_DT_F8;
}

bool leat_dtype_is_complex(enum leat_dtype t)
{
	return t == LEAT_DT_C8 || t == LEAT_DT_C16;
}

uint64_t leat_array_count(const struct leat_array_shape *s)
{
	uint64_t n = 1;
	bool over = false;
	for (int i = 0; i < s->ndim; i++) {
		if (s->dim[i] == 0)
			return 0;
		over = __builtin_mul_overflow(n, s->dim[i], &n) || over;
	}
	return over ? UINT64_MAX : n;
}

size_t leat_array_bytes(const struct leat_array_shape *s)
{
	uint64_t n = leat_array_count(s);
	return n == UINT64_MAX ? SIZE_MAX : leat_size_mul((size_t)n, leat_dtype_size(s->dtype));
}

bool leat_array_shape_equal(const struct leat_array_shape *a, const struct leat_array_shape *b)
{
	if (a->dtype != b->dtype || a->ndim != b->ndim || a->fortran != b->fortran)
		return false;
	for (int i = 0; i < a->ndim; i++)
		if (a->dim[i] != b->dim[i])
			return false;
	return true;
}

char *leat_array_shape_text(const struct leat_array_shape *s, char *buf)
{
	enum { ROOM = 192 };
	size_t n = (size_t)snprintf(buf, ROOM, "(");
	for (int i = 0; i < s->ndim; i++)
		n += (size_t)snprintf(buf + n, ROOM - n, "%s%llu", i ? ", " : "", (unsigned long long)s->dim[i]);
	(void)snprintf(buf + n, ROOM - n, s->ndim == 1 ? ",)" : ")"); /* 8 x 22 characters always fit */
	return buf;
}

/* Both orders are one where at most one dimension counts. */
static void settle_order(struct leat_array_shape *s)
{
	if (s->ndim < 2)
		s->fortran = false;
}

static struct leat_array *array_of(const struct leat_array_shape *shape, struct leat_bytes *mem, void *data,
				   struct leat_err *err)
{
	struct leat_array *a = leat_zalloc(1, sizeof *a, err);
	if (!a)
		return NULL;
	atomic_init(&a->refs, 1);
	a->shape = *shape;
	settle_order(&a->shape);
	a->mem = mem;
	a->data = data;
	return a;
}

static void back_to_room(struct leat_bytes *b)
{
	leat_room_give(b->data);
}

/* Uninitialized, 64-byte aligned: in this thread's room where that is lent for such things, else of the heap. */
static struct leat_bytes *memory_of(size_t bytes, struct leat_err *err)
{
	void *data = bytes >= LEAT_ROOM_LEAST ? leat_room_take(bytes) : NULL;
	if (data)
		return leat_bytes_wrap(data, bytes, back_to_room, NULL, err);
	data = leat_alloc_large(bytes, err);
	return data ? leat_bytes_wrap(data, bytes, NULL, NULL, err) : NULL;
}

struct leat_array *leat_array_new(const struct leat_array_shape *shape, struct leat_err *err)
{
	char text[192];
	size_t bytes = leat_array_bytes(shape);
	if (shape->ndim < 0 || shape->ndim > LEAT_MAX_DIMS || bytes > SIZE_MAX / 2) {
		leat_fail(err, LEAT_CAUSE_LIMIT, "an array of shape %s does not fit into memory",
			  leat_array_shape_text(shape, text));
		return NULL;
	}
	struct leat_bytes *mem = memory_of(LEAT_ARRAY_HEAD + bytes, err);
	struct leat_array *a = mem ? array_of(shape, mem, mem->data + LEAT_ARRAY_HEAD, err) : NULL;
	if (a)
		a->headed = true;
	else
		leat_bytes_unref(&mem);
	return a;
}

static void release_array(struct leat_bytes *b)
{
	struct leat_array *a = b->owner;
	leat_array_unref(&a);
}

struct leat_bytes *leat_array_behind(struct leat_array *a, const void *head, size_t n, struct leat_err *err)
{
	size_t bytes = leat_array_bytes(&a->shape);
	if (a->headed && n <= LEAT_ARRAY_HEAD && atomic_load(&a->refs) == 1 && atomic_load(&a->mem->refs) == 1) {
		uint8_t *at = memcpy((uint8_t *)a->data - n, head, n);
		return leat_bytes_wrap(at, n + bytes, release_array, leat_array_ref(a), err);
	}
	struct leat_bytes *b = leat_bytes_new(leat_size_add(n, bytes), err);
	int ok = b ? leat_bytes_append(b, head, n, err) : -1;
	if (ok == 0)
		ok = leat_bytes_append(b, a->data, bytes, err);
	if (ok < 0)
		leat_bytes_unref(&b);
	return b;
}

struct leat_array *leat_array_wrap(const struct leat_array_shape *shape, struct leat_bytes *mem, void *data,
				   struct leat_err *err)
{
	struct leat_array *a = array_of(shape, mem, data, err);
	if (a)
		leat_bytes_ref(mem);
	return a;
}

struct leat_array *leat_array_ref(struct leat_array *a)
{
	atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
	return a;
}

void leat_array_unref(struct leat_array **a)
{
	struct leat_array *gone = *a;
	*a = NULL;
	if (!gone || atomic_fetch_sub_explicit(&gone->refs, 1, memory_order_acq_rel) != 1)
		return;
	leat_bytes_unref(&gone->mem);
	free(gone);
}
