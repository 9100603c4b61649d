/* SPDX-License-Identifier: MIT */
/*
 * Numbers in ascending order by radix sort: a double's bits, turned so that they compare as whole numbers do, are
 * sorted in six passes of eleven bits. Passes in which all numbers agree are left out. See order.h.
 */
#include "ops/array/order.h"

#include "base/mem.h"

#include <math.h>

enum { BITS = 11, DIGITS = 1 << BITS, PASSES = 6, FEW = 48 };

/* Negative numbers have all bits turned, others the sign alone: then a smaller number is a smaller key. */
static uint64_t key_of(double v)
{
	uint64_t k;
	memcpy(&k, &v, sizeof k);
	return k ^ (k >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}

static double number_of(uint64_t k)
{
	double v;
	k ^= k >> 63 ? UINT64_C(1) << 63 : UINT64_MAX;
	memcpy(&v, &k, sizeof v);
	return v;
}

static void sort_few(uint64_t *k, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t v = k[i];
		size_t at = i;
		for (; at > 0 && k[at - 1] > v; at--)
			k[at] = k[at - 1];
		k[at] = v;
	}
}

/* One pass from `from` to `to`; false where all keys have the same digit, and nothing was moved. */
static bool pass(const uint64_t *from, uint64_t *to, size_t n, int shift, size_t *place)
{
	memset(place, 0, DIGITS * sizeof *place);
	for (size_t i = 0; i < n; i++)
		place[from[i] >> shift & (DIGITS - 1)]++;
	if (place[from[0] >> shift & (DIGITS - 1)] == n)
		return false;
	size_t at = 0;
	for (size_t d = 0; d < DIGITS; d++) {
		size_t count = place[d];
		place[d] = at;
		at += count;
	}
	for (size_t i = 0; i < n; i++)
		to[place[from[i] >> shift & (DIGITS - 1)]++] = from[i];
	return true;
}

/* Sorts k with a second room of the same size; returns which of the two has the result. */
static uint64_t *sort(uint64_t *k, uint64_t *room, size_t n)
{
	size_t place[DIGITS];
	if (n <= FEW) {
		sort_few(k, n);
		return k;
	}
	for (int p = 0; p < PASSES; p++)
		if (pass(k, room, n, p * BITS, place)) {
			uint64_t *swap = k;
			k = room;
			room = swap;
		}
	return k;
}

/* The keys of line i. Returns how many. */
static size_t gather(const struct leat_lines *l, size_t i, bool finite, uint64_t *k)
{
	size_t step = l->across ? l->lines : 1, n = 0;
	const double *x = l->data + (l->across ? i : i * l->length);
	for (size_t j = 0; j < l->length; j++) {
		double v = x[j * step];
		k[n] = key_of(v);
		n += finite ? isfinite(v) != 0 : v == v;
	}
	return n;
}

int leat_order_line(struct leat_ordered *o, const struct leat_lines *l, size_t i, bool finite, struct leat_err *err)
{
	size_t room = leat_size_add(l->length, 1); /* gather writes one key ahead */
	uint64_t *a = leat_zalloc(room, sizeof *a, err), *b = a ? leat_zalloc(room, sizeof *b, err) : NULL;
	*o = (struct leat_ordered){0};
	if (!b) {
		free(a);
		return -1;
	}
	o->n = gather(l, i, finite, a);
	uint64_t *sorted = o->n ? sort(a, b, o->n) : a;
	o->v = (double *)(void *)(sorted == a ? b : a);
	for (size_t j = 0; j < o->n; j++)
		o->v[j] = number_of(sorted[j]);
	free(sorted);
	return 0;
}

void leat_ordered_free(struct leat_ordered *o)
{
	free(o->v);
	*o = (struct leat_ordered){0};
}

double leat_ordered_quantile(const struct leat_ordered *o, double share)
{
	double at = (double)(o->n - 1) * share, whole = floor(at), part = at - whole;
	size_t rank = (size_t)whole;
	double a = o->v[rank], b = o->v[rank + 1 < o->n ? rank + 1 : rank];
	if (a == b) /* infinities, too */
		return a;
	return part >= 0.5 ? b - (b - a) * (1 - part) : a + (b - a) * part;
}

double leat_ordered_median(const struct leat_ordered *o)
{
	double a = o->v[(o->n - 1) / 2], b = o->v[o->n / 2];
	return o->n % 2 ? a : a == b ? a : (a + b) * 0.5;
}
