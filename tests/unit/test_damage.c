/* SPDX-License-Identifier: MIT */
/*
 * A thousand good files among three hundred of every kind of damage: every good one has its output, every bad one its
 * cause, nothing half written is left. Sanitized builds run the same.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>

#include "treehash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GOOD = 1000, BAD = 300, KINDS = 8 };

static char root[] = "/tmp/leat-damage-XXXXXX";
static unsigned seed = 20240607;

static unsigned chance(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const char *const models[] = {
	"good/sunrise.png",
	"good/deep.png",
	"good/glass.png",
	"good/gray glass.png",
	"good/2024 Urlaub/hochkant.JPG",
	"good/tiny.png",
	"good/2024 Urlaub/gray.jpeg",
};

static uint8_t *load(const char *name, size_t *n)
{
	char path[512];
	snprintf(path, sizeof path, "testdata/%s", name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	uint8_t *data = malloc(1 << 20);
	assert_non_null(data);
	*n = fread(data, 1, 1 << 20, f);
	assert_true(*n > 30);
	fclose(f);
	return data;
}

static void save(const char *path, const uint8_t *data, size_t n)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void make_good(int i)
{
	const char *model = models[(size_t)i % (sizeof models / sizeof *models)];
	char path[512];
	size_t n;
	uint8_t *data = load(model, &n);
	snprintf(path, sizeof path, "%s/in/good-%04d%s", root, i, strrchr(model, '.'));
	save(path, data, n);
	free(data);
}

static void make_cut(const char *path, const char *model)
{
	size_t n;
	uint8_t *data = load(model, &n);
	save(path, data, 1 + chance((unsigned)n - 1));
	free(data);
}

/* A flipped byte in the pixels of a PNG: the checksum finds it. */
static void make_flipped(const char *path)
{
	size_t n;
	uint8_t *data = load("good/sunrise.png", &n);
	data[60 + chance((unsigned)n - 80)] ^= (uint8_t)(1 + chance(255));
	save(path, data, n);
	free(data);
}

static void make_bad(int i)
{
	static const char text[] = "This is no picture, it only has the name of one.\n";
	char path[512];
	snprintf(path, sizeof path, "%s/in/bad-%04d-%d.%s", root, i, i % KINDS, i % KINDS == 1 ? "jpg" : "png");
	switch (i % KINDS) {
	case 0:
		make_cut(path, models[chance(4)]);
		break;
	case 1:
		make_cut(path, "good/2024 Urlaub/hochkant.JPG");
		break;
	case 2:
		make_flipped(path);
		break;
	case 3:
		save(path, (const uint8_t *)text, sizeof text - 1);
		break;
	case 4:
		save(path, (const uint8_t *)"", 0);
		break;
	case 5:
		assert_int_equal(mkdir(path, 0777), 0);
		break;
	case 6:
		assert_int_equal(mkfifo(path, 0666), 0);
		break;
	default: /* unreadable; to root everything is readable, so there it vanishes after the walk */
		save(path, (const uint8_t *)text, 10);
		assert_int_equal(chmod(path, 0), 0);
		break;
	}
}

static void vanish(int i)
{
	char path[512];
	snprintf(path, sizeof path, "%s/in/bad-%04d-%d.png", root, i, i % KINDS);
	if (i % KINDS == 7 && (geteuid() == 0 || i % 16 == 7))
		assert_int_equal(unlink(path), 0);
}

struct tally {
	int failed, good_failed, unnamed;
	bool seen[BAD];
};

static void watch(void *ctx, const struct leat_event *e)
{
	struct tally *t = ctx;
	if (e->type != LEAT_EV_ITEM || e->state != LEAT_FAILED)
		return;
	const char *name = strrchr(e->path, '/') ? strrchr(e->path, '/') + 1 : e->path;
	int i = -1;
	t->failed++;
	if (sscanf(name, "bad-%d", &i) == 1 && i >= 0 && i < BAD)
		t->seen[i] = true;
	else
		t->good_failed++;
	if (!e->err || e->err->cause == LEAT_CAUSE_NONE || !e->err->text[0] || !e->step)
		t->unnamed++;
}

static void run_all(const char *recipe, struct tally *t)
{
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_text("damage", recipe, strlen(recipe), NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	if (status != 0)
		fail_msg("plan: %d %s\n%s", status, err.text, leat_diagnostics(r, false));
	for (int i = 0; i < BAD; i++)
		vanish(i);
	struct leat_run_options o = {.event = watch, .event_ctx = t};
	status = leat_run(r, &o, &err);
	char *summary = leat_run_summary(r, false);
	if (status != 1)
		fail_msg("status %d\n%s", status, summary);
	free(summary);
	leat_free(&r);
}

static void only_the_damaged_fail(void **unused)
{
	(void)unused;
	char recipe[1024], in[64], out[64];
	assert_non_null(mkdtemp(root));
	snprintf(in, sizeof in, "%s/in", root);
	snprintf(out, sizeof out, "%s/out", root);
	assert_int_equal(mkdir(in, 0777), 0);
	for (int i = 0; i < GOOD; i++)
		make_good(i);
	for (int i = 0; i < BAD; i++)
		make_bad(i);
	snprintf(recipe, sizeof recipe, "read %s/*.{png,jpg,jpeg} | resize 16x16 | write %s/{stem}.png", in, out);
	struct tally t = {0};
	run_all(recipe, &t);
	assert_int_equal(t.failed, BAD);
	assert_int_equal(t.good_failed, 0);
	assert_int_equal(t.unnamed, 0);
	for (int i = 0; i < BAD; i++)
		assert_true(t.seen[i]);
	assert_int_equal(tree_count(out), GOOD); /* so no temporary file either */
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(only_the_damaged_fail)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
