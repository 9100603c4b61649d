/* SPDX-License-Identifier: MIT */
/* CSV and TSV: what is read as which numbers, what is refused and where, what is written. */
#include "numbers_kit.h"

#include <math.h>

/* The table as text: names (where there are any), then rows; numbers as %.17g. */
static const char *shown(const struct leat_table *t)
{
	static char text[4096];
	size_t n = 0;
	const double *v = t->numbers->data;
	for (size_t c = 0; c < t->n_columns; c++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", c ? "," : "", t->names[c]);
	for (uint64_t r = 0; r < t->rows; r++)
		for (size_t c = 0; c < t->n_columns; c++)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%.17g", c ? " " : " | ", *v++);
	return text;
}

static int read_text(const struct leat_codec *c, const char *text, const struct leat_parse_params *p,
		     struct leat_payload *out, struct leat_err *err)
{
	return kit_parse(c, text, strlen(text), p, out, NULL, err);
}

static void reads(const char *text, const struct leat_parse_params *p, const char *want)
{
	struct leat_payload out;
	struct leat_err err;
	if (read_text(&leat_codec_csv, text, p, &out, &err) < 0)
		fail_msg("%s\n%s", text, err.text);
	assert_int_equal(out.kind, LEAT_TABLE);
	assert_string_equal(shown(out.table), want);
	leat_payload_clear(&out);
}

static void refuses(const char *text, const struct leat_parse_params *p, enum leat_cause cause, const char *says)
{
	struct leat_payload out;
	struct leat_err err;
	assert_int_equal(read_text(&leat_codec_csv, text, p, &out, &err), -1);
	if (err.cause != cause || strcmp(err.text, says) != 0)
		fail_msg("%s\n%s (%s), expected %s", text, err.text, leat_cause_name(err.cause), says);
}

static void headers(void **state)
{
	static const struct leat_parse_params yes = {.header = 1}, no = {.header = 2};
	(void)state;
	reads("a,b\n1,2\n", NULL, "a,b | 1 2");
	reads("1,2\n3,4\n", NULL, "0,1 | 1 2 | 3 4");
	reads("1,2\n3,4\n", &yes, "1,2 | 3 4");
	reads("1,2\n3,4\n", &no, "0,1 | 1 2 | 3 4");
	reads("a,b\n", NULL, "a,b");
	reads(" a , \"b c\" \n1,2", NULL, "a,b c | 1 2");
	reads("\"a \"\"x\"\"\",\"b\nc\"\n1,2\n", NULL, "a \"x\",b\nc | 1 2");
	reads("a,a,a,b,a.1,\n1,2,3,4,5,6\n", NULL, "a,a.1,a.2,b,a.1.1,Unnamed: 5 | 1 2 3 4 5 6");
	reads("\xef\xbb\xbfgr\xc3\xb6\xc3\x9f"
	      "e,b\n1,2\n",
	      NULL,
	      "gr\xc3\xb6\xc3\x9f"
	      "e,b | 1 2");
	reads("1e3,x\n1,2\n", NULL, "1e3,x | 1 2"); /* one word is enough */
	refuses("gr\xf6\xdf"
		"e,b\n1,2\n",
		NULL, LEAT_CAUSE_UNSUPPORTED,
		"line 1, column 1: the text is not UTF-8; write encoding=latin-1 if it is that");
}

static void separators(void **state)
{
	static const struct leat_parse_params semicolon = {.sep = ";"}, bar = {.sep = "|"}, blank = {.sep = " "};
	(void)state;
	reads("1;2\n3;4\n", NULL, "0,1 | 1 2 | 3 4");
	reads("1\t2\n3\t4\n", NULL, "0,1 | 1 2 | 3 4");
	reads("1 2\n3 4\n", NULL, "0,1 | 1 2 | 3 4");
	reads("  1   2\t3 \n4 5 6\n", NULL, "0,1,2 | 1 2 3 | 4 5 6");
	reads("1, 2\n3, 4\n", NULL, "0,1 | 1 2 | 3 4");
	reads("a b;c\n1;2\n", NULL, "a b,c | 1 2");
	reads("1\n2\n", NULL, "0 | 1 | 2");
	reads("1,5;2\n", &semicolon, "1,5,2"); /* names: the first row is no number */
	reads("1|2\n", &bar, "0,1 | 1 2");
	reads("x y\n1  2\n", &blank, "x,y | 1 2");
	reads("1,2", NULL, "0,1 | 1 2");
}

static void lines(void **state)
{
	static const struct leat_parse_params blank = {.sep = " "}, hash = {.comment = "#"}, skip2 = {.skiprows = 2},
					      both = {.comment = "%", .skiprows = 1};
	(void)state;
	reads("1,2\r\n3,4\r\n", NULL, "0,1 | 1 2 | 3 4");
	reads("1,2\r3,4\r", NULL, "0,1 | 1 2 | 3 4");
	reads("\n\n1,2\n  \n3,4\n\n", NULL, "0,1 | 1 2 | 3 4");
	reads("# a b\n1,2 # more\n#\n3,4\n", &hash, "0,1 | 1 2 | 3 4");
	reads("# made\nby hand\na,b\n1,2\n", &skip2, "a,b | 1 2");
	reads("x\n% c\n1 2 % d\n3 4\n", &both, "0,1 | 1 2 | 3 4");
	refuses("a,b\n1,2\n3\n", NULL, LEAT_CAUSE_CORRUPT, "line 3 has 1 column, line 1 has 2");
	refuses("1,2\n\n3,4,5\n", NULL, LEAT_CAUSE_CORRUPT, "line 3 has 3 columns, line 1 has 2");
	refuses("a,\"b\nc\"\n1,2\n3\n", NULL, LEAT_CAUSE_CORRUPT, "line 4 has 1 column, line 1 has 2");
	refuses("\n \n", NULL, LEAT_CAUSE_TRUNCATED, "there is no row in the text");
	refuses("1,2\n", &skip2, LEAT_CAUSE_TRUNCATED, "there is no row in the text");
	refuses("1,\"2\n3,4\n", NULL, LEAT_CAUSE_CORRUPT, "line 1: a quote is opened and never closed");
	refuses("\"1\"2 3\n", &blank, LEAT_CAUSE_CORRUPT, "line 1: text stands behind a closing quote");
	reads("\"1\" \"2\"\n", &blank, "0,1 | 1 2");
	refuses("1,\"2\"3\n", NULL, LEAT_CAUSE_CORRUPT, "line 1: text stands behind a closing quote");
}

static void numbers(void **state)
{
	(void)state;
	reads("1.5,-2e-3,+4,.5,5.,1E5\n", NULL, "0,1,2,3,4,5 | 1.5 -0.002 4 0.5 5 100000");
	reads("\"1\",\"2.5\"\n", NULL, "0,1 | 1 2.5");
	reads("inf,-inf,Infinity,+INF\n", NULL, "0,1,2,3 | inf -inf inf inf");
	reads("1,nan,NaN,NA\nN/A,null,None,#N/A\n", NULL, "0,1,2,3 | 1 nan nan nan | nan nan nan nan");
	reads("1,,\"\"\n", NULL, "0,1,2 | 1 nan nan");
	reads("a\n\"\"\n1\n", NULL, "a | nan | 1");
	reads("1e999,-1e999,1e-400\n", NULL, "0,1,2 | inf -inf 0");
	reads("-0\n", NULL, "0 | -0");
	/* Halfway between two doubles, and a digit far behind it that decides. */
	reads("9007199254740993,9007199254740993.0000000000000000000000000000000001\n", NULL,
	      "0,1 | 9007199254740992 9007199254740994");
	reads("0.1,123456789012345678,2.2250738585072011e-308\n", NULL,
	      "0,1,2 | 0.10000000000000001 1.2345678901234568e+17 2.2250738585072009e-308");
	static const struct leat_parse_params f8 = {.dtype = 1 + LEAT_DT_F8};
	refuses("a,b\n1,x y\n", &f8, LEAT_CAUSE_UNSUPPORTED, "line 2, column 2 (b): 'x y' is no number");
	refuses("1;2\n3;4,5\n", &f8, LEAT_CAUSE_UNSUPPORTED,
		"line 2, column 2: '4,5' is no number; a decimal comma is read with decimal=comma");
	refuses("1,2\n3,0x10\n", &f8, LEAT_CAUSE_UNSUPPORTED, "line 2, column 2: '0x10' is no number");
	refuses("1\n1_000\n", &f8, LEAT_CAUSE_UNSUPPORTED, "line 2, column 1: '1_000' is no number");
}

static void what_is_no_text(void **state)
{
	struct leat_payload out;
	struct leat_err err;
	struct leat_parse_params f4 = {.dtype = 1 + LEAT_DT_F4}, f8 = {.dtype = 1 + LEAT_DT_F8};
	(void)state;
	assert_int_equal(kit_parse(&leat_codec_csv, "\x1f\x8b\x08", 3, NULL, &out, NULL, &err), -1);
	assert_string_equal(err.text, "the text packed by gzip ends early");
	assert_int_equal(kit_parse(&leat_codec_csv, "\xff\xfe\x31\0", 4, NULL, &out, NULL, &err), -1);
	assert_string_equal(err.text, "the text is UTF-16; UTF-8 is read");
	assert_int_equal(kit_parse(&leat_codec_csv, "1,2\0003", 5, NULL, &out, NULL, &err), -1);
	assert_string_equal(err.text, "this is no text: byte 3 is zero");
	refuses("1,2\n", &f4, LEAT_CAUSE_UNSUPPORTED,
		"numbers of text become float64; for dtype=float32 write 'astype' behind 'parse'");
	reads("1,2\n", &f8, "0,1 | 1 2");
}

static void tabs(void **state)
{
	struct leat_payload out;
	struct leat_err err;
	(void)state;
	assert_int_equal(read_text(&leat_codec_tsv, "a\tb, c\n1\t2\n\t\n", NULL, &out, &err), 0);
	assert_string_equal(shown(out.table), "a,b, c | 1 2 | nan nan");
	leat_payload_clear(&out);
}

/* The header's bound holds the numbers, whatever separates them. */
static void bounds(void **state)
{
	static const char *const texts[] = {"1,2\n3,4\n", "1 2 3", "1;;\n;;\n", "\"1\"\t\"2\"", "1"};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(texts); i++) {
		struct leat_header h = {0};
		struct leat_payload out;
		struct leat_err err = {0};
		const uint8_t *d = (const uint8_t *)texts[i];
		assert_int_equal(leat_codec_csv.probe(d, strlen(texts[i]), true, &h, &err), 0);
		assert_int_equal(h.kind, LEAT_TABLE);
		assert_int_equal(read_text(&leat_codec_csv, texts[i], NULL, &out, &err), 0);
		assert_true(leat_array_count(&h.array) >= leat_array_count(&out.table->numbers->shape));
		leat_payload_clear(&out);
	}
}

