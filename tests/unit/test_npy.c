/* SPDX-License-Identifier: MIT */
/* NPY: every file of the corpus against what NumPy makes of it; headers of all sorts; damage; what is written. */
#include "formats/npy_header.h"
#include "numbers_kit.h"

/* ---- the corpus */

struct expected { /* a line of tests/reference/npy.tsv */
	char file[256], what[64], shape[128], order[64], sha256[65];
};

static bool next_line(FILE *f, struct expected *e)
{
	char line[1024];
	if (!fgets(line, sizeof line, f))
		return false;
	char *fields[5] = {0}, *rest = line;
	for (int i = 0; i < 5; i++)
		fields[i] = strsep(&rest, "\t\n");
	snprintf(e->file, sizeof e->file, "%s", fields[0]);
	snprintf(e->what, sizeof e->what, "%s", fields[1]);
	snprintf(e->shape, sizeof e->shape, "%s", fields[2]);
	snprintf(e->order, sizeof e->order, "%s", fields[3] ? fields[3] : "");
	snprintf(e->sha256, sizeof e->sha256, "%s", fields[4] ? fields[4] : "");
	return true;
}

static const char *refusal_of(const char *why)
{
	static const char *const words[][2] = {
		{"objects", "Python objects"}, {"strings", "strings"}, {"dates", "dates"},
		{"durations", "durations"},    {"void", "raw bytes"},  {"long doubles", "long doubles"},
		{"structured", "structured"},
	};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strcmp(words[i][0], why) == 0)
			return words[i][1];
	fail_msg("the reference says '%s'", why);
	return "";
}

static void shape_words(const struct leat_array_shape *s, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "%s", s->ndim ? "" : "scalar");
	for (int i = 0; i < s->ndim; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%llu", i ? "x" : "", (unsigned long long)s->dim[i]);
}

/* What NumPy wrote here in version 1.0 is written again, byte for byte. */
static void check_written(const struct expected *e, const struct leat_payload *p, struct kit_bytes file)
{
	struct leat_err err = {0};
	if (strncmp(e->file, "npy-numpy-written/", 18) != 0 || strstr(e->file, "/be_") || file.d[6] != 1)
		return;
	struct leat_bytes *b = kit_write(&leat_codec_npy, "order", *e->order == 'F' ? "f" : "c", p, &err);
	if (b->len != file.n || memcmp(b->data, file.d, file.n) != 0)
		fail_msg("%s is written otherwise than by NumPy", e->file);
	leat_bytes_unref(&b);
}

static void check_read(const struct expected *e, const struct leat_payload *p)
{
	char words[192], hex[SHA256_DIGEST_STRING_LENGTH];
	struct leat_err err = {0};
	const struct leat_array_shape *s = &p->array->shape;
	shape_words(s, words, sizeof words);
	struct leat_array *c = leat_array_as(p->array, s->dtype, false, &err);
	SHA256Data(c->data, leat_array_bytes(&c->shape), hex);
	leat_array_unref(&c);
	if (strcmp(leat_dtype_name(s->dtype), e->what) != 0 || strcmp(words, e->shape) != 0 ||
	    s->fortran != (*e->order == 'F') || strcmp(hex, e->sha256) != 0)
		fail_msg("%s: %s %s %s, expected %s %s %s", e->file, leat_dtype_name(s->dtype), words,
			 s->fortran ? "F" : "C", e->what, e->shape, e->order);
}

static void every_file_of_the_corpus(void **state)
{
	struct expected e;
	size_t read = 0, refused = 0;
	(void)state;
	if (kit_no_corpus())
		skip();
	FILE *f = fopen("tests/reference/npy.tsv", "r");
	assert_non_null(f);
	while (next_line(f, &e)) {
		struct kit_bytes b = kit_file(e.file);
		struct leat_payload p;
		struct leat_err err;
		assert_non_null(b.d);
		int ok = kit_parse(&leat_codec_npy, b.d, b.n, NULL, &p, NULL, &err);
		if (strcmp(e.what, "refused") == 0) {
			assert_int_equal(ok, -1);
			assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
			if (!strstr(err.text, refusal_of(e.shape)))
				fail_msg("%s: %s", e.file, err.text);
			refused++;
		} else {
			if (ok < 0)
				fail_msg("%s: %s", e.file, err.text);
			check_read(&e, &p);
			check_written(&e, &p, b);
			leat_payload_clear(&p);
			read++;
		}
		free(b.d);
	}
	fclose(f);
	assert_int_equal(read, 368);
	assert_int_equal(refused, 117);
}

