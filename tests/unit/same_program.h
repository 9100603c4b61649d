/* SPDX-License-Identifier: MIT */
/* Do two texts mean the same? For tests: programs are compared word by word, but for the order of options. */
#ifndef LEAT_TESTS_SAME_PROGRAM_H
#define LEAT_TESTS_SAME_PROGRAM_H

#include "core/execopts.h"
#include "lang/program.h"

#include <stdlib.h>
#include <string.h>

/* Values first, then options by name, then execution options; words of one sort keep their order. */
static inline int same_order(const void *a, const void *b)
{
	const struct leat_word *x = *(const struct leat_word *const *)a, *y = *(const struct leat_word *const *)b;
	if (!x->key != !y->key)
		return x->key ? 1 : -1;
	int by_key = x->key ? strcmp(x->key, y->key) : 0;
	return by_key ? by_key : x < y ? -1 : x > y;
}

static inline bool same_value(const struct leat_word *a, const struct leat_word *b)
{
	static const char *const pairs[][2] = {{"true", "yes"}, {"false", "no"}};
	if (a->unknown || b->unknown)
		return a->unknown == b->unknown;
	for (size_t i = 0; a->key && i < LEAT_LEN(pairs); i++)
		if (strcmp(a->value, pairs[i][0]) == 0 && strcmp(b->value, pairs[i][1]) == 0)
			return true;
	return strcmp(a->value, b->value) == 0;
}

static inline bool same_words(const struct leat_word *a, size_t n, const struct leat_word *b, size_t m)
{
	const struct leat_word **x = calloc(n + 1, sizeof *x), **y = calloc(m + 1, sizeof *y);
	bool same = n == m && x && y;
	for (size_t i = 0; same && i < n; i++) {
		x[i] = &a[i];
		y[i] = &b[i];
	}
	if (same) {
		qsort(x, n, sizeof *x, same_order);
		qsort(y, n, sizeof *y, same_order);
	}
	for (size_t i = 0; same && i < n; i++)
		same = !x[i]->key == !y[i]->key && (!x[i]->key || strcmp(x[i]->key, y[i]->key) == 0) &&
		       same_value(x[i], y[i]);
	free(x);
	free(y);
	return same;
}

static inline bool same_steps(const struct leat_stmt *a, size_t n, const struct leat_stmt *b, size_t m)
{
	bool same = n == m;
	for (size_t i = 0; same && i < n; i++)
		same = a[i].kind == b[i].kind && strcmp(a[i].name, b[i].name) == 0 &&
		       same_words(a[i].words, a[i].n_words, b[i].words, b[i].n_words) &&
		       same_steps(a[i].body, a[i].n_body, b[i].body, b[i].n_body);
	return same;
}

static inline bool same_lines(const struct leat_directive *a, size_t n, const struct leat_directive *b, size_t m)
{
	bool same = n == m;
	for (size_t i = 0; same && i < n; i++)
		same = same_words(a[i].words, a[i].n_words, b[i].words, b[i].n_words);
	return same;
}

/* a: as written; b: as formatted or shown, so that a switch may be "yes" for "true". */
static inline bool same_program(const struct leat_program *a, const struct leat_program *b)
{
	return same_lines(a->jobs, a->n_jobs, b->jobs, b->n_jobs) &&
	       same_lines(a->defaults, a->n_defaults, b->defaults, b->n_defaults) &&
	       same_lines(a->expects, a->n_expects, b->expects, b->n_expects) &&
	       same_lines(a->schedules, a->n_schedules, b->schedules, b->n_schedules) &&
	       same_steps(a->steps, a->n_steps, b->steps, b->n_steps);
}

#endif
