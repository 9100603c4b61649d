/* SPDX-License-Identifier: MIT */
/* Lines and fields of separated text: see csv_text.h. After RFC 4180, with what people really write. */
#include "formats/csv_text.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* Past \n, \r\n or \r. */
static void take_break(struct leat_csv_text *t)
{
	if (t->p == t->end)
		return;
	bool cr = *t->p++ == '\r';
	if (cr && t->p < t->end && *t->p == '\n')
		t->p++;
	t->line++;
}

void leat_csv_skip_line(struct leat_csv_text *t)
{
	while (t->p < t->end && !is_break(*t->p))
		t->p++;
	take_break(t);
}

bool leat_csv_next_row(struct leat_csv_text *t)
{
	while (t->p < t->end) {
		const char *s = t->p;
		while (s < t->end && is_blank(*s) && *s != t->sep)
			s++;
		/* A blank that separates columns stands between two of them, not before the first. */
		while (t->sep == ' ' && s < t->end && is_blank(*s))
			s++;
		if (s < t->end && !is_break(*s) && !(t->comment && *s == t->comment))
			return true;
		leat_csv_skip_line(t);
	}
	return false;
}

static void skip_blanks(struct leat_csv_text *t)
{
	while (t->p < t->end && is_blank(*t->p) && (*t->p != t->sep || t->sep == ' '))
		t->p++;
}

static bool ends_field(const struct leat_csv_text *t, char c)
{
	return c == t->sep || is_break(c) || (t->comment && c == t->comment) || (t->sep == ' ' && c == '\t');
}

/* Between the quotes; t->p is behind the first. */
static int quoted(struct leat_csv_text *t, struct leat_csv_field *f, struct leat_err *err)
{
	f->s = t->p;
	f->quoted = true;
	for (; t->p < t->end; t->p++) {
		if (*t->p == '"' && t->p + 1 < t->end && t->p[1] == '"') {
			t->p++;
			continue;
		}
		if (*t->p == '"')
			break;
		if (*t->p == '\n' || (*t->p == '\r' && !(t->p + 1 < t->end && t->p[1] == '\n')))
			t->line++;
	}
	if (t->p == t->end)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "line %llu: a quote is opened and never closed",
				 (unsigned long long)f->line);
	f->n = (size_t)(t->p++ - f->s);
	const char *behind = t->p;
	skip_blanks(t);
	bool next = t->sep == ' ' && t->p > behind; /* blanks separate: it is the next field's */
	if (t->p < t->end && !next && !ends_field(t, *t->p))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "line %llu: text stands behind a closing quote",
				 (unsigned long long)t->line);
	return 0;
}

static void plain(struct leat_csv_text *t, struct leat_csv_field *f)
{
	f->s = t->p;
	f->quoted = false;
	while (t->p < t->end && !ends_field(t, *t->p))
		t->p++;
	f->n = (size_t)(t->p - f->s);
	while (f->n > 0 && is_blank(f->s[f->n - 1]))
		f->n--;
}

int leat_csv_field(struct leat_csv_text *t, struct leat_csv_field *f, struct leat_err *err)
{
	skip_blanks(t);
	f->line = t->line;
	if (t->p < t->end && *t->p == '"') {
		t->p++;
		if (quoted(t, f, err) < 0)
			return -1;
	} else {
		plain(t, f);
	}
	if (t->sep == ' ') {
		skip_blanks(t);
		if (t->p < t->end && !is_break(*t->p) && !(t->comment && *t->p == t->comment))
			return 1;
	} else if (t->p < t->end && *t->p == t->sep) {
		t->p++;
		return 1;
	}
	leat_csv_skip_line(t); /* a comment, and the break */
	return 0;
}

/* Columns of the row at t; 0 where it is no row. */
static size_t count_columns(struct leat_csv_text *t)
{
	struct leat_csv_field f;
	struct leat_err ignored = {0}; /* the reading itself will tell */
	size_t n = 1;
	int more;
	while ((more = leat_csv_field(t, &f, &ignored)) > 0)
		n++;
	return more < 0 ? 0 : n;
}

/* Columns that this separator makes of each of the first rows; 0: not of each as many. */
static size_t even_columns(struct leat_csv_text t, char sep)
{
	enum { ROWS = 16 };
	size_t columns = 0;
	t.sep = sep;
	for (int i = 0; i < ROWS && leat_csv_next_row(&t); i++) {
		size_t n = count_columns(&t);
		if (n == 0 || (columns && n != columns))
			return 0;
		columns = n;
	}
	return columns;
}

char leat_csv_guess_sep(const struct leat_csv_text *at, char point)
{
	/* Where ';' separates, ',' may stand for the decimal point; blanks may follow any of the others. */
	static const char candidates[] = {'\t', ';', ',', ' '};
	struct leat_csv_text t = *at;
	for (size_t i = 0; i < sizeof candidates; i++)
		if (candidates[i] != point && even_columns(t, candidates[i]) > 1)
			return candidates[i];
	if (!leat_csv_next_row(&t))
		return ',';
	const char *stop = t.p; /* uneven rows: what stands in the first of them, so that the reading can tell where */
	while (stop < t.end && !is_break(*stop))
		stop++;
	for (size_t i = 0; i < sizeof candidates - 1; i++)
		if (candidates[i] != point && memchr(t.p, candidates[i], (size_t)(stop - t.p)))
			return candidates[i];
	return point == ',' ? ';' : ',';
}
