/* SPDX-License-Identifier: MIT */
/*
 * Formats whose header only their library can read: the worker that opens such a file asks for the go before it
 * decodes. Mixed with others, in a budget that is short; with files that crash, that never fit, and in runs that are
 * stopped. This program has a format of its own and offers itself as the worker.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/worker.h>

#include "base/mem.h"
#include "base/sys.h"
#include "registry/registry.h"
#include "treehash.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the format: a magic word, width, height, and a mood --- */

enum { GOOD, OPEN_CRASHES, ROWS_CRASH, SLOW };
struct file {
	char magic[8];
	uint32_t width, height, mood;
};

struct leat_decoder {
	struct file f;
	uint32_t next;
	uint8_t *all; /* as a library would: the whole image */
};

static bool sniff(const uint8_t *data, size_t n)
{
	return n >= sizeof(struct file) && memcmp(data, "LEATASK1", 8) == 0;
}

static int dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		    struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		    struct leat_err *err)
{
	struct file f;
	(void)n, (void)o, (void)notes;
	memcpy(&f, data, sizeof f);
	if (f.mood == OPEN_CRASHES)
		abort();
	*d = leat_zalloc(1, sizeof **d, err);
	*meta = leat_meta_new(err);
	if (!*d || !*meta)
		return -1;
	(*d)->f = f;
	*shape = (struct leat_image_shape){
		.width = f.width, .height = f.height, .channels = 3, .sample = LEAT_U8, .pages = 1};
	return 0;
}

static int dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (!d->all)
		d->all = leat_zalloc((size_t)d->f.width * 3, d->f.height, err);
	if (!d->all)
		return -1;
	if (d->f.mood == ROWS_CRASH)
		abort();
	for (int64_t end = leat_now_ns() + 30000000; d->f.mood == SLOW && leat_now_ns() < end;)
		;
	for (uint32_t y = out->y0; y < out->y1; y++)
		for (uint32_t x = 0; x < d->f.width * 3; x++)
			((uint8_t *)leat_row(out, y))[x] = (uint8_t)(x * 7 + y * 3 + d->f.width);
	return 0;
}

static int dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)d, (void)notes, (void)err;
	return 0;
}

static void dec_close(struct leat_decoder **d)
{
	free((*d)->all);
	free(*d);
	*d = NULL;
}

static const char *const extensions[] = {"ask", NULL};
static const struct leat_codec asking = {
	.name = "ask",
	.suffix = "ask",
	.extensions = extensions,
	.summary = "a format that only its library understands",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.sniff = sniff,
	.dec_open = dec_open,
	.dec_rows = dec_rows,
	.dec_finish = dec_finish,
	.dec_close = dec_close,
};

/* --- the inputs: every third is a PNG --- */

enum { N = 60 };
static char root[64];

static void put(int i, uint32_t width, uint32_t height, uint32_t mood)
{
	char path[128];
	struct file f = {"", width, height, mood};
	memcpy(f.magic, "LEATASK1", 8);
	snprintf(path, sizeof path, "%s/in/%03d.ask", root, i);
	FILE *to = fopen(path, "we");
	assert_non_null(to);
	assert_int_equal(fwrite(&f, sizeof f, 1, to), 1);
	assert_int_equal(fclose(to), 0);
}

static int make_inputs(void **state)
{
	(void)state;
	char target[PATH_MAX], path[128];
	strcpy(root, "/tmp/leat-go-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof path, "%s/in", root);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_non_null(realpath("testdata/good/tiny.png", target));
	for (int i = 0; i < N; i++) {
		snprintf(path, sizeof path, "%s/in/%03d.png", root, i);
		if (i % 3 == 2)
			assert_int_equal(symlink(target, path), 0);
		else
			put(i, 300 + (uint32_t)i, 200, GOOD);
	}
	return 0;
}

static int remove_inputs(void **state)
{
	(void)state;
	tree_remove(root);
	return 0;
}

/* --- runs --- */

struct seen {
	struct leat_counts counts;
	struct leat_err err;
	char step[64];
	int status;
};

static void watch(void *ctx, const struct leat_event *e)
{
	struct seen *s = ctx;
	s->counts = *e->counts;
	if (e->type != LEAT_EV_ITEM || e->state != LEAT_FAILED)
		return;
	s->err = *e->err;
	snprintf(s->step, sizeof s->step, "%s", e->step ? e->step : "none");
}

struct stopper {
	struct leat_recipe *r;
	int times;
};

static void *stop_soon(void *arg)
{
	const struct stopper *s = arg;
	for (int i = 0; i < s->times; i++) {
		usleep(150000);
		leat_stop(s->r, 15);
	}
	return NULL;
}

static struct seen run(const char *job, const char *decode, const char *to, int stops)
{
	char text[512];
	struct leat_err err = {0};
	struct seen seen = {0};
	pthread_t thread;
	snprintf(text, sizeof text, "job %s\nread %s/in/* symlinks=follow\n%s\nwrite %s/%s/{stem}.png", job, root,
		 decode, root, to);
	struct stopper s = {.r = leat_load_text("go", text, strlen(text), NULL, &err), .times = stops};
	assert_non_null(s.r);
	if (leat_plan(s.r, NULL, &err) != 0)
		fail_msg("%s %s", err.text, leat_diagnostics(s.r, false));
	if (stops)
		assert_int_equal(pthread_create(&thread, NULL, stop_soon, &s), 0);
	struct leat_run_options o = {.event = watch, .event_ctx = &seen};
	seen.status = leat_run(s.r, &o, &err);
	if (stops)
		pthread_join(thread, NULL);
	char *summary = leat_run_summary(s.r, false);
	uint64_t sum = 0;
	for (int i = 0; i < LEAT_N_STATES; i++)
		sum += seen.counts.state[i];
	if (sum != N || seen.counts.matched != N)
		fail_msg("%s", summary);
	free(summary);
	leat_free(&s.r);
	return seen;
}

static char *hash_of(const char *to)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", root, to);
	return tree_hash(path);
}

