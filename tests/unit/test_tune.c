/* SPDX-License-Identifier: MIT */
/* leat tune: what can be set is found and addressed, the lines it prints are recipes. */
#include "api/tune.h"

#include <leat/worker.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct leat_tune_options options = {.sample = 4, .seconds = 1, .temp = "/nowhere", .cores = 2};

static struct leat_tuner *found(struct leat_recipe **r, const char *text)
{
	struct leat_err err = {0};
	struct leat_tuner *t = calloc(1, sizeof *t);
	*r = leat_load_text("t.leat", text, strlen(text), NULL, &err);
	assert_non_null(*r);
	assert_non_null(t);
	t->r = *r;
	t->o = &options;
	int status = leat_tune_find(t, &err);
	if (status != 0)
		fail_msg("%d: %s %s", status, err.text, leat_diagnostics(*r, false));
	return t;
}

static void drop(struct leat_tuner *t, struct leat_recipe *r)
{
	leat_arena_free(&t->arena);
	free(t);
	leat_free(&r);
}

static void steps_are_addressed_and_shown_without_their_settings(void **state)
{
	(void)state;
	struct leat_recipe *r;
	struct leat_tuner *t = found(&r, "read in/*.png workers=3 hidden=yes\n"
					 "resize 50% on=threads queue=8\n"
					 "branch a for n in 1,2\n  write out/{stem}-$n.png workers=2\nend\n"
					 "write out/{stem}.png\n");
	assert_string_equal(t->now, "as written");
	assert_int_equal(t->n_steps, 5);
	assert_string_equal(t->steps[0].address, "read");
	assert_string_equal(t->steps[0].line, "read in/*.png hidden=yes");
	assert_string_equal(t->steps[1].address, "resize");
	assert_string_equal(t->steps[1].line, "resize 50% queue=8");
	size_t writes = 0, shared = 0;
	for (size_t i = 2; i < t->n_steps; i++) {
		writes += t->steps[i].part == LEAT_TUNE_WRITE && strchr(t->steps[i].address, '/') != NULL;
		shared += strcmp(t->steps[i].line, "write out/{stem}-$n.png") == 0;
	}
	assert_int_equal(writes, 3);
	assert_int_equal(shared, 2);
	drop(t, r);
}

static void isolation_that_is_required_is_not_tuned_away(void **state)
{
	(void)state;
	struct leat_recipe *r;
	struct leat_tuner *t = found(&r, "read in/*.png\nresize 50%\nwrite out/{stem}.png\n");
	size_t threads = 0;
	for (size_t i = 0; i < t->n; i++)
		threads += t->v[i].part[LEAT_TUNE_CPU].on && strcmp(t->v[i].part[LEAT_TUNE_CPU].on, "threads") == 0;
	assert_true(threads > 0);
	assert_string_equal(t->now, "auto");
	drop(t, r);
	t = found(&r, "job isolate=require\nread in/*.png\nresize 50%\nwrite out/{stem}.png\n");
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].part[LEAT_TUNE_CPU].on)
			assert_string_equal(t->v[i].part[LEAT_TUNE_CPU].on, "processes");
	assert_true(t->n > 5);
	drop(t, r);
}

static void measured(struct leat_tune_choice *c, double seconds)
{
	c->seconds[0] = seconds;
	c->n = 1;
}

static void the_lines_it_prints_are_a_recipe(void **state)
{
	(void)state;
	struct leat_recipe *r;
	struct leat_tuner *t =
		found(&r, "let size = 50%\nread in/*.png workers=3\nresize $size\nwrite out/{stem}.png\n");
	struct leat_buf b = {0}, recipe = {0};
	t->best.part[LEAT_TUNE_READ].workers = 8;
	t->best.part[LEAT_TUNE_CPU] = (struct leat_tune_setting){"threads", 2};
	t->best.part[LEAT_TUNE_WRITE].on = "threads";
	t->in_process = true;
	measured(&t->calm, 1.06);
	measured(&t->best, 1);
	leat_tune_text(t, &b);
	assert_non_null(strstr(b.data, "\n  --opt read.workers=8 --opt resize.on=threads --opt resize.workers=2 --opt "
				       "write.on=threads\n"));
	const char *in = strstr(b.data, "in the recipe\n");
	assert_non_null(in);
	assert_non_null(strstr(in, "\n  read in/*.png workers=8\n  resize $size on=threads workers=2\n"
				   "  write out/{stem}.png on=threads\n  (files"));
	leat_buf_adds(&recipe, "let size = 50%\n");
	leat_buf_add(&recipe, in + 14, (size_t)(strstr(in, "  (files") - (in + 14)));
	struct leat_err err = {0};
	struct leat_recipe *again = leat_load_text("again.leat", recipe.data, recipe.len, NULL, &err);
	if (leat_check(again) != 0)
		fail_msg("%s", leat_diagnostics(again, false));
	assert_int_equal(leat_step_count(again), 3);
	leat_free(&again);
	leat_buf_free(&recipe);
	leat_buf_free(&b);
	measured(&t->calm, 1.04);
	leat_tune_text(t, &b);
	assert_non_null(strstr(b.data, "as written is within 5 % of the best: there is nothing to write"));
	assert_null(strstr(b.data, "--opt"));
	leat_buf_free(&b);
	t->calm = (struct leat_tune_choice){.seconds = {2, 2, 2, 0.5, 0.9}, .n = 5}; /* won two rounds */
	t->best.n = 5;
	for (int i = 0; i < 5; i++)
		t->best.seconds[i] = 1;
	leat_tune_text(t, &b);
	assert_non_null(strstr(b.data, "as written is sometimes as fast as the best: there is nothing to write"));
	assert_null(strstr(b.data, "--opt"));
	leat_buf_free(&b);
	t->calm.seconds[4] = 2;
	leat_tune_text(t, &b);
	assert_non_null(strstr(b.data, "--opt read.workers=8"));
	leat_buf_free(&b);
	drop(t, r);
}

/* The decoding that stands before the first step, unwritten, stays where it is. */
static void who_decodes_is_known(void **state)
{
	(void)state;
	struct leat_recipe *r;
	struct leat_tuner *t = found(&r, "read in/*.png\nresize 50%\nwrite out/{stem}.png\n");
	assert_false(t->loads);
	drop(t, r);
	t = found(&r, "read in/*.png\ndecode\nresize 50%\nwrite out/{stem}.png\n");
	assert_true(t->loads);
	drop(t, r);
}

static void medians(void **state)
{
	(void)state;
	struct leat_tune_choice c = {.seconds = {3, 1, 2, 9}, .n = 3};
	assert_true(leat_tune_median(&c) == 2);
	c.n = 4;
	assert_true(leat_tune_median(&c) == 2.5);
	c.n = 0;
	assert_true(leat_tune_median(&c) == 0);
}

int main(int argc, char **argv)
{
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_addressed_and_shown_without_their_settings),
		cmocka_unit_test(isolation_that_is_required_is_not_tuned_away),
		cmocka_unit_test(the_lines_it_prints_are_a_recipe),
		cmocka_unit_test(who_decodes_is_known),
		cmocka_unit_test(medians),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
