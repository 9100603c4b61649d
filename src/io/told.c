/* SPDX-License-Identifier: MIT */
/* What is said when a pattern finds nothing, and about files that were passed over. */
#include "io/read.h"

#include "base/beneath.h"
#include "base/num.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { NAMES_LOOKED_AT = 20000 };

int leat_told_add(struct leat_listing *l, const char *text, struct leat_err *err)
{
	struct leat_strs *w = &l->warnings;
	const char **v = text ? leat_arena_alloc(&l->arena, (w->n + 1) * sizeof *v) : NULL;
	if (!v)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember a warning");
	if (w->n)
		memcpy(v, w->v, w->n * sizeof *v);
	v[w->n] = text;
	w->v = v;
	w->n++;
	return 0;
}

/* Which extension does the pattern ask for? "" when that is not one plain word. */
static const char *wanted_extension(const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	const char *ext = leat_extension(slash ? slash + 1 : pattern);
	return strpbrk(ext, "*?[]{},") || strlen(ext) >= LEAT_SEEN_TEXT ? "" : ext;
}

/* *written: such an extension as it stands in a name. */
static uint64_t count_of(const struct leat_seen *s, const char *ext, const char **written)
{
	for (size_t i = 0; i < s->n; i++)
		if (leat_same_word(s->ext[i].text, ext)) {
			*written = s->ext[i].written;
			return s->ext[i].n;
		}
	return 0;
}

/* "; most end in .jpg (1 180)" */
static void most_frequent(struct leat_buf *b, const struct leat_seen *s, const char *but)
{
	size_t best = s->n;
	char digits[32];
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->ext[i].text, but) != 0 && (best == s->n || s->ext[i].n > s->ext[best].n))
			best = i;
	if (best < s->n)
		leat_buf_addf(b, "; most end in .%s (%s)", s->ext[best].text,
			      leat_group_digits(s->ext[best].n, digits));
}

/* Has the folder one in it that is not hidden? */
static bool has_folder(const char *path)
{
	DIR *d = opendir(path);
	bool found = false;
	const struct dirent *e;
	while (d && !found && (e = readdir(d)))
		found = e->d_name[0] != '.' && e->d_type == DT_DIR;
	if (d)
		(void)closedir(d); /* only read */
	return found;
}

/* The pattern that looks into the folders as well, when there are some and this one does not. */
static void folders_too(struct leat_buf *b, const struct leat_want *w, const char *rest)
{
	const char *last = strrchr(w->shown, '/');
	if (*rest && !strchr(rest, '/') && has_folder(w->path))
		leat_buf_addf(b, "; to look into folders too: %.*s**/%s", last ? (int)(last + 1 - w->shown) : 0,
			      w->shown, rest);
}

static void looked_in(const struct leat_finds *f, struct leat_buf *b, const struct leat_want *w,
		      const struct leat_seen *s)
{
	bool match_case = f->p->match_case;
	const char *rest = w->rest ? w->rest : "", *ext = wanted_extension(rest);
	bool folder = w->sort == LEAT_WANT_FOLDER;
	char some[32], all[32];
	const char *written = ext;
	uint64_t n = count_of(s, ext, &written);
	leat_buf_addf(b, "looked in %s: ", w->path);
	if (s->files == 0) {
		leat_buf_adds(b, "there are no files");
		folders_too(b, w, rest);
		return;
	}
	leat_group_digits(s->files, all);
	const char *files = s->files == 1 ? "file" : "files";
	if (folder)
		leat_buf_addf(b, "0 of %s %s are of a format that can be read", all, files);
	else if (!ext[0])
		leat_buf_addf(b, "0 of %s %s match", all, files);
	else if (match_case && strcmp(written, ext) != 0)
		leat_buf_addf(b, "%s of %s %s end in .%s, and with match-case=yes that is not .%s",
			      leat_group_digits(n, some), all, files, written, ext);
	else if (n > 0)
		leat_buf_addf(b, "%s of %s %s end in .%s, but the rest of the pattern does not match",
			      leat_group_digits(n, some), all, files, ext);
	else
		leat_buf_addf(b, "0 of %s %s end in .%s", all, files, ext);
	if (n == 0)
		most_frequent(b, s, ext);
	if (n == 0 && leat_readable(f->o->extensions, ext, strlen(ext), false))
		folders_too(b, w, rest);
}

/* Names in a folder that could have been meant. */
struct nearest {
	const char *wanted;
	const char *form; /* differs only in its Unicode form */
	const char *longer; /* goes on with a blank: was not in quotes */
	const char **v;
	size_t n, cap;
};

