/* SPDX-License-Identifier: MIT */
/* What is recorded of a run: log, metrics, trace, the record of a report, the status of a running one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/metrics.h"
#include "report/night.h"
#include "report/status.h"
#include "scratch.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct leat_counts counts;

static struct leat_event item(uint64_t seq, const char *path, enum leat_state state, double seconds)
{
	return (struct leat_event){.type = LEAT_EV_ITEM,
				   .counts = &counts,
				   .seq = seq,
				   .path = path,
				   .state = state,
				   .seconds = seconds,
				   .bytes = 1000,
				   .pixels = 64,
				   .output = state == LEAT_DONE ? "/out/x.png" : NULL};
}

static struct leat_event task(const char *group, int worker, double since, double seconds)
{
	return (struct leat_event){.type = LEAT_EV_TASK,
				   .counts = &counts,
				   .path = "a.png",
				   .step = "decode",
				   .branch = "",
				   .group = group,
				   .worker = worker,
				   .since = since,
				   .seconds = seconds,
				   .waited = 0.25};
}

static int setup(void **state)
{
	static struct scratch s;
	scratch_open(&s);
	*state = &s;
	return 0;
}

static int teardown(void **state)
{
	scratch_close(*state);
	return 0;
}

static const char *below(void **state, const char *name)
{
	static char path[512];
	snprintf(path, sizeof path, "%s/%s", ((struct scratch *)*state)->path, name);
	return path;
}

/* ---- metrics */

