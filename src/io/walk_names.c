/* SPDX-License-Identifier: MIT */
/* The walk, name by name: which are inputs, which are folders to enter, and what is refused with which reason. */
#include "io/walk.h"

#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int leat_tree_path(struct leat_tree *w, size_t at, const char *name, bool folder, struct leat_err *err)
{
	w->path.len = at;
	leat_buf_adds(&w->path, name);
	if (folder)
		leat_buf_addc(&w->path, '/');
	return leat_buf_check(&w->path, err);
}

static int reldir(struct leat_tree *w, struct leat_err *err)
{
	struct leat_tree_frame *t = leat_tree_top(w);
	const char *base = w->f->p->root ? w->f->p->root : w->root;
	if (!t->reldir)
		t->reldir = leat_finds_reldir(w->f, base, w->path.data, t->path_len - 1, err);
	return t->reldir ? 0 : -1;
}

static struct leat_place place(const struct leat_tree *w)
{
	return (struct leat_place){
		.abs = w->path.data,
		.root = w->root,
		.rel_at = w->base,
		.reldir = w->depth ? w->v[w->depth - 1].reldir : "",
	};
}

/* The name in w->path can only fail. sys: errno behind it, or 0. */
static int problem(struct leat_tree *w, enum leat_cause cause, int sys, const char *why, struct leat_err *err)
{
	char reason[128];
	if (w->depth && reldir(w, err) < 0)
		return -1;
	if (sys) {
		why = leat_arena_printf(&w->f->l->arena, "%s: %s", why, strerror_r(sys, reason, sizeof reason));
		cause = leat_cause_of_errno(sys, false);
	}
	struct leat_place at = place(w);
	return leat_finds_problem(w->f, &at, cause, why, w->seen, err);
}

int leat_tree_folder_problem(struct leat_tree *w, enum leat_cause cause, int sys, const char *why, struct leat_err *err)
{
	w->f->l->unread++;
	if (w->path.len > 1)
		w->path.data[w->path.len - 1] = 0;
	int r = problem(w, cause, sys, why, err);
	w->path.data[w->path.len - 1] = '/';
	return r;
}

static void count_extension(struct leat_seen *s, const char *name)
{
	const char *ext = leat_extension(name);
	size_t n = strlen(ext);
	s->files++;
	if (n == 0 || n >= LEAT_SEEN_TEXT)
		return;
	char lower[LEAT_SEEN_TEXT] = {0};
	for (size_t i = 0; i < n; i++)
		lower[i] = (char)(ext[i] >= 'A' && ext[i] <= 'Z' ? ext[i] + ('a' - 'A') : ext[i]);
	size_t k = 0;
	while (k < s->n && memcmp(s->ext[k].text, lower, sizeof lower) != 0)
		k++;
	if (k == LEAT_SEEN_EXTENSIONS)
		return;
	if (k == s->n) {
		memcpy(s->ext[k].written, ext, n + 1);
		memcpy(s->ext[s->n++].text, lower, sizeof lower);
	}
	s->ext[k].n++;
}

static bool matches(const struct leat_tree *w, const char *name)
{
	if (w->glob)
		return leat_glob_match(w->glob, w->path.data + w->base, w->path.len - w->base);
	const char *ext = leat_extension(name);
	return leat_readable(w->f->o->extensions, ext, strlen(ext), w->f->p->match_case);
}

/* Would a folder of this name be gone into? w->path is the name. */
static bool enters(struct leat_tree *w)
{
	leat_buf_addc(&w->path, '/');
	bool yes = (!w->glob || leat_glob_enters(w->glob, w->path.data + w->base, w->path.len - w->base)) &&
		   !leat_finds_excludes_all(w->f, w->path.data, w->path.len);
	w->path.data[--w->path.len] = 0;
	return yes;
}

/*
 * A folder called like the files that are wanted ("a.png") is told; one that a bare '*' matches is only a
 * folder.
 */
static bool poses_as_file(const struct leat_tree *w, const char *name)
{
	return w->glob && w->names_extension && leat_extension(name)[0] && matches(w, name);
}

static int see_folder(struct leat_tree *w, const char *name, struct leat_err *err)
{
	if (poses_as_file(w, name) && problem(w, LEAT_CAUSE_SPECIAL, 0, leat_special_problem(S_IFDIR), err) < 0)
		return -1;
	if (!enters(w))
		return 0;
	struct leat_tree_frame *t = leat_tree_top(w);
	leat_buf_add(&t->subs, name, strlen(name) + 1);
	return leat_buf_check(&t->subs, err);
}

