/* SPDX-License-Identifier: MIT */
/* What one word after `read` means: a folder, a name letter for letter, or a pattern below a folder. */
#include "io/read.h"

#include <fcntl.h>
#include <limits.h>

bool leat_unquote(const char *s, size_t n, struct leat_buf *out)
{
	bool literal = true;
	for (size_t i = 0; i < n; i++) {
		bool quoted = s[i] == '[' && i + 2 < n && strchr("*?[{", s[i + 1]) && s[i + 2] == ']';
		if (quoted)
			i++;
		else if (strchr("*?[{", s[i]))
			literal = false;
		leat_buf_addc(out, s[i]);
		i += quoted;
	}
	return literal;
}

static void quote(struct leat_buf *b, const char *literal)
{
	for (const char *s = literal; *s; s++)
		if (strchr("*?[{", *s))
			leat_buf_addf(b, "[%c]", *s);
		else
			leat_buf_addc(b, *s);
}

/*
 * "a/link/.." is not "a" when link is a link: ".." is taken out by asking the file system. When it cannot say,
 * it stays.
 */
static void climb(struct leat_buf *out, bool pattern)
{
	char real[PATH_MAX];
	struct leat_buf literal = {0};
	if (pattern)
		leat_unquote(out->data ? out->data : "", out->len, &literal);
	else
		leat_buf_add(&literal, out->data, out->len);
	leat_buf_adds(&literal, "/..");
	if (!literal.failed && realpath(literal.data, real)) {
		leat_buf_clear(out);
		if (real[1] && pattern)
			quote(out, real);
		else if (real[1])
			leat_buf_adds(out, real);
	} else
		leat_buf_adds(out, "/..");
	leat_buf_free(&literal);
}

/* Has one name of a pattern real wildcards? */
static bool is_magic(const char *name, size_t n)
{
	struct leat_buf literal = {0};
	bool magic = !leat_unquote(name, n, &literal);
	leat_buf_free(&literal);
	return magic;
}

const char *leat_clean_path(struct leat_finds *f, const char *abs, bool pattern, struct leat_err *err)
{
	struct leat_buf out = {0};
	bool magic = false;
	for (const char *p = abs; *p;) {
		p += strspn(p, "/");
		size_t n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.')) {
			p += n;
			continue;
		}
		magic = magic || (pattern && is_magic(p, n));
		if (n == 2 && p[0] == '.' && p[1] == '.' && !magic)
			climb(&out, pattern);
		else {
			leat_buf_addc(&out, '/');
			leat_buf_add(&out, p, n);
		}
		p += n;
	}
	if (out.len == 0)
		leat_buf_addc(&out, '/');
	const char *clean = leat_buf_check(&out, err) == 0 ? leat_arena_strndup(&f->l->arena, out.data, out.len) : NULL;
	leat_buf_free(&out);
	if (!clean)
		leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	return clean;
}

const char *leat_join_path(struct leat_finds *f, const char *folder, const char *name, struct leat_err *err)
{
	if (name[0] == '/')
		return leat_clean_path(f, name, false, err);
	const char *joined = leat_arena_printf(&f->l->arena, "%s/%s", folder, name);
	if (!joined) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
		return NULL;
	}
	return leat_clean_path(f, joined, false, err);
}

static bool exists(const char *path, struct leat_want *w)
{
	struct stat st;
	bool there = fstatat(AT_FDCWD, path, &st, 0) == 0;
	if (!there && fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	w->sort =
		there && S_ISDIR(st.st_mode) ? LEAT_WANT_FOLDER : LEAT_WANT_NAME; /* a link to nothing is a name, too */
	w->path = path;
	return true;
}

/* Where the wildcards begin: w->path is all folders before them, w->rest the pattern from there. */
static int split(struct leat_finds *f, const char *clean, struct leat_want *w, struct leat_err *err)
{
	struct leat_buf base = {0};
	size_t len = 0;
	w->rest = clean + 1;
	for (const char *p = clean; *p == '/';) {
		size_t n = strcspn(p + 1, "/") + 1;
		w->rest = p + 1;
		if (!leat_unquote(p, n, &base))
			break;
		len = base.len;
		p += n;
	}
	w->path = len ? leat_arena_strndup(&f->l->arena, base.data, len) : "/";
	int r = leat_buf_check(&base, err);
	leat_buf_free(&base);
	if (!w->path)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	return r;
}

int leat_want(struct leat_finds *f, const char *abs, struct leat_want *w, struct leat_err *err)
{
	struct leat_buf b = {0};
	const char *clean = leat_clean_path(f, abs, true, err), *literal = NULL;
	bool plain = clean && leat_unquote(clean, strlen(clean), &b);
	if (clean && leat_buf_check(&b, err) == 0)
		literal = leat_arena_strndup(&f->l->arena, b.data, b.len);
	leat_buf_free(&b);
	if (!literal)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	*w = (struct leat_want){.sort = LEAT_WANT_NAME, .path = literal, .shown = leat_finds_shown(f, literal)};
	if (exists(clean, w) || exists(literal, w) || plain)
		return 0;
	w->sort = LEAT_WANT_PATTERN;
	return split(f, clean, w, err);
}

const char *leat_quote_folder(struct leat_finds *f, const char *folder, const char *rel, struct leat_err *err)
{
	struct leat_buf b = {0};
	quote(&b, folder);
	leat_buf_addf(&b, "/%s", rel);
	const char *text = leat_buf_check(&b, err) == 0 ? leat_arena_strndup(&f->l->arena, b.data, b.len) : NULL;
	leat_buf_free(&b);
	if (!text)
		leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	return text;
}
