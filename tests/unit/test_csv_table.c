/* SPDX-License-Identifier: MIT */
/* CSV with words in it, and what people really write: options of parse, files of the corpus, what comes back. */
#include "numbers_kit.h"

#include "ops/table/rows.h"
#include "registry/registry.h"

#include <math.h>

extern const struct leat_codec leat_codec_jsonl;

/* What `to` writes of the text. */
static void becomes(const struct leat_codec *to, const char *text, size_t n, const struct leat_parse_params *p,
		    const char *want)
{
	struct leat_payload in;
	struct leat_err err;
	struct leat_notices notes = {0};
	if (kit_parse(&leat_codec_csv, text, n, p, &in, &notes, &err) < 0)
		fail_msg("%s\n%s", text, err.text);
	struct leat_bytes *out = kit_write(to, NULL, NULL, &in, &err);
	assert_non_null(out);
	if (out->len != strlen(want) || memcmp(out->data, want, out->len) != 0)
		fail_msg("%s\nbecomes\n%.*s\nnot\n%s", text, (int)out->len, (char *)out->data, want);
	leat_bytes_unref(&out);
	leat_payload_clear(&in);
}

static void reads(const char *text, const struct leat_parse_params *p, const char *want)
{
	becomes(&leat_codec_csv, text, strlen(text), p, want);
}

static void refuses(const char *text, const struct leat_parse_params *p, const char *says)
{
	struct leat_payload out;
	struct leat_err err;
	assert_int_equal(kit_parse(&leat_codec_csv, text, strlen(text), p, &out, NULL, &err), -1);
	assert_string_equal(err.text, says);
}

static void columns_of_text(void **state)
{
	(void)state;
	reads("a,b,c\n1,x,2\n3,y z,4\n", NULL, "a,b,c\n1,x,2\n3,y z,4\n");
	reads("a,b\nx,y\n", NULL, "a,b\nx,y\n");
	reads("a,b\n1,\"x, \"\"y\"\"\n z\"\n2,NA\n3,\"\"\n", NULL, "a,b\n1,\"x, \"\"y\"\"\n z\"\n2,\n3,\n");
	reads("a,b\n1,x\n2, y \n3,\" z\"\n", NULL, "a,b\n1,x\n2,y\n3,\" z\"\n");
	/* one word makes all of a column text, as it was written */
	reads("a,b\n1.50,1\n0x10,2\n07,3\n", NULL, "a,b\n1.50,1\n0x10,2\n07,3\n");
	becomes(&leat_codec_jsonl, "a,b\n1,x\nnan,\"q\"\"\"\n-0.5,\n", 24, NULL,
		"{\"a\":1,\"b\":\"x\"}\n{\"a\":null,\"b\":\"q\\\"\"}\n{\"a\":-0.5,\"b\":null}\n");
}

static void decimal_comma(void **state)
{
	static const struct leat_parse_params comma = {.decimal = 1}, bar = {.decimal = 1, .sep = "|"};
	(void)state;
	reads("a;b\n1,5;2\n-,25;1e3\n", &comma, "a,b\n1.5,2\n-0.25,1000\n");
	reads("1,5|2,25\n", &bar, "1.5,2.25\n");
	reads("1,5\n2,5\n", &comma, "1.5\n2.5\n");
	reads("a\tb\n1,5\t1.5\n", &comma, "a,b\n1.5,1.5\n"); /* a point is no decimal sign then: a word */
}

static void bad_lines(void **state)
{
	static const struct leat_parse_params skip = {.on_bad_lines = 1};
	static const char text[] = "a,b\n1,2\n3\n4,5,6\n7,\"8\"9\n\"x\",y,z\n10,11\n";
	struct leat_payload out;
	struct leat_err err;
	struct leat_notices notes = {0};
	(void)state;
	reads(text, &skip, "a,b\n1,2\n10,11\n");
	reads("a,b\n1,x\n2\n3,y\n", &skip, "a,b\n1,x\n3,y\n");
	assert_int_equal(kit_parse(&leat_codec_csv, text, sizeof text - 1, &skip, &out, &notes, &err), 0);
	assert_int_equal(out.table->bad_lines, 4);
	assert_int_equal(notes.n, 1);
	assert_string_equal(notes.text[0], "4 bad lines left out");
	leat_payload_clear(&out);
	refuses("a,b\n1,2\n3,\"4\n5,6\n", &skip, "line 3: a quote is opened and never closed");
	refuses("a,b\n1,2\n3\n", NULL, "line 3 has 1 column, line 1 has 2");
}