static void metrics_are_what_prometheus_reads(void **state)
{
	(void)state;
	struct leat_err err = {0}, why = {.cause = LEAT_CAUSE_TRUNCATED, .text = "cut"};
	struct leat_summary s = {.counts = {.matched = 3, .bytes_in = 7, .seconds = 1.5}};
	s.counts.state[LEAT_DONE] = 1;
	s.counts.state[LEAT_FAILED] = 2;
	assert_int_equal(leat_summary_failure(&s, "decode", &why, "a", 0, &err), 0);
	assert_int_equal(leat_summary_failure(&s, "probe", &why, "b", 1, &err), 0);
	struct leat_metrics m = {.job = "a\"b\\c\nd\xe4", .started_ns = 5000000000, .ended_ns = 7000000000};
	struct leat_buf b = {0};
	leat_metrics_text(&m, &s, &b);
	assert_non_null(strstr(b.data, "leat_items{job=\"a\\\"b\\\\c\\nd\\\\xE4\",state=\"failed\"} 2\n"));
	assert_non_null(strstr(b.data, "cause=\"truncated\"} 2\n")); /* of all steps together */
	assert_non_null(strstr(b.data, "\"} 1.500000\n"));
	assert_null(strstr(b.data, "last_success")); /* there never was one */
	for (char *line = strtok(b.data, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strncmp(line, "# HELP leat_", 12) == 0 || strncmp(line, "# TYPE leat_", 12) == 0 ||
			    (strncmp(line, "leat_", 5) == 0 && strstr(line, "\"} ")));
	leat_buf_free(&b);
	leat_summary_free(&s);
}

static void the_last_success_outlives_a_failure(void **state)
{
	const char *path = below(state, "new/folder/x.prom");
	struct leat_err err = {0};
	struct leat_summary s = {.exit_status = 0};
	struct leat_metrics m = {.job = "n\"1", .started_ns = 1, .ended_ns = 2000000000, .succeeded_ns = 2000000000};
	assert_int_equal(leat_metrics_last_success(path, "n\"1"), 0);
	assert_int_equal(leat_metrics_write(path, &m, &s, false, &err), 0);
	assert_int_equal(leat_metrics_last_success(path, "n\"1"), 2000000000);
	assert_int_equal(leat_metrics_last_success(path, "other"), 0);
	struct leat_night *n = NULL;
	struct leat_night_opts o = {.metrics = path, .job = "n\"1", .started_ns = 3};
	assert_int_equal(leat_night_open(&n, &o, &err), 0);
	s.exit_status = 1;
	assert_int_equal(leat_night_end(n, &s, &err), 0);
	leat_night_free(&n);
	assert_int_equal(leat_metrics_last_success(path, "n\"1"), 2000000000);
}

/* ---- log */

static json_t *line_of(char *text, int which)
{
	char *at = text;
	for (int i = 0; i < which; i++)
		at = strchr(at, '\n') + 1;
	return json_loadb(at, strcspn(at, "\n"), 0, NULL);
}

static void a_log_is_whole_lines_in_any_weather(void **state)
{
	struct scratch *dir = *state;
	struct leat_err err = {0}, why = {.cause = LEAT_CAUSE_CORRUPT, .text = "bad \"x\"\n"};
	struct leat_summary s = {.exit_status = 1};
	struct leat_night *n = NULL;
	struct leat_night_opts o = {.log = below(state, "a.log"), .job = "j"};
	assert_int_equal(leat_night_open(&n, &o, &err), 0);
	struct leat_event start = {.type = LEAT_EV_START, .counts = &counts};
	struct leat_event bad = item(0, "x\n\xe4<b>.png", LEAT_FAILED, 0.5), good = item(1, "y.png", LEAT_DONE, 0.5);
	bad.err = &why;
	bad.step = "decode";
	leat_night_event(n, &start);
	leat_night_event(n, &bad);
	char *text = scratch_get(dir, "a.log"); /* failures are there at once */
	json_t *o1 = line_of(text, 1);
	assert_string_equal(json_string_value(json_object_get(o1, "path")), "x\n\\xE4<b>.png");
	assert_string_equal(json_string_value(json_object_get(o1, "cause")), "corrupt");
	assert_string_equal(json_string_value(json_object_get(o1, "message")), "bad \"x\"\n");
	json_decref(o1);
	free(text);
	/* moved away, and told so */
	assert_int_equal(renameat(dir->fd, "a.log", dir->fd, "a.log.1"), 0);
	leat_night_reopen(n);
	leat_night_event(n, &good);
	assert_int_equal(leat_night_end(n, &s, &err), 0);
	leat_night_free(&n);
	text = scratch_get(dir, "a.log.1");
	assert_null(strstr(text, "y.png"));
	free(text);
	text = scratch_get(dir, "a.log");
	json_t *first = line_of(text, 0), *last = line_of(text, 1);
	assert_string_equal(json_string_value(json_object_get(first, "output")), "/out/x.png");
	assert_string_equal(json_string_value(json_object_get(last, "event")), "end");
	assert_int_equal(json_integer_value(json_object_get(last, "exit_status")), 1);
	json_decref(first);
	json_decref(last);
	free(text);
}

static void a_log_that_cannot_be_written_is_told(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_summary s = {0};
	struct leat_night *n = NULL;
	struct leat_night_opts o = {.log = "/dev/full", .job = "j"};
	if (access("/dev/full", W_OK) != 0)
		skip();
	assert_int_equal(leat_night_open(&n, &o, &err), 0);
	struct leat_event start = {.type = LEAT_EV_START, .counts = &counts}, good = item(1, "y.png", LEAT_DONE, 0.5);
	leat_night_event(n, &start);
	leat_night_event(n, &good);
	assert_int_equal(leat_night_end(n, &s, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TARGET);
	assert_non_null(strstr(err.text, "cannot write the log '/dev/full'"));
	leat_night_free(&n);
}

/* ---- trace */

static void a_trace_is_an_array_of_events(void **state)
{
	const char *path = below(state, "t.json");
	struct leat_err err = {0}, why = {.cause = LEAT_CAUSE_CORRUPT, .text = "bad"};
	struct leat_summary s = {0};
	struct leat_night *n = NULL;
	struct leat_night_opts o = {.trace = path, .job = "j\"1"};
	assert_int_equal(leat_night_open(&n, &o, &err), 0);
	struct leat_event step = {.type = LEAT_EV_STEP, .counts = &counts, .step = "blur \"2\"", .seconds = 0.5};
	struct leat_event one = task("cpu", 1, 1, 2), two = task("read", 0, 0, 0.125);
	struct leat_event bad = item(0, "x\xe4.png", LEAT_FAILED, 0.5);
	struct leat_group_now now[] = {{.name = "cpu", .queued = 7}};
	struct leat_event tick = {.type = LEAT_EV_TICK, .counts = &counts, .groups = now, .n_groups = 1};
	bad.err = &why;
	leat_night_event(n, &step);
	leat_night_event(n, &one);
	leat_night_event(n, &two);
	leat_night_event(n, &tick);
	leat_night_event(n, &bad);
	assert_int_equal(access(path, F_OK), -1); /* at the end, whole */
	assert_int_equal(leat_night_end(n, &s, &err), 0);
	leat_night_free(&n);
	json_t *list = json_load_file(path, 0, NULL);
	size_t slices = 0, names = 0, counters = 0, marks = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *e = json_array_get(list, i), *args = json_object_get(e, "args");
		const char *ph = json_string_value(json_object_get(e, "ph"));
		names += strcmp(json_string_value(json_object_get(e, "name")), "thread_name") == 0;
		counters += strcmp(ph, "C") == 0 && json_integer_value(json_object_get(args, "items")) == 7;
		marks += strcmp(ph, "i") == 0;
		if (strcmp(ph, "X") != 0)
			continue;
		slices++;
		const json_t *steps = json_object_get(args, "steps_ms");
		if (strcmp(json_string_value(json_object_get(e, "cat")), "cpu") == 0) {
			assert_true(json_number_value(json_object_get(e, "dur")) == 2e6);
			assert_true(json_number_value(json_object_get(steps, "blur \"2\"")) == 500);
		} else {
			assert_null(steps); /* of the slice before */
		}
	}
	assert_int_equal(slices, 2);
	assert_int_equal(names, 3); /* seats 0 and 1 of cpu, 0 of read */
	assert_int_equal(counters, 1);
	assert_int_equal(marks, 1);
	json_decref(list);
}

/* ---- the record */

static double sum(const double *v)
{
	double all = 0;
	for (int i = 0; i < LEAT_TRAIL_SLOTS; i++)
		all += v[i];
	return all;
}

static bool near(double a, double b)
{
	return a - b < 1e-6 && b - a < 1e-6;
}

static void the_timeline_keeps_all_time_however_long(void **state)
{
	(void)state;
	struct leat_trail *r = calloc(1, sizeof *r);
	assert_non_null(r);
	double busy = 0;
	for (int i = 0; i < 300; i++) { /* ever longer */
		struct leat_event e = task(i % 2 ? "cpu" : "read", 0, i * i * 0.01 + 1, 0.3 * i);
		leat_trail_event(r, &e);
		busy += i % 2 ? 0.3 * i : 0;
	}
	assert_int_equal(r->n_groups, 2);
	const struct leat_trail_group *g = &r->groups[1];
	assert_string_equal(g->name, "cpu");
	assert_true(near(sum(g->busy), busy));
	assert_true(near(sum(g->queued), 150 * 0.25));
	assert_true(near(g->seconds, busy));
	assert_true(r->slot * LEAT_TRAIL_SLOTS >= 299 * 299 * 0.01 + 1 + 0.3 * 299);
	assert_true(r->slot * LEAT_TRAIL_SLOTS < 4 * (299 * 299 * 0.01 + 1 + 0.3 * 299));
	leat_trail_free(r);
	free(r);
}

static void a_record_is_bounded(void **state)
{
	(void)state;
	struct leat_trail *r = calloc(1, sizeof *r);
	struct leat_err why = {.cause = LEAT_CAUSE_CORRUPT, .text = "bad"};
	assert_non_null(r);
	for (uint64_t i = 0; i < 5000; i++) {
		char path[32];
		snprintf(path, sizeof path, "%d.png", (int)i);
		struct leat_event e = item(i, path, i % 3 ? LEAT_DONE : LEAT_FAILED, (double)(i * 7919 % 5000) + 1);
		e.err = i % 3 ? NULL : &why;
		leat_trail_event(r, &e);
	}
	assert_int_equal(r->n_failed, LEAT_TRAIL_FAILED);
	assert_int_equal(r->n_slow, LEAT_TRAIL_SLOW);
	for (size_t i = 0; i < r->n_slow; i++)
		assert_true(near(r->slow[i].seconds, 5000 - (double)i));
	assert_in_range(r->n_samples, LEAT_TRAIL_SAMPLES / 2, LEAT_TRAIL_SAMPLES);
	for (size_t i = 0; i < r->n_samples; i++) { /* spread over all, none that failed */
		assert_int_equal(r->samples[i].state, LEAT_DONE);
		assert_true(i == 0 || r->samples[i].seq > r->samples[i - 1].seq + 5000 / 3 / LEAT_TRAIL_SAMPLES);
	}
	assert_true(r->samples[r->n_samples - 1].seq > 2500);
	assert_false(r->lost);
	leat_trail_free(r);
	free(r);
}

/* ---- status */

static void a_status_survives_its_file(void **state)
{
	(void)state;
	static const struct leat_group_now groups[] = {{"read", "threads", 8, 12, 3, 400},
						       {"cpu", "processes", 2, 0, 2, 7}};
	static const struct leat_status_item items[] = {{"big \x1b[31m\xe4\n.tif", "decode", "cpu", 12.25}};
	struct leat_status s = {
		.job = "night\"ly", .host = "h", .pid = 4711, .started_ns = 5, .now_ns = 6, .stopping = true};
	s.counts =
		(struct leat_counts){.matched = 900, .work = 25, .work_total = 100, .seconds = 60, .bytes_in = 1 << 30};
	s.counts.state[LEAT_DONE] = 398;
	s.counts.state[LEAT_FAILED] = 2;
	s.left = leat_status_left(&s.counts);
	assert_true(near(s.left, 180));
	s.groups = groups, s.n_groups = 2, s.items = items, s.n_items = 1, s.in_hand = 5;
	struct leat_buf json = {0}, again = {0}, text = {0};
	struct leat_arena a = {0};
	struct leat_err err = {0};
	struct leat_status back;
	leat_status_json(&s, &json);
	assert_int_equal(leat_status_read(json.data, json.len, &back, &a, &err), 0);
	leat_status_json(&back, &again);
	/* A byte that is no UTF-8 is text from then on. */
	assert_int_equal(back.counts.matched, 900);
	assert_int_equal(back.groups[1].workers, 2);
	assert_string_equal(back.items[0].path, "big \x1b[31m\\xE4\n.tif");
	assert_string_equal(json.data, again.data);
	leat_status_text(&back, &text);
	assert_non_null(strstr(text.data, "25 % of the work, 400 of 900 items"));
	assert_non_null(strstr(text.data, "stopping"));
	assert_null(strchr(text.data, '\x1b'));
	assert_non_null(strstr(text.data, "big \\x1B[31m\\"));
	leat_buf_free(&json);
	leat_buf_free(&again);
	leat_buf_free(&text);
	leat_arena_free(&a);
}

static void what_is_no_status_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "x", "[]", "{\"pid\":", "null"};
	for (size_t i = 0; i < LEAT_LEN(texts); i++) {
		struct leat_arena a = {0};
		struct leat_err err = {0};
		struct leat_status s;
		assert_int_equal(leat_status_read(texts[i], strlen(texts[i]), &s, &a, &err), -1);
		leat_arena_free(&a);
	}
	struct leat_arena a = {0};
	struct leat_err err = {0};
	struct leat_status s;
	static const char odd[] = "{\"pid\":-1,\"groups\":[1,{\"workers\":99999999999}],\"items\":{}}";
	assert_int_equal(leat_status_read(odd, strlen(odd), &s, &a, &err), 0);
	assert_int_equal(s.pid, 0);
	assert_int_equal(s.groups[1].workers, 0);
	leat_arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metrics_are_what_prometheus_reads),
		cmocka_unit_test_setup_teardown(the_last_success_outlives_a_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(a_log_is_whole_lines_in_any_weather, setup, teardown),
		cmocka_unit_test(a_log_that_cannot_be_written_is_told),
		cmocka_unit_test_setup_teardown(a_trace_is_an_array_of_events, setup, teardown),
		cmocka_unit_test(the_timeline_keeps_all_time_however_long),
		cmocka_unit_test(a_record_is_bounded),
		cmocka_unit_test(a_status_survives_its_file),
		cmocka_unit_test(what_is_no_status_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
