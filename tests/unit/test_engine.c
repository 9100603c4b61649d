/* SPDX-License-Identifier: MIT */
/*
 * The engine through the public door: files named by options, stops, expectations, timeouts, order, branches that
 * fail alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>

#include "base/mem.h"
#include "registry/registry.h"
#include "test_ops.h"
#include "treehash.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- test-file: an op with a parameter of type FILE; its field says what it got --- */

struct with_file {
	struct leat_fileref with;
};

static const struct leat_param file_params[] = {
	LEAT_P(struct with_file, with, struct leat_fileref, LEAT_PT_FILE, "with", NULL, LEAT_REQUIRED, "a file"),
	LEAT_P_END,
};

struct file_state {
	char text[200];
};

static int file_open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	const struct with_file *p = o->params;
	const struct leat_resource *r = &o->resources[p->with.resource];
	struct file_state *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	snprintf(s->text, sizeof s->text, "%.*s/%.8s", (int)r->bytes->len, (const char *)r->bytes->data, r->sha256);
	*state = s;
	return 0;
}

static int begin_with_state(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	(void)err;
	*item = b->state;
	return 0;
}

static int file_end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	const struct file_state *s = item;
	return fields ? leat_fields_set_text(fields, "got", s->text, strlen(s->text), err) : 0;
}

static void file_fields(const void *params, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for all */
	(void)params;
	fn(ctx, "got", LEAT_V_TEXT, "what the file holds");
}

static const struct leat_op test_file = {
	TEST_OP_MEASURES,
	.name = "test-file",
	.summary = "tell what a file holds",
	.example = "test-file with=a.txt",
	.params = file_params,
	.params_size = sizeof(struct with_file),
	.fields = file_fields,
	.open = file_open,
	.begin = begin_with_state,
	.end = file_end,
	.close = free,
};

/* --- test-slow: 5 ms an item, and it remembers the order in which items came --- */

static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t seen[2000];
static int n_seen;

static int slow_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	(void)err;
	struct timespec ts = {.tv_nsec = 5 * 1000 * 1000};
	pthread_mutex_lock(&seen_lock);
	seen[n_seen++] = b->view->index;
	pthread_mutex_unlock(&seen_lock);
	nanosleep(&ts, NULL);
	*item = NULL;
	return 0;
}

/* --- test-stop: the third item stops the run, when others were read ahead --- */

static struct leat_recipe *to_stop;

static int stop_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	(void)b, (void)err;
	*item = NULL;
	if (++n_seen != 3)
		return 0;
	nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
	leat_stop(to_stop, 15);
	return 0;
}

TEST_OP_MARK(stop, "stop", "it was begun")

static const struct leat_op test_stop = {
	TEST_OP_MEASURES,      .name = "test-stop", .summary = "stop the run", .example = "test-stop",
	.fields = stop_fields, .begin = stop_begin, .end = stop_end,
};

TEST_OP_MARK(slow, "slow", "it was slow")

static const struct leat_op test_slow = {
	TEST_OP_MEASURES,       .name = "test-slow",   .summary = "take five milliseconds",
	.example = "test-slow", .fields = slow_fields, .begin = slow_begin,
	.end = slow_end,
};

/* --- test-flaky: fails the first time that it sees an item, with a cause that can pass --- */

static int flaky_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	*item = NULL;
	pthread_mutex_lock(&seen_lock);
	uint64_t times = ++seen[b->view->index];
	pthread_mutex_unlock(&seen_lock);
	if (times == 1)
		return leat_fail(err, LEAT_CAUSE_IO, "not this time");
	return 0;
}

static const struct leat_op test_flaky = {
	TEST_OP_MEASURES,      .name = "test-flaky", .summary = "fail once", .example = "test-flaky",
	.fields = slow_fields, .begin = flaky_begin, .end = slow_end,
};

/* --- the kit --- */

static char out[64];

struct outcome {
	struct leat_counts counts;
	int status;
	char *summary;
};

static void watch(void *ctx, const struct leat_event *e)
{
	struct outcome *o = ctx;
	o->counts = *e->counts;
}

static struct leat_recipe *planned(const char *text)
{
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("test", text, strlen(text), NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	if (status != 0)
		fail_msg("plan %d: %s\n%s", status, err.text, leat_diagnostics(r, false));
	return r;
}

static struct outcome run(const char *text)
{
	struct outcome o = {0};
	struct leat_err err = {0};
	struct leat_run_options options = {.event = watch, .event_ctx = &o};
	struct leat_recipe *r = planned(text);
	o.status = leat_run(r, &options, &err);
	o.summary = leat_run_summary(r, false);
	leat_free(&r);
	uint64_t sum = 0;
	for (int i = 0; i < LEAT_N_STATES; i++)
		sum += o.counts.state[i];
	assert_int_equal(sum, o.counts.matched); /* whatever happened, the states add up */
	assert_int_equal(o.counts.state[LEAT_PENDING], 0);
	return o;
}

static char *content(const char *name)
{
	char path[256];
	static char text[65536];
	snprintf(path, sizeof path, "%s/%s", out, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof text - 1, f)] = 0;
	fclose(f);
	return text;
}