static int collect(struct leat_finds *f, int fd, struct nearest *k)
{
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		return -1;
	const struct dirent *e;
	while (k->n < NAMES_LOOKED_AT && (e = readdir(d))) {
		if (e->d_name[0] == '.' && k->wanted[0] != '.')
			continue;
		const char **v = leat_grow(k->v, &k->cap, k->n + 1, sizeof *v, NULL);
		const char *name = v ? leat_arena_strndup(&f->l->arena, e->d_name, strlen(e->d_name)) : NULL;
		if (v)
			k->v = v;
		if (!name)
			break;
		k->v[k->n++] = name;
		size_t n = strlen(k->wanted);
		if (leat_same_but_form(name, k->wanted))
			k->form = name;
		if (strncmp(name, k->wanted, n) == 0 && name[n] == ' ')
			k->longer = name;
	}
	(void)closedir(d); /* only read */
	return 0;
}

/* `path` is not there: how far does it go, and what stands where it ends? */
static void not_there(struct leat_finds *f, struct leat_buf *b, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	size_t n = (size_t)(name - path);
	const char *folder = leat_arena_strndup(&f->l->arena, path, n > 1 ? n - 1 : n);
	struct nearest k = {.wanted = name};
	int fd = folder ? leat_open_long(folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK) : -1;
	if (fd < 0 && folder && n > 1 && (errno == ENOENT || errno == ENOTDIR)) {
		not_there(f, b, folder);
		return;
	}
	if (!folder || collect(f, fd, &k) < 0) {
		leat_buf_addf(b, "cannot look into %s", folder ? folder : "/");
		return;
	}
	const char *near = k.longer ? k.longer : leat_nearest_word(name, k.v, k.n);
	if (k.form)
		leat_buf_addf(b, "in %s there is '%s', which looks the same but is written in another Unicode form",
			      folder, k.form);
	else if (near)
		leat_buf_addf(b, "in %s there is no '%s'; did you mean '%s'%s?", folder, name, near,
			      strchr(near, ' ') && !strchr(name, ' ') ? ", in quotes" : "");
	else
		leat_buf_addf(b, "in %s there is no '%s'", folder, name);
	free(k.v);
}

const char *leat_told_nothing(struct leat_finds *f, const struct leat_want *w, const struct leat_seen *seen)
{
	struct leat_buf b = {0};
	struct stat st;
	bool there = fstatat(AT_FDCWD, w->path, &st, 0) == 0;
	if (seen->passed > 0)
		leat_buf_adds(&b, "all files that match were passed over");
	else if (!there)
		not_there(f, &b, w->path);
	else if (seen->no_root)
		leat_buf_addf(&b, "%s is a file, not a folder", w->path);
	else if (w->sort == LEAT_WANT_NAME)
		leat_buf_addf(&b, "%s is left out by exclude=", w->path);
	else
		looked_in(f, &b, w, seen);
	const char *text = b.failed ? NULL : leat_arena_strndup(&f->l->arena, b.data, b.len);
	leat_buf_free(&b);
	return text;
}

int leat_told_passed(struct leat_finds *f, struct leat_err *err)
{
	static const char *const words[LEAT_N_PASSED][2] = {
		[LEAT_PASSED_YOUNG] = {"file was", "files were"},
		[LEAT_PASSED_OLD] = {"file was", "files were"},
		[LEAT_PASSED_SMALL] = {"file was", "files were"},
		[LEAT_PASSED_LARGE] = {"file was", "files were"},
		[LEAT_PASSED_LINK] = {"link was", "links were"},
		[LEAT_PASSED_LINKED_FOLDER] = {"linked folder was", "linked folders were"},
		[LEAT_PASSED_MISSING] = {"name was", "names were"},
	};
	static const char *const why[LEAT_N_PASSED] = {
		[LEAT_PASSED_YOUNG] = "passed over: changed too lately for min-age=",
		[LEAT_PASSED_OLD] = "passed over: too old for max-age=",
		[LEAT_PASSED_SMALL] = "passed over: smaller than min-size=",
		[LEAT_PASSED_LARGE] = "passed over: larger than max-size=",
		[LEAT_PASSED_LINK] = "passed over: symlinks=no",
		[LEAT_PASSED_LINKED_FOLDER] = "not entered (symlinks=follow does)",
		[LEAT_PASSED_MISSING] = "passed over: not there, and missing=skip",
	};
	for (int i = 0; i < LEAT_N_PASSED; i++) {
		const struct leat_passed *p = &f->passed[i];
		char digits[32];
		if (p->n == 0)
			continue;
		const char *text =
			leat_arena_printf(&f->l->arena, "%s %s %s; the first: %s", leat_group_digits(p->n, digits),
					  words[i][p->n != 1], why[i], p->first ? p->first : "?");
		if (leat_told_add(f->l, text, err) < 0)
			return -1;
	}
	return 0;
}
