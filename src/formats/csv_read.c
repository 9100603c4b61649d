/* SPDX-License-Identifier: MIT */
/*
 * A table of numbers from separated text: see csv.h. Two passes: the first counts what could separate numbers, so that
 * memory is taken once; the second reads. A word for a missing number (as pandas has them) or nothing is NaN; anything
 * else that is no number is an error with its line.
 */
#include "formats/csv.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/nameset.h"
#include "base/num.h"
#include "base/text.h"
#include "formats/csv_text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

struct reader {
	struct leat_csv_text text;
	struct leat_bytes *numbers;
	double *v; /* the numbers so far, row by row */
	size_t n, room;
	size_t columns; /* 0: not known yet */
	uint64_t rows, first_line;
	char **names; /* NULL: the columns have none */
	struct leat_err *err;
};

/* ---- what the bytes are */

/* Refuses what is no text of ours, and steps over a mark of UTF-8. */
static int look(struct reader *r, const uint8_t *d, size_t n)
{
	const void *nul = memchr(d, 0, n);
	if (n >= 2 && d[0] == 0x1f && d[1] == 0x8b)
		return leat_fail(r->err, LEAT_CAUSE_UNSUPPORTED, "the text is compressed with gzip: not built yet");
	if (n >= 2 && ((d[0] == 0xff && d[1] == 0xfe) || (d[0] == 0xfe && d[1] == 0xff)))
		return leat_fail(r->err, LEAT_CAUSE_UNSUPPORTED, "the text is UTF-16; UTF-8 is read");
	if (nul)
		return leat_fail(r->err, LEAT_CAUSE_FORMAT, "this is no text: byte %zu is zero",
				 (size_t)((const uint8_t *)nul - d));
	size_t mark = n >= 3 && memcmp(d, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	r->text.p = (const char *)d + mark;
	r->text.end = (const char *)d + n;
	return 0;
}

/* More numbers than this cannot be in the text. */
static size_t most_numbers(const struct leat_csv_text *t)
{
	size_t n = 1;
	for (const char *s = t->p; s < t->end; s++)
		n += *s == t->sep || *s == '\n' || *s == '\r' || (t->sep == ' ' && *s == '\t');
	return n;
}

/* ---- fields */

static bool is_missing(const char *s, size_t n)
{
	static const char *const words[] = {"NA",      "N/A",      "n/a",      "NULL",   "null", "None",
					    "<NA>",    "#N/A",     "#N/A N/A", "#NA",    "-NaN", "-nan",
					    "-1.#IND", "-1.#QNAN", "1.#IND",   "1.#QNAN"};
	if (n == 0 || (n == 3 && strncasecmp(s, "nan", 3) == 0))
		return true;
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], s, n) == 0)
			return true;
	return false;
}

static bool is_infinite(const char *s, size_t n, double *v)
{
	size_t sign = n > 0 && (*s == '-' || *s == '+');
	bool word = (n - sign == 3 && strncasecmp(s + sign, "inf", 3) == 0) ||
		    (n - sign == 8 && strncasecmp(s + sign, "infinity", 8) == 0);
	if (word)
		*v = *s == '-' ? -INFINITY : INFINITY;
	return word;
}

static bool number_of(const struct leat_csv_field *f, double *v)
{
	if (leat_read_real(f->s, f->n, v))
		return true;
	if (is_missing(f->s, f->n)) {
		*v = NAN;
		return true;
	}
	return is_infinite(f->s, f->n, v);
}

static int no_number(struct reader *r, const struct leat_csv_field *f, size_t column)
{
	int n = f->n < 40 ? (int)f->n : 40;
	const char *cut = f->n > 40 ? "..." : "", *name = r->names ? r->names[column] : NULL;
	bool comma = r->text.sep != ',' && memchr(f->s, ',', f->n);
	return leat_fail(r->err, LEAT_CAUSE_UNSUPPORTED, "line %llu, column %zu%s%.40s%s: '%.*s%s' is no number%s",
			 (unsigned long long)f->line, column + 1, name ? " (" : "", name ? name : "", name ? ")" : "",
			 n, f->s, cut,
			 comma ? "; a decimal comma is not read yet" : "; columns of text are not read yet");
}

