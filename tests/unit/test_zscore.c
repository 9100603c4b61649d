/* SPDX-License-Identifier: MIT */
/*
 * Photographs as arrays: decode, to-array, standardize and write as npy, beside a thumbnail of the same item, through
 * the whole engine; against the z-scores that NumPy makes of Pillow's samples (tests/reference/zscore.tsv).
 */
#include "numbers_kit.h"

#include <leat/leat.h>
#include <leat/worker.h>
#include <math.h>

#include "scratch.h"
#include "treehash.h"

static struct scratch dir;

static int set_up(void **state)
{
	(void)state;
	scratch_open(&dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_close(&dir);
	return 0;
}

static void run_mixed(const char *corpus, const char *on)
{
	char text[4096];
	struct leat_err err = {0};
	int n = snprintf(
		text, sizeof text,
		"defaults %s\nread %s/kodak/0[1-3].png\nbranch thumb\n  resize 96x96\n  write %s/{stem}.jpg\nend\n"
		"to-array\nbranch per for per in all,channel\n  standardize per=$per\n"
		"  write %s/{stem}-$per.npy\nend\n",
		on, corpus, dir.path, dir.path);
	struct leat_recipe *r = leat_load_text("mixed", text, (size_t)n, NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	if (status == 0)
		status = leat_run(r, NULL, &err);
	if (status != 0) {
		char *d = leat_diagnostics(r, false), *s = leat_run_summary(r, false);
		fail_msg("%s: status %d %s\n%s%s", on, status, err.text, d ? d : "", s ? s : "");
	}
	leat_free(&r);
}

static struct leat_array *get(const char *stem, const char *per)
{
	char path[512];
	struct leat_payload p;
	struct leat_err err;
	snprintf(path, sizeof path, "%s/%.2s-%s.npy", dir.path, stem, per);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("there is no %s", path);
	size_t room = (size_t)16 << 20, n;
	uint8_t *d = malloc(room);
	n = fread(d, 1, room, f);
	fclose(f);
	if (kit_parse(&leat_codec_npy, d, n, NULL, &p, NULL, &err) < 0)
		fail_msg("%s: %s", path, err.text);
	free(d);
	return p.array;
}

static void near(const char *what, double got, double want, double allowed)
{
	if (!(fabs(got - want) <= allowed))
		fail_msg("%s is %.17g, not %.17g", what, got, want);
}

/* One line of the reference: name, per, shape, sum of magnitudes, norm, elements. */
static void check_line(char *line)
{
	char *save = NULL, *name = strtok_r(line, "\t", &save), *per = strtok_r(NULL, "\t", &save);
	char shape[64], *want_shape = strtok_r(NULL, "\t", &save), what[64];
	struct leat_array *a = get(name, per);
	double sum = 0, squares = 0, *v = a->data;
	snprintf(shape, sizeof shape, "%llux%llux%llu", (unsigned long long)a->shape.dim[0],
		 (unsigned long long)a->shape.dim[1], (unsigned long long)a->shape.dim[2]);
	assert_int_equal(a->shape.dtype, LEAT_DT_F8);
	assert_string_equal(shape, want_shape);
	uint64_t n = leat_array_count(&a->shape);
	for (uint64_t i = 0; i < n; i++) {
		sum += fabs(v[i]);
		squares += v[i] * v[i];
	}
	double want_sum = strtod(strtok_r(NULL, "\t", &save), NULL),
	       want_norm = strtod(strtok_r(NULL, "\t", &save), NULL);
	near(name, sum, want_sum, 1e-11 * want_sum); /* this sum here is a plain one */
	near(name, sqrt(squares), want_norm, 1e-11 * want_norm);
	int elements = 0;
	for (char *e; (e = strtok_r(NULL, "\t\n", &save)); elements++) {
		char *end;
		uint64_t at = strtoull(e, &end, 10);
		snprintf(what, sizeof what, "%s %s element %llu", name, per, (unsigned long long)at);
		near(what, v[at], strtod(end + 1, NULL), 1e-12);
	}
	assert_int_equal(elements, 40);
	leat_array_unref(&a);
}

static void as_numpy_has_it(void **state)
{
	static const char *const ways[] = {"on=auto", "on=threads", "on=openmp workers=2"};
	const char *corpus = getenv("LEAT_CORPUS");
	char *first = NULL;
	(void)state;
	if (!corpus || !*corpus) {
		print_message("LEAT_CORPUS is not set\n");
		skip();
	}
	for (size_t i = 0; i < LEAT_LEN(ways); i++) {
		char line[4096], *hash;
		run_mixed(corpus, ways[i]);
		assert_int_equal(tree_count(dir.path), 3 * 3);
		hash = tree_hash(dir.path);
		if (first && strcmp(hash, first) != 0)
			fail_msg("other bytes with '%s'", ways[i]);
		if (first)
			free(hash);
		else
			first = hash;
		FILE *f = fopen("tests/reference/zscore.tsv", "r");
		assert_non_null(f);
		while (i == 0 && fgets(line, sizeof line, f))
			check_line(line);
		fclose(f);
		scratch_empty(dir.fd);
	}
	free(first);
}

int main(int argc, char **argv)
{
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_numpy_has_it),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