/* ---- headers */

/* A file of version 1.0 with this dictionary and n bytes behind it. */
static struct kit_bytes file_of(const char *dictionary, size_t n)
{
	size_t len = strlen(dictionary), begin = 10 + len;
	struct kit_bytes b = {malloc(begin + n + 1), begin + n};
	memcpy(b.d, "\x93NUMPY\x01", 8);
	b.d[8] = (uint8_t)len;
	b.d[9] = (uint8_t)(len >> 8);
	memcpy(b.d + 10, dictionary, len);
	for (size_t i = 0; i < n; i++)
		b.d[begin + i] = (uint8_t)(i + 1);
	return b;
}

static int parse_dictionary(const char *dictionary, size_t n, struct leat_payload *p, struct leat_err *err)
{
	struct kit_bytes b = file_of(dictionary, n);
	int ok = kit_parse(&leat_codec_npy, b.d, b.n, NULL, p, NULL, err);
	free(b.d);
	return ok;
}

static void headers_that_numpy_reads(void **state)
{
	static const struct {
		const char *text;
		size_t bytes;
		enum leat_dtype t;
		const char *shape;
	} good[] = {
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n", 16, LEAT_DT_F8, "(2,)"},
		{"{'shape':(1,2),'descr':'<i2','fortran_order':True}", 4, LEAT_DT_I2, "(1, 2)"},
		{"{\"descr\": \"|u1\", \"fortran_order\": False, \"shape\": ()}", 1, LEAT_DT_U1, "()"},
		{"  { 'descr' : 'f4' , 'fortran_order' : False , 'shape' : ( 3 , ) }\t\n", 12, LEAT_DT_F4, "(3,)"},
		{"{'descr': '=u4', 'fortran_order': False, 'shape': (2L, 1L)}", 8, LEAT_DT_U4, "(2, 1)"},
		{"{'descr': '?', 'fortran_order': False, 'shape': (1,)}", 1, LEAT_DT_B1, "(1,)"},
		{"{'descr': '|i1', 'fortran_order': False, 'shape': (0, 5)}", 0, LEAT_DT_I1, "(0, 5)"},
		{"{'descr': '<c8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1)}", 8, LEAT_DT_C8,
		 "(1, 1, 1, 1, 1, 1, 1, 1)"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (7,)}", 7, LEAT_DT_U1, "(7,)"},
	};
	char text[192];
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(good); i++) {
		struct leat_payload p;
		struct leat_err err;
		if (parse_dictionary(good[i].text, good[i].bytes, &p, &err) < 0)
			fail_msg("%s: %s", good[i].text, err.text);
		assert_int_equal(p.array->shape.dtype, good[i].t);
		assert_string_equal(leat_array_shape_text(&p.array->shape, text), good[i].shape);
		leat_payload_clear(&p);
	}
}

