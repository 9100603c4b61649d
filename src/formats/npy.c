/* SPDX-License-Identifier: MIT */
/* NPY: one array as NumPy stores it. Read without a copy where the bytes are in the host's order and aligned. */
#include "formats/npy_header.h"

#include "base/mem.h"
#include "core/codec.h"
#include "core/op.h"

#include <string.h>

struct params {
	int64_t order;
};

enum { ORDER_C, ORDER_F };

static const char *const orders[] = {"c", "f", NULL};
static const char *const extensions[] = {"npy", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct params, order, "order", "c", orders, 0,
		      "order of the elements: c row by row, f column by column"),
	LEAT_P_END,
};

static int probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	struct leat_npy npy;
	int ok = leat_npy_read_header(d, n, whole, &npy, err);
	if (ok != 0)
		return ok;
	h->format = "npy";
	h->kind = LEAT_ARRAY;
	h->array = npy.shape;
	return 0;
}

/* ---- reading */

static void swap_elements(uint8_t *dst, const uint8_t *src, size_t n, size_t size)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < size; k++)
			dst[i * size + k] = src[i * size + size - 1 - k];
}

/* Numbers of `size` bytes; those of a complex one are swapped each for itself. */
static void swap(const struct leat_array_shape *s, void *dst, const uint8_t *src, size_t bytes)
{
	size_t size = leat_dtype_size(s->dtype);
	if (leat_dtype_is_complex(s->dtype))
		size /= 2;
	switch (size) { /* constant sizes become single instructions */
	case 2:
		swap_elements(dst, src, bytes / 2, 2);
		break;
	case 4:
		swap_elements(dst, src, bytes / 4, 4);
		break;
	default:
		swap_elements(dst, src, bytes / 8, 8);
		break;
	}
}

/* NumPy takes every byte but 0 for true; here true is 1. */
static bool strange_bools(const uint8_t *src, size_t n)
{
	uint8_t all = 0;
	for (size_t i = 0; i < n; i++)
		all |= src[i];
	return all > 1;
}

static bool shareable(const struct leat_npy *h, const uint8_t *src, size_t bytes)
{
	size_t align = leat_dtype_size(h->shape.dtype);
	if (leat_dtype_is_complex(h->shape.dtype))
		align /= 2;
	return !h->swapped && (uintptr_t)src % align == 0 &&
	       !(h->shape.dtype == LEAT_DT_B1 && strange_bools(src, bytes));
}

static struct leat_array *array_of(const struct leat_npy *h, struct leat_bytes *b, size_t bytes, struct leat_err *err)
{
	uint8_t *src = b->data + h->offset;
	if (shareable(h, src, bytes))
		return leat_array_wrap(&h->shape, b, src, err);
	struct leat_array *a = leat_array_new(&h->shape, err);
	if (!a)
		return NULL;
	uint8_t *dst = a->data;
	if (h->swapped)
		swap(&h->shape, dst, src, bytes);
	else
		memcpy(dst, src, bytes);
	for (size_t i = 0; h->shape.dtype == LEAT_DT_B1 && i < bytes; i++)
		dst[i] = dst[i] != 0;
	return a;
}

static int dec_run(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_payload *out,
		   struct leat_notices *notes, struct leat_err *err)
{
	struct leat_npy h;
	if (leat_npy_read_header(b->data, b->len, true, &h, err) < 0)
		return -1;
	size_t bytes = leat_array_bytes(&h.shape), there = b->len - h.offset;
	if (bytes > there)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "npy: %zu bytes of elements where the shape asks for %zu",
				 there, bytes);
	if (bytes < there)
		leat_notice(notes, "npy: bytes behind the array were ignored");
	struct leat_array *a = array_of(&h, b, bytes, err);
	if (a && p->dtype > 0) {
		struct leat_array *as = leat_array_as(a, (enum leat_dtype)(p->dtype - 1), h.shape.fortran, err);
		leat_array_unref(&a);
		a = as;
	}
	if (!a)
		return -1;
	out->kind = LEAT_ARRAY;
	out->array = a;
	return 0;
}

/* ---- writing */

static int write_array(struct leat_array *a, bool fortran, struct leat_bytes **out, struct leat_err *err)
{
	uint8_t header[LEAT_NPY_MAX_HEADER];
	struct leat_array *as = leat_array_as(a, a->shape.dtype, fortran, err);
	if (!as)
		return -1;
	size_t begin = leat_npy_write_header(&as->shape, header), bytes = leat_array_bytes(&as->shape);
	*out = leat_bytes_new(leat_size_add(begin, bytes), err);
	int ok = *out ? leat_bytes_append(*out, header, begin, err) : -1;
	if (ok == 0)
		ok = leat_bytes_append(*out, as->data, bytes, err);
	if (ok < 0)
		leat_bytes_unref(out);
	leat_array_unref(&as);
	return ok;
}

/* Rows by columns; by channels where there are several, the last dimension. */
static struct leat_array *array_of_image(const struct leat_image *im, struct leat_err *err)
{
	static const enum leat_dtype types[] = {
		[LEAT_U8] = LEAT_DT_U1, [LEAT_U16] = LEAT_DT_U2, [LEAT_F32] = LEAT_DT_F4};
	const struct leat_image_shape *s = &im->shape;
	struct leat_array_shape shape = {
		.dtype = types[s->sample], .ndim = s->channels > 1 ? 3 : 2, .dim = {s->height, s->width, s->channels}};
	struct leat_array *a = leat_array_new(&shape, err);
	size_t row = leat_row_bytes(s);
	for (uint32_t y = 0; a && y < s->height; y++)
		memcpy((uint8_t *)a->data + y * row, im->pixels + y * im->stride, row);
	return a;
}

static int enc_run(const void *p, const struct leat_payload *in, struct leat_bytes **out, struct leat_err *err)
{
	struct leat_array *numbers = leat_payload_numbers(in);
	struct leat_array *a = numbers ? leat_array_ref(numbers) : array_of_image(in->image, err);
	if (!a)
		return -1;
	int ok = write_array(a, ((const struct params *)p)->order == ORDER_F, out, err);
	leat_array_unref(&a);
	return ok;
}

const struct leat_codec leat_codec_npy = {
	.name = "npy",
	.suffix = "npy",
	.extensions = extensions,
	.summary = "NPY: one array as NumPy stores it",
	.version = 1,
	.kinds = LEAT_ARRAY | LEAT_TABLE | LEAT_IMAGE,
	.gives = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.params = params,
	.params_size = sizeof(struct params),
	.sniff = leat_npy_sniff,
	.probe = probe,
	.dec_run = dec_run,
	.enc_run = enc_run,
};
