/* SPDX-License-Identifier: MIT */
/* The sink `report`: the exact bytes of its CSV and JSON, its tables, and files that are whole or as they were. */
#include "scratch.h"

#include <setjmp.h>
#include <cmocka.h>

#include "core/end.h"

#include <math.h>
#include <sqlite3.h>

extern const struct leat_sink leat_sink_report;

struct world {
	struct scratch s;
	void *params;
	struct leat_sink_open o;
	struct leat_runinfo run;
	struct leat_err err;
	void *sink;
	struct leat_template *t[4];
	char texts[4][600];
	size_t n;
	const char *fields[8];
};

static void *param(struct world *w, const char *name)
{
	for (const struct leat_param *p = leat_sink_report.params; p->name; p++)
		if (strcmp(p->name, name) == 0)
			return (char *)w->params + p->offset;
	fail_msg("no parameter %s", name);
	return NULL;
}

/* csv=, json= or sqlite= with a template below the scratch folder. */
static void file(struct world *w, const char *form, const char *name)
{
	char *text = w->texts[w->n];
	strcpy(text, w->s.path);
	strcat(text, "/");
	strcat(text, name);
	w->t[w->n] = leat_template_new(text, NULL, &w->err);
	SCRATCH_MUST(w->t[w->n]);
	*(struct leat_tmpl *)param(w, form) = (struct leat_tmpl){text, text, w->t[w->n]};
	w->n++;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	SCRATCH_MUST(w);
	w->params = calloc(1, leat_sink_report.params_size);
	SCRATCH_MUST(w->params);
	scratch_open(&w->s);
	*(const char **)param(w, "table") = "items";
	strcpy(w->run.job, "night");
	w->run.started_ns = 1700000000 * (int64_t)1000000000;
	w->o = (struct leat_sink_open){.params = w->params, .run = &w->run};
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	if (w->sink)
		assert_int_equal(leat_sink_report.close(w->sink, false, &w->err), 0);
	for (size_t i = 0; i < w->n; i++)
		leat_template_free(&w->t[i]);
	assert_int_equal(scratch_count(w->s.fd, ".part"), 0);
	scratch_close(&w->s);
	free(w->params);
	free(w);
	return 0;
}

static int open_it(struct world *w)
{
	w->err = (struct leat_err){0};
	return leat_sink_report.open(&w->o, &w->sink, &w->err);
}

static int close_it(struct world *w, bool aborted)
{
	void *sink = w->sink;
	w->sink = NULL;
	return leat_sink_report.close(sink, aborted, &w->err);
}

/* One row; mean is left out when it is NULL. */
static int row(struct world *w, const char *path, enum leat_state st, const char *error, const double *mean)
{
	struct leat_entry e = {.path = path, .reldir = "", .size = 1234};
	struct leat_fields f = {0};
	struct leat_view v = {.entry = &e, .fields = &f, .run = &w->run, .branch = ""};
	struct leat_err why = {.cause = LEAT_CAUSE_CORRUPT}, err = {0};
	SCRATCH_MUST(leat_fields_set_real(&f, "seconds", 0.25, &err) == 0);
	if (mean) {
		SCRATCH_MUST(leat_fields_set_int(&f, "bytes_out", 99, &err) == 0);
		SCRATCH_MUST(leat_fields_set_real(&f, "mean", *mean, &err) == 0);
		SCRATCH_MUST(leat_fields_set_text(&f, "note", "a \"b\", c", 8, &err) == 0);
	}
	if (error)
		snprintf(why.text, sizeof why.text, "%s", error);
	int r = leat_sink_report.row(w->sink, &v, st, error ? &why : NULL, error ? "decode" : "", &w->err);
	leat_fields_free(&f);
	return r;
}

static void four_rows(struct world *w)
{
	const double mean = 0.1, nothing = NAN;
	assert_int_equal(row(w, "in/a.png", LEAT_DONE, NULL, &mean), 0);
	assert_int_equal(row(w, "in/b,\"\xe4\x1b\n.png", LEAT_FAILED, "line 3: 'x' is wrong", NULL), 0);
	assert_int_equal(row(w, "in/\xc3\xa4.png", LEAT_DONE, NULL, &nothing), 0);
	assert_int_equal(row(w, "in/d.png", LEAT_NOT_REACHED, NULL, NULL), 0);
}

static const char *const measured[] = {"bytes_out", "mean", "note", NULL};

static void csv(void **state)
{
	struct world *w = *state;
	file(w, "csv", "deep/er/{job}.csv");
	w->o.fields = measured;
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_null(scratch_get(&w->s, "deep/er/night.csv")); /* whole or not there */
	assert_int_equal(close_it(w, false), 0);
	char *got = scratch_get(&w->s, "deep/er/night.csv");
	assert_string_equal(got, "path,state,error,seconds,bytes_in,bytes_out,mean,note\n"
				 "in/a.png,done,,0.25,1234,99,0.1,\"a \"\"b\"\", c\"\n"
				 "\"in/b,\"\"\\xE4\\x1B\n.png\",failed,decode: line 3: 'x' is wrong,0.25,1234,,,\n"
				 "in/\xc3\xa4.png,done,,0.25,1234,99,nan,\"a \"\"b\"\", c\"\n"
				 "in/d.png,not_reached,,0.25,1234,,,\n");
	free(got);
}

