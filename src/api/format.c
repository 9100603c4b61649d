/* SPDX-License-Identifier: MIT */
/* The text of a recipe: laid out, compared, saved. */
#include "api/recipe.h"

#include "api/style.h"
#include "base/diff.h"
#include "base/publish.h"
#include "lang/fmt.h"
#include "lang/json.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Reads the text, with its characters repaired if that is asked for. 0, 2 or 5 as leat_format. */
static int read_again(struct leat_recipe *r, bool fix_characters, struct leat_err *err)
{
	struct leat_buf fixed = {0};
	leat_recipe_forget(r);
	fix_characters = fix_characters && !leat_is_json(r->text, r->len); /* JSON has its own */
	if (fix_characters)
		leat_fix_characters(r->text, r->len, &fixed);
	const char *text = fix_characters ? fixed.data : r->text;
	if (!fixed.failed)
		r->program = leat_program_read(r->name, r->dir, text ? text : "", fix_characters ? fixed.len : r->len,
					       &r->diags);
	leat_buf_free(&fixed);
	if (!r->program || r->diags.failed) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		return 5;
	}
	return leat_fmt_refuses(&r->diags) ? 2 : 0;
}

int leat_format(struct leat_recipe *r, const struct leat_format_options *o, char **text, struct leat_err *err)
{
	struct leat_buf out = {0};
	struct leat_style style = leat_recipe_style();
	*text = NULL;
	int status = read_again(r, o && o->fix_characters, err);
	if (status == 0) {
		int ok = leat_fmt(r->program, &style, &out, err);
		status = ok < 0 ? 5 : ok ? 2 : 0;
	}
	if (status == 0) {
		bool same = out.len == r->len && (!out.len || memcmp(out.data, r->text, out.len) == 0);
		*text = leat_buf_detach(&out, err);
		status = !*text ? 5 : same ? 0 : 1;
	}
	leat_buf_free(&out);
	return status;
}

char *leat_format_diff(const struct leat_recipe *r, const char *text, struct leat_err *err)
{
	struct leat_buf out = {0};
	struct leat_diff_text before = {r->name, r->text, r->len}, after = {r->name, text, strlen(text)};
	leat_diff(&before, &after, &out);
	char *diff = leat_buf_detach(&out, err);
	leat_buf_free(&out);
	return diff;
}

/* Publishes the text under the name of the file it came from. */
static int replace(int dirfd, const char *name, const char *text, struct leat_err *err)
{
	struct leat_standing s;
	struct leat_publish p;
	if (leat_publish_look(dirfd, name, &s, err) < 0)
		return -1;
	if (!s.there || s.link)
		return leat_fail(err, LEAT_CAUSE_CHANGED, "'%s' is not there any more", name);
	struct leat_publish_opts o = {.mode = s.self.st_mode & 07777, .sync = true, .owner = &s.self};
	if (leat_publish_open(&p, dirfd, dirfd, err) < 0 || leat_publish_write(&p, text, strlen(text), err) < 0)
		return -1;
	return leat_publish_commit(&p, name, &o, err);
}

int leat_save(const struct leat_recipe *r, const char *text, struct leat_err *err)
{
	const char *slash = r->path ? strrchr(r->path, '/') : NULL;
	if (!slash)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is no file: there is nothing to replace", r->name);
	int dirfd = open(r->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot open the folder '%s'", r->dir);
	int ok = replace(dirfd, slash + 1, text, err);
	(void)close(dirfd); /* a place, not a file */
	return ok;
}
