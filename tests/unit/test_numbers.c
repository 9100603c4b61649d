/* SPDX-License-Identifier: MIT */
/*
 * Arrays and tables through the whole engine: the same bytes from every executor, damaged files among good ones,
 * formats that follow names, kinds that do not go together, memory.
 */
#include "numbers_kit.h"

#include <leat/leat.h>
#include <leat/worker.h>

#include "scratch.h"
#include "treehash.h"

enum { ROWS = 17, COLUMNS = 5 };

static struct scratch dir;

static void put_file(const char *name, const void *data, size_t n)
{
	char path[512];
	scratch_parents(&dir, name);
	snprintf(path, sizeof path, "%s/%s", dir.path, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static struct leat_payload matrix(uint64_t rows, uint64_t columns, int seed)
{
	const uint64_t dim[] = {rows, columns};
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_F8, 2, dim, false, NULL)};
	for (uint64_t i = 0; i < rows * columns; i++)
		((double *)p.array->data)[i] = (double)((i * 7919 + (uint64_t)seed * 104729) % 1009) / 7 - 70;
	return p;
}

static void put_encoded(const char *name, const struct leat_codec *c, const char *option, const char *value,
			const struct leat_payload *p)
{
	struct leat_err err;
	struct leat_bytes *b = kit_write(c, option, value, p, &err);
	assert_non_null(b);
	put_file(name, b->data, b->len);
	leat_bytes_unref(&b);
}

/* A dozen files of one shape: types, orders, text. */
static void make_inputs(void)
{
	static const enum leat_dtype types[] = {LEAT_DT_F8, LEAT_DT_F4, LEAT_DT_I4};
	char name[64];
	struct leat_err err = {0};
	for (int i = 0; i < 12; i++) {
		struct leat_payload p = matrix(ROWS, COLUMNS, i), as = {.kind = LEAT_ARRAY};
		as.array = leat_array_as(p.array, types[i % 3], i % 2, &err);
		snprintf(name, sizeof name, "in/%c/m%02d.%s", 'a' + i % 2, i, i % 4 == 3 ? "csv" : "npy");
		if (i % 4 == 3)
			put_encoded(name, &leat_codec_csv, NULL, NULL, &p);
		else
			put_encoded(name, &leat_codec_npy, "order", i % 2 ? "f" : "c", &as);
		leat_payload_clear(&p);
		leat_payload_clear(&as);
	}
	struct leat_payload one = matrix(1, COLUMNS, 3);
	put_encoded("in/a/single.npy", &leat_codec_npy, NULL, NULL, &one);
	leat_payload_clear(&one);
}

static int set_up(void **state)
{
	(void)state;
	scratch_open(&dir);
	make_inputs();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_close(&dir);
	return 0;
}

/* %D in the recipe is the scratch folder. */
static struct leat_recipe *load(const char *recipe)
{
	char text[8192];
	size_t n = 0;
	struct leat_err err = {0};
	for (const char *s = recipe; *s; s++)
		if (s[0] == '%' && s[1] == 'D') {
			n += (size_t)snprintf(text + n, sizeof text - n, "%s", dir.path);
			s++;
		} else {
			text[n++] = *s;
		}
	text[n] = 0;
	struct leat_recipe *r = leat_load_text("numbers", text, n, NULL, &err);
	assert_non_null(r);
	return r;
}

/* Runs it; the status must be as expected. The summary, to be freed. */
static char *run(const char *recipe, int status)
{
	struct leat_err err = {0};
	struct leat_recipe *r = load(recipe);
	int got = leat_plan(r, NULL, &err);
	if (got == 0)
		got = leat_run(r, NULL, &err);
	if (got != status) {
		char *d = leat_diagnostics(r, false), *s = leat_run_summary(r, false);
		fail_msg("%s\nstatus %d, expected %d\n%s%s%s", recipe, got, status, err.text, d ? d : "", s ? s : "");
	}
	char *text = leat_run_summary(r, false);
	leat_free(&r);
	return text;
}

static void runs(const char *recipe)
{
	free(run(recipe, 0));
}

