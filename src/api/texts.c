/* SPDX-License-Identifier: MIT */
/* Recipes as files. See texts.h. */
#include "api/texts.h"

#include "api/hints.h"
#include "base/sys.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { MOST = 1024 * 1024 + 1 }; /* one byte more than the language allows, so that lang can say so */

int leat_text_read(const char *path, struct leat_buf *text, struct leat_err *err)
{
	bool input = strcmp(path, "-") == 0;
	FILE *f = input ? stdin : fopen(path, "rbe");
	if (!f)
		return leat_hint_open(path, errno, err);
	char block[16384];
	size_t n;
	while (text->len < MOST && (n = fread(block, 1, sizeof block, f)) > 0)
		leat_buf_add(text, block, n);
	int failed = ferror(f) ? errno : 0;
	if (!input)
		(void)fclose(f); /* opened for reading: nothing can be lost */
	if (failed)
		return leat_hint_open(path, failed, err);
	return leat_buf_check(text, err) < 0 ? -1 : leat_hint_text(path, text, err);
}

char *leat_text_path(const char *path, struct leat_err *err)
{
	char *real = realpath(path, NULL);
	if (real)
		return real;
	/* A pipe, as in leat check <(...), is in no folder: then it belongs to the current one, like standard input. */
	char *cwd = access(path, R_OK) == 0 ? getcwd(NULL, 0) : NULL;
	struct leat_buf text = {0};
	if (cwd)
		leat_buf_addf(&text, "%s/-", cwd);
	else
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot find '%s'", path);
	real = cwd ? leat_buf_detach(&text, err) : NULL;
	free(cwd);
	leat_buf_free(&text);
	return real;
}

/* The path that `name` in a text of this folder means. */
static int place(const char *dir, const char *name, struct leat_buf *path, struct leat_err *err)
{
	bool home = name[0] == '~' && (name[1] == '/' || !name[1]);
	char *folder = home ? leat_home_folder(err) : NULL;
	if (home && !folder)
		return -1;
	if (name[0] == '~' && !home)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' begins with another user's folder: write it out, or ./%s",
				 name, name);
	if (home)
		leat_buf_addf(path, "%s%s", folder, name + 1);
	else
		leat_buf_addf(path, "%s%s%s", *name == '/' ? "" : dir, *name == '/' ? "" : "/", name);
	free(folder);
	return leat_buf_check(path, err);
}

int leat_text_include(void *ctx, const char *dir, const char *name, struct leat_include *out, struct leat_err *err)
{
	struct leat_buf path = {0}, text = {0};
	(void)ctx;
	*out = (struct leat_include){0};
	if (place(dir, name, &path, err) == 0 && leat_text_read(path.data, &text, err) == 0) {
		out->path = leat_text_path(path.data, err);
		out->len = text.len;
		out->data = out->path ? leat_buf_detach(&text, err) : NULL;
	}
	leat_buf_free(&path);
	leat_buf_free(&text);
	if (out->data)
		return 0;
	free(out->path);
	return -1;
}
