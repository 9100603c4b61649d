/* SPDX-License-Identifier: MIT */
/* raw: elements without a header; `parse` is told dtype= and, where needed, shape=, offset=, order=, byteorder=. */
#include "formats/npy_bytes.h"

#include "base/mem.h"

static const char *const extensions[] = {"raw", NULL};

enum { AUTO = 0 };

/* A dimension of -1 is what is left. One dimension of all there is where no shape is given. */
static int shape_of(const struct leat_parse_params *p, uint64_t there, struct leat_array_shape *s, struct leat_err *err)
{
	uint64_t n = 1, size = leat_dtype_size(s->dtype);
	int open = p->shape.n ? -1 : 0;
	s->ndim = p->shape.n ? (int)p->shape.n : 1;
	for (size_t i = 0; i < p->shape.n; i++) {
		if (p->shape.v[i] < 0)
			open = (int)i;
		else if (__builtin_mul_overflow(n, s->dim[i] = (uint64_t)p->shape.v[i], &n))
			return leat_fail(err, LEAT_CAUSE_LIMIT, "raw: the shape does not fit into memory");
	}
	uint64_t row = leat_size_mul((size_t)n, (size_t)size);
	if (open < 0)
		return 0;
	if (row == 0 || there % row)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "raw: %llu bytes are no whole number of times %llu",
				 (unsigned long long)there, (unsigned long long)row);
	s->dim[open] = there / row;
	return 0;
}

/* As the header of an npy file would tell it. */
static int header_of(const struct leat_bytes *b, const struct leat_parse_params *p, struct leat_npy *h,
		     struct leat_err *err)
{
	*h = (struct leat_npy){.offset = (size_t)p->offset};
	if (p->dtype == AUTO)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "raw bytes do not tell their type: 'parse format=raw dtype=...'");
	if (p->offset > b->len)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "raw: offset=%llu is behind the end of %zu bytes",
				 (unsigned long long)p->offset, b->len);
	h->shape.dtype = (enum leat_dtype)(p->dtype - 1);
	h->shape.fortran = p->order == 1;
	bool big = p->byteorder == 1, host_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	h->swapped = big != host_big && leat_dtype_size(h->shape.dtype) > 1;
	if (shape_of(p, b->len - p->offset, &h->shape, err) < 0)
		return -1;
	if (h->shape.ndim < 2)
		h->shape.fortran = false;
	size_t need = leat_array_bytes(&h->shape), there = b->len - h->offset;
	if (need <= there)
		return 0;
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "raw: %zu bytes of elements where the shape asks for %zu", there,
			 need);
}

static int dec_head(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_header *head,
		    struct leat_err *err)
{
	struct leat_npy h;
	if (header_of(b, p, &h, err) < 0)
		return -1;
	*head = (struct leat_header){.format = "raw", .kind = LEAT_ARRAY, .array = h.shape};
	return 0;
}

static int dec_run(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_payload *out,
		   struct leat_notices *notes, struct leat_err *err)
{
	struct leat_npy h;
	if (header_of(b, p, &h, err) < 0)
		return -1;
	if (leat_array_bytes(&h.shape) < b->len - h.offset)
		leat_notice(notes, "raw: bytes behind the array were ignored");
	struct leat_array *a = leat_npy_elements(&h, b, err);
	if (a)
		*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
	return a ? 0 : -1;
}

const struct leat_codec leat_codec_raw = {
	.name = "raw",
	.suffix = "raw",
	.extensions = extensions,
	.summary = "raw: elements without a header",
	.version = 1,
	.kinds = LEAT_ARRAY,
	.gives = LEAT_ARRAY,
	.dec_head = dec_head,
	.dec_run = dec_run,
};
