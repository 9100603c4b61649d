/* SPDX-License-Identifier: MIT */
/* For tests of formats of numbers: reading bytes, writing arrays, small arrays by hand. */
#ifndef LEAT_TESTS_NUMBERS_KIT_H
#define LEAT_TESTS_NUMBERS_KIT_H

#include "codec_kit.h"

extern const struct leat_codec leat_codec_npy, leat_codec_csv, leat_codec_tsv;

/* Bytes of exactly n, so that sanitizers see a byte too far. */
static inline struct leat_bytes *kit_exact(const void *d, size_t n)
{
	struct leat_err err = {0};
	uint8_t *copy = malloc(n ? n : 1);
	assert_non_null(copy);
	if (n)
		memcpy(copy, d, n);
	struct leat_bytes *b = leat_bytes_wrap(copy, n, NULL, NULL, &err);
	assert_non_null(b);
	return b;
}

/* Reads; p may be NULL. 0, or -1 with *err and nothing in *out. */
static inline int kit_parse(const struct leat_codec *c, const void *d, size_t n, const struct leat_parse_params *p,
			    struct leat_payload *out, struct leat_notices *notes, struct leat_err *err)
{
	static const struct leat_parse_params defaults = {.sep = "auto"};
	struct leat_notices none = {0};
	struct leat_bytes *b = kit_exact(d, n);
	*out = (struct leat_payload){0};
	*err = (struct leat_err){0};
	int ok = c->dec_run(b, p ? p : &defaults, out, notes ? notes : &none, err);
	leat_bytes_unref(&b);
	if (ok < 0) {
		assert_int_equal(out->kind, LEAT_NONE);
		assert_true(err->cause != LEAT_CAUSE_NONE && err->cause != LEAT_CAUSE_INTERNAL);
	}
	return ok;
}

static inline struct leat_array *kit_array(enum leat_dtype t, int ndim, const uint64_t *dim, bool fortran,
					   const void *data)
{
	struct leat_err err = {0};
	struct leat_array_shape s = {.dtype = t, .ndim = ndim, .fortran = fortran};
	for (int i = 0; i < ndim; i++)
		s.dim[i] = dim[i];
	struct leat_array *a = leat_array_new(&s, &err);
	assert_non_null(a);
	if (data)
		memcpy(a->data, data, leat_array_bytes(&s));
	return a;
}

/* Encodes with the defaults, and one option of its own (name NULL: none). NULL with *err. */
static inline struct leat_bytes *kit_write(const struct leat_codec *c, const char *name, const char *value,
					   const struct leat_payload *in, struct leat_err *err)
{
	struct leat_bytes *out = NULL;
	struct leat_arena a = {0};
	struct leat_value_error e = {0};
	void *params = calloc(1, c->params_size);
	*err = (struct leat_err){0};
	assert_int_equal(leat_param_defaults(c->params, params, &a, err), 0);
	if (name) {
		const struct leat_param *row = leat_param_find(c->params, name);
		assert_non_null(row);
		assert_int_equal(leat_param_parse(row, value, params, &a, &e), 0);
	}
	int ok = c->enc_run(params, in, &out, err);
	free(params);
	leat_arena_free(&a);
	assert_true((ok == 0) == (out != NULL));
	return out;
}

#endif