static int setup(void **state)
{
	(void)state;
	strcpy(out, "/tmp/leat-engine-XXXXXX");
	n_seen = 0;
	return mkdtemp(out) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	tree_remove(out);
	return 0;
}

static char *recipe(const char *fmt)
{
	static char text[2048];
	size_t n = 0;
	for (const char *s = fmt; *s; s++) /* '@' stands for the scratch folder */
		n += (size_t)snprintf(text + n, sizeof text - n, *s == '@' ? "%s" : "%.1s", *s == '@' ? out : s);
	return text;
}

/* --- the tests --- */

static void a_file_parameter_is_read_once_and_hashed(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/a.txt", out);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("abc", f);
	fclose(f);
	struct outcome o = run(recipe("read testdata/good | test-file with=@/a.txt | report csv=@/r.csv fields=got"));
	assert_int_equal(o.status, 0);
	assert_non_null(strstr(content("r.csv"), "abc/ba7816bf"));
	free(o.summary);
}

static void a_missing_file_parameter_is_exit_5(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_recipe *r = planned(recipe("read testdata/good | test-file with=@/no.txt | report csv=@/r.csv"));
	assert_int_equal(leat_run(r, NULL, &err), 5);
	assert_non_null(strstr(err.text, "no.txt"));
	leat_free(&r);
}

/* n small good files, and before them one that is none. */
static void make_inputs(int n)
{
	char path[128], cmd[400];
	snprintf(path, sizeof path, "%s/in", out);
	assert_int_equal(mkdir(path, 0777), 0);
	for (int i = 0; i < n; i++) {
		snprintf(cmd, sizeof cmd, "%s/in/%04d.png", out, i);
		char here[PATH_MAX];
		assert_non_null(realpath(i == 0 ? "testdata/broken.png" : "testdata/good/tiny.png", here));
		assert_int_equal(symlink(here, cmd), 0);
	}
}

static void on_error_stop_reaches_no_further(void **state)
{
	(void)state;
	make_inputs(300);
	struct outcome o =
		run(recipe("read @/in/*.png symlinks=follow\ndecode on-error=stop\ntest-slow\nwrite @/o/{stem}.png"));
	assert_int_equal(o.status, 1);
	assert_int_equal(o.counts.state[LEAT_FAILED], 1);
	assert_true(o.counts.state[LEAT_NOT_REACHED] > 100);
	free(o.summary);
}

static void expectations_decide_the_status(void **state)
{
	(void)state;
	struct outcome o = run(recipe("expect failed<=50%\nread testdata | resize 4x4 | report csv=@/r.csv"));
	assert_int_equal(o.status, 0); /* tolerated, because it is limited and holds */
	free(o.summary);
	o = run(recipe("expect matched>=100\nread testdata/good | resize 4x4 | report csv=@/r.csv"));
	assert_int_equal(o.status, 4);
	assert_non_null(strstr(o.summary, ": error[E074]: expect matched>=100 did not hold: "));
	free(o.summary);
}

static void a_timeout_costs_its_item(void **state)
{
	(void)state;
	struct outcome o = run(recipe("defaults timeout=1ms\nread testdata/good/sunrise.png\n"
				      "resize 4000x4000 enlarge=yes | blur 9 | resize 9x9 | write @/{stem}.png"));
	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.summary, "timeout"));
	free(o.summary);
}

static void what_cannot_fit_fails_with_both_numbers(void **state)
{
	(void)state;
	struct outcome o = run(recipe("job memory=1MiB\nread testdata/good/*.png\n"
				      "rotate 90 | resize 3000x3000 enlarge=yes | rotate 90 | write @/{stem}.png"));
	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.summary, "memory"));
	free(o.summary);
}

static void order_keep_starts_in_input_order(void **state)
{
	(void)state;
	struct outcome o =
		run(recipe("read testdata\ndecode on=threads workers=4\nresize 30x30\n"
			   "test-slow on=threads workers=1 order=keep\nwrite @/{reldir}/{stem}-{format}.png"));
	assert_int_equal(o.counts.state[LEAT_DONE], 13);
	assert_int_equal(n_seen, 13);
	for (int i = 1; i < n_seen; i++)
		assert_true(seen[i - 1] < seen[i]);
	free(o.summary);
}

static void a_failing_branch_fails_alone(void **state)
{
	(void)state;
	struct outcome o = run(recipe("read testdata/good/sunrise.png testdata/good/tiny.png root=testdata\n"
				      "branch a | crop 50x50 | write @/a/{stem}.png | end\n"
				      "branch b | resize 9x9 | write @/b/{stem}.png | end\n"
				      "report csv=@/r.csv fields=path,state,error"));
	assert_int_equal(o.status, 1);
	assert_int_equal(o.counts.state[LEAT_FAILED], 1); /* the tiny one, in branch a */
	assert_int_equal(tree_count(out), 4); /* a/sunrise, b/sunrise, b/tiny, the report */
	assert_non_null(strstr(content("r.csv"), "tiny.png,failed,\"crop: "));
	free(o.summary);
}

