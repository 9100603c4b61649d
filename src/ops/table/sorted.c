/* SPDX-License-Identifier: MIT */
/* By merging, which keeps equal rows as they stand. See sorted.h. */
#include "ops/table/sorted.h"

#include "base/mem.h"
#include "ops/table/rows.h"

int leat_table_compare(const struct leat_table *t, const struct leat_sorting *s, uint64_t a, uint64_t b)
{
	const double *x = leat_table_row(t, a), *y = leat_table_row(t, b);
	for (size_t i = 0; i < s->n; i++) {
		double u = x[s->columns[i]], v = y[s->columns[i]];
		bool none_u = u != u, none_v = v != v;
		if (none_u || none_v) {
			if (none_u && none_v)
				continue;
			return none_u == s->na_first ? -1 : 1;
		}
		if (u != v)
			return (u < v) != s->descending ? -1 : 1;
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
