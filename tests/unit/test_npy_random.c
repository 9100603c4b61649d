/* SPDX-License-Identifier: MIT */
/*
 * 10,000 random npy files that NumPy wrote (tests/reference/npys.py), of all types, orders and up to eight dimensions:
 * each is read back exactly, and written again byte for byte; what holds no numbers is refused. The same of npz. What a
 * file cut short says, and raw files.
 */
#include "numbers_kit.h"

extern const struct leat_codec leat_codec_npz, leat_codec_raw;

static char reference[600]; /* the file of records */

struct record {
	char kind;
	const uint8_t *file, *elements;
	size_t len, bytes;
	char dtype[32];
	struct leat_array_shape shape;
};

struct cursor {
	const uint8_t *p, *end;
};

static uint64_t number(struct cursor *c)
{
	uint64_t v;
	assert_true(c->end - c->p >= 8);
	memcpy(&v, c->p, 8);
	c->p += 8;
	return v;
}

static const uint8_t *blob(struct cursor *c, size_t *n)
{
	*n = (size_t)number(c);
	assert_true((size_t)(c->end - c->p) >= *n);
	const uint8_t *at = c->p;
	c->p += *n;
	return at;
}

static bool next(struct cursor *c, struct record *r)
{
	size_t n;
	if (c->p == c->end)
		return false;
	*r = (struct record){.kind = (char)*c->p++};
	r->file = blob(c, &r->len);
	if (r->kind == 'R')
		return true;
	const uint8_t *name = blob(c, &n);
	assert_true(n < sizeof r->dtype);
	memcpy(r->dtype, name, n);
	r->shape.ndim = (int)number(c);
	for (int i = 0; i < r->shape.ndim; i++)
		r->shape.dim[i] = number(c);
	r->shape.fortran = number(c);
	assert_true(leat_dtype_find(r->dtype, &r->shape.dtype));
	r->elements = blob(c, &r->bytes);
	return true;
}

static void same(const struct record *r, const struct leat_payload *p, size_t i)
{
	struct leat_err err = {0};
	assert_int_equal(p->kind, LEAT_ARRAY);
	if (!leat_array_shape_equal(&p->array->shape, &r->shape))
		fail_msg("file %zu has another shape, type or order", i);
	struct leat_array *c = leat_array_as(p->array, r->shape.dtype, false, &err);
	if (leat_array_bytes(&c->shape) != r->bytes || memcmp(c->data, r->elements, r->bytes) != 0)
		fail_msg("file %zu has other elements", i);
	leat_array_unref(&c);
}

/* NumPy's own bytes again, where it writes version 1.0 and this machine's order. */
static void written(const struct record *r, const struct leat_payload *p, size_t i)
{
	struct leat_err err;
	if (r->file[6] != 1 || memchr(r->file, '>', 40))
		return;
	struct leat_bytes *b = kit_write(&leat_codec_npy, "order", r->shape.fortran ? "f" : "c", p, &err);
	if (b->len != r->len || memcmp(b->data, r->file, r->len) != 0)
		fail_msg("file %zu is written otherwise than by NumPy", i);
	leat_bytes_unref(&b);
}

/* A tenth of them is also cut somewhere: never read. */
static void cut(const struct record *r, const struct leat_parse_params *params, size_t i)
{
	struct leat_payload p;
	struct leat_err err;
	const struct leat_codec *c = r->kind == 'Z' ? &leat_codec_npz : &leat_codec_npy;
	if (i % 10 == 0 && r->len > 1 && kit_parse(c, r->file, (i * 7919) % r->len, params, &p, NULL, &err) == 0)
		fail_msg("file %zu was read although it was cut", i);
}

static void all_files_of_numpy(void **state)
{
	(void)state;
	FILE *f = fopen(reference, "rb");
	if (!f)
		fail_msg("there is no %s", reference);
	size_t room = 64 << 20, counts[128] = {0}, i = 0;
	uint8_t *all = malloc(room);
	struct cursor c = {all, all + fread(all, 1, room, f)};
	fclose(f);
	struct leat_err err = {0};
	if (leat_codec_npz.prepare(&err) < 0)
		print_message("%s\n", err.text);
	for (struct record r; next(&c, &r); i++) {
		bool zip = r.file[0] == 'P';
		struct leat_parse_params params = {.sep = "auto", .key = r.kind == 'Z' ? "the key" : NULL};
		struct leat_payload p;
		counts[(int)r.kind]++;
		if (zip && err.cause != LEAT_CAUSE_NONE)
			continue;
		int ok = kit_parse(zip ? &leat_codec_npz : &leat_codec_npy, r.file, r.len, &params, &p, NULL,
				   &(struct leat_err){0});
		if (ok != (r.kind == 'R' ? -1 : 0))
			fail_msg("file %zu of kind %c: %d", i, r.kind, ok);
		if (ok < 0)
			continue;
		same(&r, &p, i);
		if (!zip)
			written(&r, &p, i);
		leat_payload_clear(&p);
		cut(&r, &params, i);
	}
	free(all);
	print_message("%zu npy, %zu npz, %zu refused\n", counts['N'], counts['Z'], counts['R']);
	assert_true(counts['N'] + counts['R'] >= 10000 && counts['Z'] == 60);
}

/* ---- npz that leat writes, and what it says of odd ones */