static void json(void **state)
{
	struct world *w = *state;
	file(w, "json", "out.jsonl");
	w->o.fields = measured;
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, false), 0);
	char *got = scratch_get(&w->s, "out.jsonl");
	static const char first[] =
		"{\"path\":\"in/a.png\",\"state\":\"done\",\"error\":null,\"seconds\":0.25,\"bytes_in\":1234,"
		"\"bytes_out\":99,\"mean\":0.1,\"note\":\"a \\\"b\\\", c\"}\n{\"path\":";
	assert_memory_equal(got, first, sizeof first - 1);
	assert_non_null(strstr(got, "\"error\":\"decode: line 3: 'x' is wrong\",\"seconds\":0.25,\"bytes_in\":1234,"
				    "\"bytes_out\":null,\"mean\":null,\"note\":null}\n"));
	assert_non_null(strstr(got, "\"mean\":null,\"note\":\"a "));
	int lines = 0;
	for (const char *p = got; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 4);
	free(got);
}

static void chosen_fields(void **state)
{
	struct world *w = *state;
	w->fields[0] = "mean";
	w->fields[1] = "stem";
	*(struct leat_strs *)param(w, "fields") = (struct leat_strs){w->fields, 2};
	file(w, "csv", "x.csv");
	w->o.fields = measured;
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, false), 0);
	assert_true(scratch_has(&w->s, "x.csv", "mean,stem\n0.1,a\n,\"b,\"\"\\xE4\\x1B\n\"\nnan,\xc3\xa4\n,d\n"));
	*(struct leat_strs *)param(w, "fields") = (struct leat_strs){w->fields, 1};
	assert_int_equal(open_it(w), 0);
	assert_int_equal(row(w, "d.png", LEAT_DONE, NULL, NULL), 0);
	assert_int_equal(close_it(w, false), 0);
	assert_true(scratch_has(&w->s, "x.csv", "mean\n\"\"\n"));
}

static void append(void **state)
{
	struct world *w = *state;
	w->fields[0] = "name";
	*(struct leat_strs *)param(w, "fields") = (struct leat_strs){w->fields, 1};
	*(int64_t *)param(w, "existing") = 1;
	file(w, "csv", "x.csv");
	file(w, "json", "x.jsonl");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(open_it(w), 0);
		assert_int_equal(row(w, i ? "b" : "a", LEAT_DONE, NULL, NULL), 0);
		assert_int_equal(close_it(w, false), 0);
	}
	assert_true(scratch_has(&w->s, "x.csv", "name\na\nb\n"));
	assert_true(scratch_has(&w->s, "x.jsonl", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n"));
	/* an aborted run leaves them as they were, however much was written by then */
	assert_int_equal(open_it(w), 0);
	for (int i = 0; i < 50000; i++)
		assert_int_equal(row(w, "ccc", LEAT_DONE, NULL, NULL), 0);
	assert_int_equal(close_it(w, true), 0);
	assert_true(scratch_has(&w->s, "x.csv", "name\na\nb\n"));
	/* a line that broke off is ended first */
	scratch_put(&w->s, "x.csv", "name\na\ntorn");
	assert_int_equal(open_it(w), 0);
	assert_int_equal(row(w, "d", LEAT_DONE, NULL, NULL), 0);
	assert_int_equal(close_it(w, false), 0);
	assert_true(scratch_has(&w->s, "x.csv", "name\na\ntorn\nd\n"));
	/* other columns */
	w->fields[0] = "stem";
	assert_int_equal(open_it(w), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
	assert_non_null(strstr(w->err.text, "has other columns"));
}

static void aborted_and_failed(void **state)
{
	struct world *w = *state;
	file(w, "csv", "x.csv");
	scratch_put(&w->s, "x.csv", "old");
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, true), 0);
	assert_true(scratch_has(&w->s, "x.csv", "old"));
	/* the second file cannot be opened: the first is as if it had never been */
	file(w, "json", "folder");
	scratch_dir(&w->s, "folder");
	assert_int_equal(open_it(w), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_SPECIAL);
	assert_true(scratch_has(&w->s, "x.csv", "old"));
	w->sink = NULL;
}

