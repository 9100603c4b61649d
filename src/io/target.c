/* SPDX-License-Identifier: MIT */
/* Where a write template leads: see target.h. */
#include "io/target.h"

#include "base/beneath.h"
#include "base/mem.h"
#include "base/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

/* ---- the root ---- */

static bool begins_with(const char *text, const char *field, const char **rest)
{
	size_t n = strlen(field);
	*rest = text + n;
	return strncmp(text, field, n) == 0;
}

/* Bytes of the template's text that name the root, with the last '/'. */
static size_t root_len(const struct leat_tmpl *tmpl)
{
	size_t n = strlen(tmpl->text);
	if (!leat_template_field(tmpl->t, 0, &n))
		n = strlen(tmpl->text);
	while (n > 0 && tmpl->text[n - 1] != '/')
		n--;
	return n;
}

/* Literal text with {{ and }} made single, without '/' at its end unless that is all. */
static char *literal(const char *text, size_t n, struct leat_err *err)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < n; i++) {
		leat_buf_addc(&b, text[i]);
		i += text[i] == '{' || text[i] == '}';
	}
	while (b.len > 1 && b.data[b.len - 1] == '/')
		b.data[--b.len] = 0;
	char *s = leat_buf_detach(&b, err);
	leat_buf_free(&b);
	return s;
}

/* Can a name have folders in it? */
static bool is_flat(const char *below, const struct leat_template *t)
{
	const char *field;
	for (size_t i = 0; (field = leat_template_field(t, i, NULL)); i++)
		if (strcmp(field, "reldir") == 0 || strcmp(field, "dir") == 0 || strcmp(field, "path") == 0)
			return false;
	return !strchr(below, '/');
}

static int open_root(struct leat_target *t, struct leat_err *err)
{
	t->rootfd = leat_make_root(t->root, t->sync);
	if (t->rootfd < 0)
		return leat_fail_sys(err, leat_target_cause(errno), errno, "cannot use the folder '%.300s'", t->root);
	/*
	 * Better one message now than the same for every item: is the file system writable, and, where all is
	 * written into it, the folder?
	 */
	struct leat_publish probe;
	struct leat_err e = {0};
	if (leat_publish_open(&probe, t->rootfd, t->rootfd, &e) == 0)
		leat_publish_drop(&probe);
	else if (t->flat || e.cause == LEAT_CAUSE_TARGET)
		return leat_fail_sys(err, e.cause, e.sys, "cannot write into the folder '%.300s'", t->root);
	return 0;
}

int leat_target_open(struct leat_target *t, const struct leat_tmpl *tmpl, bool sync, struct leat_err *err)
{
	const char *below;
	*t = (struct leat_target){.rootfd = -1, .sync = sync, .whole = begins_with(tmpl->shown, "{path}", &below)};
	if (!t->whole && !begins_with(tmpl->shown, "{dir}", &below)) {
		size_t n = root_len(tmpl);
		below = tmpl->text + n;
		t->root = literal(tmpl->text, n, err);
		if (!t->root)
			return -1;
	}
	t->below = leat_template_new(below, NULL, err);
	if (!t->below) {
		leat_target_close(t);
		return -1;
	}
	t->flat = t->root && is_flat(below, t->below);
	if (t->root && open_root(t, err) < 0) {
		leat_target_close(t);
		return -1;
	}
	return 0;
}

void leat_target_close(struct leat_target *t)
{
	if (t->rootfd >= 0)
		(void)close(t->rootfd); /* O_PATH */
	leat_template_free(&t->below);
	free(t->root);
	*t = (struct leat_target){.rootfd = -1};
}

/* ---- one name ---- */

/* Every part must be a name that a folder can hold. */
static int check_parts(const char *rel, struct leat_err *err)
{
	for (const char *p = rel;; p++) {
		size_t n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "the output name '%.300s' has an empty part, '.' or '..'", rel);
		if (n > NAME_MAX)
			return leat_fail(
				err, LEAT_CAUSE_MISMATCH,
				"the output name '%.60s...' is longer than the 255 bytes that a file system takes", p);
		p += n;
		if (!*p)
			return 0;
	}
}

/* "a//b/./c" -> "a/b/c", in place. */
static void squeeze(char *rel)
{
	char *to = rel;
	for (const char *p = rel; *p;) {
		size_t n = strcspn(p, "/");
		bool dot = n == 1 && *p == '.';
		if (n > 0 && !dot) {
			memmove(to, p, n);
			to += n;
		}
		p += n;
		if (*p == '/' && n > 0 && !dot && p[strspn(p, "/")])
			*to++ = '/';
		p += strspn(p, "/");
	}
	*to = 0;
}