static struct kit_bytes result(const char *name)
{
	char path[512];
	struct kit_bytes b = {0};
	snprintf(path, sizeof path, "%s/%s", dir.path, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("there is no %s", path);
	b.d = calloc(1, 1 << 20);
	b.n = fread(b.d, 1, (1 << 20) - 1, f);
	fclose(f);
	return b;
}

static void expect_text(const char *name, const char *want)
{
	struct kit_bytes b = result(name);
	assert_string_equal((char *)b.d, want);
	free(b.d);
}

/* ---- the same bytes everywhere */

static const char everything[] =
	"defaults %s\n"
	"read %%D/in/**/*.{npy,csv}\n"
	"parse dtype=float64\n"
	"drop rows<2\n"
	"branch text\n"
	"  write %%D/out/text/{reldir}/{stem}.csv\n"
	"end\n"
	"branch turned\n"
	"  transpose\n"
	"  keep rows=5 cols=17\n"
	"  encode npy order=f\n"
	"  write %%D/out/turned/{stem}.npy\n"
	"end\n"
	"branch picture\n"
	"  to-image\n"
	"  write %%D/out/picture/{stem}-{width}x{height}.png\n"
	"end\n"
	"standardize per=column\n"
	"stats fields=mean,norm2,nan_count\n"
	"write %%D/out/{reldir}/{stem}.npy\n"
	"report csv=%%D/out/all.csv fields=path,rows,cols,ndim,dtype,mean,norm2,nan_count,format\n"
	"reduce mean\n"
	"write %%D/out/mean.npy\n";

static char *tree_of(const char *defaults)
{
	char text[4096], out[512];
	snprintf(text, sizeof text, everything, defaults);
	snprintf(out, sizeof out, "%s/out", dir.path);
	runs(text);
	assert_int_equal(tree_count(out), 4 * 12 + 2);
	char *hash = tree_hash(out);
	tree_remove(out);
	return hash;
}

static void same_bytes(void **state)
{
	static const char *const placements[] = {
		"on=threads workers=2",           "on=openmp workers=2",         "on=auto", "on=processes workers=2",
		"on=processes workers=1 queue=1", "on=threads workers=8 queue=1"};
	(void)state;
	char *first = tree_of("on=inline");
	for (size_t i = 0; i < LEAT_LEN(placements); i++) {
		char *other = tree_of(placements[i]);
		if (strcmp(first, other) != 0)
			fail_msg("other bytes with '%s'", placements[i]);
		free(other);
	}
	free(first);
}

/* ---- bad files among good ones */

static void damage_costs_one_item(void **state)
{
	(void)state;
	struct leat_payload p = matrix(3, 2, 1);
	struct leat_err err;
	struct leat_bytes *b = kit_write(&leat_codec_npy, NULL, NULL, &p, &err);
	put_file("bad/good.npy", b->data, b->len);
	put_file("bad/cut.npy", b->data, b->len - 3);
	put_file("bad/head.npy", b->data, 60);
	memset(b->data + 20, 0xee, 40);
	put_file("bad/noise.npy", b->data, b->len);
	put_file("bad/text.npy", "1,2\n", 4);
	put_file("bad/uneven.csv", "1,2\n3\n", 6);
	put_file("bad/words.csv", "a,b\n1,dog\n", 10);
	put_file("bad/png.csv", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
	put_file("bad/fine.csv", "a,b\n1,2\n", 8);
	leat_bytes_unref(&b);
	leat_payload_clear(&p);
	char *s = run("read %D/bad/* | parse | write %D/out/{stem}.tsv | report csv=%D/r.csv fields=name,error", 1);
	assert_non_null(strstr(s, "3 of 9 items done, 6 failed"));
	free(s);
	expect_text("out/fine.tsv", "a\tb\n1\t2\n");
	expect_text("r.csv", "name,error\n"
			     "cut.npy,parse: npy: 45 bytes of elements where the shape asks for 48\n"
			     "fine.csv,\n"
			     "good.npy,\n"
			     "head.npy,parse: npy: the header is cut short\n"
			     "noise.npy,parse: npy: descr is no text\n"
			     "png.csv,\"parse: this is png, no file of numbers: 'decode' reads it\"\n"
			     "text.npy,\"parse: the name says npy, but the content is none\"\n"
			     "uneven.csv,\"parse: line 2 has 1 column, line 1 has 2\"\n"
			     "words.csv,\n");
}

/* ---- formats */

static void formats_follow_names(void **state)
{
	(void)state;
	put_file("f/x.csv", "a,b\n1,2\n3,4.5\n", 14);
	put_file("f/y.txt", "7;8\n", 4);
	runs("read %D/f/x.csv | write %D/g/{stem}.npy");
	runs("read %D/g/x.npy | write %D/g/{stem}.csv | write %D/g/{stem}.tsv"); /* names do not survive npy */
	expect_text("g/x.csv", "1,2\n3,4.5\n");
	expect_text("g/x.tsv", "1\t2\n3\t4.5\n");
	runs("read %D/f/x.csv | write %D/h/{name} | parse | encode csv sep=\";\" | write %D/h/{stem}-2.csv");
	expect_text("h/x.csv", "a,b\n1,2\n3,4.5\n"); /* copied */
	expect_text("h/x-2.csv", "a;b\n1;2\n3;4.5\n");
	runs("read %D/f/y.txt | parse format=csv | write %D/h/{stem}.csv");
	expect_text("h/y.csv", "7,8\n");
	free(run("read %D/f/y.txt | parse | write %D/h/{stem}.csv", 1));
	runs("read %D/f/x.csv %D/g/x.npy | parse | write %D/h/{stem}-{format}.{ext}"); /* each its own format again */
	expect_text("h/x-csv.csv", "a,b\n1,2\n3,4.5\n");
	struct kit_bytes npy = result("g/x.npy"), again = result("h/x-npy.npy");
	assert_int_equal(npy.n, again.n);
	assert_memory_equal(npy.d, again.d, npy.n);
	free(npy.d);
	free(again.d);
}

static void images_become_npy(void **state)
{
	(void)state;
	runs("read \"testdata/good/gray ramp.png\" | write %D/i/{stem}.npy | resize 3x2 fit=fill | write "
	     "%D/i/{stem}-small.npy "
	     "| "
	     "write %D/i/{stem}-{width}.{suffix}");
	struct kit_bytes b = result("i/gray ramp-small.npy");
	assert_non_null(strstr((char *)b.d + 10, "'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)"));
	assert_int_equal(b.n, 128 + 6);
	free(b.d);
	/* In one chain with an encoder that takes rows, and back. */
	runs("read \"testdata/good/gray ramp.png\"\nbranch a\nresize 3x2 fit=fill\nwrite "
	     "%D/i/{stem}-a.npy\nend\nbranch b\n"
	     "resize 3x2 fit=fill\nwrite %D/i/{stem}-b.png\nend\nto-array\nwrite %D/i/{stem}-c.npy\n");
	struct kit_bytes a = result("i/gray ramp-a.npy"), s = result("i/gray ramp-small.npy");
	assert_memory_equal(a.d, s.d, s.n);
	free(a.d);
	free(s.d);
}

static void fields_of_arrays(void **state)
{
	const uint64_t cube[] = {2, 3, 4};
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_U2, 3, cube, false, NULL)};
	(void)state;
	memset(p.array->data, 0, 48);
	put_encoded("k/cube.npy", &leat_codec_npy, NULL, NULL, &p);
	leat_payload_clear(&p);
	p = (struct leat_payload){.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_F4, 1, cube, false, NULL)};
	memset(p.array->data, 0, 8);
	put_encoded("k/row.npy", &leat_codec_npy, NULL, NULL, &p);
	leat_payload_clear(&p);
	p = (struct leat_payload){.kind = LEAT_ARRAY, .array = kit_array(LEAT_DT_B1, 0, NULL, false, "\1")};
	put_encoded("k/truth.npy", &leat_codec_npy, NULL, NULL, &p);
	leat_payload_clear(&p);
	runs("read %D/k/*.npy | parse | report csv=%D/k.csv fields=stem,rows,cols,ndim,dtype,format");
	expect_text("k.csv", "stem,rows,cols,ndim,dtype,format\ncube,2,3,3,uint16,npy\nrow,2,1,1,float32,npy\n"
			     "truth,1,1,0,bool,npy\n");
	runs("read %D/k/*.npy | parse | keep ndim=3 dtype=uint16 | transpose | report csv=%D/k.csv "
	     "fields=stem,rows,cols");
	expect_text("k.csv", "stem,rows,cols\ncube,4,3\n");
}

