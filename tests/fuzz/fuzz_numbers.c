/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target over the formats of numbers: header against reader, what was read against what is written and read again.
 * Bytes that are no npy file are text; the first of them chooses options.
 */
#include "base/mem.h"
#include "core/codec.h"

#include <stdio.h>

extern const struct leat_codec leat_codec_npy, leat_codec_csv, leat_codec_tsv;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_numbers: %s\n", what);
	abort();
}

static int parse(const struct leat_codec *c, const uint8_t *d, size_t n, const struct leat_parse_params *p,
		 struct leat_payload *out)
{
	struct leat_err err = {0};
	struct leat_notices notes = {0};
	uint8_t *copy = malloc(n ? n : 1);
	demand(copy != NULL, "no memory");
	if (n)
		memcpy(copy, d, n);
	struct leat_bytes *b = leat_bytes_wrap(copy, n, NULL, NULL, &err);
	*out = (struct leat_payload){0};
	int r = c->dec_run(b, p, out, &notes, &err);
	leat_bytes_unref(&b);
	demand(r == 0 || (err.cause && err.cause != LEAT_CAUSE_INTERNAL), "a failure without a cause");
	demand((r == 0) == (out->kind != LEAT_NONE), "a result that is none");
	return r;
}

/* In both orders; NaN and all else must be the same bits. */
static void again_as_npy(const struct leat_payload *p)
{
	const struct leat_parse_params defaults = {0};
	struct leat_array *numbers = leat_payload_numbers(p);
	for (int64_t order = 0; order < 2; order++) {
		struct leat_payload back;
		struct leat_bytes *out = NULL;
		struct leat_err err = {0};
		demand(leat_codec_npy.enc_run(&order, p, &out, &err) == 0, "cannot be written");
		demand(parse(&leat_codec_npy, out->data, out->len, &defaults, &back) == 0, "cannot be read again");
		struct leat_array *x = leat_array_as(numbers, numbers->shape.dtype, false, &err);
		struct leat_array *y = leat_array_as(back.array, back.array->shape.dtype, false, &err);
		demand(leat_array_shape_equal(&x->shape, &y->shape), "another shape");
		demand(memcmp(x->data, y->data, leat_array_bytes(&x->shape)) == 0, "other elements");
		leat_array_unref(&x);
		leat_array_unref(&y);
		leat_payload_clear(&back);
		leat_bytes_unref(&out);
	}
}

static void fuzz_npy(const uint8_t *data, size_t n)
{
	const struct leat_parse_params defaults = {0};
	struct leat_header h = {0}, part = {0};
	struct leat_err err = {0}, cut = {0};
	struct leat_payload p;
	int probed = leat_codec_npy.probe(data, n, true, &h, &err);
	demand(probed <= 0, "the whole file is not enough for its header");
	int half = leat_codec_npy.probe(data, n / 2, false, &part, &cut);
	demand(half >= 0 || probed < 0, "a beginning is refused, the whole is not");
	if (half == 0 && probed == 0)
		demand(leat_array_shape_equal(&h.array, &part.array), "a beginning has another shape");
	int r = parse(&leat_codec_npy, data, n, &defaults, &p);
	demand(r < 0 || probed == 0, "read without a header");
	if (r < 0)
		return;
	demand(leat_array_shape_equal(&h.array, &p.array->shape), "the reader has another shape than the header");
	again_as_npy(&p);
	leat_payload_clear(&p);
}

/* A table is written as CSV and read again: the same numbers, unless there is nothing to read. */
static void again_as_csv(const struct leat_payload *p)
{
	const struct {
		bool header;
		const char *float_format, *na_rep, *sep;
		int64_t compress;
	} params = {.header = true, .na_rep = "", .sep = ","};
	const struct leat_parse_params no = {.header = 2, .sep = ","};
	struct leat_payload back;
	struct leat_bytes *out = NULL;
	struct leat_err err = {0};
	struct leat_array *a = p->table->numbers;
	struct leat_payload bare = {.kind = LEAT_ARRAY, .array = a};
	demand(leat_codec_csv.enc_run(&params, p, &out, &err) == 0, "cannot be written");
	leat_bytes_unref(&out);
	demand(leat_codec_csv.enc_run(&params, &bare, &out, &err) == 0, "cannot be written");
	if (leat_array_count(&a->shape) > 0) {
		demand(parse(&leat_codec_csv, out->data, out->len, &no, &back) == 0, "cannot be read again");
		demand(leat_array_shape_equal(&a->shape, &back.table->numbers->shape), "another shape");
		demand(memcmp(a->data, back.table->numbers->data, leat_array_bytes(&a->shape)) == 0, "other numbers");
		leat_payload_clear(&back);
	}
	leat_bytes_unref(&out);
}

static void fuzz_text(const uint8_t *data, size_t n)
{
	static const char *const seps[] = {"auto", ",", ";", " ", "\t", "|", NULL, "auto"};
	uint8_t options = data[0];
	const struct leat_parse_params p = {.sep = seps[options & 7],
					    .header = options >> 3 & 1   ? 1
						      : options >> 4 & 1 ? 2
									 : 0,
					    .comment = options & 32 ? "#" : NULL,
					    .skiprows = options >> 6};
	const struct leat_codec *c = options & 128 ? &leat_codec_tsv : &leat_codec_csv;
	struct leat_header h = {0};
	struct leat_err err = {0};
	struct leat_payload out;
	demand(c->probe(data + 1, n - 1, true, &h, &err) == 0, "text has no header");
	if (parse(c, data + 1, n - 1, &p, &out) < 0)
		return;
	demand(leat_array_count(&out.table->numbers->shape) <= leat_array_count(&h.array), "more numbers than told");
	for (size_t i = 0; i + 1 < out.table->n_columns && i < 8; i++)
		demand(strcmp(out.table->names[i], out.table->names[i + 1]) != 0, "two columns of one name");
	again_as_npy(&out);
	again_as_csv(&out);
	leat_payload_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (leat_codec_npy.sniff(data, n))
		fuzz_npy(data, n);
	else if (n > 0)
		fuzz_text(data, n);
	return 0;
}