static int see_file(struct leat_tree *w, const char *name, const struct stat *st, struct leat_err *err)
{
	count_extension(w->seen, name);
	if (!matches(w, name)) {
		w->f->l->ignored += !w->glob;
		return 0;
	}
	struct stat own;
	if (!st) {
		if (fstatat(dirfd(leat_tree_top(w)->dir), name, &own, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT ? 0 : problem(w, LEAT_CAUSE_IO, errno, "cannot look at it", err);
		st = &own;
	}
	const char *why = leat_special_problem(st->st_mode);
	if (S_ISLNK(st->st_mode))
		why = "became a link while it was listed";
	if (why)
		return problem(w, LEAT_CAUSE_SPECIAL, 0, why, err);
	if (reldir(w, err) < 0)
		return -1;
	struct leat_place at = place(w);
	return leat_finds_file(w->f, &at, st, w->seen, err);
}

/* A link to a file: it is an input if it stays in the tree. */
static int see_linked_file(struct leat_tree *w, const char *name, struct leat_err *err)
{
	if (w->follow || !matches(w, name)) {
		struct stat st;
		if (fstatat(dirfd(leat_tree_top(w)->dir), name, &st, 0) < 0)
			return 0; /* gone meanwhile */
		return see_file(w, name, &st, err);
	}
	struct stat st;
	int fd = leat_beneath_file(w->rootfd, w->path.data + w->base);
	int sys = fd < 0 || fstat(fd, &st) < 0 ? errno : 0;
	if (fd >= 0)
		(void)close(fd); /* O_PATH */
	if (sys == 0)
		return see_file(w, name, &st, err);
	if (sys != EXDEV)
		return problem(w, LEAT_CAUSE_IO, sys, "cannot follow the link", err);
	const char *why =
		leat_arena_printf(&w->f->l->arena, "is a link that leads out of '%s' (symlinks=follow reads it)",
				  leat_finds_shown(w->f, w->root));
	return problem(w, LEAT_CAUSE_SPECIAL, 0, why, err);
}

static int see_broken_link(struct leat_tree *w, const char *name, int sys, struct leat_err *err)
{
	count_extension(w->seen, name);
	if (!matches(w, name))
		return 0;
	if (sys == ENOENT || sys == ENOTDIR)
		return problem(w, LEAT_CAUSE_NOT_FOUND, 0, "is a link to nothing", err);
	if (sys == ELOOP)
		return problem(w, LEAT_CAUSE_SPECIAL, 0, "is a link that leads back to itself", err);
	return problem(w, LEAT_CAUSE_IO, sys, "cannot follow the link", err);
}

static int see_link(struct leat_tree *w, const char *name, struct leat_err *err)
{
	if (w->f->p->symlinks == LEAT_LINKS_NO) {
		if (matches(w, name))
			leat_finds_pass(w->f, LEAT_PASSED_LINK, w->path.data, w->seen);
		return 0;
	}
	struct stat st;
	if (fstatat(dirfd(leat_tree_top(w)->dir), name, &st, 0) < 0)
		return see_broken_link(w, name, errno, err);
	if (!S_ISDIR(st.st_mode))
		return see_linked_file(w, name, err);
	if (w->follow)
		return see_folder(w, name, err);
	if (poses_as_file(w, name))
		return problem(w, LEAT_CAUSE_SPECIAL, 0, "is a link to a folder, not a file", err);
	if (enters(w))
		leat_finds_pass(w->f, LEAT_PASSED_LINKED_FOLDER, w->path.data, w->seen);
	return 0;
}

static unsigned char type_of(const struct leat_tree *w, const struct dirent *d)
{
	struct stat st;
	if (d->d_type != DT_UNKNOWN)
		return d->d_type;
	if (fstatat(dirfd(w->v[w->depth - 1].dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return DT_UNKNOWN;
	return IFTODT(st.st_mode);
}

int leat_tree_see(struct leat_tree *w, const struct dirent *d, struct leat_err *err)
{
	const char *name = d->d_name;
	if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
		return 0;
	if (name[0] == '.' && !w->glob && !w->f->p->hidden)
		return 0; /* patterns decide themselves */
	if (leat_tree_path(w, leat_tree_top(w)->path_len, name, false, err) < 0)
		return -1;
	if (leat_finds_excluded(w->f, w->path.data, w->path.len))
		return 0;
	switch (type_of(w, d)) {
	case DT_DIR:
		return see_folder(w, name, err);
	case DT_LNK:
		return see_link(w, name, err);
	default:
		return see_file(w, name, NULL, err);
	}
}
