/* SPDX-License-Identifier: MIT */
/* What earlier runs taught: concluded rightly, obeyed by the next plan, kept by the run; one run of a job at a time. */
#include "plan/learned.h"

#include "plan_kit.h"
#include "state/lock.h"
#include "state/state.h"

#include <leat/leat.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct plan_kit kit;

static void plan_with(const struct leat_tuning *v, size_t n, const char *recipe)
{
	kit_init(&kit);
	for (int i = 0; i < 9; i++) {
		char name[32];
		snprintf(name, sizeof name, "photos/%d.png", i);
		kit_input(&kit, "photos", name);
	}
	kit.facts.tuning = v;
	kit.facts.n_tuning = n;
	kit_plan(&kit, recipe);
	if (kit.diags.errors)
		fail_msg("%s", kit_messages(&kit));
}

static const struct leat_group *group(const char *name)
{
	for (size_t i = 0; i < kit.plan->n_groups; i++)
		if (strcmp(kit.plan->groups[i].name, name) == 0)
			return &kit.plan->groups[i];
	fail_msg("there is no group %s", name);
	return NULL;
}

static const char plain[] = "job isolate=no\nread photos/*.png\nresize 50%\nwrite out/{stem}.png\n";

static void groups_that_wait_begin_with_what_was_learned(void **state)
{
	(void)state;
	const struct leat_tuning v[] = {{"read", "threads", 8, 1e-4, 5e-3, 1204}, {"write", "threads", 5000, 0, 1, 99}};
	plan_with(v, 2, plain);
	assert_int_equal(group("read")->workers, 8);
	assert_string_equal(group("read")->workers_reason, "8 workers: learned from 1 204 items of earlier runs");
	assert_int_equal(group("read")->least, 4);
	assert_int_equal(group("write")->workers, LEAT_IO_MOST); /* a state is a file like any other */
	kit_free(&kit);
	const struct leat_tuning few[] = {{"read", "threads", 8, 1e-4, 5e-3, LEAT_TUNING_ENOUGH - 1}};
	plan_with(few, 1, plain);
	assert_int_equal(group("read")->workers, 4);
	kit_free(&kit);
}

static void what_is_written_is_obeyed(void **state)
{
	(void)state;
	const struct leat_tuning v[] = {{"read", "threads", 8, 1e-4, 5e-3, 1204}, {"cpu", "threads", 2, 1e-6, 0, 99}};
	plan_with(
		v, 2,
		"job isolate=no\nread photos/*.png workers=3\nresize 50% on=threads workers=2\nwrite out/{stem}.png\n");
	assert_int_equal(group("read")->workers, 3);
	assert_string_equal(group("read")->workers_reason, "as written");
	assert_string_equal(group("cpu")->type->name, "threads");
	assert_int_equal(group("cpu")->workers, 2);
	assert_false(group("cpu")->chosen);
	kit_free(&kit);
}

static void what_is_cheaper_than_a_hand_off_runs_inline(void **state)
{
	(void)state;
	struct leat_tuning v[] = {{"cpu", "threads", 2, 60e-6, 30e-6, 300}};
	plan_with(v, 1, plain);
	assert_string_equal(group("cpu")->type->name, "inline");
	assert_string_equal(group("cpu")->reason,
			    "90 us an item, less than a hand-off is worth: learned from 300 items of earlier runs");
	kit_free(&kit);
	v[0].cpu = 80e-6;
	plan_with(v, 1, plain);
	assert_string_equal(group("cpu")->type->name, "threads");
	kit_free(&kit);
}

static void processes_stay_processes(void **state)
{
	(void)state;
	const struct leat_tuning v[] = {{"cpu", "processes", 2, 6e-6, 3e-6, 300}};
	assert_false(leat_learned_cheap(&v[0]));
	kit_init(&kit);
	kit.facts.pool = true;
	kit.facts.tuning = v;
	kit.facts.n_tuning = 1;
	kit_plan(&kit, "read photos/*.png\nresize 50%\nwrite out/{stem}.png\n");
	if (strcmp(group("cpu")->type->name, "inline") == 0)
		fail_msg("bytes from outside are decoded by the reader");
	kit_free(&kit);
}

static void items_that_wait_while_they_are_computed_get_more_threads(void **state)
{
	(void)state;
	const struct leat_tuning v[] = {{"cpu", "threads", 4, 0.001, 0.003, 300}};
	plan_with(v, 1, plain);
	assert_int_equal(group("cpu")->workers, 20); /* 4 cores, 4 ms of which 1 ms computes, and a quarter */
	assert_string_equal(
		group("cpu")->workers_reason,
		"20 workers: an item waits for 75 % of its time here, learned from 300 items of earlier runs");
	kit_free(&kit);
	const struct leat_tuning busy[] = {{"cpu", "threads", 4, 0.003, 0.0029, 300}};
	plan_with(busy, 1, plain);
	assert_int_equal(group("cpu")->workers, 4);
	kit_free(&kit);
}

/* ---- runs */

static char folder[64], recipe[256], db[128];

