/* SPDX-License-Identifier: MIT */
/*
 * What steps load before anything is locked down: at check in this process, where a failure is told at its place,
 * and in every worker while it can still open files. This program has steps of its own and offers itself as the worker.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/worker.h>

#include "base/mem.h"
#include "registry/registry.h"
#include "treehash.h"

#include <stdio.h>
#include <string.h>

/* test-loader: works only where its prepare() has read a file; takes `memory` bytes for an item. */
struct loader {
	bool missing;
	uint64_t memory;
};
static const struct leat_param params[] = {
	LEAT_P_SWITCH(struct loader, missing, "missing", "no", 0, "its library is not there"),
	LEAT_P(struct loader, memory, uint64_t, LEAT_PT_SIZE, "memory", "0B", 0, "what it takes"),
	LEAT_P_END,
};

static bool loaded; /* in this process */

static int prepare(const void *p, struct leat_err *err)
{
	const struct loader *l = p;
	if (l->missing)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "libnowhere.so.3 is not installed");
	FILE *f = fopen("/proc/self/status", "re");
	loaded = f != NULL;
	if (f)
		(void)fclose(f);
	return loaded ? 0 : leat_fail(err, LEAT_CAUSE_LIMIT, "no file can be opened here any more");
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct loader *l = b->params;
	*item = NULL;
	if (!loaded)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "it was not prepared in this process");
	volatile char *p = l->memory ? leat_zalloc(1, (size_t)l->memory, err) : NULL;
	for (size_t i = 0; p && i < l->memory; i += 4096)
		p[i] = 1;
	free((void *)(uintptr_t)p);
	return l->memory && !p ? -1 : 0;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)y0, (void)y1, (void)scratch, (void)err;
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	(void)item;
	return fields ? leat_fields_set_int(fields, "prepared", loaded, err) : 0;
}

static void fields(const void *p, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for all */
	(void)p;
	fn(ctx, "prepared", LEAT_V_INT, "whether it was");
}

#define STEP(n, hook)                                                                                                \
	{                                                                                                            \
		.name = n, .group = "test", .summary = "need something from afar", .example = n " missing=no",       \
		.version = 1, .params = params, .params_size = sizeof(struct loader), .in = LEAT_IMAGE,              \
		.out = LEAT_IMAGE, .modes = LEAT_ON_CPU, .measures = true, .hidden = true, .shape = leat_shape_same, \
		.prepare = hook, .fields = fields, .begin = begin, .rows = rows, .end = end,                         \
	}
static const struct leat_op loader = STEP("test-loader", prepare);
static const struct leat_op eater = STEP("test-eater", NULL); /* the same without anything to load */

static struct leat_recipe *recipe(const char *text)
{
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("prepare.leat", text, strlen(text), NULL, &err);
	assert_non_null(r);
	return r;
}

static void what_is_missing_is_told_at_check(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_recipe *r = recipe("read testdata/good\ntest-loader missing=yes\nwrite /tmp/leat-never/{stem}.png");
	assert_int_equal(leat_check(r), 1);
	char *text = leat_diagnostics(r, false);
	if (!strstr(text,
		    "prepare.leat:2:1: error[E063]: 'test-loader' cannot work here: libnowhere.so.3 is not installed"))
		fail_msg("%s", text);
	free(text);
	assert_int_equal(leat_plan(r, NULL, &err), 2);
	leat_free(&r);
}

static void a_loop_tells_it_once(void **state)
{
	(void)state;
	struct leat_recipe *r = recipe("read testdata/good\nbranch a for n in 1,2\ntest-loader missing=yes\n"
				       "write /tmp/leat-never/$n/{stem}.png\nend");
	assert_int_equal(leat_check(r), 1);
	leat_free(&r);
}

/* Runs tiny.png through `step`, on=`where`; its failure goes into *err. */
static int run(const char *where, const char *step, struct leat_err *err)
{
	char out[] = "/tmp/leat-prepare-XXXXXX", text[512];
	assert_non_null(mkdtemp(out));
	snprintf(text, sizeof text,
		 "job worker-memory=64MiB\nread testdata/good/tiny.png\ndecode on=%s\n%s\nwrite %s/{stem}.png", where,
		 step, out);
	struct leat_recipe *r = recipe(text);
	assert_int_equal(leat_plan(r, NULL, err), 0);
	int status = leat_run(r, NULL, err);
	leat_free(&r);
	assert_int_equal(tree_count(out), status == 0);
	tree_remove(out);
	return status;
}

static void workers_prepare_before_they_lock_themselves_down(void **state)
{
	(void)state;
	struct leat_err err = {0};
	loaded = false;
	assert_int_equal(run("processes", "test-loader", &err), 0);
	loaded = false;
	assert_int_equal(run("threads", "test-loader", &err), 0);
	loaded = false;
	assert_int_equal(run("processes", "test-eater", &err), 1); /* nobody prepared it: the test can fail */
}

static void workers_of_such_steps_have_more_memory(void **state)
{
	(void)state;
	struct leat_err err = {0};
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip(); /* memory is not limited then */
#endif
	assert_int_equal(run("processes", "test-loader memory=200MiB", &err), 0);
	assert_int_equal(run("processes", "test-loader memory=400MiB", &err), 1);
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_registry_add(&loader, &err) < 0 || leat_registry_add(&eater, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_told_at_check),
		cmocka_unit_test(a_loop_tells_it_once),
		cmocka_unit_test(workers_prepare_before_they_lock_themselves_down),
		cmocka_unit_test(workers_of_such_steps_have_more_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