/* Many columns of one name: told apart without comparing each with each. */
static void many_equal_names(void **state)
{
	enum { N = 200000 };
	struct leat_payload out;
	struct leat_err err;
	char *text = malloc(2 * N + 1), want[32];
	(void)state;
	for (size_t i = 0; i < N; i++)
		memcpy(text + 2 * i, "a,", 2);
	text[2 * N - 1] = 0;
	assert_int_equal(read_text(&leat_codec_csv, text, NULL, &out, &err), 0);
	assert_int_equal(out.table->n_columns, N);
	snprintf(want, sizeof want, "a.%d", N - 1);
	assert_string_equal(out.table->names[N - 1], want);
	leat_payload_clear(&out);
	free(text);
}

/* ---- writing */

static void writes_with(const struct leat_codec *c, const char *name, const char *value, const struct leat_payload *p,
			const char *want)
{
	struct leat_err err;
	struct leat_bytes *b = kit_write(c, name, value, p, &err);
	if (!b)
		fail_msg("%s", err.text);
	if (b->len != strlen(want) || memcmp(b->data, want, b->len) != 0)
		fail_msg("%.*s\nexpected\n%s", (int)b->len, (char *)b->data, want);
	leat_bytes_unref(&b);
}

static void writes(const struct leat_codec *c, const struct leat_payload *p, const char *want)
{
	writes_with(c, NULL, NULL, p, want);
}

