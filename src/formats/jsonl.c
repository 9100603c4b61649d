/* SPDX-License-Identifier: MIT */
/*
 * JSON lines: a row of a table as an object, a row of an array as a list. Numbers get as few digits as read back equal;
 * what JSON has no number for (NaN, infinity, missing text) is null, as pandas writes it.
 */
#include "base/mem.h"
#include "base/text.h"
#include "core/op.h"
#include "formats/cells.h"
#include "formats/csv_plain.h"

#include <math.h>
#include <string.h>

struct params {
	int64_t compress;
};

static const char *const packings[] = {"none", "gzip", NULL};
static const char *const extensions[] = {"jsonl", "ndjson", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct params, compress, "compress", "none", packings, 0, "how the text is compressed"),
	LEAT_P_END,
};

struct writer {
	struct leat_cells cells;
	struct leat_buf *names; /* [columns] each as JSON text; NULL: lists */
	struct leat_bytes *out;
	struct leat_err *err;
};

static int put(struct writer *w, const char *s, size_t n)
{
	return leat_bytes_append(w->out, s, n, w->err);
}

static int put_string(struct writer *w, const char *s, size_t n)
{
	struct leat_buf b = {0};
	leat_escape_json(&b, s, n);
	int ok = leat_buf_check(&b, w->err);
	if (ok == 0)
		ok = put(w, b.data, b.len);
	leat_buf_free(&b);
	return ok;
}

static int put_cell(struct writer *w, uint64_t row, size_t column)
{
	size_t n;
	if (leat_cells_is_text(&w->cells, column)) {
		const char *s = leat_cells_text(&w->cells, row, column, &n);
		return s ? put_string(w, s, n) : put(w, "null", 4);
	}
	if (!isfinite(leat_cells_real(&w->cells, row, column)))
		return put(w, "null", 4);
	if (leat_bytes_reserve(w->out, LEAT_CELL_MOST, w->err) < 0)
		return -1;
	char *at = (char *)w->out->data + w->out->len;
	w->out->len += (size_t)(leat_cells_put(&w->cells, row, column, at) - at);
	return 0;
}

static int put_row(struct writer *w, uint64_t row)
{
	if (put(w, w->names ? "{" : "[", 1) < 0)
		return -1;
	for (size_t c = 0; c < w->cells.columns; c++) {
		if (c > 0 && put(w, ",", 1) < 0)
			return -1;
		if (w->names && put(w, w->names[c].data, w->names[c].len) < 0)
			return -1;
		if (put_cell(w, row, c) < 0)
			return -1;
	}
	return put(w, w->names ? "}\n" : "]\n", 2);
}

static int quote_names(struct writer *w)
{
	if (!w->cells.table)
		return 0;
	w->names = leat_zalloc(w->cells.columns + 1, sizeof *w->names, w->err);
	for (size_t c = 0; w->names && c < w->cells.columns; c++) {
		size_t of = w->cells.of[c];
		const char *name = of < w->cells.numbers ? w->cells.table->names[of]
							 : w->cells.table->texts->column[of - w->cells.numbers].name;
		leat_escape_json(&w->names[c], name, strlen(name));
		leat_buf_addc(&w->names[c], ':');
		if (leat_buf_check(&w->names[c], w->err) < 0)
			return -1;
	}
	return w->names ? 0 : -1;
}

static int enc_run(const void *p, const struct leat_payload *in, struct leat_bytes **out, struct leat_err *err)
{
	struct writer w = {.err = err};
	if (leat_cells_of(&w.cells, in, err) < 0)
		return -1;
	w.out = leat_bytes_new(64, err);
	int ok = w.out ? quote_names(&w) : -1;
	for (uint64_t r = 0; ok == 0 && r < w.cells.rows; r++)
		ok = put_row(&w, r);
	for (size_t c = 0; w.names && c < w.cells.columns; c++)
		leat_buf_free(&w.names[c]);
	free(w.names);
	leat_cells_free(&w.cells);
	if (ok == 0 && ((const struct params *)p)->compress)
		ok = leat_csv_pack(&w.out, err);
	if (ok < 0)
		leat_bytes_unref(&w.out);
	*out = w.out;
	return ok;
}

const struct leat_codec leat_codec_jsonl = {
	.name = "jsonl",
	.suffix = "jsonl",
	.extensions = extensions,
	.summary = "JSON lines: an object for each row of a table, a list for each row of an array",
	.version = 1,
	.kinds = LEAT_ARRAY | LEAT_TABLE,
	.modes = LEAT_ON_CPU,
	.params = params,
	.params_size = sizeof(struct params),
	.enc_run = enc_run,
};