static void filters_drop_without_failing(void **state)
{
	(void)state;
	struct outcome o = run(recipe(
		"read testdata/good\ndecode\nkeep width>=100\nstats\ndrop mean<140\nwrite @/{reldir}/{stem}.png\n"
		"report csv=@/r.csv fields=stem,width,mean"));
	assert_int_equal(o.status, 0);
	assert_int_equal(o.counts.state[LEAT_DONE], 13);
	assert_int_equal(tree_count(out), 3); /* deep and thin are wide and bright enough; and the report */
	free(o.summary);
}

static void reductions_group_by_template(void **state)
{
	(void)state;
	struct outcome o = run(
		recipe("read testdata/good\ngrayscale\nflatten\nresize 20x20 fit=fill enlarge=yes\nconvert depth=8\n"
		       "reduce mean by={reldir}\nwrite @/mean-{key}-{count}.png"));
	assert_int_equal(o.status, 0);
	assert_int_equal(tree_count(out), 3);
	free(o.summary);
}

static void retries_help_what_can_pass(void **state)
{
	(void)state;
	memset(seen, 0, sizeof seen);
	struct outcome o = run(recipe("read testdata/good\ndecode on=threads\ntest-flaky retries=1 retry-wait=1ms\n"
				      "write @/{reldir}/{stem}-{ext}.png"));
	assert_int_equal(o.status, 0);
	assert_int_equal(o.counts.state[LEAT_DONE], 13);
	free(o.summary);
	memset(seen, 0, sizeof seen);
	o = run(recipe("read testdata/good\ndecode on=threads\ntest-flaky\nwrite @/b/{reldir}/{stem}-{ext}.png"));
	assert_int_equal(o.counts.state[LEAT_FAILED], 13);
	free(o.summary);
}

static void a_reduction_goes_on_without_the_failed(void **state)
{
	(void)state;
	struct outcome o = run(recipe("read testdata\ndecode\ngrayscale\nflatten\nresize 20x20 fit=fill enlarge=yes\n"
				      "convert depth=8\nreduce mean\nwrite @/mean-{count}.png"));
	assert_int_equal(o.status, 1);
	assert_int_equal(o.counts.state[LEAT_FAILED], 1);
	assert_int_equal(tree_count(out), 1);
	char path[128];
	snprintf(path, sizeof path, "%s/mean-13.png", out);
	assert_int_equal(access(path, R_OK), 0);
	free(o.summary);
}

static void *stop_soon(void *recipe_handle)
{
	struct timespec ts = {.tv_nsec = 30 * 1000 * 1000};
	nanosleep(&ts, NULL);
	leat_stop(recipe_handle, 0);
	leat_stop(recipe_handle, 0);
	return NULL;
}

static void an_abort_leaves_no_part(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct outcome o = {0};
	struct leat_run_options options = {.event = watch, .event_ctx = &o};
	struct leat_recipe *r =
		planned(recipe("read testdata/good\nresize 6000x6000 enlarge=yes | blur 20 | resize 9x9\n"
			       "write @/{reldir}/{stem}-{format}.png"));
	pthread_t t;
	assert_int_equal(pthread_create(&t, NULL, stop_soon, r), 0);
	assert_int_equal(leat_run(r, &options, &err), 130);
	pthread_join(t, NULL);
	leat_free(&r);
	assert_true(o.counts.state[LEAT_NOT_REACHED] > 0);
	assert_int_equal(tree_count(out), o.counts.state[LEAT_DONE]);
}

static void a_stop_leaves_what_was_only_read(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct outcome o = {0};
	struct leat_run_options options = {.event = watch, .event_ctx = &o};
	n_seen = 0;
	to_stop =
		planned(recipe("job isolate=no\nread testdata/good queue=100\ndecode on=threads workers=1\ntest-stop\n"
			       "write @/{reldir}/{stem}-{format}.png"));
	assert_int_equal(leat_run(to_stop, &options, &err), 128 + 15);
	leat_free(&to_stop);
	assert_int_equal(n_seen, 3);
	assert_int_equal(o.counts.state[LEAT_DONE], 3); /* the one that was being worked on, too */
	assert_int_equal(o.counts.state[LEAT_NOT_REACHED], 10);
	assert_int_equal(tree_count(out), 3);
}

int main(void)
{
	struct leat_err err = {0};
	if (leat_registry_add(&test_file, &err) < 0 || leat_registry_add(&test_slow, &err) < 0 ||
	    leat_registry_add(&test_flaky, &err) < 0 || leat_registry_add(&test_stop, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_file_parameter_is_read_once_and_hashed),
		T(a_missing_file_parameter_is_exit_5),
		T(on_error_stop_reaches_no_further),
		T(expectations_decide_the_status),
		T(a_timeout_costs_its_item),
		T(what_cannot_fit_fails_with_both_numbers),
		T(order_keep_starts_in_input_order),
		T(a_failing_branch_fails_alone),
		T(filters_drop_without_failing),
		T(reductions_group_by_template),
		T(retries_help_what_can_pass),
		T(a_stop_leaves_what_was_only_read),
		T(a_reduction_goes_on_without_the_failed),
		T(an_abort_leaves_no_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
