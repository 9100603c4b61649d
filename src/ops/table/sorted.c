/* SPDX-License-Identifier: MIT */
/* By merging, which keeps equal rows as they stand. See sorted.h. */
#include "ops/table/sorted.h"

#include "base/mem.h"
#include "ops/table/rows.h"

#include <string.h>

/* By bytes, which is the order of their code points; missing ones as missing numbers. *none: so many are missing. */
static int compare_texts(const struct leat_text_column *c, uint64_t a, uint64_t b, bool *none_a, bool *none_b)
{
	size_t n, m;
	const char *s = leat_text_get(c, a, &n), *t = leat_text_get(c, b, &m);
	*none_a = !s;
	*none_b = !t;
	if (!s || !t)
		return 0;
	int order = memcmp(s, t, n < m ? n : m);
	return order ? order : (n > m) - (n < m);
}

static int compare_numbers(double u, double v, bool *none_a, bool *none_b)
{
	*none_a = u != u;
	*none_b = v != v;
	return (u > v) - (u < v);
}

int leat_table_compare(const struct leat_table *t, const struct leat_sorting *s, uint64_t a, uint64_t b)
{
	const double *x = leat_table_row(t, a), *y = leat_table_row(t, b);
	for (size_t i = 0; i < s->n; i++) {
		size_t c = s->columns[i];
		bool none_u, none_v;
		int order = c < t->n_columns
				    ? compare_numbers(x[c], y[c], &none_u, &none_v)
				    : compare_texts(&t->texts->column[c - t->n_columns], a, b, &none_u, &none_v);
		if (none_u || none_v) {
			if (none_u && none_v)
				continue;
			return none_u == s->na_first ? -1 : 1;
		}
		if (order)
			return (order < 0) != s->descending ? -1 : 1;
	}
	return 0;
}

/* Two runs of `width` rows become one. */
static void merge(const struct leat_table *t, const struct leat_sorting *s, const uint64_t *from, uint64_t begin,
		  uint64_t width, uint64_t *to)
{
	uint64_t n = t->rows, middle = begin + width < n ? begin + width : n;
	uint64_t end = middle + width < n ? middle + width : n;
	for (uint64_t i = begin, j = middle, k = begin; k < end; k++) {
		bool left = i < middle && (j >= end || leat_table_compare(t, s, from[i], from[j]) <= 0);
		to[k] = left ? from[i++] : from[j++];
	}
}

uint64_t *leat_table_sorted(const struct leat_table *t, const struct leat_sorting *s, struct leat_err *err)
{
	uint64_t *a = leat_zalloc((size_t)t->rows, sizeof *a, err);
	uint64_t *b = a ? leat_zalloc((size_t)t->rows, sizeof *b, err) : NULL;
	if (!b) {
		free(a);
		return NULL;
	}
	for (uint64_t i = 0; i < t->rows; i++)
		a[i] = i;
	for (uint64_t width = 1; width < t->rows; width *= 2) {
		for (uint64_t at = 0; at < t->rows; at += 2 * width)
			merge(t, s, a, at, width, b);
		uint64_t *was = a;
		a = b;
		b = was;
	}
	free(b);
	return a;
}
