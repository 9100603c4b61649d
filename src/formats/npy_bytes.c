/* SPDX-License-Identifier: MIT */
/* Elements of npy files, and of what is like them: see npy_bytes.h. */
#include "formats/npy_bytes.h"

#include <string.h>

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

struct leat_array *leat_npy_elements(const struct leat_npy *h, struct leat_bytes *b, struct leat_err *err)
{
	size_t bytes = leat_array_bytes(&h->shape);
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

/* The type that parse dtype= asks for. Takes *a over. */
static struct leat_array *as_asked(struct leat_array *a, const struct leat_parse_params *p, struct leat_err *err)
{
	struct leat_array *as = p->dtype > 0 ? leat_array_as(a, (enum leat_dtype)(p->dtype - 1), a->shape.fortran, err)
					     : leat_array_ref(a);
	leat_array_unref(&a);
	return as;
}

int leat_npy_decode(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_payload *out,
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
	struct leat_array *a = leat_npy_elements(&h, b, err);
	a = a ? as_asked(a, p, err) : NULL;
	if (!a)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
	return 0;
}

/* ---- writing */

int leat_npy_encode(struct leat_array *a, bool fortran, struct leat_bytes **out, struct leat_err *err)
{
	uint8_t header[LEAT_NPY_MAX_HEADER];
	bool turned = a->shape.ndim > 1 && a->shape.fortran != fortran;
	struct leat_array *as = turned ? leat_array_as(a, a->shape.dtype, fortran, err) : a;
	if (!as)
		return -1;
	size_t n = leat_npy_write_header(&as->shape, header);
	*out = leat_array_behind(as, header, n, err);
	if (turned)
		leat_array_unref(&as);
	return *out ? 0 : -1;
}

/* Rows by columns; by channels where there are several, the last dimension. */
struct leat_array *leat_npy_of_image(const struct leat_image *im, struct leat_err *err)
{
	static const enum leat_dtype types[] = {
		[LEAT_U8] = LEAT_DT_U1, [LEAT_U16] = LEAT_DT_U2, [LEAT_F32] = LEAT_DT_F4};
	const struct leat_image_shape *s = &im->shape;
	struct leat_array_shape shape = {.dtype = types[s->sample]};
	if (s->page_height)
		shape.dim[shape.ndim++] = s->pages;
	shape.dim[shape.ndim++] = s->page_height ? s->page_height : s->height;
	shape.dim[shape.ndim++] = s->width;
	if (s->channels > 1)
		shape.dim[shape.ndim++] = s->channels;
	struct leat_array *a = leat_array_new(&shape, err);
	size_t row = leat_row_bytes(s);
	for (uint32_t y = 0; a && y < s->height; y++)
		memcpy((uint8_t *)a->data + y * row, im->pixels + y * im->stride, row);
	return a;
}
