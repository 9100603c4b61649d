/* SPDX-License-Identifier: MIT */
/*
 * Rows of numbers: see csv_rows.h. A number that ends where its field ends is read in one go, without looking for the
 * field first; everything else takes the way of the grammar (csv_text.c), with the same result.
 */
#include "formats/csv_rows.h"

#include "base/mem.h"
#include "base/num.h"

#include <math.h>
#include <string.h>

uint64_t leat_csv_rows_most(const struct leat_csv_text *t)
{
	uint64_t breaks = 1;
	for (const char *s = t->p; s < t->end; s++) {
		s = memchr(s, '\n', (size_t)(t->end - s));
		if (!s)
			break;
		breaks++;
	}
	for (const char *s = t->p; s < t->end; s++) {
		s = memchr(s, '\r', (size_t)(t->end - s));
		if (!s)
			break;
		breaks += s + 1 == t->end || s[1] != '\n';
	}
	return breaks;
}

struct reading {
	struct leat_csv_text *t;
	const struct leat_csv_rules *r;
	const struct leat_csv_head *h;
	struct leat_csv_rows *out;
	struct leat_err *err;
};

static int no_number(const struct reading *k, const struct leat_csv_field *f, size_t column)
{
	int n = f->n < 40 ? (int)f->n : 40;
	const char *cut = f->n > 40 ? "..." : "", *name = k->h->names ? k->h->names[column] : NULL;
	bool comma = k->r->point == '.' && memchr(f->s, ',', f->n);
	return leat_fail(k->err, LEAT_CAUSE_UNSUPPORTED, "line %llu, column %zu%s%.40s%s: '%.*s%s' is no number%s",
			 (unsigned long long)f->line, column + 1, name ? " (" : "", name ? name : "", name ? ")" : "",
			 n, f->s, cut, comma ? "; a decimal comma is read with decimal=comma" : "");
}

/* What stands in column n of the row, by the grammar. 1 more follow, 0 it was the last, -1 with *err. */
static int careful(struct reading *k, size_t n, double *at)
{
	struct leat_csv_field f;
	double v = NAN;
	int more = leat_csv_field(k->t, &f, k->err);
	if (more < 0 || n >= k->h->columns)
		return more;
	size_t to = k->h->use ? k->h->use[n] : n;
	if (to == SIZE_MAX)
		return more;
	if (!leat_csv_number(k->r, f.s, f.n, &v)) {
		if (k->r->strict)
			return no_number(k, &f, n);
		if (k->out->words[to] == UINT64_MAX)
			k->out->words[to] = k->out->rows;
	}
	at[to] = v;
	return more;
}

/* The same where a plain number is followed by the separator or the end of the line. -2: it is not this easy. */
static inline int quick(struct reading *k, size_t n, double *at)
{
	struct leat_csv_text *t = k->t;
	double v;
	const char *e = leat_scan_real(t->p, t->end, k->r->point, &v);
	if (!e || e >= t->end || (*e != t->sep && *e != '\n'))
		return -2;
	size_t to = k->h->use ? k->h->use[n] : n;
	if (to != SIZE_MAX)
		at[to] = v;
	t->p = e + 1;
	t->line += *e == '\n';
	return *e == t->sep;
}

static int uneven(const struct reading *k, uint64_t line, size_t n)
{
	return leat_fail(k->err, LEAT_CAUSE_CORRUPT, "line %llu has %zu column%s, line %llu has %zu",
			 (unsigned long long)line, n, n == 1 ? "" : "s", (unsigned long long)k->h->first_line,
			 k->h->columns);
}

/* A line that is left out: what it told of its columns does not count. */
static void forget(struct reading *k)
{
	for (size_t i = 0; i < k->h->used; i++)
		if (k->out->words[i] == k->out->rows)
			k->out->words[i] = UINT64_MAX;
	k->out->bad++;
}

/* Text behind a quote: the rest of the line cannot be told apart. A quote without an end is an error at any rate. */
static int broken(struct reading *k)
{
	if (!k->r->skip_bad || k->err->cause != LEAT_CAUSE_CORRUPT || k->t->p == k->t->end)
		return -1;
	*k->err = (struct leat_err){0};
	leat_csv_skip_line(k->t);
	forget(k);
	return 0;
}

