/* SPDX-License-Identifier: MIT */
/* Do two texts mean the same? For tests: programs are compared word by word, but for the order of options. */
#ifndef LEAT_TESTS_SAME_PROGRAM_H
#define LEAT_TESTS_SAME_PROGRAM_H

#include "core/execopts.h"
#include "lang/canon.h"
#include "lang/program.h"

#include <stdlib.h>
#include <string.h>

/* A word of a statement; in one of conditions KEY=VALUE is a condition like every other, in quotes or not. */
struct same_word {
	const struct leat_word *w;
	const char *key, *before; /* before: stands before the value with a '=', NULL for none */
};

static inline struct same_word same_word(const char *statement, const struct leat_word *w)
{
	bool condition = leat_canon_is_condition(statement);
	bool exec = w->key && leat_canon_exec(w->key, strlen(w->key)) < LEAT_EXEC_ROWS;
	bool joined = condition && w->key && (!exec || strcmp(statement, "expect") == 0);
	return (struct same_word){w, joined ? NULL : w->key, joined ? w->key : NULL};
}

/* Values first, then options by name, then execution options; words of one sort keep their order. */
static inline int same_order(const void *a, const void *b)
{
	const struct same_word *x = a, *y = b;
	if (!x->key != !y->key)
		return x->key ? 1 : -1;
	int by_key = x->key ? strcmp(x->key, y->key) : 0;
	return by_key ? by_key : x->w < y->w ? -1 : x->w > y->w;
}

/* "KEY=VALUE" against the same in one text. */
static inline bool same_joined(const struct same_word *a, const struct same_word *b)
{
	size_t n = strlen(a->before);
	return strncmp(b->w->value, a->before, n) == 0 && b->w->value[n] == '=' &&
	       strcmp(b->w->value + n + 1, a->w->value) == 0;
}

static inline bool same_value(const struct same_word *x, const struct same_word *y)
{
	static const char *const pairs[][2] = {{"true", "yes"}, {"false", "no"}};
	const struct leat_word *a = x->w, *b = y->w;
	if (a->unknown || b->unknown)
		return a->unknown == b->unknown;
	if (!x->before != !y->before)
		return x->before ? same_joined(x, y) : same_joined(y, x);
	if (x->before && strcmp(x->before, y->before) != 0)
		return false;
	for (size_t i = 0; a->key && i < LEAT_LEN(pairs); i++)
		if (strcmp(a->value, pairs[i][0]) == 0 && strcmp(b->value, pairs[i][1]) == 0)
			return true;
	return strcmp(a->value, b->value) == 0;
}

static inline bool same_words(const char *statement, const struct leat_word *a, size_t n, const struct leat_word *b,
			      size_t m)
{
	struct same_word *x = calloc(n + 1, sizeof *x), *y = calloc(m + 1, sizeof *y);
	bool same = n == m && x && y;
	for (size_t i = 0; same && i < n; i++) {
		x[i] = same_word(statement, &a[i]);
		y[i] = same_word(statement, &b[i]);
	}
	if (same) {
		qsort(x, n, sizeof *x, same_order);
		qsort(y, n, sizeof *y, same_order);
	}
	for (size_t i = 0; same && i < n; i++)
		same = !x[i].key == !y[i].key && (!x[i].key || strcmp(x[i].key, y[i].key) == 0) &&
		       same_value(&x[i], &y[i]);
	free(x);
	free(y);
	return same;
}

static inline bool same_steps(const struct leat_stmt *a, size_t n, const struct leat_stmt *b, size_t m)
{
	bool same = n == m;
	for (size_t i = 0; same && i < n; i++)
		same = a[i].kind == b[i].kind && strcmp(a[i].name, b[i].name) == 0 &&
		       same_words(a[i].name, a[i].words, a[i].n_words, b[i].words, b[i].n_words) &&
		       same_steps(a[i].body, a[i].n_body, b[i].body, b[i].n_body);
	return same;
}

static inline bool same_lines(const char *name, const struct leat_directive *a, size_t n,
			      const struct leat_directive *b, size_t m)
{
	bool same = n == m;
	for (size_t i = 0; same && i < n; i++)
		same = same_words(name, a[i].words, a[i].n_words, b[i].words, b[i].n_words);
	return same;
}

/* a: as written; b: as formatted or shown, so that a switch may be "yes" for "true". */
static inline bool same_program(const struct leat_program *a, const struct leat_program *b)
{
	return same_lines("job", a->jobs, a->n_jobs, b->jobs, b->n_jobs) &&
	       same_lines("defaults", a->defaults, a->n_defaults, b->defaults, b->n_defaults) &&
	       same_lines("expect", a->expects, a->n_expects, b->expects, b->n_expects) &&
	       same_lines("schedule", a->schedules, a->n_schedules, b->schedules, b->n_schedules) &&
	       same_steps(a->steps, a->n_steps, b->steps, b->n_steps);
}

#endif