static void some_of_it(void **state)
{
	static const char *const by_name[] = {"c", "a"}, *const by_number[] = {"1"}, *const none[] = {"d"};
	static const char *const na[] = {"-999", "?"};
	const struct leat_parse_params cols = {.usecols = {(const char **)(uintptr_t)by_name, 2}};
	const struct leat_parse_params second = {.usecols = {(const char **)(uintptr_t)by_number, 1}};
	const struct leat_parse_params wrong = {.usecols = {(const char **)(uintptr_t)none, 1}};
	const struct leat_parse_params words = {.na_values = {(const char **)(uintptr_t)na, 2}};
	static const struct leat_parse_params two = {.nrows = 2};
	(void)state;
	reads("a,b,c\n1,x,2\n3,y,4\n", &cols, "a,c\n1,2\n3,4\n");
	reads("a,b,c\n1,x,2\n3,y,4\n", &second, "b\nx\ny\n");
	reads("1,2\n3,4\n", &second, "1\n2\n4\n");
	refuses("a,b\n1,2\n", &wrong, "usecols: there is no column 'd' in the text, but 2");
	reads("a\n1\n2\nx\n", &two, "a\n1\n2\n");
	reads("a,b\n-999,1\n?,2\n3,-999\n", &words, "a,b\n,1\n,2\n3,\n");
}

static void encodings(void **state)
{
	static const struct leat_parse_params latin = {.encoding = 1};
	(void)state;
	reads("na\xefve,b\n1,\xfc\n", &latin, "na\xc3\xafve,b\n1,\xc3\xbc\n");
	reads("\xef\xbb\xbf"
	      "a\nx\n",
	      NULL, "a\nx\n");
	refuses("a,b\n1,\xfc\n", NULL, "line 2, column 2: the text is not UTF-8; write encoding=latin-1 if it is that");
}

