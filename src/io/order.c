/* SPDX-License-Identifier: MIT */
/*
 * The order of the inputs: byte order of the path, or what sort= says. Ties are always broken by the path, so
 * that a run has one order.
 */
#include "io/read.h"

#include <stdlib.h>

static int by_path(const void *a, const void *b)
{
	const struct leat_find *x = a, *y = b;
	int r = strcmp(x->abs, y->abs);
	if (r != 0)
		return r;
	return x->order < y->order ? -1 : x->order > y->order;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Compares the numbers that begin at *a and *b by value, however long; both move behind theirs. */
static int compare_numbers(const char **a, const char **b)
{
	const char *x = *a + strspn(*a, "0"), *y = *b + strspn(*b, "0");
	size_t n = strspn(x, "0123456789"), m = strspn(y, "0123456789");
	*a = x + n;
	*b = y + m;
	if (n != m)
		return n < m ? -1 : 1;
	return memcmp(x, y, n);
}

static int natural(const char *a, const char *b)
{
	while (*a && *b) {
		int r = 0;
		if (is_digit(*a) && is_digit(*b))
			r = compare_numbers(&a, &b);
		else {
			r = (unsigned char)*a - (unsigned char)*b;
			a++;
			b++;
		}
		if (r != 0)
			return r;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int by_natural(const void *a, const void *b)
{
	const struct leat_find *x = a, *y = b;
	int r = natural(x->abs, y->abs);
	return r ? r : by_path(a, b);
}

static int by_mtime(const void *a, const void *b)
{
	const struct leat_find *x = a, *y = b;
	int r = x->e.mtime_ns < y->e.mtime_ns ? -1 : x->e.mtime_ns > y->e.mtime_ns;
	return r ? r : by_path(a, b);
}

static int by_size(const void *a, const void *b)
{
	const struct leat_find *x = a, *y = b;
	int r = x->e.size < y->e.size ? -1 : x->e.size > y->e.size;
	return r ? r : by_path(a, b);
}

static int by_order(const void *a, const void *b)
{
	const struct leat_find *x = a, *y = b;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Sorted by path, of several finds of one path the first stays. */
static void drop_twins(struct leat_finds *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (n == 0 || strcmp(f->v[n - 1].abs, f->v[i].abs) != 0)
			f->v[n++] = f->v[i];
	f->n = n;
}

static void reverse(struct leat_finds *f)
{
	for (size_t i = 0, j = f->n; i + 1 < j; i++) {
		struct leat_find t = f->v[--j];
		f->v[j] = f->v[i];
		f->v[i] = t;
	}
}

int leat_finds_order(struct leat_finds *f, struct leat_err *err)
{
	static int (*const compare[])(const void *, const void *) = {
		[LEAT_SORT_PATH] = NULL, /* is sorted so already */
		[LEAT_SORT_NATURAL] = by_natural, [LEAT_SORT_MTIME] = by_mtime,
		[LEAT_SORT_SIZE] = by_size,       [LEAT_SORT_NONE] = by_order,
	};
	struct leat_listing *l = f->l;
	if (f->n == 0)
		return 0;
	qsort(f->v, f->n, sizeof *f->v, by_path);
	drop_twins(f);
	if (compare[f->p->sort])
		qsort(f->v, f->n, sizeof *f->v, compare[f->p->sort]);
	if (f->p->reverse)
		reverse(f);
	l->v = leat_arena_alloc(&l->arena, leat_size_mul(f->n, sizeof *l->v));
	if (!l->v)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of %zu inputs", f->n);
	for (size_t i = 0; i < f->n; i++) {
		l->v[i] = f->v[i].e;
		l->v[i].seq = l->v[i].index = i;
		l->refused += f->v[i].e.problem != NULL;
	}
	l->n = l->cap = f->n;
	return 0;
}
