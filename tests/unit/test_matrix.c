/* SPDX-License-Identifier: MIT */
/*
 * The promise of all promises: the same bytes out, whatever the executor, the workers, the height of the strips, the
 * queues and the order in which items happen to end. One recipe with branches, measures and a reduction, run through
 * the whole matrix; every tree must equal the first.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/worker.h>

#include "registry/registry.h"
#include "test_ops.h"
#include "treehash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* test-delay: holds an item for a while that is chosen by chance, so that completion order is scrambled. */
static int delay_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	(void)err;
	static atomic_uint state = 12345;
	unsigned r = atomic_fetch_add(&state, 2654435761u) >> 20;
	struct timespec ts = {.tv_nsec = (long)(r % 40) * 100 * 1000};
	nanosleep(&ts, NULL);
	(void)b;
	*item = NULL;
	return 0;
}

TEST_OP_MARK(delay, "delayed", "it was held")

static const struct leat_op delay = {
	TEST_OP_MEASURES,        .name = "test-delay",   .summary = "wait a little, at random",
	.example = "test-delay", .fields = delay_fields, .begin = delay_begin,
	.end = delay_end,
};

static const char recipe[] = "defaults %s\n"
			     "read testdata/good\n"
			     "decode\n"
			     "test-delay\n"
			     "branch small for size in 40,17\n"
			     "  resize ${size}x${size} fit=cover\n"
			     "  blur 1.3\n"
			     "  write %s/{reldir}/{stem}-$size.png\n"
			     "end\n"
			     "branch turned\n"
			     "  rotate 90\n"
			     "  crop 20x20 gravity=southeast partial=clip\n"
			     "  encode jpeg quality=70\n"
			     "  write %s/turned/{reldir}/{stem}.jpg\n"
			     "end\n"
			     "stats fields=min,max,mean,std,median,p99 per=channel\n"
			     "report csv=%s/all.csv fields=path,state,mean_0,std_0,median_0,width,height\n"
			     "flip\n"
			     "resize 64x48 fit=fill kernel=cubic\n"
			     "grayscale\n"
			     "flatten\n"
			     "reduce mean on-mismatch=skip\n"
			     "write %s/mean.pgm\n";

static char *run_once(const char *defaults, uint32_t strip)
{
	char out[] = "/tmp/leat-matrix-XXXXXX", text[4096];
	assert_non_null(mkdtemp(out));
	snprintf(text, sizeof text, recipe, defaults, out, out, out, out);
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("matrix", text, strlen(text), NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	char *d = leat_diagnostics(r, false);
	if (status != 0)
		fail_msg("%s\n%s\n%s", defaults, d, err.text);
	free(d);
	struct leat_run_options o = {.strip_rows = strip};
	status = leat_run(r, &o, &err);
	if (status != 0)
		fail_msg("%s, strips of %u: status %d\n%s", defaults, strip, status, leat_run_summary(r, false));
	leat_free(&r);
	assert_true(tree_count(out) > 20);
	char *hash = tree_hash(out);
	tree_remove(out);
	return hash;
}

static void compare(const char *first, const char *defaults, uint32_t strip)
{
	char *hash = run_once(defaults, strip);
	if (strcmp(first, hash) != 0)
		fail_msg("other bytes with '%s' and strips of %u", defaults, strip);
	free(hash);
}

static void same_bytes(void **unused)
{
	static const char *const placements[] = {
		"on=inline",
		"on=threads workers=1",
		"on=threads workers=2",
		"on=threads workers=8",
		"on=openmp workers=1",
		"on=openmp workers=2",
		"on=openmp workers=4",
		"on=auto",
		"on=async workers=1",
		"on=async workers=64",
		"on=processes workers=1",
		"on=processes workers=2",
		"on=processes workers=8",
	};
	static const char *const queues[] = {"queue=1", "queue=64"};
	static const uint32_t strips[] = {1, 7, 64, UINT32_MAX};
	(void)unused;
	char *first = run_once("on=inline", 0);
	for (size_t p = 0; p < sizeof placements / sizeof *placements; p++)
		for (size_t q = 0; q < 2; q++)
			for (size_t s = 0; s < 4; s++) {
				char defaults[128];
				snprintf(defaults, sizeof defaults, "%s %s", placements[p], queues[q]);
				compare(first, defaults, strips[s]);
			}
	free(first);
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_registry_add(&delay, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	int worker = leat_worker_hook(argc, argv); /* behind the step, so that workers know it too */
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {cmocka_unit_test(same_bytes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