/* ---- the header */

/* A name as UTF-8, quotes undone. NULL with *err. */
static char *name_of(struct reader *r, const struct leat_csv_field *f, size_t column)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < f->n;) {
		int32_t cp;
		size_t k = leat_utf8_next(f->s + i, f->n - i, &cp);
		if (cp < 0) {
			leat_fail(r->err, LEAT_CAUSE_UNSUPPORTED,
				  "line %llu: the name of column %zu is not UTF-8; other encodings are not read yet",
				  (unsigned long long)f->line, column + 1);
			leat_buf_free(&b);
			return NULL;
		}
		leat_buf_add(&b, f->s + i, k);
		i += k + (f->quoted && f->s[i] == '"'); /* the second of a pair */
	}
	if (f->n == 0)
		leat_buf_addf(&b, "Unnamed: %zu", column);
	return leat_buf_detach(&b, r->err);
}

/* Names of columns as they come; for each how many others of its name came behind it. */
struct naming {
	struct leat_nameset *taken;
	uint64_t *others;
	size_t room_names, room_others;
};

/* name, name.1, name.2: as pandas tells equal names apart. */
static int make_unique(struct reader *r, struct naming *k, size_t column)
{
	uint64_t first = column, holder;
	char *base = r->names[column], *name = base;
	int ok;
	while ((ok = leat_nameset_claim(k->taken, name, k, column, &holder, r->err)) > 0) {
		struct leat_buf b = {0};
		first = name == base ? holder : first;
		leat_buf_addf(&b, "%s.%llu", base, (unsigned long long)++k->others[first]);
		if (name != base)
			free(name);
		name = leat_buf_detach(&b, r->err);
		r->names[column] = name ? name : base;
		if (!name)
			return -1;
	}
	if (name != base)
		free(base);
	return ok;
}

static int one_name(struct reader *r, struct naming *k, const struct leat_csv_field *f)
{
	size_t n = r->columns;
	char **names = leat_grow(r->names, &k->room_names, n + 1, sizeof *names, r->err);
	if (!names)
		return -1;
	r->names = names;
	uint64_t *others = leat_grow(k->others, &k->room_others, n + 1, sizeof *others, r->err);
	if (!others)
		return -1;
	k->others = others;
	others[n] = 0;
	names[n] = name_of(r, f, n);
	if (!names[n])
		return -1;
	r->columns++;
	return make_unique(r, k, n);
}

static int read_names(struct reader *r)
{
	struct naming k = {.taken = leat_nameset_new(r->err)};
	struct leat_csv_field f;
	int more = 1, ok = k.taken ? 0 : -1;
	while (ok == 0 && more > 0) {
		more = leat_csv_field(&r->text, &f, r->err);
		ok = more < 0 ? -1 : one_name(r, &k, &f);
	}
	leat_nameset_free(&k.taken);
	free(k.others);
	return ok;
}

/* Is there anything in the row at t that is no number? */
static bool looks_like_names(struct leat_csv_text t)
{
	struct leat_csv_field f;
	struct leat_err ignored = {0}; /* the reading itself will tell */
	double v;
	int more;
	while ((more = leat_csv_field(&t, &f, &ignored)) >= 0) {
		if (!number_of(&f, &v))
			return true;
		if (more == 0)
			return false;
	}
	return false;
}

static int header(struct reader *r, const struct leat_parse_params *p)
{
	if (!leat_csv_next_row(&r->text))
		return leat_fail(r->err, LEAT_CAUSE_TRUNCATED, "there is no row in the text");
	r->first_line = r->text.line;
	if (p->header == 2 || (p->header == 0 && !looks_like_names(r->text)))
		return 0;
	return read_names(r);
}

/* ---- rows */

static int uneven(struct reader *r, uint64_t line, size_t n)
{
	return leat_fail(r->err, LEAT_CAUSE_CORRUPT, "line %llu has %zu column%s, line %llu has %zu",
			 (unsigned long long)line, n, n == 1 ? "" : "s", (unsigned long long)r->first_line, r->columns);
}