/* What stands before `below` in templates that begin with {path} or {dir}. */
static int add_input(const struct leat_target *t, const struct leat_view *v, struct leat_buf *b, struct leat_err *err)
{
	if (!v->entry)
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is no '{%s}' behind a reduction",
				 t->whole ? "path" : "dir");
	const char *rel = v->entry->rel, *slash = strrchr(rel, '/');
	leat_buf_add(b, rel, t->whole ? strlen(rel) : slash ? (size_t)(slash - rel) : 0);
	return 0;
}

static int fill(const struct leat_target *t, const struct leat_view *v, const char *root, struct leat_buf *b,
		size_t *at, struct leat_err *err)
{
	leat_buf_adds(b, root);
	if (root[1])
		leat_buf_addc(b, '/');
	*at = b->len;
	if (!t->root && add_input(t, v, b, err) < 0)
		return -1;
	struct leat_buf tail = {0};
	/*
	 * What follows {path} is part of its name, not a path of its own, and may be nothing: the parts are
	 * checked below.
	 */
	int r = t->root ? leat_template_expand_path(t->below, v, &tail, err)
			: leat_template_expand(t->below, v, &tail, err);
	if (r == 0 && tail.len && memchr(tail.data, 0, tail.len))
		r = leat_fail(err, LEAT_CAUSE_USAGE, "the output name holds a zero byte");
	leat_buf_add(b, tail.data, tail.len);
	leat_buf_free(&tail);
	return r < 0 ? -1 : leat_buf_check(b, err);
}

int leat_target_spot(const struct leat_target *t, const struct leat_view *v, struct leat_spot *s, struct leat_err *err)
{
	struct leat_buf b = {0};
	size_t at = 0;
	*s = (struct leat_spot){.rootfd = -1, .dirfd = -1};
	const char *root = t->root ? t->root : v->entry ? v->entry->root : "/";
	if (fill(t, v, root, &b, &at, err) < 0) {
		leat_buf_free(&b);
		return -1;
	}
	s->path = leat_buf_detach(&b, err);
	leat_buf_free(&b);
	if (!s->path)
		return -1;
	squeeze(s->path + at);
	s->rel = s->path + at;
	s->name = strrchr(s->path, '/') + 1;
	if (check_parts(s->rel, err) == 0)
		return 0;
	leat_spot_free(s);
	return -1;
}

static int fail_open(const struct leat_spot *s, int sys, struct leat_err *err)
{
	int n = (int)(s->name - s->path) - 1;
	if (n > 300)
		n = 300;
	if (sys == ELOOP)
		return leat_fail(err, LEAT_CAUSE_CONFLICT,
				 "a part of the folder '%.*s' is a link: outputs do not leave their folder", n,
				 s->path);
	if (sys == ENOTDIR)
		return leat_fail(err, LEAT_CAUSE_CONFLICT, "a part of '%.*s' is a file, not a folder", n, s->path);
	return leat_fail_sys(err, leat_target_cause(sys), sys, "cannot make the folder '%.*s'", n, s->path);
}

/* Its folder: found, or made where it is missing and `make`. 0; 1: it is not there; -1. */
static int open_folder(const struct leat_target *t, struct leat_spot *s, bool make, struct leat_err *err)
{
	s->rootfd = t->rootfd;
	if (!t->root) {
		size_t n = (size_t)(s->rel - s->path);
		char *root = leat_strndup(s->path, n > 1 ? n - 1 : n, err);
		s->rootfd = root ? leat_open_long(root, O_PATH | O_DIRECTORY) : -1;
		free(root);
		s->own_root = s->rootfd >= 0;
		if (s->rootfd < 0)
			return fail_open(s, errno, err);
	}
	char *folder = leat_strndup(s->rel, s->name > s->rel ? (size_t)(s->name - s->rel - 1) : 0, err);
	if (!folder)
		return -1;
	s->dirfd = make ? leat_beneath_make(s->rootfd, folder, t->sync) : leat_beneath_dir(s->rootfd, folder);
	int sys = errno;
	free(folder);
	if (s->dirfd < 0 && !make && sys == ENOENT)
		return 1;
	return s->dirfd < 0 ? fail_open(s, sys, err) : 0;
}

int leat_spot_open(const struct leat_target *t, struct leat_spot *s, struct leat_err *err)
{
	return open_folder(t, s, true, err);
}

int leat_spot_find(const struct leat_target *t, struct leat_spot *s, struct leat_err *err)
{
	return open_folder(t, s, false, err);
}

void leat_spot_free(struct leat_spot *s)
{
	if (s->dirfd >= 0)
		(void)close(s->dirfd); /* O_PATH */
	if (s->own_root)
		(void)close(s->rootfd); /* O_PATH */
	free(s->path);
	*s = (struct leat_spot){.rootfd = -1, .dirfd = -1};
}
