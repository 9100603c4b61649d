/* SPDX-License-Identifier: MIT */
/* How far a run is: in pixels, known from headers or guessed from bytes; and the events for those who look on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <leat/leat.h>

#include "scratch.h"

#include <stdlib.h>
#include <string.h>

enum { ITEM = 1 << 14, SMALL = 10, LARGE = 600, SMALLS = 9 };

static void put_gray(const struct scratch *s, const char *name, unsigned side)
{
	char head[64];
	int n = snprintf(head, sizeof head, "P5\n%u %u\n255\n", side, side);
	uint8_t *pixels = calloc(side, side);
	int fd = openat(s->fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	SCRATCH_MUST(pixels && fd >= 0);
	SCRATCH_MUST(write(fd, head, (size_t)n) == n);
	SCRATCH_MUST(write(fd, pixels, (size_t)side * side) == (ssize_t)side * side);
	close(fd);
	free(pixels);
}

struct seen {
	double at_start, most, last, total;
	uint64_t items, tasks, steps, ticks, pixels, wrong;
	double busy;
};

static void look(void *ctx, const struct leat_event *e)
{
	struct seen *s = ctx;
	const struct leat_counts *c = e->counts;
	if (e->type == LEAT_EV_START)
		s->at_start = c->work_total;
	s->wrong += c->work < s->last || c->work > c->work_total * 1.000001;
	s->last = c->work;
	s->total = c->work_total;
	if (e->type == LEAT_EV_ITEM) {
		s->items++;
		s->pixels += e->pixels;
	}
	s->steps += e->type == LEAT_EV_STEP;
	s->ticks += e->type == LEAT_EV_TICK && e->n_groups > 0;
	if (e->type == LEAT_EV_TASK) {
		s->tasks++;
		s->busy += e->seconds;
		s->wrong += !e->group || e->worker < 0 || e->since < 0 || e->seconds < 0 || e->waited < 0;
	}
}

static void run(const struct scratch *dir, bool trace, struct seen *seen, int want)
{
	char recipe[1200];
	struct leat_err err = {0};
	struct leat_run_options o = {.event = look, .event_ctx = seen, .trace = trace};
	snprintf(recipe, sizeof recipe, "read %s/in/*.pgm\nresize 8x8\nwrite %s/out/{stem}.png existing=overwrite\n",
		 dir->path, dir->path);
	struct leat_recipe *r = leat_load_text("t", recipe, strlen(recipe), NULL, &err);
	assert_non_null(r);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	assert_int_equal(leat_run(r, &o, &err), want);
	leat_free(&r);
}

static void work_is_counted_in_pixels(void **state)
{
	struct scratch dir;
	struct seen s = {0};
	(void)state;
	scratch_open(&dir);
	scratch_dir(&dir, "in");
	for (int i = 0; i < SMALLS; i++) {
		char name[32];
		snprintf(name, sizeof name, "in/%d.pgm", i);
		put_gray(&dir, name, SMALL);
	}
	put_gray(&dir, "in/z.pgm", LARGE);
	run(&dir, true, &s, 0);
	double pixels = SMALLS * SMALL * SMALL + LARGE * LARGE;
	assert_int_equal(s.items, SMALLS + 1);
	assert_int_equal(s.pixels, (uint64_t)pixels);
	assert_true(s.total == pixels + (SMALLS + 1.0) * ITEM);
	assert_true(s.last == s.total);
	/* Before any header was read a byte stands for a pixel: of such files nearly the same. */
	assert_true(s.at_start > 0.9 * s.total && s.at_start < 1.1 * s.total);
	assert_int_equal(s.wrong, 0);
	assert_true(s.tasks >= s.items);
	assert_true(s.steps >= 2 * s.items);
	assert_true(s.ticks >= 1);
	assert_true(s.busy > 0);
	scratch_close(&dir);
}

/* What fails before anybody saw what it is was no work; and nobody who did not ask is told of tasks. */
static void what_cannot_be_read_is_no_work(void **state)
{
	struct scratch dir;
	struct seen s = {0};
	(void)state;
	scratch_open(&dir);
	scratch_put(&dir, "in/bad.pgm", "this is no picture, however long it is");
	put_gray(&dir, "in/good.pgm", SMALL);
	run(&dir, false, &s, 1);
	assert_int_equal(s.items, 2);
	assert_true(s.last == SMALL * SMALL + ITEM);
	assert_true(s.last == s.total);
	assert_int_equal(s.tasks + s.steps + s.ticks, 0);
	assert_int_equal(s.wrong, 0);
	scratch_close(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_is_counted_in_pixels),
		cmocka_unit_test(what_cannot_be_read_is_no_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
