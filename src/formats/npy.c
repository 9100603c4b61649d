/* SPDX-License-Identifier: MIT */
/* NPY: one array as NumPy stores it. Read without a copy where the bytes are in the host's order and aligned. */
#include "core/op.h"
#include "formats/npy_bytes.h"

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
	if (whole &&
	    leat_array_bytes(&npy.shape) > n - npy.offset) /* what it claims is not there: nothing to reserve */
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "npy: the file is shorter than its shape asks for");
	h->format = "npy";
	h->kind = LEAT_ARRAY;
	h->array = npy.shape;
	return 0;
}

static int enc_run(const void *p, const struct leat_payload *in, struct leat_bytes **out, struct leat_err *err)
{
	bool fortran = ((const struct params *)p)->order == ORDER_F;
	struct leat_array *numbers = leat_payload_numbers(in), *made = NULL;
	if (!numbers)
		numbers = made = leat_npy_of_image(in->image, err);
	int ok = numbers ? leat_npy_encode(numbers, fortran, out, err) : -1;
	if (made)
		leat_array_unref(&made);
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
	.dec_run = leat_npy_decode,
	.enc_run = enc_run,
};
