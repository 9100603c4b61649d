/* SPDX-License-Identifier: MIT */
/* The ledger: what is written of items is read again, failures are counted, older files are brought up to date. */
#include "state/history.h"
#include "state/ledger.h"

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
	strcpy(folder, "/tmp/leat-ledger-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/job.db", folder);
	return 0;
}

static int teardown(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static struct leat_err err;

static struct leat_state_file *open_it(void)
{
	struct leat_state_file *s = NULL;
	err = (struct leat_err){0};
	if (leat_state_open(&s, path, true, &err) != 0)
		fail_msg("%s", err.text);
	return s;
}

static int64_t begin_run(struct leat_state_file *s)
{
	struct leat_state_run r = {.pipeline = "p", .host = "h", .version = "v", .cores = 1, .counts.matched = 2};
	assert_int_equal(leat_state_begin_run(s, &r, &err), 0);
	return r.id;
}

static void end_run(struct leat_state_file *s, int64_t id, int status)
{
	struct leat_state_step step = {.text = "resize 8x8", .branch = "b", .items = 2, .seconds = 0.5};
	struct leat_state_run r = {.id = id, .exit_status = status, .quarantined = 1, .steps = &step, .n_steps = 1};
	r.counts.matched = 2;
	r.counts.outputs_new = 5;
	assert_int_equal(leat_state_end_run(s, &r, &err), 0);
}

static const uint8_t hash[LEAT_HASH] = "0123456789abcde", work[LEAT_HASH] = "this work";

static void write_item(struct leat_state_file *s, const struct leat_ledger_item *it)
{
	struct leat_ledger_writer *w = leat_ledger_writer_new(s, &err);
	assert_non_null(w);
	assert_int_equal(leat_ledger_begin(w, &err), 0);
	int ok = leat_ledger_ended(w, it, &err);
	if (leat_ledger_end(w, ok, &err) != 0)
		fail_msg("%s", err.text);
	leat_ledger_writer_free(&w);
}

static struct leat_ledger_item done(int64_t run)
{
	static const struct leat_ledger_output out[2] = {{"/o/a.png", 7, 8, NULL}, {"/o/a.jpg", 9, 10, NULL}};
	static const struct leat_ledger_row row = {3, "fields", 6};
	return (struct leat_ledger_item){.path = "/i/a\xff.png",
					 .size = 5,
					 .mtime_ns = 6,
					 .hash = hash,
					 .work = work,
					 .state = LEAT_DONE,
					 .seconds = 0.25,
					 .run = run,
					 .outputs = out,
					 .n_outputs = 2,
					 .rows = &row,
					 .n_rows = 1,
					 .seq = 1,
					 .bytes_out = 16};
}

static struct leat_ledger_item failed(int64_t run)
{
	return (struct leat_ledger_item){.path = "/i/b.png",
					 .work = work,
					 .state = LEAT_FAILED,
					 .cause = LEAT_CAUSE_TRUNCATED,
					 .step = "decode",
					 .text = "the file ends early",
					 .run = run};
}

struct seen {
	size_t n, outputs;
	uint64_t failed_runs;
	int64_t failed_since, id, gone;
	bool good;
};

static int look(void *ctx, const struct leat_ledger_item *it)
{
	struct seen *x = ctx;
	x->n++;
	x->id = it->id;
	x->outputs += it->n_outputs;
	x->gone += it->gone;
	if (it->state == LEAT_FAILED) {
		x->failed_runs = it->failed_runs;
		x->failed_since = it->failed_since;
		return 0;
	}
	x->good = strcmp(it->path, "/i/a\xff.png") == 0 && it->size == 5 && it->mtime_ns == 6 && it->hash &&
		  memcmp(it->hash, hash, LEAT_HASH) == 0 && memcmp(it->work, work, LEAT_HASH) == 0 &&
		  it->n_outputs == 2 && strcmp(it->outputs[1].path, "/o/a.jpg") == 0 && it->outputs[0].size == 7 &&
		  it->outputs[1].mtime_ns == 10;
	return 0;
}

static void items_are_kept_with_their_outputs_and_rows(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	struct seen x = {0};
	struct leat_buf row = {0};
	int64_t run = begin_run(s);
	struct leat_ledger_item it = done(run);
	write_item(s, &it);
	write_item(s, &it); /* again: nothing is twice */
	assert_int_equal(leat_ledger_each(s, look, &x, &err), 0);
	assert_int_equal(x.n, 1);
	assert_int_equal(x.outputs, 2);
	assert_true(x.good);
	assert_int_equal(leat_ledger_get_row(s, x.id, 3, &row, &err), 0);
	assert_string_equal(row.data, "fields");
	leat_buf_free(&row);
	assert_int_equal(leat_ledger_get_row(s, x.id, 4, &row, &err), 1);
	assert_int_equal(leat_ledger_find(s, "/i/other", look, &x, &err), 1);
	leat_state_close(&s);
}

static void failures_on_end_are_counted(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	for (int i = 1; i <= 3; i++) {
		int64_t run = begin_run(s);
		struct leat_ledger_item it = failed(run);
		struct seen x = {0};
		write_item(s, &it);
		assert_int_equal(leat_ledger_find(s, "/i/b.png", look, &x, &err), 0);
		assert_int_equal(x.failed_runs, i);
		assert_int_equal(x.failed_since, 1);
	}
	struct leat_ledger_item good = failed(begin_run(s));
	good.state = LEAT_DONE;
	write_item(s, &good);
	struct leat_ledger_item again = failed(begin_run(s));
	write_item(s, &again);
	struct seen x = {0};
	assert_int_equal(leat_ledger_find(s, "/i/b.png", look, &x, &err), 0);
	assert_int_equal(x.failed_runs, 1);
	assert_int_equal(x.failed_since, 5);
	leat_state_close(&s);
}

static void what_failed_keeps_its_earlier_outputs(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	struct leat_ledger_item it = done(begin_run(s));
	write_item(s, &it);
	it.state = LEAT_FAILED;
	it.n_outputs = 0;
	write_item(s, &it);
	struct seen x = {0};
	assert_int_equal(leat_ledger_each(s, look, &x, &err), 0);
	assert_int_equal(x.outputs, 2);
	leat_state_close(&s);
}

static void an_intent_is_known_until_its_item_ended(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	uint8_t got[LEAT_HASH];
	struct leat_ledger_item it = done(begin_run(s));
	assert_int_equal(leat_ledger_intend(s, it.path, 77, hash, &err), 0);
	assert_int_equal(leat_ledger_intended(s, it.path, 76, got, &err), 1);
	assert_int_equal(leat_ledger_intended(s, it.path, 77, got, &err), 0);
	assert_memory_equal(got, hash, LEAT_HASH);
	write_item(s, &it);
	assert_int_equal(leat_ledger_intended(s, it.path, 77, got, &err), 1);
	leat_state_close(&s);
}

struct told {
	size_t n;
	char last[64];
	uint64_t failed_runs;
};

static int tell(void *ctx, const struct leat_state_item *it)
{
	struct told *t = ctx;
	t->n++;
	snprintf(t->last, sizeof t->last, "%s", it->text);
	t->failed_runs = it->failed_runs;
	return 0;
}

static int tell_run(void *ctx, const struct leat_state_run *r)
{
	struct told *t = ctx;
	t->n++;
	assert_string_equal(r->version, "v");
	assert_int_equal(r->counts.outputs_new, r->exit_status >= 0 ? 5 : 0);
	return 0;
}

static int tell_path(void *ctx, const char *p)
{
	struct told *t = ctx;
	t->n++;
	snprintf(t->last, sizeof t->last, "%s", p);
	return 0;
}

static void items_are_kept_of_so_many_runs(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	struct told t = {0};
	int64_t id = 0;
	for (int i = 0; i < LEAT_RUNS_KEPT + 5; i++) {
		id = begin_run(s);
		if (i < 3 || i > LEAT_RUNS_KEPT - 50) {
			struct leat_ledger_item it = failed(id);
			write_item(s, &it);
		}
		end_run(s, id, i < 2 ? 1 : 130); /* the second was the last that came to its end */
	}
	assert_int_equal(leat_state_each_of_item(s, "/i/b.png", tell, &t, &err), 0);
	assert_int_equal(t.n, LEAT_RUNS_WITH_ITEMS); /* those of runs that are forgotten went with them */
	t.n = 0;
	assert_int_equal(leat_state_each_run(s, UINT64_MAX, tell_run, &t, &err), 0);
	assert_int_equal(t.n, LEAT_RUNS_KEPT);
	leat_state_close(&s);
}

static void what_is_compared_next_is_kept(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	struct told t = {0};
	for (int i = 0; i < LEAT_RUNS_WITH_ITEMS + 9; i++) {
		int64_t id = begin_run(s);
		struct leat_ledger_item it = failed(id);
		write_item(s, &it);
		end_run(s, id, i == 1 ? 1 : 130);
	}
	assert_int_equal(leat_state_each_item(s, 1, tell, &t, &err), 0);
	assert_int_equal(t.n, 0);
	assert_int_equal(leat_state_each_item(s, 2, tell, &t, &err), 0);
	assert_int_equal(t.n, 1);
	leat_state_close(&s);
}

static void reports_get_runs_items_and_failures(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	int64_t first = begin_run(s), id = 0;
	struct leat_ledger_item a = done(first), b = failed(first);
	write_item(s, &a);
	write_item(s, &b);
	end_run(s, first, 1);
	int64_t killed = begin_run(s);
	int64_t last = begin_run(s);
	struct leat_ledger_writer *w = leat_ledger_writer_new(s, &err);
	assert_int_equal(leat_ledger_begin(w, &err), 0);
	assert_int_equal(leat_ledger_known(w, 2, last, 0, &err), 0);
	assert_int_equal(leat_ledger_gone(w, 1, last, true, &err), 0);
	assert_int_equal(leat_ledger_end(w, 0, &err), 0);
	leat_ledger_writer_free(&w);
	end_run(s, last, 1);

	struct told t = {0};
	assert_int_equal(leat_state_each_item(s, first, tell, &t, &err), 0);
	assert_int_equal(t.n, 2);
	t.n = 0;
	assert_int_equal(leat_state_each_failure(s, last, tell, &t, &err), 0);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.last, "the file ends early");
	assert_int_equal(t.failed_runs, 2);
	t.n = 0;
	assert_int_equal(leat_state_each_of_item(s, "/i/b.png", tell, &t, &err), 0);
	assert_int_equal(t.n, 2);
	t.n = 0;
	assert_int_equal(leat_state_each_gone(s, last, tell_path, &t, &err), 0);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.last, "/i/a\xff.png");
	t.n = 0;
	assert_int_equal(leat_state_each_run(s, 10, tell_run, &t, &err), 0);
	assert_int_equal(t.n, 3);
	assert_int_equal(leat_state_previous(s, last, &id, &err), 0);
	assert_int_equal(id, first); /* not the one that was killed */
	assert_int_equal(leat_state_previous(s, first, &id, &err), 1);
	assert_int_not_equal(killed, last);
	struct leat_state_run r;
	assert_int_equal(leat_state_get_run(s, 0, &r, &err), 0);
	assert_int_equal(r.id, last);
	assert_int_equal(r.n_steps, 1);
	assert_string_equal(r.steps[0].text, "resize 8x8");
	assert_int_equal(r.quarantined, 1);
	leat_state_run_free(&r);
	leat_state_close(&s);
}

