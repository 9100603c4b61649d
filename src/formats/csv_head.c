/* SPDX-License-Identifier: MIT */
/* The beginning of separated text: see csv_head.h. */
#include "formats/csv_head.h"

#include "base/mem.h"
#include "base/nameset.h"
#include "base/num.h"
#include "base/text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

int leat_csv_rules_of(const struct leat_parse_params *p, char sep, struct leat_csv_rules *r, struct leat_csv_text *t,
		      struct leat_err *err)
{
	t->sep = p->sep && strcmp(p->sep, "auto") != 0 ? p->sep[0] : sep;
	t->comment = p->comment ? p->comment[0] : 0;
	*r = (struct leat_csv_rules){
		.point = p->decimal == 1 ? ',' : '.',
		.skip_bad = p->on_bad_lines == 1,
		.strict = p->dtype > 0,
		.na = &p->na_values,
		.most = p->nrows ? (uint64_t)p->nrows : UINT64_MAX,
	};
	if (p->dtype > 0 && p->dtype - 1 != LEAT_DT_F8)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "numbers of text become float64; for dtype=%s write 'astype' behind 'parse'",
				 leat_dtype_name((enum leat_dtype)(p->dtype - 1)));
	return 0;
}

/* ---- what is a number */

static bool is_missing(const struct leat_csv_rules *r, const char *s, size_t n)
{
	static const char *const words[] = {"NA",      "N/A",      "n/a",      "NULL",   "null", "None",
					    "<NA>",    "#N/A",     "#N/A N/A", "#NA",    "-NaN", "-nan",
					    "-1.#IND", "-1.#QNAN", "1.#IND",   "1.#QNAN"};
	if (n == 0 || (n == 3 && strncasecmp(s, "nan", 3) == 0))
		return true;
	for (size_t i = 0; n <= 8 && i < LEAT_LEN(words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], s, n) == 0)
			return true;
	for (size_t i = 0; i < r->na->n; i++)
		if (strlen(r->na->v[i]) == n && memcmp(r->na->v[i], s, n) == 0)
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

bool leat_csv_number(const struct leat_csv_rules *r, const char *s, size_t n, double *v)
{
	/* a word of the user's may well be a number: -999 */
	if (n == 0 || r->na->n == 0 || !is_missing(r, s, n)) {
		if (n > 0 && leat_scan_real(s, s + n, r->point, v) == s + n)
			return true;
		if (is_infinite(s, n, v))
			return true;
	}
	if (!is_missing(r, s, n))
		return false;
	*v = NAN;
	return true;
}

/* ---- names */

int leat_csv_field_text(const struct leat_csv_field *f, size_t column, struct leat_buf *b, struct leat_err *err)
{
	for (size_t i = 0; i < f->n;) {
		int32_t cp;
		size_t k = leat_utf8_next(f->s + i, f->n - i, &cp);
		if (cp < 0)
			return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
					 "line %llu, column %zu: the text is not UTF-8; write encoding=latin-1 if it "
					 "is that",
					 (unsigned long long)f->line, column + 1);
		leat_buf_add(b, f->s + i, k);
		i += k + (f->quoted && f->s[i] == '"'); /* the second of a pair */
	}
	return 0;
}

/* Names of columns as they come; for each how many others of its name came behind it. */
struct naming {
	struct leat_csv_head *h;
	struct leat_nameset *taken;
	uint64_t *others;
	size_t room_names, room_others;
	struct leat_err *err;
};

static char *name_of(struct naming *k, const struct leat_csv_field *f, size_t column)
{
	struct leat_buf b = {0};
	if (leat_csv_field_text(f, column, &b, k->err) < 0) {
		leat_buf_free(&b);
		return NULL;
	}
	if (f->n == 0)
		leat_buf_addf(&b, "Unnamed: %zu", column);
	return leat_buf_detach(&b, k->err);
}

/* name, name.1, name.2: as pandas tells equal names apart. */
static int make_unique(struct naming *k, size_t column)
{
	char **names = k->h->names, *base = names[column], *name = base;
	uint64_t first = column, holder;
	int ok;
	while ((ok = leat_nameset_claim(k->taken, name, k, column, &holder, k->err)) > 0) {
		struct leat_buf b = {0};
		first = name == base ? holder : first;
		leat_buf_addf(&b, "%s.%llu", base, (unsigned long long)++k->others[first]);
		if (name != base)
			free(name);
		name = leat_buf_detach(&b, k->err);
		names[column] = name ? name : base;
		if (!name)
			return -1;
	}
	if (name != base)
		free(base);
	return ok;
}