static int setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/leat-learned-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(db, sizeof db, "%s/job.db", folder);
	snprintf(recipe, sizeof recipe,
		 "job name=mill state=%s isolate=no\nread %s/in/*.pgm\nresize 4x4\nwrite %s/out/{stem}.pgm\n", db,
		 folder, folder);
	char path[128];
	snprintf(path, sizeof path, "%s/in", folder);
	if (mkdir(path, 0700) < 0)
		return -1;
	for (int i = 0; i < 12; i++) {
		snprintf(path, sizeof path, "%s/in/%d.pgm", folder, i);
		FILE *f = fopen(path, "wb");
		if (!f || fprintf(f, "P5 8 8 255\n%064d", 0) < 0 || fclose(f) != 0)
			return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static struct leat_recipe *planned(void)
{
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("mill.leat", recipe, strlen(recipe), NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	if (status != 0)
		fail_msg("%d: %s %s", status, err.text, leat_diagnostics(r, false));
	return r;
}

static void run_once(void)
{
	struct leat_err err = {0};
	struct leat_recipe *r = planned();
	int status = leat_run(r, NULL, &err);
	if (status != 0)
		fail_msg("%d: %s", status, err.text);
	leat_free(&r);
}

static void runs_add_up_and_teach_the_next(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_state_file *s = NULL;
	struct leat_state_run run;
	struct leat_tuning v[8];
	size_t n;
	run_once();
	run_once();
	assert_int_equal(leat_state_open(&s, db, false, &err), 0);
	assert_int_equal(leat_state_get_run(s, 0, &run, &err), 0);
	assert_int_equal(run.id, 2);
	assert_int_equal(run.counts.state[LEAT_DONE], 12);
	assert_true(run.n_groups >= 3);
	assert_string_equal(run.groups[0].name, "read");
	assert_int_equal(run.groups[0].tasks, 12);
	assert_int_equal(leat_state_tuning(s, run.pipeline, run.host, run.cores, v, 8, &n, &err), 0);
	assert_true(n >= 3);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(v[i].items, 24);
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, "read") == 0)
			v[i].workers = 7;
	assert_int_equal(leat_state_set_tuning(s, run.pipeline, run.host, run.cores, v, n, &err), 0);
	leat_state_run_free(&run);
	leat_state_close(&s);
	struct leat_recipe *r = planned();
	char *text = leat_describe_plan(r, &err);
	if (!text || !strstr(text, "7 workers: learned from 24 items of earlier runs"))
		fail_msg("%s", text);
	free(text);
	leat_free(&r);
}

static void a_plan_makes_no_state(void **state)
{
	(void)state;
	struct leat_recipe *r = planned();
	leat_free(&r);
	assert_int_not_equal(access(db, F_OK), 0);
}

static void results_to_look_at_are_no_run_of_the_job(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("mill.leat", recipe, strlen(recipe), NULL, &err);
	struct leat_plan_options o = {.redirect = folder};
	assert_int_equal(leat_plan(r, &o, &err), 0);
	assert_int_equal(leat_run(r, NULL, &err), 0);
	leat_free(&r);
	assert_int_not_equal(access(db, F_OK), 0);
}

static void a_damaged_state_refuses_the_run(void **state)
{
	(void)state;
	struct leat_err err = {0};
	FILE *f = fopen(db, "wb");
	for (int i = 0; i < 500; i++)
		fputs("noise ", f);
	fclose(f);
	struct leat_recipe *r = leat_load_text("mill.leat", recipe, strlen(recipe), NULL, &err);
	assert_int_equal(leat_plan(r, NULL, &err), 5);
	assert_non_null(strstr(err.text, "is damaged"));
	leat_free(&r);
}

static void a_state_that_is_lost_meanwhile_is_told(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_recipe *r = planned();
	assert_int_equal(mkdir(db, 0700), 0); /* after the plan: a folder stands in its place */
	assert_int_equal(leat_run(r, NULL, &err), 5);
	assert_non_null(strstr(err.text, db));
	char *text = leat_run_summary(r, false);
	assert_non_null(strstr(text, db));
	free(text);
	leat_free(&r);
}

static void one_run_at_a_time_until_its_process_ends(void **state)
{
	(void)state;
	struct leat_err err = {0};
	int fds[2];
	char c = 0;
	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int fd;
		struct leat_lock_holder h;
		struct leat_err e = {0};
		c = leat_state_lock(db, 1700000000000000000, &fd, &h, &e) == 0;
		if (write(fds[1], &c, 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(fds[0], &c, 1), 1);
	assert_true(c);
	struct leat_recipe *r = planned();
	assert_int_equal(leat_run(r, NULL, &err), 75);
	char want[128];
	snprintf(want, sizeof want,
		 "mill.leat:1:5: error[E073]: another run of the job 'mill' is active (process %d, since 2023-11-1",
		 pid);
	if (strncmp(err.text, want, strlen(want)) != 0)
		fail_msg("%s", err.text);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	err = (struct leat_err){0};
	assert_int_equal(leat_run(r, NULL, &err), 0);
	leat_free(&r);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_that_wait_begin_with_what_was_learned),
		cmocka_unit_test(what_is_written_is_obeyed),
		cmocka_unit_test(what_is_cheaper_than_a_hand_off_runs_inline),
		cmocka_unit_test(processes_stay_processes),
		cmocka_unit_test(items_that_wait_while_they_are_computed_get_more_threads),
		cmocka_unit_test_setup_teardown(runs_add_up_and_teach_the_next, setup, teardown),
		cmocka_unit_test_setup_teardown(a_plan_makes_no_state, setup, teardown),
		cmocka_unit_test_setup_teardown(results_to_look_at_are_no_run_of_the_job, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_state_refuses_the_run, setup, teardown),
		cmocka_unit_test_setup_teardown(a_state_that_is_lost_meanwhile_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(one_run_at_a_time_until_its_process_ends, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