/* As the first schema made it. */
static const char oldest[] =
	"CREATE TABLE run(id INTEGER PRIMARY KEY, started_ns INTEGER NOT NULL, seconds REAL NOT NULL,"
	" pipeline TEXT NOT NULL, host TEXT NOT NULL, cores INTEGER NOT NULL, matched INTEGER NOT NULL,"
	" done INTEGER NOT NULL, skipped INTEGER NOT NULL, failed INTEGER NOT NULL, known_failed INTEGER NOT NULL,"
	" not_reached INTEGER NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL,"
	" exit_status INTEGER NOT NULL);"
	"CREATE TABLE run_group(run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, place INTEGER NOT NULL,"
	" name TEXT NOT NULL, executor TEXT NOT NULL, workers INTEGER NOT NULL, why TEXT NOT NULL,"
	" tasks INTEGER NOT NULL, busy REAL NOT NULL, cpu REAL NOT NULL, runq REAL NOT NULL, idle REAL NOT NULL,"
	" queue_peak INTEGER NOT NULL, PRIMARY KEY(run, place)) WITHOUT ROWID;"
	"CREATE TABLE tuning(pipeline TEXT NOT NULL, host TEXT NOT NULL, cores INTEGER NOT NULL, name TEXT NOT NULL,"
	" executor TEXT NOT NULL, workers INTEGER NOT NULL, cpu REAL NOT NULL, blocked REAL NOT NULL,"
	" items INTEGER NOT NULL, PRIMARY KEY(pipeline, host, cores, name)) WITHOUT ROWID;"
	"INSERT INTO run VALUES(1, 5, 2.5, 'p', 'h', 2, 9, 9, 0, 0, 0, 0, 100, 50, 0);"
	"PRAGMA application_id = 1818583412; PRAGMA user_version = 1";

