/* SPDX-License-Identifier: MIT */
/* Runs the cases of a folder of golden files; see golden.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path_of(char *to, size_t size, const char *folder, const char *stem, const char *suffix)
{
	assert_true(snprintf(to, size, "%s/%s%s", folder, stem, suffix) < (int)size);
	return to;
}

struct leat_buf golden_read(const char *folder, const char *stem, const char *suffix)
{
	char path[512];
	struct leat_buf b = {0};
	leat_buf_adds(&b, "");
	FILE *f = fopen(path_of(path, sizeof path, folder, stem, suffix), "rb");
	if (!f)
		return b;
	char part[4096];
	for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
		leat_buf_add(&b, part, n);
	fclose(f);
	return b;
}

int golden_include(void *ctx, const char *dir, const char *name, struct leat_include *out, struct leat_err *err)
{
	const char *folder = ctx;
	char path[512];
	struct leat_buf real = {0};
	leat_buf_addf(&real, "%s/%s", dir, name);
	for (char *up; (up = strstr(real.data, "/../")) != NULL;) { /* "/a/../b" is "/b" */
		char *before = up;
		while (before > real.data && *--before != '/')
			;
		memmove(before, up + 3, strlen(up + 3) + 1);
	}
	const char *rest =
		strncmp(real.data, GOLDEN_DIR "/", sizeof GOLDEN_DIR) == 0 ? real.data + sizeof GOLDEN_DIR : "";
	FILE *f = fopen(path_of(path, sizeof path, folder, "files/", rest), "rb");
	if (!f) {
		leat_fail(err, LEAT_CAUSE_NONE, "cannot open '%s': No such file or directory", real.data);
		leat_buf_free(&real);
		return -1;
	}
	fclose(f);
	struct leat_buf text = golden_read(folder, "files/", rest);
	*out = (struct leat_include){.path = leat_buf_detach(&real, NULL), .len = text.len};
	out->data = leat_buf_detach(&text, NULL);
	return 0;
}

static void write_file(const char *folder, const char *stem, const char *suffix, const struct leat_buf *b)
{
	char path[512];
	FILE *f = fopen(path_of(path, sizeof path, folder, stem, suffix), "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(b->data, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

/* True when the case prints what its file holds. */
static bool agrees(const char *folder, const char *stem, const char *suffix, golden_fn *print)
{
	struct leat_buf now = print(stem), then = golden_read(folder, stem, suffix);
	bool same = now.len == then.len && memcmp(now.data, then.data, now.len) == 0;
	if (!same && getenv("UPDATE")) {
		write_file(folder, stem, suffix, &now);
		same = true;
	}
	if (!same)
		print_error("%s:\n--- expected\n%s--- got\n%s", stem, then.data, now.data);
	leat_buf_free(&now);
	leat_buf_free(&then);
	return same;
}

void golden_run(const char *folder, int least, golden_fn *now)
{
	golden_run_to(folder, ".err", least, now);
}

void golden_run_to(const char *folder, const char *suffix, int least, golden_fn *now)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort), cases = 0, wrong = 0;
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		char *dot = strrchr(entries[i]->d_name, '.');
		if (dot && strcmp(dot, ".leat") == 0) {
			*dot = 0;
			cases++;
			wrong += !agrees(folder, entries[i]->d_name, suffix, now);
		}
		free(entries[i]);
	}
	free(entries);
	print_message("%d cases\n", cases);
	assert_true(cases >= least);
	assert_int_equal(wrong, 0);
}