static int row(struct reading *k, bool easy)
{
	uint64_t line = k->t->line;
	double *at = k->out->v + k->out->rows * k->h->used;
	size_t n = 0;
	int more;
	do {
		more = easy && n < k->h->columns ? quick(k, n, at) : -2;
		if (more == -2)
			more = careful(k, n, at);
		if (more < 0)
			return broken(k);
		n++;
	} while (more > 0);
	if (n == k->h->columns) {
		k->out->rows++;
		return 0;
	}
	if (!k->r->skip_bad)
		return uneven(k, line, n);
	forget(k);
	return 0;
}

int leat_csv_rows_read(struct leat_csv_text *t, const struct leat_csv_rules *r, const struct leat_csv_head *h,
		       struct leat_csv_rows *out, struct leat_err *err)
{
	struct reading k = {t, r, h, out, err};
	bool easy = t->sep != ' ' && t->sep != '\n' && r->na->n == 0;
	for (size_t i = 0; i < h->used; i++)
		out->words[i] = UINT64_MAX;
	while (out->rows < r->most && leat_csv_next_row(t)) {
		if ((out->rows + 1) * h->used > out->room)
			return leat_fail(err, LEAT_CAUSE_INTERNAL, "more rows than were counted");
		if (row(&k, easy) < 0)
			return -1;
	}
	return 0;
}

/* ---- columns of text */

static int set_cell(const struct leat_csv_rules *r, const struct leat_csv_field *f, size_t column, uint64_t row,
		    struct leat_text_column *c, struct leat_err *err)
{
	static const struct leat_strs none = {0};
	struct leat_csv_rules words = *r;
	double v;
	words.na = r->na ? r->na : &none;
	bool number = leat_csv_number(&words, f->s, f->n, &v);
	if (number && v != v) {
		leat_text_set(c, row, NULL, 0);
		return 0;
	}
	if (leat_csv_field_text(f, column, &c->text, err) < 0)
		return -1;
	leat_text_set(c, row, "", 0); /* what was added is its text */
	return leat_buf_check(&c->text, err);
}

/* The fields of the row at t into f[columns]: how many there are, 0 where it is broken. */
static size_t fields_of(struct leat_csv_text *t, struct leat_csv_field *f, size_t columns)
{
	struct leat_err ignored = {0}; /* it was told the first time */
	struct leat_csv_field more;
	size_t n = 0;
	int next;
	do {
		next = leat_csv_field(t, n < columns ? &f[n] : &more, &ignored);
		n++;
	} while (next > 0);
	if (next < 0)
		leat_csv_skip_line(t);
	return next < 0 ? 0 : n;
}

static int fill(struct leat_csv_text *t, const struct leat_csv_rules *r, const struct leat_csv_head *h,
		const struct leat_csv_rows *rows, struct leat_texts *texts, struct leat_err *err)
{
	struct leat_csv_field *f = leat_zalloc(h->columns, sizeof *f, err);
	int ok = f ? 0 : -1;
	for (uint64_t n = 0; ok == 0 && n < rows->rows && leat_csv_next_row(t);) {
		if (fields_of(t, f, h->columns) != h->columns)
			continue;
		size_t at = 0;
		for (size_t c = 0; ok == 0 && c < h->columns; c++) {
			size_t use = h->use ? h->use[c] : c;
			if (use != SIZE_MAX && rows->words[use] != UINT64_MAX)
				ok = set_cell(r, &f[c], c, n, &texts->column[at++], err);
		}
		n++;
	}
	free(f);
	return ok;
}

struct leat_texts *leat_csv_rows_texts(struct leat_csv_text *t, const struct leat_csv_rules *r,
				       const struct leat_csv_head *h, const struct leat_csv_rows *rows,
				       struct leat_err *err)
{
	size_t n = 0, at = 0;
	for (size_t i = 0; i < h->used; i++)
		n += rows->words[i] != UINT64_MAX;
	struct leat_texts *texts = leat_texts_new(rows->rows, n, err);
	for (size_t c = 0; texts && c < h->columns; c++) {
		size_t use = h->use ? h->use[c] : c;
		if (use == SIZE_MAX || rows->words[use] == UINT64_MAX)
			continue;
		struct leat_buf number = {0};
		leat_buf_addf(&number, "%zu", c);
		texts->column[at].place = use;
		texts->column[at++].name = h->names ? leat_strdup(h->names[c], err) : leat_buf_detach(&number, err);
		leat_buf_free(&number);
		if (!texts->column[at - 1].name)
			leat_texts_unref(&texts);
	}
	if (texts && fill(t, r, h, rows, texts, err) < 0)
		leat_texts_unref(&texts);
	return texts;
}