static int one_name(struct naming *k, const struct leat_csv_field *f)
{
	size_t n = k->h->columns;
	char **names = leat_grow(k->h->names, &k->room_names, n + 1, sizeof *names, k->err);
	if (!names)
		return -1;
	k->h->names = names;
	uint64_t *others = leat_grow(k->others, &k->room_others, n + 1, sizeof *others, k->err);
	if (!others)
		return -1;
	k->others = others;
	others[n] = 0;
	names[n] = name_of(k, f, n);
	if (!names[n])
		return -1;
	k->h->columns++;
	return make_unique(k, n);
}

static int read_names(struct leat_csv_text *t, struct leat_csv_head *h, struct leat_err *err)
{
	struct naming k = {.h = h, .taken = leat_nameset_new(err), .err = err};
	struct leat_csv_field f;
	int more = 1, ok = k.taken ? 0 : -1;
	while (ok == 0 && more > 0) {
		more = leat_csv_field(t, &f, err);
		ok = more < 0 ? -1 : one_name(&k, &f);
	}
	leat_nameset_free(&k.taken);
	free(k.others);
	return ok;
}

/* The columns of the row at t, and whether anything in it is no number. -1 with *err. */
static int look_at_row(struct leat_csv_text t, const struct leat_csv_rules *r, size_t *columns, bool *words,
		       struct leat_err *err)
{
	struct leat_csv_field f;
	double v;
	int more = 1;
	*words = false;
	for (*columns = 0; more > 0; ++*columns) {
		more = leat_csv_field(&t, &f, err);
		*words = *words || (more >= 0 && !leat_csv_number(r, f.s, f.n, &v));
	}
	return more;
}

/* ---- columns that are wanted */

static int column_of(const struct leat_csv_head *h, const char *name, size_t *at, struct leat_err *err)
{
	int64_t i;
	for (*at = 0; h->names && *at < h->columns; ++*at)
		if (strcmp(h->names[*at], name) == 0)
			return 0;
	if (!leat_parse_int(name, strlen(name), &i) || i < 0 || (uint64_t)i >= h->columns)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "usecols: there is no column '%s' in the text, but %zu%s",
				 name, h->columns, h->names ? "" : " without names");
	*at = (size_t)i;
	return 0;
}

static int choose(struct leat_csv_head *h, const struct leat_strs *wanted, struct leat_err *err)
{
	size_t at;
	h->used = h->columns;
	if (!wanted->n)
		return 0;
	h->use = leat_zalloc(h->columns, sizeof *h->use, err);
	for (size_t i = 0; h->use && i < wanted->n; i++) {
		if (column_of(h, wanted->v[i], &at, err) < 0)
			return -1;
		h->use[at] = 1;
	}
	h->used = 0;
	for (size_t i = 0; h->use && i < h->columns; i++)
		h->use[i] = h->use[i] ? h->used++ : SIZE_MAX;
	return h->use ? 0 : -1;
}

int leat_csv_head_read(struct leat_csv_text *t, const struct leat_parse_params *p, const struct leat_csv_rules *r,
		       struct leat_csv_head *h, struct leat_err *err)
{
	bool words;
	for (int64_t i = 0; i < p->skiprows && t->p < t->end; i++)
		leat_csv_skip_line(t);
	if (!t->sep)
		t->sep = leat_csv_guess_sep(t, r->point);
	if (!leat_csv_next_row(t))
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "there is no row in the text");
	h->first_line = t->line;
	if (look_at_row(*t, r, &h->columns, &words, err) < 0)
		return -1;
	if (p->header == 1 || (p->header == 0 && words)) {
		h->columns = 0;
		if (read_names(t, h, err) < 0)
			return -1;
	}
	return choose(h, &p->usecols, err);
}

void leat_csv_head_free(struct leat_csv_head *h)
{
	for (size_t i = 0; h->names && i < h->columns; i++)
		free(h->names[i]);
	free(h->names);
	free(h->use);
	*h = (struct leat_csv_head){0};
}