/* ---- what is refused before anything runs */

static void said(const char *recipe, const char *want)
{
	struct leat_recipe *r = load(recipe);
	int errors = leat_check(r);
	char *d = leat_diagnostics(r, false);
	if (errors == 0 || !strstr(d, want))
		fail_msg("%s\nsays\n%s\nexpected\n%s", recipe, d, want);
	free(d);
	leat_free(&r);
}

static void wrong_kinds(void **state)
{
	(void)state;
	said("read a/*.png | decode | transpose | write o/{stem}.npy",
	     "error[E029]: 'transpose' needs a numeric array, but gets an image");
	said("read a/*.png | transpose | write o/{stem}.npy",
	     "error[E029]: 'transpose' needs a numeric array, but gets an image");
	said("read a/*.npy | resize 8x8 | write o/{stem}.png",
	     "error[E029]: 'resize' needs an image, but gets a numeric array");
	said("read a/*.csv | resize 8x8 | write o/{stem}.png",
	     "error[E029]: 'resize' needs an image, but gets a table");
	said("read a/*.npy | parse | decode | write o/{stem}.png",
	     "'decode' needs the bytes of a file, but gets a numeric array");
	said("read a/*.png | decode | parse | write o/{stem}.npy",
	     "'parse' needs the bytes of a file, but gets an image");
	said("read a/*.npy | parse | parse | write o/{stem}.npy", "it is parsed already: remove this line");
	said("read a/*.png | parse | write o/{stem}.npy",
	     "error[E029]: 'parse' reads files of numbers, but the inputs are images");
	said("read a/*.npy | decode | write o/{stem}.png",
	     "error[E029]: 'decode' reads images, but the inputs are files of numbers");
	said("read a/*.npy a/*.png | stats | write o/{stem}.npy",
	     "error[E029]: 'stats' takes images and arrays, and the inputs are both");
	said("read a/*.npy | parse | write o/{stem}.png",
	     "error[E029]: '.png' needs an image, but gets a numeric array");
	said("read a/*.png | decode | write o/{stem}.csv",
	     "error[E029]: '.csv' needs a numeric array, but gets an image");
	said("read a/*.npy | write o/{stem}.png", "error[E029]: '.png' needs an image, but gets a numeric array");
	said("read a/*.npy | parse | encode png | write o/{stem}.png",
	     "error[E029]: 'encode' needs an image, but gets a numeric array");
	said("read a/*.npy | parse | encode npy | write o/{stem}.csv",
	     "error[E076]: 'o/{stem}.csv' ends in .csv, but the data is npy");
	said("read a/*.npy | parse | write o/{stem}", "does not say in which format the array is written");
	said("read a/*.npy | keep rows>2 | write o/{name}", "'rows' is not known yet at this step");
	said("read a/*.png | decode | keep rows>2 | write o/{name}", "'rows' is not known yet at this step");
}