static void writes_array(enum leat_dtype t, int ndim, const uint64_t *dim, const void *data, const char *want)
{
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(t, ndim, dim, false, data)};
	writes(&leat_codec_csv, &p, want);
	leat_payload_clear(&p);
}

static void arrays_have_no_header(void **state)
{
	static const double f8[] = {0.1, -0.0, 1e300, NAN, -INFINITY, 5e-324};
	static const float f4[] = {0.1F, 16777216, 3.4028235e38F};
	static const int8_t i1[] = {-128, 127};
	static const uint64_t u8[] = {UINT64_MAX};
	static const uint16_t half[] = {0x3c00, 0x2e66};
	static const uint8_t bools[] = {1, 0};
	const uint64_t two_by_three[] = {2, 3}, three[] = {3}, two[] = {2}, one_by_two[] = {1, 2}, none[] = {0, 2};
	(void)state;
	writes_array(LEAT_DT_F8, 2, two_by_three, f8, "0.1,-0,1e300\n,-inf,5e-324\n");
	writes_array(LEAT_DT_F4, 1, three, f4, "0.1\n16777216\n3.4028235e38\n");
	writes_array(LEAT_DT_I1, 2, one_by_two, i1, "-128,127\n");
	writes_array(LEAT_DT_U8, 0, NULL, u8, "18446744073709551615\n");
	writes_array(LEAT_DT_F2, 1, two, half, "1\n0.099975586\n");
	writes_array(LEAT_DT_B1, 1, two, bools, "1\n0\n");
	writes_array(LEAT_DT_F8, 2, none, NULL, "");
}