static void inputs_and_twins(void **state)
{
	struct world *w = *state;
	struct stat st;
	struct leat_entry e = {.path = "x.csv"};
	struct leat_listing l = {.v = &e, .n = 1};
	scratch_put(&w->s, "x.csv", "an input");
	SCRATCH_MUST(fstatat(w->s.fd, "x.csv", &st, 0) == 0);
	e.dev = st.st_dev;
	e.ino = st.st_ino;
	w->o.inputs = &l;
	file(w, "csv", "x.csv");
	assert_int_equal(open_it(w), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
	file(w, "csv", "y");
	file(w, "json", "y");
	assert_int_equal(open_it(w), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_CONFLICT);
	assert_true(scratch_has(&w->s, "x.csv", "an input"));
	w->sink = NULL;
}

/* The result of a query as text, cells separated by '|', rows by ';'. */
static const char *query(const struct world *w, const char *sql)
{
	static char out[4096];
	char path[600];
	sqlite3 *db;
	sqlite3_stmt *s;
	snprintf(path, sizeof path, "%s/x.db", w->s.path);
	out[0] = 0;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		snprintf(out, sizeof out, "%s", sqlite3_errmsg(db));
	else
		while (sqlite3_step(s) == SQLITE_ROW) {
			for (int i = 0; i < sqlite3_column_count(s); i++) {
				const char *t = (const char *)sqlite3_column_text(s, i);
				snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? "|" : "",
					 t ? t : "NULL");
			}
			strcat(out, ";");
		}
	sqlite3_finalize(s);
	sqlite3_close(db);
	return out;
}

static void sqlite(void **state)
{
	struct world *w = *state;
	*(const char **)param(w, "table") = "odd \"name";
	file(w, "sqlite", "x.db");
	w->o.fields = measured;
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, false), 0);
	assert_string_equal(
		query(w, "SELECT path, state, error, bytes_in, bytes_out, mean FROM \"odd \"\"name\" ORDER BY rowid"),
		"in/a.png|done|NULL|1234|99|0.1;"
		"in/b,\"\\xE4\\x1B\n.png|failed|decode: line 3: 'x' is wrong|1234|NULL|NULL;"
		"in/\xc3\xa4.png|done|NULL|1234|99|NULL;"
		"in/d.png|not_reached|NULL|1234|NULL|NULL;");
	assert_string_equal(
		query(w, "SELECT typeof(mean), typeof(bytes_out), typeof(path) FROM \"odd \"\"name\" LIMIT 1"),
		"real|integer|text;");
	/* overwrite: this table only, the others stay */
	*(const char **)param(w, "table") = "items";
	for (int i = 0; i < 2; i++) {
		assert_int_equal(open_it(w), 0);
		four_rows(w);
		assert_int_equal(close_it(w, false), 0);
	}
	assert_string_equal(query(w, "SELECT count(*) FROM items"), "4;");
	assert_string_equal(query(w, "SELECT count(*) FROM \"odd \"\"name\""), "4;");
	*(int64_t *)param(w, "existing") = 1;
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, false), 0);
	assert_string_equal(query(w, "SELECT count(*) FROM items"), "8;");
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, true), 0);
	assert_string_equal(query(w, "SELECT count(*) FROM items"), "8;");
	static const char *const more[] = {"sharpness", NULL};
	w->o.fields = more;
	assert_int_equal(open_it(w), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
	assert_non_null(strstr(w->err.text, "sharpness"));
	w->sink = NULL;
}

static void sqlite_that_is_none(void **state)
{
	struct world *w = *state;
	file(w, "sqlite", "x.db");
	assert_int_equal(open_it(w), 0);
	four_rows(w);
	assert_int_equal(close_it(w, true), 0);
	assert_null(scratch_get(&w->s, "x.db")); /* an aborted first run leaves no empty file */
	scratch_put(&w->s, "x.db",
		    "this is no database, but long enough to look like a file with something in it .........");
	assert_int_equal(open_it(w), -1);
	assert_int_equal(w->err.cause, LEAT_CAUSE_USAGE);
	w->sink = NULL;
}

static void full_target(void **state)
{
	struct world *w = *state;
	struct stat st;
	if (stat("/dev/full", &st) != 0)
		skip();
	file(w, "csv", "x.csv");
	SCRATCH_MUST(symlinkat("/dev/full", w->s.fd, "x.csv") == 0);
	assert_int_equal(open_it(w), -1); /* a device is not a report */
	assert_int_equal(w->err.cause, LEAT_CAUSE_SPECIAL);
	w->sink = NULL;
}

static void checks(void **state)
{
	struct world *w = *state;
	const struct leat_param *which;
	assert_int_equal(leat_sink_report.check(w->params, &which, &w->err), -1);
	file(w, "csv", "x");
	w->err = (struct leat_err){0};
	assert_int_equal(leat_sink_report.check(w->params, &which, &w->err), 0);
	w->fields[0] = w->fields[1] = "mean";
	*(struct leat_strs *)param(w, "fields") = (struct leat_strs){w->fields, 2};
	assert_int_equal(leat_sink_report.check(w->params, &which, &w->err), -1);
	assert_string_equal(which->name, "fields");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(csv),
		T(json),
		T(chosen_fields),
		T(append),
		T(aborted_and_failed),
		T(inputs_and_twins),
		T(sqlite),
		T(sqlite_that_is_none),
		T(full_target),
		T(checks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