static void headers_that_are_refused(void **state)
{
	static const struct {
		const char *text;
		enum leat_cause cause;
		const char *says;
	} bad[] = {
		{"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED, "never loaded"},
		{"{'descr': '<U5', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED, "strings"},
		{"{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED, "dates"},
		{"{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED, "long doubles"},
		{"{'descr': '<i3', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED, "'<i3'"},
		{"{'descr': 'bool', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED, "'bool'"},
		{"{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_UNSUPPORTED,
		 "structured"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", LEAT_CAUSE_UNSUPPORTED,
		 "9 dimensions; leat reads up to 8"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (2)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (1.5,)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (02,)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (1 2)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (1,,)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (,)}", LEAT_CAUSE_CORRUPT, "tuple"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", LEAT_CAUSE_LIMIT,
		 "too large"},
		{"{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}", LEAT_CAUSE_CORRUPT, "neither True nor False"},
		{"{'descr': '<f8', 'fortran_order': False}", LEAT_CAUSE_CORRUPT, "lacks"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", LEAT_CAUSE_CORRUPT, "more than"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} + 1", LEAT_CAUSE_CORRUPT, "behind"},
		{"{'descr': '<f8' 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_CORRUPT, "no dictionary"},
		{"{'descr: '<f8', 'fortran_order': False, 'shape': (1,)}", LEAT_CAUSE_CORRUPT, "no dictionary"},
		{"['descr']", LEAT_CAUSE_CORRUPT, "no dictionary"},
		{"", LEAT_CAUSE_CORRUPT, "no dictionary"},
		{"{'descr': '<f8", LEAT_CAUSE_CORRUPT, "descr is no text"},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		struct leat_payload p;
		struct leat_err err;
		assert_int_equal(parse_dictionary(bad[i].text, 64, &p, &err), -1);
		if (err.cause != bad[i].cause || !strstr(err.text, bad[i].says))
			fail_msg("%s: %s (%s)", bad[i].text, err.text, leat_cause_name(err.cause));
	}
}

static void versions_and_lengths(void **state)
{
	struct leat_payload p;
	struct leat_err err;
	struct kit_bytes b = file_of("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 16);
	(void)state;
	b.d[6] = 4;
	assert_int_equal(kit_parse(&leat_codec_npy, b.d, b.n, NULL, &p, NULL, &err), -1);
	assert_string_equal(err.text, "npy: version 4.0 is not known");
	b.d[6] = 1, b.d[7] = 1;
	assert_int_equal(kit_parse(&leat_codec_npy, b.d, b.n, NULL, &p, NULL, &err), -1);
	b.d[7] = 0, b.d[9] = 0xff;
	assert_int_equal(kit_parse(&leat_codec_npy, b.d, b.n, NULL, &p, NULL, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT); /* NumPy refuses headers above 10000 bytes, too */
	free(b.d);
}

/* Every beginning asks for more until the header is whole; then it tells what the whole file tells. */
static void beginnings(void **state)
{
	const char *text = "{'descr': '>i4', 'fortran_order': True, 'shape': (3, 2), }\n";
	struct kit_bytes b = file_of(text, 24);
	(void)state;
	for (size_t n = 0; n <= b.n; n++) {
		struct leat_bytes *part = kit_exact(b.d, n);
		struct leat_header h = {0};
		struct leat_err err = {0};
		int more = leat_codec_npy.probe(part->data, n, false, &h, &err);
		assert_int_equal(more, n < 10 + strlen(text));
		if (more == 0) {
			assert_int_equal(h.kind, LEAT_ARRAY);
			assert_int_equal(h.array.dtype, LEAT_DT_I4);
			assert_true(h.array.fortran && h.array.dim[0] == 3 && h.array.dim[1] == 2);
		}
		if (n < 10 + strlen(text)) {
			assert_int_equal(leat_codec_npy.probe(part->data, n, true, &h, &err), -1);
			assert_true(err.cause == LEAT_CAUSE_TRUNCATED);
		}
		leat_bytes_unref(&part);
	}
	free(b.d);
}

/* ---- elements */

static void cut_and_overlong_files(void **state)
{
	struct kit_bytes b = file_of("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3)}", 30);
	struct leat_payload p;
	struct leat_err err;
	struct leat_notices notes = {0};
	(void)state;
	for (size_t n = 0; n < b.n - 6; n++) {
		assert_int_equal(kit_parse(&leat_codec_npy, b.d, n, NULL, &p, NULL, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	}
	assert_string_equal(err.text, "npy: 23 bytes of elements where the shape asks for 24");
	assert_int_equal(kit_parse(&leat_codec_npy, b.d, b.n - 6, NULL, &p, &notes, &err), 0);
	assert_int_equal(notes.n, 0);
	leat_payload_clear(&p);
	assert_int_equal(kit_parse(&leat_codec_npy, b.d, b.n, NULL, &p, &notes, &err), 0); /* as NumPy does */
	assert_int_equal(notes.n, 1);
	leat_payload_clear(&p);
	free(b.d);
}

static void huge_shapes_take_no_memory(void **state)
{
	struct leat_payload p;
	struct leat_err err;
	(void)state;
	assert_int_equal(parse_dictionary("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
					  64, &p, &err),
			 -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	assert_int_equal(
		parse_dictionary("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,)}", 64, &p, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
}

/* Shares the bytes where it can. */
static void shared_where_possible(void **state)
{
	static const struct {
		const char *text;
		bool shared;
	} t[] = {
		/* 10 bytes and a dictionary: the elements begin at a multiple of 8, or do not */
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}   ", false},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}       ", true},
		{"{'descr': '>f8', 'fortran_order': False, 'shape': (2,)}       ", false},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}   ", true},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(t); i++) {
		struct kit_bytes f = file_of(t[i].text, 16);
		struct leat_parse_params params = {0};
		struct leat_payload p = {0};
		struct leat_err err = {0};
		struct leat_notices notes = {0};
		struct leat_bytes *b = kit_blob(f.d, f.n);
		assert_int_equal(leat_codec_npy.dec_run(b, &params, &p, &notes, &err), 0);
		assert_int_equal(p.array->mem == b, t[i].shared);
		leat_bytes_unref(&b); /* the array keeps it */
		assert_memory_equal((uint8_t *)p.array->data + (t[i].text[11] == '>' ? 7 : 0), "\x01", 1);
		leat_payload_clear(&p);
		free(f.d);
	}
}

static void swapped_elements(void **state)
{
	static const uint8_t half[] = {2, 1, 4, 3}, word[] = {4, 3, 2, 1}, complex8[] = {4, 3, 2, 1, 8, 7, 6, 5},
			     complex16[] = {8, 7, 6, 5, 4, 3, 2, 1, 16, 15, 14, 13, 12, 11, 10, 9};
	static const struct {
		const char *text;
		const uint8_t *want;
		size_t n;
	} t[] = {
		{"{'descr': '>u2', 'fortran_order': False, 'shape': (2,)}", half, 4},
		{"{'descr': '>f2', 'fortran_order': False, 'shape': (2,)}", half, 4},
		{"{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", word, 4},
		{"{'descr': '>c8', 'fortran_order': False, 'shape': (1,)}", complex8, 8},
		{"{'descr': '>c16', 'fortran_order': False, 'shape': (1,)}", complex16, 16},
		{"{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}", complex16, 8},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(t); i++) {
		struct leat_payload p;
		struct leat_err err;
		assert_int_equal(parse_dictionary(t[i].text, t[i].n, &p, &err), 0);
		assert_memory_equal(p.array->data, t[i].want, t[i].n);
		leat_payload_clear(&p);
	}
}

static void every_true_is_one(void **state)
{
	struct leat_payload p;
	struct leat_err err;
	(void)state;
	assert_int_equal(parse_dictionary("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", 3, &p, &err), 0);
	assert_memory_equal(p.array->data, "\x01\x01\x01", 3); /* they were 1 2 3 */
	leat_payload_clear(&p);
}

static void another_type_is_made(void **state)
{
	struct leat_parse_params params = {.dtype = 1 + LEAT_DT_F8};
	struct kit_bytes b = file_of("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}", 4);
	struct leat_payload p;
	struct leat_err err;
	static const double want[] = {1, 2, 3, 4};
	(void)state;
	assert_int_equal(kit_parse(&leat_codec_npy, b.d, b.n, &params, &p, NULL, &err), 0);
	assert_int_equal(p.array->shape.dtype, LEAT_DT_F8);
	assert_true(p.array->shape.fortran);
	assert_memory_equal(p.array->data, want, sizeof want);
	leat_payload_clear(&p);
	free(b.d);
}

/* ---- writing */

static void orders_are_written(void **state)
{
	static const uint8_t in[] = {1, 2, 3, 4, 5, 6}, turned[] = {1, 4, 2, 5, 3, 6};
	const uint64_t dim[] = {2, 3};
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_U1, 2, dim, false, in)};
	struct leat_err err;
	(void)state;
	struct leat_bytes *c = kit_write(&leat_codec_npy, NULL, NULL, &p, &err),
			  *f = kit_write(&leat_codec_npy, "order", "f", &p, &err);
	assert_int_equal(c->len, 134);
	assert_memory_equal(c->data + 128, in, 6);
	assert_non_null(strstr((char *)c->data + 10, "'fortran_order': False, 'shape': (2, 3), }"));
	assert_memory_equal(f->data + 128, turned, 6);
	assert_non_null(strstr((char *)f->data + 10, "'fortran_order': True"));
	leat_bytes_unref(&c);
	leat_bytes_unref(&f);
	leat_payload_clear(&p);
}

/*
 * NumPy leaves room for the first dimension to grow, then fills up to a multiple of 64, with 64 where nothing is
 * left.
 */
static void lengths_of_headers(void **state)
{
	struct leat_array_shape s = {LEAT_DT_F8, 8, {0, 1000, 1000, 1000, 1000, 1000, 1000, 10}, false};
	uint8_t out[LEAT_NPY_MAX_HEADER];
	(void)state;
	assert_int_equal(leat_npy_write_header(&s, out), 128);
	s.dim[7] = 100;
	assert_int_equal(leat_npy_write_header(&s, out), 192);
	assert_int_equal(out[191], '\n');
	for (int i = 0; i < 8; i++)
		s.dim[i] = UINT64_MAX; /* the longest there is */
	s.dtype = LEAT_DT_C16;
	assert_true(leat_npy_write_header(&s, out) <= sizeof out);
}

static struct leat_image *picture(uint8_t channels, enum leat_sample sample)
{
	struct leat_err err = {0};
	struct leat_image_shape s = {
		.width = 3, .height = 2, .channels = channels, .alpha = false, .sample = sample, .pages = 1};
	struct leat_image *im = leat_image_new(&s, NULL, &err);
	for (uint32_t y = 0; y < 2; y++)
		for (size_t i = 0; i < leat_row_bytes(&s); i++)
			im->pixels[y * im->stride + i] = (uint8_t)(y * leat_row_bytes(&s) + i);
	return im;
}

static void images_are_written(void **state)
{
	static const struct {
		uint8_t channels;
		enum leat_sample sample;
		enum leat_dtype t;
		const char *shape;
	} t[] = {
		{1, LEAT_U8, LEAT_DT_U1, "(2, 3)"},
		{3, LEAT_U8, LEAT_DT_U1, "(2, 3, 3)"},
		{4, LEAT_U16, LEAT_DT_U2, "(2, 3, 4)"},
		{3, LEAT_F32, LEAT_DT_F4, "(2, 3, 3)"},
	};
	char text[192];
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(t); i++) {
		struct leat_payload in = {.kind = LEAT_IMAGE, .image = picture(t[i].channels, t[i].sample)}, back;
		struct leat_err err;
		struct leat_bytes *b = kit_write(&leat_codec_npy, NULL, NULL, &in, &err);
		assert_int_equal(kit_parse(&leat_codec_npy, b->data, b->len, NULL, &back, NULL, &err), 0);
		assert_int_equal(back.array->shape.dtype, t[i].t);
		assert_string_equal(leat_array_shape_text(&back.array->shape, text), t[i].shape);
		for (size_t k = 0; k < leat_array_bytes(&back.array->shape); k++)
			assert_int_equal(((uint8_t *)back.array->data)[k], k);
		leat_payload_clear(&back);
		leat_payload_clear(&in);
		leat_bytes_unref(&b);
	}
}

static void tables_are_written_as_their_numbers(void **state)
{
	static const double numbers[] = {1, 2, 3, 4};
	const uint64_t dim[] = {2, 2};
	struct leat_err err = {0};
	struct leat_array *a = kit_array(LEAT_DT_F8, 2, dim, false, numbers);
	struct leat_payload p = {.kind = LEAT_TABLE, .table = leat_table_new(a, NULL, &err)};
	(void)state;
	struct leat_bytes *b = kit_write(&leat_codec_npy, NULL, NULL, &p, &err);
	assert_int_equal(b->len, 128 + 32);
	assert_memory_equal(b->data + 128, numbers, sizeof numbers);
	leat_bytes_unref(&b);
	leat_array_unref(&a);
	leat_payload_clear(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_of_the_corpus),
		cmocka_unit_test(headers_that_numpy_reads),
		cmocka_unit_test(headers_that_are_refused),
		cmocka_unit_test(versions_and_lengths),
		cmocka_unit_test(beginnings),
		cmocka_unit_test(cut_and_overlong_files),
		cmocka_unit_test(huge_shapes_take_no_memory),
		cmocka_unit_test(shared_where_possible),
		cmocka_unit_test(swapped_elements),
		cmocka_unit_test(every_true_is_one),
		cmocka_unit_test(another_type_is_made),
		cmocka_unit_test(orders_are_written),
		cmocka_unit_test(lengths_of_headers),
		cmocka_unit_test(images_are_written),
		cmocka_unit_test(tables_are_written_as_their_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
