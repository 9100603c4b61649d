/* SPDX-License-Identifier: MIT */
/* The state of a job: what is written is read again; what is damaged, foreign or newer is refused and left alone. */
#include "state/state.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[128];

static int setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/leat-state-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/sub/job.db", folder);
	return 0;
}

static int teardown(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static struct leat_state_file *open_it(void)
{
	struct leat_err err = {0};
	struct leat_state_file *s = NULL;
	if (leat_state_open(&s, path, true, &err) != 0)
		fail_msg("%s", err.text);
	return s;
}

static void runs_are_kept(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_state_group g[2] = {
		{"read", "threads", 2, "waits for the disk", 7, 1.5, 0.25, 0.125, 3, 9},
		{"cpu", "processes", 4, "decoded in locked-down processes", 7, 8, 7.5, 0.5, 0.25, 3},
	};
	struct leat_state_run r = {.started_ns = 123456789012345,
				   .seconds = 2.5,
				   .pipeline = "abc",
				   .host = "mill",
				   .cores = 2,
				   .exit_status = 1,
				   .groups = g,
				   .n_groups = 2};
	r.counts.matched = 7;
	r.counts.state[LEAT_DONE] = 6;
	r.counts.state[LEAT_FAILED] = 1;
	r.counts.bytes_in = 1000;
	struct leat_state_file *s = open_it();
	assert_int_equal(leat_state_add_run(s, &r, &err), 0);
	assert_int_equal(r.id, 1);
	r.seconds = 5;
	r.n_groups = 1;
	assert_int_equal(leat_state_add_run(s, &r, &err), 0);
	leat_state_close(&s);
	s = open_it();
	struct leat_state_run got;
	assert_int_equal(leat_state_get_run(s, 1, &got, &err), 0);
	assert_int_equal(got.started_ns, 123456789012345);
	assert_true(got.seconds == 2.5);
	assert_string_equal(got.pipeline, "abc");
	assert_string_equal(got.host, "mill");
	assert_int_equal(got.exit_status, 1);
	assert_int_equal(got.counts.matched, 7);
	assert_int_equal(got.counts.state[LEAT_DONE], 6);
	assert_int_equal(got.counts.state[LEAT_FAILED], 1);
	assert_int_equal(got.counts.bytes_in, 1000);
	assert_int_equal(got.n_groups, 2);
	assert_string_equal(got.groups[1].name, "cpu");
	assert_string_equal(got.groups[0].why, "waits for the disk");
	assert_true(got.groups[1].cpu == 7.5 && got.groups[0].idle == 3);
	assert_int_equal(got.groups[0].queue_peak, 9);
	leat_state_run_free(&got);
	assert_int_equal(leat_state_get_run(s, 0, &got, &err), 0); /* the last one */
	assert_int_equal(got.id, 2);
	assert_int_equal(got.n_groups, 1);
	leat_state_run_free(&got);
	assert_int_equal(leat_state_get_run(s, 3, &got, &err), 1);
	leat_state_close(&s);
}

static void tuning_is_replaced_as_a_whole(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_state_file *s = open_it();
	struct leat_tuning a[2] = {{"cpu", "processes", 2, 0.5, 0.25, 100}, {"read", "threads", 8, 0.001, 0.1, 100}},
			   got[4];
	size_t n;
	assert_int_equal(leat_state_set_tuning(s, "p", "h", 2, a, 2, &err), 0);
	assert_int_equal(leat_state_set_tuning(s, "p", "h", 4, a, 1, &err), 0);
	a[0].workers = 3;
	assert_int_equal(leat_state_set_tuning(s, "p", "h", 2, a, 1, &err), 0);
	assert_int_equal(leat_state_tuning(s, "p", "h", 2, got, 4, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_string_equal(got[0].name, "cpu");
	assert_string_equal(got[0].executor, "processes");
	assert_int_equal(got[0].workers, 3);
	assert_true(got[0].cpu == 0.5 && got[0].blocked == 0.25 && got[0].items == 100);
	assert_int_equal(leat_state_tuning(s, "p", "other", 2, got, 4, &n, &err), 0);
	assert_int_equal(n, 0);
	leat_state_close(&s);
}

static void what_is_not_there_is_made_only_when_asked(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_state_file *s = NULL;
	assert_int_equal(leat_state_open(&s, path, false, &err), 1);
	assert_null(s);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void put(const char *text, size_t n)
{
	struct leat_state_file *s = open_it(); /* for the folder */
	leat_state_close(&s);
	unlink(path);
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	close(fd);
}

static void sql(const char *command)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, command, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void refused(const char *words)
{
	struct leat_err err = {0};
	struct leat_state_file *s = NULL;
	assert_int_equal(leat_state_open(&s, path, true, &err), -1);
	assert_null(s);
	if (!strstr(err.text, words))
		fail_msg("'%s' has no '%s'", err.text, words);
	assert_int_equal(access(path, F_OK), 0); /* left alone */
}

static void the_damaged_foreign_and_newer_are_refused(void **state)
{
	(void)state;
	char noise[4096];
	memset(noise, 'x', sizeof noise);
	put(noise, sizeof noise);
	refused("is damaged");
	unlink(path);
	sql("CREATE TABLE other(a)");
	refused("another program");
	unlink(path);
	struct leat_state_file *s = open_it();
	leat_state_close(&s);
	sql("PRAGMA user_version = 99");
	refused("newer leat (schema 99, this one knows 2)");
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_state_file *s = NULL;
	put("", 0);
	char below[200];
	snprintf(below, sizeof below, "%s/deeper/job.db", path);
	assert_int_equal(leat_state_open(&s, below, true, &err), -1);
	assert_non_null(strstr(err.text, "cannot make the folder"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(runs_are_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(tuning_is_replaced_as_a_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_made_only_when_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(the_damaged_foreign_and_newer_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_is_said, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