static void the_first_schema_is_brought_up_to_date(void **state)
{
	(void)state;
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, oldest, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	struct leat_state_file *s = open_it();
	struct leat_state_run r;
	assert_int_equal(leat_state_get_run(s, 1, &r, &err), 0);
	assert_int_equal(r.counts.state[LEAT_DONE], 9);
	assert_string_equal(r.version, "");
	leat_state_run_free(&r);
	struct leat_ledger_item it = done(begin_run(s));
	write_item(s, &it);
	leat_state_close(&s);
}

struct files {
	size_t n, hashed;
	char last[64];
	struct leat_ledger_file first;
};

static int tell_file(void *ctx, const struct leat_ledger_file *f)
{
	struct files *x = ctx;
	assert_true(strcmp(x->last, f->output.path) < 0);
	snprintf(x->last, sizeof x->last, "%s", f->output.path);
	x->first = x->n++ ? x->first : *f;
	x->hashed += f->output.sha256 != NULL;
	return 0;
}

static void outputs_come_by_path_and_take_their_hash(void **state)
{
	(void)state;
	struct leat_state_file *s = open_it();
	int64_t run = begin_run(s);
	struct leat_ledger_item it = done(run);
	struct files x = {0}, again = {0}, none = {0};
	write_item(s, &it);
	assert_int_equal(leat_ledger_each_file(s, tell_file, &x, &err), 0);
	assert_int_equal(x.n, 2);
	assert_int_equal(x.hashed, 0);
	assert_int_equal(x.first.place, 1); /* a.jpg */
	struct leat_ledger_writer *w = leat_ledger_writer_new(s, &err);
	static const uint8_t sha[LEAT_SHA256] = "thirty-two bytes of a hash 1234";
	assert_int_equal(leat_ledger_hashed(w, &x.first, sha, &err), 0);
	assert_int_equal(leat_ledger_each_file(s, tell_file, &again, &err), 0);
	assert_int_equal(again.hashed, 1);
	assert_int_equal(leat_ledger_gone(w, 1, run, true, &err), 0);
	leat_ledger_writer_free(&w);
	assert_int_equal(leat_ledger_each_file(s, tell_file, &none, &err), 0);
	assert_int_equal(none.n, 0);
	leat_state_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(items_are_kept_with_their_outputs_and_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(failures_on_end_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(what_failed_keeps_its_earlier_outputs, setup, teardown),
		cmocka_unit_test_setup_teardown(an_intent_is_known_until_its_item_ended, setup, teardown),
		cmocka_unit_test_setup_teardown(items_are_kept_of_so_many_runs, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_compared_next_is_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(outputs_come_by_path_and_take_their_hash, setup, teardown),
		cmocka_unit_test_setup_teardown(reports_get_runs_items_and_failures, setup, teardown),
		cmocka_unit_test_setup_teardown(the_first_schema_is_brought_up_to_date, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