static void packed(void **state)
{
	struct leat_payload in, back;
	struct leat_err err;
	static const char text[] = "a,b\n1.5,x\n2.5,y\n";
	(void)state;
	assert_int_equal(kit_parse(&leat_codec_csv, text, sizeof text - 1, NULL, &in, NULL, &err), 0);
	struct leat_bytes *gz = kit_write(&leat_codec_csv, "compress", "gzip", &in, &err);
	assert_non_null(gz);
	assert_true(gz->data[0] == 0x1f && gz->data[1] == 0x8b);
	becomes(&leat_codec_csv, (const char *)gz->data, gz->len, NULL, text);
	/* two members, one behind the other */
	uint8_t twice[256];
	memcpy(twice, gz->data, gz->len);
	memcpy(twice + gz->len, gz->data, gz->len);
	becomes(&leat_codec_csv, (const char *)twice, 2 * gz->len, NULL, "a,b\n1.5,x\n2.5,y\na,b\n1.5,x\n2.5,y\n");
	assert_int_equal(kit_parse(&leat_codec_csv, gz->data, gz->len - 5, NULL, &back, NULL, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	gz->data[gz->len - 6] ^= 1;
	assert_int_equal(kit_parse(&leat_codec_csv, gz->data, gz->len, NULL, &back, NULL, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CORRUPT);
	leat_bytes_unref(&gz);
	gz = kit_write(&leat_codec_jsonl, "compress", "gzip", &in, &err);
	assert_true(gz && gz->data[0] == 0x1f);
	leat_bytes_unref(&gz);
	leat_payload_clear(&in);
}

static void formats_of_numbers(void **state)
{
	struct leat_payload in;
	struct leat_err err;
	static const struct {
		const char *format, *want;
	} cases[] = {{"%.2f", "1.25,x\n0.33,y\n-1234567.00,z\n"},
		     {"%.3e", "1.250e+00,x\n3.333e-01,y\n-1.235e+06,z\n"},
		     {"%.4g", "1.25,x\n0.3333,y\n-1.235e+06,z\n"}};
	static const char text[] = "1.25,x\n0.33333333,y\n-1234567,z\n";
	const struct leat_parse_params no = {.header = 2};
	(void)state;
	assert_int_equal(kit_parse(&leat_codec_csv, text, sizeof text - 1, &no, &in, NULL, &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct leat_bytes *b = kit_write(&leat_codec_csv, "float-format", cases[i].format, &in, &err);
		assert_non_null(b);
		assert_true(b->len > 4);
		assert_memory_equal(b->data, "0,1\n", 4);
		assert_int_equal(b->len - 4, strlen(cases[i].want));
		assert_memory_equal(b->data + 4, cases[i].want, b->len - 4);
		leat_bytes_unref(&b);
	}
	assert_null(kit_write(&leat_codec_csv, "float-format", "%s", &in, &err));
	assert_string_equal(err.text, "float-format is written as %.3f, %.3e or %.3g with up to 17 digits, not '%s'");
	leat_payload_clear(&in);
}

/* What csv-spectrum says of each file, in its JSON; a missing text is an empty one there. */
static void spectrum(void **state)
{
	static const struct {
		const char *name, *rows;
	} files[] = {
		{"comma_in_quotes",
		 "{\"first\":\"John\",\"last\":\"Doe\",\"address\":\"120 any st.\",\"city\":\"Anytown, "
		 "WW\",\"zip\":8123}\n"},
		{"empty", "{\"a\":1,\"b\":null,\"c\":null}\n{\"a\":2,\"b\":3,\"c\":4}\n"},
		{"empty_crlf", "{\"a\":1,\"b\":null,\"c\":null}\n{\"a\":2,\"b\":3,\"c\":4}\n"},
		{"escaped_quotes", "{\"a\":1,\"b\":\"ha \\\"ha\\\" ha\"}\n{\"a\":3,\"b\":\"4\"}\n"},
		{"json", "{\"key\":1,\"val\":\"{\\\"type\\\": \\\"Point\\\", \\\"coordinates\\\": [102.0, 0.5]}\"}\n"},
		{"location_coordinates",
		 "{\"Contact Phone Number\":2095257564,\"Location Coordinates\":\"37\xef\xbf\xbd"
		 "36'37.8\\\"N 121\xef\xbf\xbd"
		 "2'17.9\\\"W\",\"Cities\":\"Modesto\",\"Counties\":\"Stanislaus\"}\n"},
		{"newlines", "{\"a\":\"1\",\"b\":2,\"c\":3}\n{\"a\":\"Once upon \\na time\",\"b\":5,\"c\":6}\n"
			     "{\"a\":\"7\",\"b\":8,\"c\":9}\n"},
		{"newlines_crlf", /* its breaks came as plain ones */
		 "{\"a\":\"1\",\"b\":2,\"c\":3}\n{\"a\":\"Once upon \\na "
		 "time\",\"b\":5,\"c\":6}\n{\"a\":\"7\",\"b\":8,\"c\":9}\n"},
		{"quotes_and_newlines", "{\"a\":1,\"b\":\"ha \\n\\\"ha\\\" \\nha\"}\n{\"a\":3,\"b\":\"4\"}\n"},
		{"simple", "{\"a\":1,\"b\":2,\"c\":3}\n"},
		{"simple_crlf", "{\"a\":1,\"b\":2,\"c\":3}\n"},
		{"utf8", "{\"a\":1,\"b\":2,\"c\":\"3\"}\n{\"a\":4,\"b\":5,\"c\":\"\xca\xa4\"}\n"},
	};
	(void)state;
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char name[96];
		snprintf(name, sizeof name, "csv-spectrum/csvs/%s.csv", files[i].name);
		struct kit_bytes f = kit_file(name);
		assert_non_null(f.d);
		becomes(&leat_codec_jsonl, (const char *)f.d, f.n, NULL, files[i].rows);
		free(f.d);
	}
}

/* Rows, columns of numbers and of text, lines left out. */
static void real_files(void **state)
{
	static const struct {
		const char *name;
		struct leat_parse_params p;
		uint64_t rows;
		size_t numbers, texts;
		uint64_t bad;
	} files[] = {
		{"smallpop", {.sep = "auto"}, 10, 1, 3, 0},
		{"smallpop-colon", {.sep = ":"}, 10, 1, 3, 0},
		{"smallpop-no-headers", {.header = 2}, 10, 1, 3, 0},
		{"uspop", {.sep = "auto"}, 100, 3, 2, 0},
		{"uspop-latin1", {.encoding = 1}, 100, 3, 2, 0},
		{"uspop-null", {.sep = "auto"}, 100, 3, 2, 0},
		{"bench/gtfs-mbta-stop-times", {.sep = "auto"}, 9999, 5, 4, 0},
		{"bench/worldcitiespop", {.sep = "auto"}, 20000, 3, 4, 0},
	};
	(void)state;
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char name[96];
		struct leat_payload out;
		struct leat_err err;
		snprintf(name, sizeof name, "csv-rust/%s.csv", files[i].name);
		struct kit_bytes f = kit_file(name);
		assert_non_null(f.d);
		if (kit_parse(&leat_codec_csv, f.d, f.n, &files[i].p, &out, NULL, &err) < 0)
			fail_msg("%s: %s", name, err.text);
		size_t texts = out.table->texts ? out.table->texts->n : 0;
		if (out.table->rows != files[i].rows || out.table->n_columns != files[i].numbers ||
		    texts != files[i].texts || out.table->bad_lines != files[i].bad)
			fail_msg("%s: %llu rows, %zu numbers, %zu texts, %llu bad", name,
				 (unsigned long long)out.table->rows, out.table->n_columns, texts,
				 (unsigned long long)out.table->bad_lines);
		leat_payload_clear(&out);
		free(f.d);
	}
}

/* Quotes escaped by backslashes are no CSV: the place is told. */
static void strange(void **state)
{
	struct leat_payload out;
	struct leat_err err;
	(void)state;
	if (kit_no_corpus())
		skip();
	struct kit_bytes f = kit_file("csv-rust/strange.csv");
	assert_int_equal(kit_parse(&leat_codec_csv, f.d, f.n, NULL, &out, NULL, &err), -1);
	assert_string_equal(err.text, "line 1: text stands behind a closing quote");
	free(f.d);
}

/* Rows that go take their text along. */
static void rows_of_text(void **state)
{
	static const uint64_t rows[] = {2, 0};
	struct leat_payload in, out = {.kind = LEAT_TABLE};
	struct leat_err err = {0};
	static const char text[] = "a,b\n1,x\n2,\n3,z\n";
	(void)state;
	assert_int_equal(kit_parse(&leat_codec_csv, text, sizeof text - 1, NULL, &in, NULL, &err), 0);
	out.table = leat_table_take(in.table, rows, 2, &err);
	assert_non_null(out.table);
	struct leat_bytes *b = kit_write(&leat_codec_csv, NULL, NULL, &out, &err);
	assert_int_equal(b->len, 12);
	assert_memory_equal(b->data, "a,b\n3,z\n1,x\n", 12);
	leat_bytes_unref(&b);
	leat_payload_clear(&out);
	leat_payload_clear(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_of_text),    cmocka_unit_test(decimal_comma), cmocka_unit_test(bad_lines),
		cmocka_unit_test(some_of_it),         cmocka_unit_test(encodings),     cmocka_unit_test(packed),
		cmocka_unit_test(formats_of_numbers), cmocka_unit_test(spectrum),      cmocka_unit_test(real_files),
		cmocka_unit_test(rows_of_text),       cmocka_unit_test(strange),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