static struct leat_payload table_of(const char *const *names, uint64_t rows, uint64_t columns, const double *v)
{
	const uint64_t dim[] = {rows, columns};
	struct leat_err err = {0};
	struct leat_array *a = kit_array(LEAT_DT_F8, 2, dim, false, v);
	struct leat_payload p = {.kind = LEAT_TABLE, .table = leat_table_new(a, names, &err)};
	assert_non_null(p.table);
	leat_array_unref(&a);
	return p;
}

static void tables_have_names(void **state)
{
	static const double v[] = {1, NAN, 3, 4};
	static const char *const names[] = {"a", "b \"x\", y"};
	struct leat_payload p = table_of(names, 2, 2, v), bare = table_of(NULL, 2, 2, v), one = table_of(NULL, 4, 1, v);
	(void)state;
	writes(&leat_codec_csv, &p, "a,\"b \"\"x\"\", y\"\n1,\n3,4\n");
	writes(&leat_codec_csv, &bare, "1,\n3,4\n");
	writes(&leat_codec_csv, &one, "1\n\"\"\n3\n4\n"); /* an empty line would be no row */
	writes(&leat_codec_tsv, &p, "a\t\"b \"\"x\"\", y\"\n1\t\n3\t4\n");
	writes_with(&leat_codec_csv, "header", "no", &p, "1,\n3,4\n");
	leat_payload_clear(&p);
	leat_payload_clear(&bare);
	leat_payload_clear(&one);
}

static void options_of_writing(void **state)
{
	static const double v[] = {1, NAN};
	struct leat_payload p = table_of(NULL, 1, 2, v);
	struct leat_err err;
	(void)state;
	writes_with(&leat_codec_csv, "sep", ";", &p, "1;\n");
	writes_with(&leat_codec_csv, "na-rep", "n,a", &p, "1,\"n,a\"\n");
	assert_null(kit_write(&leat_codec_csv, "sep", "ab", &p, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
	assert_null(kit_write(&leat_codec_csv, "sep", "1", &p, &err));
	leat_payload_clear(&p);
}

static void what_text_cannot_hold(void **state)
{
	const uint64_t cube[] = {1, 1, 1}, one[] = {1};
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_F8, 3, cube, false, NULL)};
	struct leat_err err;
	(void)state;
	assert_null(kit_write(&leat_codec_csv, NULL, NULL, &p, &err));
	assert_string_equal(err.text, "text has rows and columns, the array has shape (1, 1, 1)");
	leat_payload_clear(&p);
	p = (struct leat_payload){.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_C8, 1, one, false, NULL)};
	assert_null(kit_write(&leat_codec_csv, NULL, NULL, &p, &err));
	assert_string_equal(err.text, "text holds real numbers, the array is complex64");
	leat_payload_clear(&p);
}

