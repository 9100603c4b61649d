/* SPDX-License-Identifier: MIT */
/* The summary: groups and their first names, the exact text for people, JSON that a strict parser takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "report/share.h"
#include "report/summary.h"

static void failure(struct leat_summary *s, const char *step, enum leat_cause cause, const char *text, const char *path,
		    uint64_t seq)
{
	struct leat_err e = {.cause = cause}, err = {0};
	snprintf(e.text, sizeof e.text, "%s", text);
	assert_int_equal(leat_summary_failure(s, step, &e, path, seq, &err), 0);
	s->counts.state[LEAT_FAILED]++;
	s->counts.matched++;
}

static void keeps_the_first_names_in_input_order(void **state)
{
	(void)state;
	struct leat_summary s = {0};
	static const uint64_t order[] = {50, 3, 70, 1, 90, 2, 8, 7, 100, 0};
	for (size_t i = 0; i < LEAT_LEN(order); i++) {
		char path[32], text[32];
		snprintf(path, sizeof path, "p%d", (int)order[i]);
		snprintf(text, sizeof text, "t%d", (int)order[i]);
		failure(&s, "decode", LEAT_CAUSE_CORRUPT, text, path, order[i]);
	}
	failure(&s, "decode", LEAT_CAUSE_TRUNCATED, "x", "y", 5);
	failure(&s, "read", LEAT_CAUSE_CORRUPT, "x", "y", 6);
	assert_int_equal(s.n_failures, 3);
	assert_int_equal(s.failures[0].n, 10);
	static const char *const names[] = {"p0", "p1", "p2", "p3", "p7"}, *const texts[] = {"t0", "t1", "t2", "t3",
											     "t7"};
	for (int i = 0; i < LEAT_SUMMARY_NAMES; i++) {
		assert_string_equal(s.failures[0].names[i], names[i]);
		assert_string_equal(s.failures[0].texts[i], texts[i]);
	}
	leat_summary_free(&s);
}

static void lists_are_bounded(void **state)
{
	(void)state;
	struct leat_summary s = {0};
	struct leat_err err = {0};
	for (int i = 0; i < 1000; i++) {
		char text[32];
		snprintf(text, sizeof text, "step%d", i);
		failure(&s, text, LEAT_CAUSE_IO, "x", "y", (uint64_t)i);
		assert_int_equal(leat_summary_notice(&s, text, &err), 0);
		assert_int_equal(leat_summary_notice(&s, "again", &err), 0);
	}
	assert_int_equal(s.n_failures, LEAT_SUMMARY_GROUPS);
	assert_int_equal(s.failures[LEAT_SUMMARY_GROUPS - 1].n, 800);
	assert_true(s.n_notices <= 101);
	assert_string_equal(s.notices[1], "again");
	assert_int_equal(s.notice_counts[1], 1000);
	struct leat_buf b = {0};
	leat_summary_text(&s, &b, true);
	leat_summary_json(&s, &b);
	assert_false(b.failed);
	leat_buf_free(&b);
	leat_summary_free(&s);
}

static void a_bad_night(struct leat_summary *s)
{
	struct leat_err err = {0};
	static const char *const cut[] = {"photos/2024/a.png", "photos/2024/b.png",
					  "photos/2024/new\nline \x1b[31m\xe4.png"};
	*s = (struct leat_summary){.job = "web", .exit_status = 1};
	for (int i = 0; i < 7; i++) {
		char text[64];
		snprintf(text, sizeof text, "the file ends in row %d of 480", 12 + i);
		failure(s, "decode", LEAT_CAUSE_TRUNCATED, text, i < 3 ? cut[i] : "photos/z.png", (uint64_t)i);
	}
	failure(s, "read", LEAT_CAUSE_SPECIAL, "is a FIFO, not a file", "photos/pipe.png", 20);
	failure(s, "read", LEAT_CAUSE_TRUNCATED, "is empty", "photos/e1.png", 21);
	failure(s, "read", LEAT_CAUSE_TRUNCATED, "is empty", "photos/e2.png", 22);
	s->counts.matched = 1204;
	s->counts.state[LEAT_DONE] = 1180;
	s->counts.state[LEAT_SKIPPED] = 14;
	s->counts.bytes_in = (uint64_t)4521 << 20;
	s->counts.bytes_out = (uint64_t)312 << 20;
	s->counts.outputs_new = 1100;
	s->counts.outputs_overwritten = 80;
	s->counts.seconds = 41.25;
	s->peak_budget = (uint64_t)805 << 20;
	s->groups = calloc(3, sizeof *s->groups);
	assert_non_null(s->groups);
	s->n_groups = 3;
	s->groups[0] = (struct leat_group_time){"read", "threads", 4, 1204, 80, 5, 1, 85, 64, 0, "", false};
	s->groups[1] = (struct leat_group_time){"cpu", "threads", 2, 1190, 81.5, 79.9, 1.2, 1, 16, 0, "", false};
	s->groups[2] = (struct leat_group_time){"write", "threads", 2, 1180, 9, 1.5, 0.2, 73.5, 3, 0, "", false};
	for (int i = 0; i < 12; i++)
		assert_int_equal(leat_summary_notice(s, "16 bit became 8 bit for jpeg", &err), 0);
	assert_int_equal(leat_summary_notice(s, "1 linked folder was not entered (symlinks=follow does)", &err), 0);
}

static void text_of_a_bad_night(void **state)
{
	(void)state;
	struct leat_summary s;
	struct leat_buf b = {0};
	a_bad_night(&s);
	leat_summary_text(&s, &b, false);
	static const char want[] =
		"web: 1 180 of 1 204 items done, 10 failed, 14 skipped in 41.3s\n"
		"  read       4.4 GiB   29.2 items/s, 115 MB/s\n"
		"  written    312 MiB   files: 1 100 new, 80 overwritten\n"
		"  memory     805 MiB   reserved at most\n"
		"\n"
		"failed\n"
		"        7  decode: truncated\n"
		"           photos/2024/a.png: the file ends in row 12 of 480\n"
		"           photos/2024/b.png: the file ends in row 13 of 480\n"
		"           photos/2024/new\\x0Aline \\x1B[31m\\xE4.png: the file ends in row 14 of 480\n"
		"           photos/z.png: the file ends in row 15 of 480\n"
		"           photos/z.png: the file ends in row 16 of 480\n"
		"           ... and 2 more\n"
		"        2  read: truncated - is empty\n"
		"           photos/e1.png\n"
		"           photos/e2.png\n"
		"        1  read: not a regular file\n"
		"           photos/pipe.png: is a FIFO, not a file\n"
		"\n"
		"notices\n"
		"  12 times: 16 bit became 8 bit for jpeg\n"
		"  1 linked folder was not entered (symlinks=follow does)\n"
		"\n"
		"time                     computing  blocked  no core  no work\n"
		"  read   threads x4             3%      45%       1%      52%\n"
		"  cpu    threads x2            97%       0%       1%       1%\n"
		"  write  threads x2             2%       9%       0%      89%\n"
		"  bottleneck: cpu, at work 99% of the time; most of that it computes (threads, 2 at a time)\n";
	assert_string_equal(b.data, want);
	leat_buf_clear(&b);
	leat_summary_text(&s, &b, true);
	assert_non_null(strstr(b.data, "\033[1;31mweb"));
	assert_null(strstr(b.data, "\x1b[31m\xe4"));
	leat_buf_free(&b);
	leat_summary_free(&s);
}

static void text_of_good_and_short_runs(void **state)
{
	(void)state;
	struct leat_buf b = {0};
	struct leat_summary s = {.job = "thumbs",
				 .counts = {.matched = 1, .bytes_in = 2048, .seconds = 0.04, .outputs_new = 1}};
	s.counts.state[LEAT_DONE] = 1;
	leat_summary_text(&s, &b, false);
	assert_string_equal(b.data, "thumbs: 1 item done in 40ms\n"
				    "  read         2 KiB   25.0 items/s, 0.05 MB/s\n"
				    "  written        0 B   files: 1 new\n");
	leat_buf_clear(&b);
	s = (struct leat_summary){.job = "thumbs", .exit_status = 5};
	s.counts.matched = 10;
	s.counts.state[LEAT_NOT_REACHED] = 10;
	s.fatal = leat_strdup("cannot write 'out/a.png': No space left on device", NULL);
	s.results_failed = 1;
	leat_summary_text(&s, &b, false);
	assert_string_equal(b.data, "thumbs: 0 of 10 items done, 10 not reached, 1 of 1 results not made in 0s\n"
				    "  stopped: cannot write 'out/a.png': No space left on device\n"
				    "  read           0 B\n");
	leat_buf_clear(&b);
	leat_summary_free(&s);
	leat_summary_text(&s, &b, false);
	assert_string_equal(b.data, "leat: no items in 0s\n");
	leat_buf_free(&b);
}

static void shares(void **state)
{
	(void)state;
	struct leat_group_time g[2] = {
		{.name = "read", .executor = "threads", .workers = 4, .busy = 9, .cpu = 1, .idle = 1},
		{.name = "cpu", .executor = "openmp", .workers = 2, .busy = 5, .cpu = 9, .idle = 5}};
	struct leat_summary s = {.groups = g, .n_groups = 2, .counts.state[LEAT_DONE] = 1};
	struct leat_buf b = {0};
	assert_ptr_equal(leat_bottleneck(&s), &g[0]);
	leat_summary_text(&s, &b, false);
	assert_non_null(strstr(b.data,
			       "bottleneck: read, at work 90% of the time; most of that it waits (disk, network), so "
			       "more workers than 4 may help\n"));
	g[0].runq = 7;
	leat_buf_clear(&b);
	leat_summary_text(&s, &b, false);
	assert_non_null(strstr(b.data, "most of that it waits for a free core"));
	/* the CPU time of a whole team is no more than all of the time */
	assert_true(leat_share_of(&g[1]).computing == 0.5);
	g[0].idle = g[1].idle = 1000;
	assert_null(leat_bottleneck(&s));
	leat_buf_free(&b);
}