static void npz_comes_back(void **state)
{
	static const char *const compress[] = {"yes", "no"};
	struct leat_err err = {0};
	(void)state;
	if (leat_codec_npz.prepare(&err) < 0) {
		print_message("%s\n", err.text);
		skip();
	}
	double v[6] = {1, -2, 3.5, 0, 1e300, -0.0};
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_F8, 2, (uint64_t[]){2, 3}, true, v)};
	for (int i = 0; i < 2; i++) {
		struct leat_bytes *b = kit_write(&leat_codec_npz, "compress", compress[i], &p, &err);
		struct leat_bytes *again = kit_write(&leat_codec_npz, "compress", compress[i], &p, &err);
		struct leat_payload back;
		assert_non_null(b);
		assert_int_equal(b->len, again->len); /* no time in it */
		assert_memory_equal(b->data, again->data, b->len);
		assert_true(leat_codec_npz.sniff(b->data, b->len));
		assert_int_equal(kit_parse(&leat_codec_npz, b->data, b->len, NULL, &back, NULL, &err), 0);
		assert_true(leat_array_shape_equal(&back.array->shape, &p.array->shape));
		assert_memory_equal(back.array->data, v, sizeof v);
		leat_payload_clear(&back);
		struct leat_parse_params other = {.sep = "auto", .key = "b"};
		assert_int_equal(kit_parse(&leat_codec_npz, b->data, b->len, &other, &back, NULL, &err), -1);
		assert_string_equal(err.text, "npz: there is no array 'b': it has arr_0");
		for (size_t at = 30; at < b->len; at++) { /* any byte changed: refused or as it was, never a crash */
			b->data[at] ^= 0x55;
			if (kit_parse(&leat_codec_npz, b->data, b->len, NULL, &back, NULL, &err) == 0)
				leat_payload_clear(&back);
			b->data[at] ^= 0x55;
		}
		leat_bytes_unref(&b);
		leat_bytes_unref(&again);
	}
	leat_payload_clear(&p);
}

/* ---- raw */

struct raw_case {
	int64_t dtype, order, byteorder;
	uint64_t offset;
	size_t n_shape;
	double shape[3];
	const char *what; /* the message, or the numbers */
};

static void raw_is_what_it_is_told(void **state)
{
	static const uint8_t bytes[13] = {9, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0};
	static const struct raw_case cases[] = {
		{LEAT_DT_I2, 0, 0, 1, 0, {0}, "(6,) 1 2 3 4 5 6"},
		{LEAT_DT_I2, 0, 0, 1, 2, {2, 3}, "(2, 3) 1 2 3 4 5 6"},
		{LEAT_DT_I2, 1, 0, 1, 2, {2, 3}, "(2, 3) 1 3 5 2 4 6"},
		{LEAT_DT_I2, 0, 1, 1, 1, {2}, "(2,) 256 512"},
		{LEAT_DT_I2, 0, 0, 1, 2, {-1, 2}, "(3, 2) 1 2 3 4 5 6"},
		{LEAT_DT_U1, 0, 0, 12, 1, {1}, "(1,) 0"},
		{LEAT_DT_U1, 0, 0, 13, 0, {0}, "(0,)"},
		{LEAT_DT_I2, 0, 0, 0, 0, {0}, "raw: 13 bytes are no whole number of times 2"},
		{LEAT_DT_I2, 0, 0, 1, 2, {-1, 4}, "raw: 12 bytes are no whole number of times 8"},
		{LEAT_DT_I2, 0, 0, 1, 1, {7}, "raw: 12 bytes of elements where the shape asks for 14"},
		{LEAT_DT_I2, 0, 0, 14, 1, {0}, "raw: offset=14 is behind the end of 13 bytes"},
		{LEAT_DT_F8, 0, 0, 0, 3, {4e15, 4e15, 4e15}, "raw: the shape does not fit into memory"},
		{LEAT_DT_F8, 0, 0, 0, 2, {4e9, 4e9}, "bytes of elements where the shape asks for"},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		const struct raw_case *c = &cases[i];
		struct leat_parse_params params = {.dtype = c->dtype + 1,
						   .order = c->order,
						   .byteorder = c->byteorder,
						   .offset = c->offset,
						   .shape = {.v = (double *)(uintptr_t)c->shape, .n = c->n_shape}};
		struct leat_payload p;
		struct leat_err err;
		char text[LEAT_ERR_TEXT + 300];
		if (kit_parse(&leat_codec_raw, bytes, sizeof bytes, &params, &p, NULL, &err) == 0) {
			struct leat_array *a = leat_array_as(p.array, LEAT_DT_F8, false, &err);
			size_t n = strlen(leat_array_shape_text(&a->shape, text));
			for (uint64_t k = 0; k < leat_array_count(&a->shape); k++)
				n += (size_t)sprintf(text + n, " %g", ((double *)a->data)[k]);
			leat_array_unref(&a);
			leat_payload_clear(&p);
		} else {
			snprintf(text, sizeof text, "%s", err.text);
		}
		if (!strstr(text, c->what))
			fail_msg("case %zu: '%s', not '%s'", i, text, c->what);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_files_of_numpy),
		cmocka_unit_test(npz_comes_back),
		cmocka_unit_test(raw_is_what_it_is_told),
	};
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	snprintf(reference, sizeof reference, "%.*s/../reference/npys.bin", slash ? (int)(slash - argv[0]) : 1,
		 slash ? argv[0] : ".");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