static uint64_t random_bits(uint64_t *state)
{
	*state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
	return *state;
}

/* Any doubles, bit for bit, through text and back; floats, too. */
static void numbers_come_back(void **state)
{
	enum { N = 4000 };
	static double v[N];
	uint64_t seed = 88172645463325252u;
	struct leat_err err;
	(void)state;
	for (size_t i = 0; i < N; i++) {
		uint64_t bits = random_bits(&seed);
		if (i % 2)
			bits = (bits & 0x800fffffffffffff) | (uint64_t)(1000 + bits % 40) << 52; /* usual sizes */
		memcpy(&v[i], &bits, sizeof v[i]);
		if (!isfinite(v[i]))
			v[i] = (double)(float)i / 7;
	}
	struct leat_payload p = table_of(NULL, N / 4, 4, v), back;
	struct leat_bytes *b = kit_write(&leat_codec_csv, NULL, NULL, &p, &err);
	assert_int_equal(kit_parse(&leat_codec_csv, b->data, b->len, NULL, &back, NULL, &err), 0);
	assert_memory_equal(back.table->numbers->data, v, sizeof v);
	leat_payload_clear(&back);
	leat_payload_clear(&p);
	leat_bytes_unref(&b);
	static float f[N];
	for (size_t i = 0; i < N; i++)
		f[i] = (float)v[i];
	const uint64_t dim[] = {N};
	p = (struct leat_payload){.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_F4, 1, dim, false, f)};
	b = kit_write(&leat_codec_csv, NULL, NULL, &p, &err);
	assert_int_equal(kit_parse(&leat_codec_csv, b->data, b->len, NULL, &back, NULL, &err), 0);
	for (size_t i = 0; i < N; i++)
		assert_true((float)((double *)back.table->numbers->data)[i] == f[i]);
	leat_payload_clear(&back);
	leat_payload_clear(&p);
	leat_bytes_unref(&b);
}

/* What NumPy wrote as text is what it wrote as npy. */
static void savetxt_of_the_corpus(void **state)
{
	struct leat_payload p;
	struct leat_err err;
	(void)state;
	if (kit_no_corpus())
		skip();
	struct kit_bytes exact = kit_file("npy-numpy-written/savetxt_17g.csv");
	struct kit_bytes blanks = kit_file("npy-numpy-written/savetxt_default.csv");
	assert_non_null(exact.d);
	assert_int_equal(kit_parse(&leat_codec_csv, exact.d, exact.n, NULL, &p, NULL, &err), 0);
	assert_true(p.table->rows > 1);
	leat_payload_clear(&p);
	assert_int_equal(kit_parse(&leat_codec_csv, blanks.d, blanks.n, NULL, &p, NULL, &err), 0);
	assert_true(p.table->rows > 1 && p.table->n_columns > 1);
	leat_payload_clear(&p);
	free(exact.d);
	free(blanks.d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),
		cmocka_unit_test(separators),
		cmocka_unit_test(lines),
		cmocka_unit_test(numbers),
		cmocka_unit_test(what_is_no_text),
		cmocka_unit_test(tabs),
		cmocka_unit_test(bounds),
		cmocka_unit_test(many_equal_names),
		cmocka_unit_test(arrays_have_no_header),
		cmocka_unit_test(tables_have_names),
		cmocka_unit_test(options_of_writing),
		cmocka_unit_test(what_text_cannot_hold),
		cmocka_unit_test(numbers_come_back),
		cmocka_unit_test(savetxt_of_the_corpus),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
