/* SPDX-License-Identifier: MIT */
/*
 * Messages that need the disk, character for character, through the public door: tests/golden/run/NAME.leat, as
 * web.leat in a folder with the files of NAME.files, gives NAME.err. A line of NAME.files is "NAME" for an empty file,
 * "NAME COUNT" for many (%d in the name), "NAME png" for the beginning of a picture, "NAME = TEXT" for a line of text.
 * The folder is shown as GOLDEN_DIR. UPDATE=1 rewrites the .err files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "scratch.h"

#include <leat/leat.h>

#define FOLDER "tests/golden/run"

/* A picture of 8x8 that ends behind its header. */
static const unsigned char cut_png[] = {
	0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I',  'H',  'D',  'R',  0,
	0,    0,   8,   0,   0,    0,    8,    8,    2, 0, 0, 0,  0x4b, 0x6d, 0x29, 0xdc,
};

static void put(const char *name, const void *data, size_t n)
{
	char folder[512];
	snprintf(folder, sizeof folder, "%s", name);
	for (char *slash = strchr(folder, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	FILE *f = fopen(name, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void make_files(char *lines)
{
	for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
		char name[256], what[256] = "", one[300];
		int count = 0;
		assert_true(sscanf(line, "%255s %255[^\n]", name, what) >= 1);
		if (strcmp(what, "png") == 0)
			put(name, cut_png, sizeof cut_png);
		else if (what[0] == '=')
			put(name, what + 2, strlen(what + 2));
		else if (sscanf(what, "%d", &count) != 1)
			put(name, "", 0);
		for (int i = 0; i < count; i++) {
			char *d = strstr(name, "%d");
			assert_non_null(d);
			snprintf(one, sizeof one, "%.*s%d%s", (int)(d - name), name, i, d + 2);
			put(one, "", 0);
		}
	}
}

/* The lines that are diagnostics; with the scratch folder under its other name. */
static void add(struct leat_buf *out, const char *text, const char *scratch, bool all)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n") + 1;
		bool wanted = all || memmem(line, n, ": error[", 8);
		for (const char *s = line; wanted && s < line + n;) {
			bool folder = strncmp(s, scratch, strlen(scratch)) == 0;
			leat_buf_add(out, folder ? GOLDEN_DIR : s, folder ? strlen(GOLDEN_DIR) : 1);
			s += folder ? strlen(scratch) : 1;
		}
		line += n;
	}
}

static void run(struct leat_buf *out, const char *scratch)
{
	struct leat_err err = {0};
	struct leat_recipe *r = leat_load_file("web.leat", NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	char *text = leat_diagnostics(r, false);
	assert_non_null(text);
	add(out, text, scratch, true);
	free(text);
	if (status == 0) {
		(void)leat_run(r, NULL, &err); /* its status is in what it says */
		text = leat_run_summary(r, false);
		assert_non_null(text);
		add(out, text, scratch, false);
		free(text);
	}
	leat_free(&r);
}

static struct leat_buf messages(const char *stem)
{
	struct leat_buf text = golden_read(FOLDER, stem, ".leat"), files = golden_read(FOLDER, stem, ".files");
	struct leat_buf out = {0};
	struct scratch s;
	char *here = getcwd(NULL, 0);
	scratch_open(&s);
	assert_int_equal(chdir(s.path), 0);
	make_files(files.data);
	put("web.leat", text.data, text.len);
	leat_buf_adds(&out, "");
	run(&out, s.path);
	assert_int_equal(chdir(here), 0);
	scratch_close(&s);
	free(here);
	leat_buf_free(&text);
	leat_buf_free(&files);
	return out;
}

static void golden_messages(void **state)
{
	(void)state;
	golden_run(FOLDER, 6, messages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(golden_messages)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