static void not_built_is_said(void **state)
{
	(void)state;
	said("read a/*.csv | parse format=raw | write o/{stem}.npy",
	     "error[E036]: a raw file does not tell its type: dtype= is needed");
	said("read a/*.csv | parse dtype=float32 | write o/{stem}.npy",
	     "error[E038]: dtype=float32 of text is not built");
	said("read a/*.csv | parse sep=ab | write o/{stem}.npy", "error[E036]: sep is one character");
	said("read a/*.npy | parse | encode csv sep=ab | write o/{stem}.csv",
	     "error[E036]: 'ab' cannot stand between two columns");
	said("read a/*.npy | parse order=f | write o/{stem}.npy", "error[E036]: order is for format=raw");
	said("read a/*.png | resize 8x8 order=c | write o/{stem}.png", "error[E041]: 'c' is not a value of order");
}

/* ---- memory */

static void memory_of_arrays(void **state)
{
	(void)state;
	struct leat_payload p = matrix(300, 400, 1);
	struct leat_err err = {0};
	put_encoded("big/m.npy", &leat_codec_npy, NULL, NULL, &p);
	leat_payload_clear(&p);
	struct leat_recipe *r = load("job memory=1MiB\nread %D/big/*.npy | transpose | write %D/out/{stem}.csv");
	struct leat_plan_options o = {.headers = true};
	assert_int_equal(leat_plan(r, &o, &err), 0);
	char *text = leat_describe_plan(r, &err);
	assert_non_null(strstr(text, "the largest array ((300, 400) float64, "));
	assert_non_null(strstr(text, "needs 5.7 MiB")); /* bytes, parsed, transposed, text */
	assert_non_null(strstr(text, "it will fail"));
	free(text);
	assert_int_equal(leat_run(r, NULL, &err), 1);
	text = leat_run_summary(r, false);
	assert_non_null(strstr(text, "memory"));
	free(text);
	leat_free(&r);
	runs("job memory=16MiB\nread %D/big/*.npy | transpose | write %D/out/{stem}.csv");
}

int main(int argc, char **argv)
{
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes),           cmocka_unit_test(damage_costs_one_item),
		cmocka_unit_test(formats_follow_names), cmocka_unit_test(images_become_npy),
		cmocka_unit_test(fields_of_arrays),     cmocka_unit_test(wrong_kinds),
		cmocka_unit_test(not_built_is_said),    cmocka_unit_test(memory_of_arrays),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
