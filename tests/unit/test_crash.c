/* SPDX-License-Identifier: MIT */
/*
 * Faults of one item, through the whole engine: a step that crashes, hangs, eats memory or leaves in the middle
 * costs exactly its item,
 * named with its cause; the others have their outputs. This program has a step of its own and offers itself as
 * the worker.
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* test-crash: does what `kind` says when the item's name begins with "bad". */
struct crash {
	int64_t kind;
};
enum { SEGV, ABORT, STACK, LOOP, HOG, LEAVE, FREEZE, OPEN, SLOW, LATE };
static const char *const kinds[] = {"segv",   "abort", "stack", "loop", "hog", "leave",
				    "freeze", "open",  "slow",  "late", NULL};
static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct crash, kind, "kind", "segv", kinds, 0, "what happens"),
	LEAT_P_END,
};

/* Volatile, so that no compiler is clever about what must go wrong. */
static volatile int depth_limit = INT_MAX;
static volatile uintptr_t nowhere = 8;

static int dig(int depth)
{
	volatile char frame[4096];
	frame[depth % 4096] = 1;
	return depth < depth_limit ? dig(depth + 1) + frame[0] : 0;
}

static void eat(void)
{
	for (;;) {
		volatile char *p = malloc(64 << 20);
		for (size_t i = 0; p && i < 64 << 20; i += 4096)
			p[i] = 1;
		if (!p)
			return; /* the limit made malloc say no: the worker lives on */
	}
}

static void misbehave(int64_t kind)
{
	switch (kind) {
	case SEGV:
		*(volatile int *)(uintptr_t)nowhere = 1;
		break;
	case ABORT:
		abort();
	case STACK:
		dig(0);
		break;
	case LOOP:
		for (volatile int i = 0;; i++)
			;
	case HOG:
		eat();
		break;
	case LEAVE:
		_exit(0);
	case FREEZE:
		for (;;)
			pause();
	case OPEN:
		(void)!fopen("/etc/passwd", "r");
		break;
	}
}

static bool is_bad(const struct leat_op_begin *b)
{
	const char *name = strrchr(b->view->entry->path, '/');
	return strncmp(name ? name + 1 : b->view->entry->path, "bad", 3) == 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct crash *p = b->params;
	*item = is_bad(b) ? (void *)(uintptr_t)p : NULL;
	if (is_bad(b))
		misbehave(p->kind);
	if (p->kind == HOG && is_bad(b))
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	return 0;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct crash *p = item; /* of the bad one */
	(void)in, (void)out, (void)y0, (void)y1, (void)scratch, (void)err;
	for (int64_t end = leat_now_ns() + 300000000; p && p->kind == SLOW && leat_now_ns() < end;)
		;
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	const struct crash *p = item;
	if (p && p->kind == LATE)
		abort();
	return fields ? leat_fields_set_int(fields, "lived", 1, err) : 0;
}

static void fields(const void *p, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for all */
	(void)p;
	fn(ctx, "lived", LEAT_V_INT, "it lived");
}

static const struct leat_op crash = {
	.name = "test-crash",
	.group = "test",
	.summary = "go wrong on purpose",
	.example = "test-crash kind=segv",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct crash),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.measures = true,
	.hidden = true,
	.shape = leat_shape_same,
	.fields = fields,
	.begin = begin,
	.rows = rows,
	.end = end,
};

enum { GOOD = 30 };
static char root[] = "/tmp/leat-crash-XXXXXX";

static void make_inputs(void)
{
	char target[PATH_MAX], path[128];
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof path, "%s/in", root);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_non_null(realpath("testdata/good/tiny.png", target));
	for (int i = 0; i <= GOOD; i++) {
		snprintf(path, sizeof path, i == GOOD / 2 ? "%s/in/bad-%d.png" : "%s/in/good-%d.png", root, i);
		assert_int_equal(symlink(target, path), 0);
	}
}

struct seen {
	int failed;
	struct leat_err err;
	char path[PATH_MAX], step[64];
};

static void watch(void *ctx, const struct leat_event *e)
{
	struct seen *s = ctx;
	if (e->type != LEAT_EV_ITEM || e->state != LEAT_FAILED)
		return;
	s->failed++;
	s->err = *e->err;
	snprintf(s->step, sizeof s->step, "%s", e->step ? e->step : "none");
	snprintf(s->path, sizeof s->path, "%s", e->path);
}

static void one_kind(const char *kind, enum leat_cause cause, const char *word)
{
	char text[512], out[64];
	struct leat_err err = {0};
	struct seen seen = {0};
	snprintf(out, sizeof out, "%s/%s", root, kind);
	snprintf(text, sizeof text,
		 "job worker-memory=256MiB\nread %s/in symlinks=follow\ndecode\nresize %s fit=fill enlarge=yes\n"
		 "test-crash kind=%s timeout=%s\n"
		 "write %s/{stem}.png",
		 root, strcmp(kind, "slow") == 0 ? "1000x640" : "50x50", kind,
		 cause == LEAT_CAUSE_TIMEOUT ? "1s" : "1m", out);
	struct leat_recipe *r = leat_load_text("crash", text, strlen(text), NULL, &err);
	assert_non_null(r);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	struct leat_run_options o = {.event = watch, .event_ctx = &seen};
	assert_int_equal(leat_run(r, &o, &err), 1);
	leat_free(&r);
	assert_int_equal(tree_count(out), GOOD);
	assert_int_equal(seen.failed, 1);
	assert_non_null(strstr(seen.path, "bad-"));
	assert_string_equal(seen.step, "test-crash"); /* it stands behind decode and resize, in the same segment */
	if (seen.err.cause != cause || !strstr(seen.err.text, word))
		fail_msg("%s: cause %d, '%s'", kind, seen.err.cause, seen.err.text);
}

static void a_fault_costs_its_item(void **state)
{
	(void)state;
	make_inputs();
	one_kind("segv", LEAT_CAUSE_CRASH, "SIGSEGV");
	one_kind("abort", LEAT_CAUSE_CRASH, "SIGABRT");
	one_kind("stack", LEAT_CAUSE_CRASH, "SIGSEGV");
	one_kind("loop", LEAT_CAUSE_TIMEOUT, "1000 ms");
	one_kind("leave", LEAT_CAUSE_CRASH, "exit");
	one_kind("hog", LEAT_CAUSE_MEMORY, "memory");
	one_kind("freeze", LEAT_CAUSE_TIMEOUT, "1000 ms");
	one_kind("slow", LEAT_CAUSE_TIMEOUT, "1000 ms"); /* it stops when asked: its worker lives on */
	one_kind("late", LEAT_CAUSE_CRASH, "SIGABRT"); /* in the last of its calls */
	tree_remove(root);
}

/* These depend on the sandbox, which sanitized builds do without. */
static void the_sandbox_names_the_call(void **state)
{
	(void)state;
	strcpy(root, "/tmp/leat-crash-XXXXXX");
	make_inputs();
	one_kind("open", LEAT_CAUSE_SANDBOX, "openat");
	tree_remove(root);
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_registry_add(&crash, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	puts("1..2\nok 1 a_fault_costs_its_item # skip sanitizers catch the signals\n"
	     "ok 2 the_sandbox_names_the_call # skip the sandbox is off under sanitizers");
	(void)a_fault_costs_its_item;
	(void)the_sandbox_names_the_call;
	return 0;
#else
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_costs_its_item),
		cmocka_unit_test(the_sandbox_names_the_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