static int row(struct reader *r)
{
	struct leat_csv_field f;
	uint64_t line = r->text.line;
	size_t n = 0;
	int more;
	do {
		more = leat_csv_field(&r->text, &f, r->err);
		if (more < 0)
			return -1;
		if (r->n == r->room)
			return leat_fail(r->err, LEAT_CAUSE_INTERNAL, "more numbers than were counted");
		if ((!r->columns || n < r->columns) && !number_of(&f, &r->v[r->n++]))
			return no_number(r, &f, n);
		n++;
	} while (more > 0);
	if (r->columns && n != r->columns)
		return uneven(r, line, n);
	r->columns = n;
	r->rows++;
	return 0;
}

static int rows(struct reader *r)
{
	while (leat_csv_next_row(&r->text))
		if (row(r) < 0)
			return -1;
	return 0;
}

/* ---- the whole text */

static int table_of(struct reader *r, struct leat_payload *out)
{
	struct leat_array_shape shape = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {r->rows, r->columns}};
	r->numbers->len = r->n * sizeof(double);
	struct leat_array *a = leat_array_wrap(&shape, r->numbers, r->v, r->err);
	if (!a)
		return -1;
	out->table = leat_table_new(a, (const char *const *)r->names, r->err);
	leat_array_unref(&a);
	if (!out->table)
		return -1;
	out->kind = LEAT_TABLE;
	return 0;
}

static int read_all(struct reader *r, const struct leat_parse_params *p)
{
	for (int64_t i = 0; i < p->skiprows && r->text.p < r->text.end; i++)
		leat_csv_skip_line(&r->text);
	if (!r->text.sep)
		r->text.sep = leat_csv_guess_sep(&r->text);
	r->room = most_numbers(&r->text);
	r->numbers = leat_bytes_new(leat_size_mul(r->room, sizeof(double)), r->err);
	if (!r->numbers)
		return -1;
	r->v = (double *)(void *)r->numbers->data;
	return header(r, p) < 0 ? -1 : rows(r);
}

int leat_csv_read(const struct leat_bytes *in, const struct leat_parse_params *p, char sep, struct leat_payload *out,
		  struct leat_err *err)
{
	struct reader r = {.text = {.line = 1, .sep = sep}, .err = err};
	if (p->sep && strcmp(p->sep, "auto") != 0)
		r.text.sep = p->sep[0];
	if (p->comment)
		r.text.comment = p->comment[0];
	if (p->dtype > 0 && p->dtype - 1 != LEAT_DT_F8)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "numbers of text become float64; dtype=%s is not built yet",
				 leat_dtype_name((enum leat_dtype)(p->dtype - 1)));
	int ok = look(&r, in->data, in->len);
	if (ok == 0)
		ok = read_all(&r, p);
	if (ok == 0)
		ok = table_of(&r, out);
	for (size_t i = 0; r.names && i < r.columns; i++)
		free(r.names[i]);
	free(r.names);
	leat_bytes_unref(&r.numbers);
	return ok;
}

/* Whatever separates them: what can be in a number, or a word for none, does not. */
static uint64_t most_fields(const uint8_t *d, size_t n)
{
	uint64_t fields = 1;
	for (size_t i = 0; i < n; i++) {
		bool letter = (uint8_t)((d[i] | 0x20) - 'a') < 26, digit = (uint8_t)(d[i] - '0') < 10;
		fields += !letter && !digit && d[i] != '.' && d[i] != '-' && d[i] != '+';
	}
	return fields;
}

int leat_csv_probe(const char *format, const uint8_t *d, size_t n, bool whole, struct leat_header *h,
		   struct leat_err *err)
{
	(void)err, (void)whole; /* what is wrong with it, the reading tells */
	h->format = format;
	h->kind = LEAT_TABLE;
	h->array = (struct leat_array_shape){.dtype = LEAT_DT_F8, .ndim = 2, .dim = {most_fields(d, n), 1}};
	return 0;
}
