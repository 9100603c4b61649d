/* SPDX-License-Identifier: MIT */
/*
 * The sandbox changes nothing: every file of the corpus that any format recognizes by its content, whatever its name,
 * gives the same bytes, or the same failure in the same words, in a locked-down worker as in this process.
 *
 * The workers of this program are strict: a system call that is neither on the list of the needed ones nor known to be
 * dangerous ends them. So the test shows, too, that decoding and encoding need no other call than those allowed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/worker.h>

#include "base/mem.h"
#include "codec_kit.h"
#include "exec/processes/lockdown.h"
#include "exec/processes/worker.h"
#include "registry/registry.h"
#include "run/worker_entry.h"
#include "treehash.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char root[] = "/tmp/leat-isolated-XXXXXX";

/* --- which files --- */

static FILE *list; /* nftw() hands nothing on */
static bool wanted_rows; /* formats that are decoded row by row; else those that come whole */
static int listed;

static int look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)ftw;
	uint8_t head[4096];
	FILE *f = type == FTW_F ? fopen(path, "re") : NULL;
	size_t n = f ? fread(head, 1, sizeof head, f) : 0;
	if (f)
		(void)fclose(f);
	const struct leat_codec *c = n >= 16 ? leat_registry_sniff(leat_registry_default(), head, n) : NULL;
	if (!c || (wanted_rows ? !c->dec_open : !c->dec_run))
		return 0;
	fprintf(list, "%s\n", path);
	listed++;
	return 0;
}

/* Writes ROOT/list; how many there are. */
static int list_files(bool rows)
{
	char path[64];
	snprintf(path, sizeof path, "%s/list", root);
	list = fopen(path, "we");
	assert_non_null(list);
	wanted_rows = rows;
	listed = 0;
	assert_int_equal(nftw(kit_corpus(), look, 16, FTW_PHYS), 0);
	assert_int_equal(fclose(list), 0);
	return listed;
}

/* --- what becomes of them --- */

struct fate {
	enum leat_state state;
	char *words; /* "decode: truncated ..." */
};

struct fates {
	struct fate *v; /* by input */
	size_t n, cap;
	struct leat_counts counts;
};

/* Items end in any order: they are put in order by name. */
static void watch(void *ctx, const struct leat_event *e)
{
	struct fates *f = ctx;
	struct leat_err err = {0};
	char words[1024];
	f->counts = *e->counts;
	if (e->type != LEAT_EV_ITEM)
		return;
	f->v = leat_grow(f->v, &f->cap, f->n + 1, sizeof *f->v, &err);
	snprintf(words, sizeof words, "%s: %s: %d %s", e->path, e->step ? e->step : "", e->err ? (int)e->err->cause : 0,
		 e->err ? e->err->text : "");
	f->v[f->n++] = (struct fate){e->state, strdup(words)};
}

static int compare(const void *a, const void *b)
{
	const struct fate *x = a, *y = b;
	return strcmp(x->words, y->words);
}

static struct fates run(const char *recipe, const char *isolate, const char *to)
{
	char text[1024];
	struct leat_err err = {0};
	struct fates f = {0};
	snprintf(text, sizeof text, recipe, isolate, root, root, to);
	struct leat_recipe *r = leat_load_text("isolated", text, strlen(text), NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	if (status)
		fail_msg("plan %d: %s %s", status, err.text, leat_diagnostics(r, false));
	struct leat_run_options o = {.event = watch, .event_ctx = &f};
	status = leat_run(r, &o, &err);
	if (status > 1)
		fail_msg("run %d: %s", status, err.text);
	leat_free(&r);
	qsort(f.v, f.n, sizeof *f.v, compare);
	return f;
}

static void release(struct fates *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i].words);
	free(f->v);
}

static void same(bool rows, const char *what, const char *recipe)
{
	char open_path[64], locked_path[64];
	int n = list_files(rows);
	struct fates open = run(recipe, "no", "open");
	struct fates locked = run(recipe, leat_lockdown_off() ? "auto" : "require", "locked");
	assert_int_equal(open.n, n);
	assert_int_equal(locked.n, n);
	for (int i = 0; i < n; i++)
		if (open.v[i].state != locked.v[i].state || strcmp(open.v[i].words, locked.v[i].words) != 0)
			fail_msg("unlike:\n%s\n%s", open.v[i].words, locked.v[i].words);
	snprintf(open_path, sizeof open_path, "%s/open", root);
	snprintf(locked_path, sizeof locked_path, "%s/locked", root);
	int files = tree_count(open_path);
	assert_int_equal(files, open.counts.state[LEAT_DONE]);
	char *a = tree_hash(open_path), *b = tree_hash(locked_path);
	assert_string_equal(a, b);
	free(a);
	free(b);
	printf("%d %s: %d decoded, %d refused, the same in the sandbox\n", n, what, files, n - files);
	release(&open);
	release(&locked);
	tree_remove(open_path);
	tree_remove(locked_path);
}

static void images_are_the_same(void **state)
{
	(void)state;
	if (kit_no_corpus())
		skip();
	same(true, "images", "job isolate=%s\nread list=%s/list\ndecode\nwrite %s/%s/{path}.pam");
}

static void arrays_are_the_same(void **state)
{
	(void)state;
	if (kit_no_corpus())
		skip();
	same(false, "arrays", "job isolate=%s\nread list=%s/list\nparse\nwrite %s/%s/{path}.npy");
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	tree_remove(root);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct leat_worker_program strict = {
		.bind = leat_worker_bind,
		.load = leat_worker_load,
		.first = leat_worker_first,
		.run = leat_worker_run,
		.strict = true,
	};
	int fd;
	if (leat_worker_wanted(argc, argv, &fd))
		return leat_worker_main(fd, &strict);
	(void)leat_worker_hook(argc, argv); /* says that this program can be its own worker */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_are_the_same),
		cmocka_unit_test(arrays_are_the_same),
	};
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
