/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target over CSV: the quick way against the careful one, pieces against the whole, what was read against what is
 * written and read again. The first two bytes choose options.
 */
#include "base/mem.h"
#include "core/codec.h"

#include <stdio.h>

extern const struct leat_codec leat_codec_csv, leat_codec_tsv, leat_codec_jsonl;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_csv: %s\n", what);
	abort();
}

static struct leat_table *read_table(const struct leat_codec *c, const uint8_t *d, size_t n,
				     const struct leat_parse_params *p, struct leat_err *err)
{
	struct leat_notices notes = {0};
	struct leat_payload out = {0};
	uint8_t *copy = malloc(n ? n : 1);
	demand(copy != NULL, "no memory");
	if (n)
		memcpy(copy, d, n);
	struct leat_bytes *b = leat_bytes_wrap(copy, n, NULL, NULL, err);
	int r = c->dec_run(b, p, &out, &notes, err);
	leat_bytes_unref(&b);
	demand(r == 0 || (err->cause && err->cause != LEAT_CAUSE_INTERNAL), "a failure without a cause");
	demand((r == 0) == (out.kind == LEAT_TABLE), "a result that is none");
	return r == 0 ? out.table : NULL;
}

static bool same_texts(const struct leat_texts *a, const struct leat_texts *b)
{
	if (!a || !b)
		return a == b;
	if (a->n != b->n || a->rows != b->rows)
		return false;
	for (size_t i = 0; i < a->n; i++)
		for (uint64_t r = 0; r < a->rows; r++) {
			size_t n, m;
			const char *s = leat_text_get(&a->column[i], r, &n), *t = leat_text_get(&b->column[i], r, &m);
			if (!s != !t || n != m || (s && memcmp(s, t, n) != 0))
				return false;
		}
	return true;
}

static void same(const struct leat_table *a, const struct leat_table *b, const char *what)
{
	demand(a->rows == b->rows && a->n_columns == b->n_columns, what);
	demand(memcmp(a->numbers->data, b->numbers->data, leat_array_bytes(&a->numbers->shape)) == 0, what);
	demand(same_texts(a->texts, b->texts), what);
}

/* A word for missing numbers that is nowhere makes every field go the careful way. */
static void careful(const struct leat_codec *c, const uint8_t *d, size_t n, struct leat_parse_params p,
		    const struct leat_table *t, const struct leat_err *first)
{
	static const char *words[] = {"\x01\x02 no such word"};
	struct leat_err err = {0};
	if (n > 0 && memmem(d, n, words[0], strlen(words[0])))
		return; /* it is */
	p.na_values = (struct leat_strs){words, 1};
	struct leat_table *other = read_table(c, d, n, &p, &err);
	demand(!t == !other, "one way reads it, the other does not");
	if (!t)
		demand(strcmp(first->text, err.text) == 0, "another failure");
	else
		same(t, other, "the two ways differ");
	leat_table_unref(&other);
}

/* In pieces of at most `most` bytes: as many rows, and where all columns are numbers the same ones. */
static void pieces(const struct leat_codec *c, const uint8_t *d, size_t n, const struct leat_parse_params *p,
		   size_t most, const struct leat_table *t)
{
	struct leat_row_head h = {0};
	struct leat_err err = {0};
	uint64_t rows = 0, bad = 0, line;
	int ok = c->pieces->head(p, d, n, true, &h, &err);
	const double *want = t ? t->numbers->data : NULL;
	bool failed = false;
	line = h.line;
	for (size_t at = h.begin; ok == 0 && at < n && !failed;) {
		size_t len = n - at;
		if (len > most) {
			len = c->pieces->cut(h.shared.data, d + at, most);
			len = len ? len : n - at;
		}
		struct leat_row_piece k = {.words = calloc(h.columns + 1, sizeof(uint64_t))};
		failed = c->pieces->read(p, h.shared.data, d + at, len, at, line, &k, &err) < 0;
		if (!failed && t && !t->texts) {
			demand(rows + k.rows <= t->rows, "more rows in pieces");
			demand(memcmp(k.v, want + rows * h.columns, k.rows * h.columns * sizeof(double)) == 0,
			       "other numbers in pieces");
		}
		rows += k.rows;
		bad += k.bad;
		line += k.lines;
		at += len;
		free(k.v);
		free(k.words);
	}
	if (ok == 0 && t) /* what is no UTF-8 fails only where cells of text are kept */
		demand(!failed && rows == t->rows && bad == t->bad_lines, "not the same rows in pieces");
	for (size_t i = 0; h.names && i < h.columns; i++)
		free(h.names[i]);
	free(h.names);
	leat_buf_free(&h.shared);
}

static void written(const struct leat_table *t)
{
	const struct {
		bool header;
		const char *float_format, *na_rep, *sep;
		int64_t compress;
	} params = {.header = true, .na_rep = "", .sep = ","};
	const struct leat_parse_params back = {.header = 1, .sep = ","};
	const int64_t none = 0;
	struct leat_payload p = {.kind = LEAT_TABLE, .table = (struct leat_table *)(uintptr_t)t};
	struct leat_err err = {0};
	struct leat_bytes *out = NULL;
	demand(leat_codec_jsonl.enc_run(&none, &p, &out, &err) == 0, "no JSON");
	leat_bytes_unref(&out);
	demand(leat_codec_csv.enc_run(&params, &p, &out, &err) == 0, "cannot be written");
	if (t->texts && t->rows > 0) {
		struct leat_table *again = read_table(&leat_codec_csv, out->data, out->len, &back, &err);
		demand(again && again->rows == t->rows, "cannot be read again");
		leat_table_unref(&again);
	}
	leat_bytes_unref(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const seps[] = {"auto", ",", ";", " ", "\t", "|", NULL, "auto"};
	if (n < 2)
		return 0;
	uint8_t a = data[0], b = data[1];
	const struct leat_parse_params p = {.sep = seps[a & 7],
					    .header = (a >> 3 & 3) % 3,
					    .comment = a & 32 ? "#" : NULL,
					    .skiprows = a >> 6,
					    .decimal = b & 1 && (a & 7) != 1,
					    .on_bad_lines = b >> 1 & 1,
					    .encoding = b >> 2 & 1,
					    .dtype = b & 8 ? 1 + LEAT_DT_F8 : 0,
					    .nrows = b & 16 ? 2 : 0};
	const struct leat_codec *c = b & 128 ? &leat_codec_tsv : &leat_codec_csv;
	struct leat_err err = {0};
	data += 2;
	n -= 2;
	struct leat_table *t = read_table(c, data, n, &p, &err);
	careful(c, data, n, p, t, &err);
	pieces(c, data, n, &p, 16 + (b >> 5 & 3) * 40, t);
	if (t)
		written(t);
	leat_table_unref(&t);
	return 0;
}
