/* SPDX-License-Identifier: MIT */
/*
 * CSV in pieces: see leat_row_pieces (core/codec.h). Where no quote stands in a piece it may be cut behind any line
 * break;
 * where one does, the grammar says which breaks end a row.
 */
#include "formats/csv_pieces.h"

#include "base/mem.h"
#include "formats/csv_plain.h"
#include "formats/csv_rows.h"

#include <string.h>

/* What follows it: a size_t for each column where only some are wanted. */
struct shared {
	uint64_t first_line;
	uint64_t columns, used, some;
	char sep, comment;
};

static int put_head(const struct leat_csv_text *t, const struct leat_csv_head *h, struct leat_row_head *out,
		    struct leat_err *err)
{
	struct shared s = {h->first_line, h->columns, h->used, h->use != NULL, t->sep, t->comment};
	leat_buf_add(&out->shared, &s, sizeof s);
	if (h->use)
		leat_buf_add(&out->shared, h->use, h->columns * sizeof *h->use);
	out->names = leat_zalloc(h->used + 1, sizeof *out->names, err);
	for (size_t c = 0; out->names && c < h->columns; c++) {
		struct leat_buf name = {0};
		size_t to = h->use ? h->use[c] : c;
		if (to == SIZE_MAX)
			continue;
		if (h->names)
			leat_buf_adds(&name, h->names[c]);
		else
			leat_buf_addf(&name, "%zu", c);
		out->names[to] = leat_buf_detach(&name, err);
		if (!out->names[to])
			return -1;
		out->columns = to + 1;
	}
	return out->names ? leat_buf_check(&out->shared, err) : -1;
}

static int head(const struct leat_parse_params *p, char sep, const uint8_t *d, size_t n, bool whole,
		struct leat_row_head *out, struct leat_err *err)
{
	struct leat_csv_text t = {.line = 1};
	struct leat_csv_rules r;
	struct leat_csv_head h = {0};
	struct leat_err e = {0};
	bool marked = n >= 3 && memcmp(d, "\xef\xbb\xbf", 3) == 0;
	if (leat_csv_packed(d, n) || p->encoding || p->nrows || (n >= 2 && (d[0] & d[1]) >= 0xfe) || memchr(d, 0, n))
		return 2;
	if (leat_csv_rules_of(p, sep, &r, &t, err) < 0)
		return -1;
	t.p = (const char *)d + (marked ? 3 : 0);
	t.end = (const char *)d + n;
	int ok = leat_csv_head_read(&t, p, &r, &h, &e);
	/* The beginning alone may end within the first row, and then says nothing. */
	if (ok < 0 || (!whole && t.end - t.p < t.p - (const char *)d))
		ok = whole ? 2 : 1;
	if (ok == 0) {
		out->begin = (size_t)(t.p - (const char *)d);
		out->line = t.line;
		ok = put_head(&t, &h, out, err);
	}
	leat_csv_head_free(&h);
	return ok;
}

static int csv_head(const struct leat_parse_params *p, const uint8_t *d, size_t n, bool whole,
		    struct leat_row_head *out, struct leat_err *err)
{
	return head(p, 0, d, n, whole, out, err);
}

static int tsv_head(const struct leat_parse_params *p, const uint8_t *d, size_t n, bool whole,
		    struct leat_row_head *out, struct leat_err *err)
{
	return head(p, '\t', d, n, whole, out, err);
}

/* Row by row: where the last whole one ends. */
static size_t careful_cut(const struct shared *s, const uint8_t *d, size_t n)
{
	struct leat_csv_text t = {
		.p = (const char *)d, .end = (const char *)d + n, .sep = s->sep, .comment = s->comment};
	const char *last = t.p;
	struct leat_csv_field f;
	while (leat_csv_next_row(&t)) {
		struct leat_err ignored = {0}; /* the reading will tell */
		int more;
		while ((more = leat_csv_field(&t, &f, &ignored)) > 0)
			;
		bool open = more < 0 && t.p == t.end; /* a quote without its end */
		if (more < 0)
			leat_csv_skip_line(&t);
		if (open || (t.p == t.end && t.p[-1] != '\n'))
			break; /* a row without its end, or a break that may have a second half */
		last = t.p;
	}
	return (size_t)(last - (const char *)d);
}

static size_t cut(const void *shared, const uint8_t *d, size_t n)
{
	if (memchr(d, '"', n))
		return careful_cut(shared, d, n);
	const uint8_t *stop = memrchr(d, '\n', n);
	if (!stop && n > 1)
		stop = memrchr(d, '\r', n - 1); /* the last may be half of a break */
	return stop ? (size_t)(stop + 1 - d) : 0;
}

static int read_rows(const struct leat_parse_params *p, const void *shared, const uint8_t *d, size_t n, uint64_t offset,
		     uint64_t line, struct leat_row_piece *out, struct leat_err *err)
{
	const struct shared *s = shared;
	struct leat_csv_text t = {.p = (const char *)d, .end = (const char *)d + n, .line = line};
	struct leat_csv_head h = {.columns = (size_t)s->columns, .used = (size_t)s->used, .first_line = s->first_line};
	struct leat_csv_rules r;
	struct leat_csv_rows rows = {.words = out->words};
	const uint8_t *nul = n ? memchr(d, 0, n) : NULL;
	if (nul)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "this is no text: byte %llu is zero",
				 (unsigned long long)(offset + (uint64_t)(nul - d)));
	if (leat_csv_rules_of(p, s->sep, &r, &t, err) < 0)
		return -1;
	t.sep = s->sep;
	h.use = s->some ? (size_t *)(uintptr_t)(s + 1) : NULL;
	uint64_t most = leat_csv_rows_most(&t);
	rows.room = leat_size_mul((size_t)most, h.used);
	double *v = leat_grow(out->v, &out->room, rows.room ? rows.room : 1, sizeof *v, err);
	if (!v)
		return -1;
	out->v = rows.v = v;
	if (leat_csv_rows_read(&t, &r, &h, &rows, err) < 0)
		return -1;
	out->rows = rows.rows;
	out->bad = rows.bad;
	out->lines = t.line - line;
	return 0;
}

const struct leat_row_pieces leat_csv_pieces = {csv_head, cut, read_rows};
const struct leat_row_pieces leat_tsv_pieces = {tsv_head, cut, read_rows};