static void json(void **state)
{
	(void)state;
	struct leat_summary s;
	struct leat_buf b = {0};
	a_bad_night(&s);
	leat_summary_json(&s, &b);
	static const char begin[] =
		"{\"job\":\"web\",\"exit\":1,\"fatal\":null,\"expect\":null,\"since\":null,\"report\":null,\"seconds\":"
		"41.25,\"matched\":1204,"
		"\"done\":1180,\"dropped\":0,\"skipped\":14,\"failed\":10,\"known_failed\":0,\"not_reached\":0,";
	assert_memory_equal(b.data, begin, sizeof begin - 1);
	assert_non_null(strstr(b.data,
			       "{\"step\":\"decode\",\"cause\":\"truncated\",\"count\":7,\"first\":[{\"index\":0,"
			       "\"path\":\"photos/2024/a.png\",\"message\":\"the file ends in row 12 of 480\"},"));
	assert_non_null(strstr(b.data, "\"path\":\"photos/2024/new\\nline \\u001B[31m\\\\xE4.png\""));
	assert_non_null(strstr(b.data, "\"bottleneck\":\"cpu\"}\n"));
	for (size_t i = 0; i + 1 < b.len; i++)
		assert_true((unsigned char)b.data[i] >= 0x20);
	leat_buf_free(&b);
	leat_summary_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_first_names_in_input_order),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(text_of_a_bad_night),
		cmocka_unit_test(text_of_good_and_short_runs),
		cmocka_unit_test(shares),
		cmocka_unit_test(json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