static void the_bytes_are_those_of_one_process(void **state)
{
	(void)state;
	struct seen here = run("isolate=no", "decode", "here", 0), there = run("isolate=auto", "decode", "there", 0);
	assert_int_equal(here.counts.state[LEAT_DONE], N);
	if (there.counts.state[LEAT_DONE] != N)
		fail_msg("%s: %s", there.step, there.err.text);
	assert_true(here.counts.bytes_in == there.counts.bytes_in);
	char *a = hash_of("here"), *b = hash_of("there");
	assert_string_equal(a, b);
	free(a);
	free(b);
}

/* One item at a time fits; every worker would like one. */
static void a_short_budget_holds_nobody_for_ever(void **state)
{
	(void)state;
	static const char *const decodes[] = {"decode workers=1 queue=1", "decode workers=2 queue=1",
					      "decode workers=3", "decode workers=2 order=keep"};
	static const char *const memory[] = {"memory=5MiB", "memory=8MiB"};
	for (size_t i = 0; i < LEAT_LEN(decodes); i++) {
		struct seen s = run(memory[i > 0], decodes[i], "out", 0);
		if (s.counts.state[LEAT_DONE] != N)
			fail_msg("%s: %d: %s: %s", decodes[i], (int)s.counts.state[LEAT_DONE], s.step, s.err.text);
	}
}

/* Two branches decode for themselves, in pools of their own: one of them asks, both get the go. */
static void branches_ask_once(void **state)
{
	(void)state;
	char second[256];
	snprintf(second, sizeof second,
		 "branch b\ndecode workers=2\nresize 20x\nwrite %s/out/b-{stem}.png\nend\ndecode workers=1", root);
	struct seen s = run("memory=16MiB", second, "out", 0);
	if (s.counts.state[LEAT_DONE] != N)
		fail_msg("%s: %s", s.step, s.err.text);
	char path[128];
	snprintf(path, sizeof path, "%s/out", root);
	assert_int_equal(tree_count(path), 2 * N);
}

static void what_never_fits_fails_with_both_numbers(void **state)
{
	(void)state;
	static const char *const jobs[] = {"memory=64MiB", "memory=64MiB isolate=no"};
	put(6, 9000, 9000, GOOD);
	for (int i = 0; i < 2; i++) {
		struct seen s = run(jobs[i], "decode", "out", 0);
		assert_int_equal(s.counts.state[LEAT_DONE], N - 1);
		assert_int_equal(s.err.cause, LEAT_CAUSE_MEMORY);
		if (!strstr(s.err.text, "needs ") ||
		    !strstr(s.err.text, "but the memory budget allows 48 MiB for one item"))
			fail_msg("%s", s.err.text);
	}
}

static void a_crash_costs_its_item(void **state)
{
	(void)state;
	for (uint32_t mood = OPEN_CRASHES; mood <= ROWS_CRASH; mood++) {
		put(6, 300, 200, mood);
		struct seen s = run("memory=7MiB", "decode workers=2", "out", 0);
		assert_int_equal(s.counts.state[LEAT_DONE], N - 1);
		assert_int_equal(s.err.cause, LEAT_CAUSE_CRASH);
		assert_string_equal(s.step, "decode");
	}
}

static void a_stop_finds_those_who_wait(void **state)
{
	(void)state;
	for (int i = 0; i < N; i++)
		if (i % 3 != 2)
			put(i, 300, 200, SLOW);
	for (int stops = 1; stops <= 2; stops++) {
		struct seen s = run("memory=7MiB", "decode workers=2", "out", stops);
		assert_int_equal(s.status, 128 + 15);
		assert_int_equal(s.counts.state[LEAT_FAILED], 0);
		assert_true(s.counts.state[LEAT_NOT_REACHED] > 0);
	}
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_registry_add_codec(&asking, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
#define T(f) cmocka_unit_test_setup_teardown(f, make_inputs, remove_inputs)
	const struct CMUnitTest tests[] = {
		T(the_bytes_are_those_of_one_process),
		T(a_short_budget_holds_nobody_for_ever),
		T(branches_ask_once),
		T(what_never_fits_fails_with_both_numbers),
		T(a_crash_costs_its_item),
		T(a_stop_finds_those_who_wait),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
