/* SPDX-License-Identifier: MIT */
/* Back into order: whatever the order and the number of givers, things come out by number, one at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "flow/reorder.h"

enum { MANY = 3000 };

struct out {
	uint64_t seq[MANY];
	size_t n;
	_Atomic int inside, clashes, wrong;
	struct leat_reorder *r;
	bool slow;
};

static char things[MANY];

static void deliver(void *ctx, uint64_t seq, void *thing)
{
	struct out *o = ctx;
	o->clashes += ++o->inside != 1;
	o->wrong += thing != &things[seq];
	if (leat_reorder_next(o->r) != seq) /* not delivered yet, and no lock is held */
		o->wrong++;
	if (o->slow && seq % 64 == 0)
		usleep(200);
	o->seq[o->n++] = seq;
	o->inside--;
}

static void give(struct out *o, uint64_t seq)
{
	assert_int_equal(leat_reorder_give(o->r, seq, seq % 7 ? &things[seq] : NULL, NULL), 0);
}

/* All but those that gave NULL, in order. */
static void check(const struct out *o, uint64_t n)
{
	size_t i = 0;
	for (uint64_t s = 0; s < n; s++)
		if (s % 7)
			assert_true(i < o->n && o->seq[i++] == s);
	assert_int_equal(i, o->n);
	assert_int_equal(o->clashes, 0);
	assert_int_equal(o->wrong, 0);
}

static struct out *out_new(void)
{
	struct out *o = calloc(1, sizeof *o);
	assert_non_null(o);
	o->r = leat_reorder_new(deliver, o, NULL);
	assert_non_null(o->r);
	return o;
}

static void out_free(struct out *o)
{
	leat_reorder_free(&o->r, NULL, NULL);
	assert_null(o->r);
	leat_reorder_free(&o->r, NULL, NULL);
	free(o);
}

static void test_order(void **state)
{
	(void)state;
	struct out *o = out_new();
	give(o, 1);
	give(o, 3);
	assert_int_equal(o->n, 0);
	assert_int_equal(leat_reorder_next(o->r), 0);
	give(o, 0);
	assert_int_equal(leat_reorder_next(o->r), 2);
	give(o, 2);
	assert_int_equal(leat_reorder_next(o->r), 4);
	check(o, 4);
	out_free(o);
}

static void test_backward(void **state)
{
	(void)state;
	struct out *o = out_new();
	for (uint64_t s = MANY; s-- > 0;) /* the ring grows and grows */
		give(o, s);
	check(o, MANY);
	out_free(o);
}

static void test_long_run(void **state)
{
	(void)state;
	struct out *o = out_new();
	for (uint64_t s = 0; s < MANY; s += 50) /* many times around a ring that never grows */
		for (uint64_t k = 50; k-- > 0;)
			give(o, s + k);
	check(o, MANY);
	out_free(o);
}

static void test_twice(void **state)
{
	(void)state;
	struct out *o = out_new();
	struct leat_err err = {0};
	give(o, 0);
	give(o, 2);
	assert_int_equal(leat_reorder_give(o->r, 0, &things[0], &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	assert_int_equal(leat_reorder_give(o->r, 2, &things[2], NULL), -1);
	err = (struct leat_err){0};
	assert_int_equal(leat_reorder_give(o->r, UINT64_MAX, &things[2], &err), -1); /* no such ring can be */
	assert_int_equal(err.cause, LEAT_CAUSE_MEMORY);
	give(o, 1);
	check(o, 3);
	out_free(o);
}

static void drop(void *ctx, void *thing)
{
	(void)thing;
	++*(int *)ctx;
}

/* What was never delivered is given back when all ends. */
static void test_abrupt_end(void **state)
{
	(void)state;
	struct out *o = out_new();
	int dropped = 0;
	give(o, 0);
	for (uint64_t s = 8; s < 400; s++)
		give(o, s);
	leat_reorder_free(&o->r, drop, &dropped);
	assert_int_equal(dropped, 336); /* 392, and every seventh gave nothing */
	assert_int_equal(o->n, 0);
	out_free(o);
}

enum { CROWD = 5 };
struct giver {
	struct out *o;
	uint64_t first;
	pthread_barrier_t *together;
	int bad;
};

static void *give_some(void *arg)
{
	struct giver *g = arg;
	pthread_barrier_wait(g->together);
	for (uint64_t s = g->first; s < MANY; s += CROWD) {
		g->bad += leat_reorder_give(g->o->r, s, s % 7 ? &things[s] : NULL, NULL) != 0;
		if (s % 50 == g->first)
			usleep(100);
	}
	return NULL;
}

static void test_crowd(void **state)
{
	(void)state;
	struct out *o = out_new();
	o->slow = true;
	pthread_t t[CROWD];
	struct giver g[CROWD];
	pthread_barrier_t together;
	pthread_barrier_init(&together, NULL, CROWD);
	for (int i = 0; i < CROWD; i++) {
		g[i] = (struct giver){.o = o, .first = (uint64_t)i, .together = &together};
		pthread_create(&t[i], NULL, give_some, &g[i]);
	}
	for (int i = 0; i < CROWD; i++) {
		pthread_join(t[i], NULL);
		assert_int_equal(g[i].bad, 0);
	}
	pthread_barrier_destroy(&together);
	check(o, MANY);
	out_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order), cmocka_unit_test(test_backward),   cmocka_unit_test(test_long_run),
		cmocka_unit_test(test_twice), cmocka_unit_test(test_abrupt_end), cmocka_unit_test(test_crowd),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
