/* SPDX-License-Identifier: MIT */
/*
 * The walk through a tree. Every folder is opened relative to the one above it, so that nobody can lead the
 * walk elsewhere by swapping names, and paths may be longer than PATH_MAX. The way down is a stack of frames,
 * not of calls; only the lowest OPEN_FRAMES of them keep their folder open, the others are opened again when
 * the walk comes back (and must then be what they were). Files are never opened: one fstatat for each that
 * matches.
 */
#include "io/walk.h"

#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { OPEN_FRAMES = 16, MAX_DEPTH = 2048 };

/* ---- folders: opening, closing for a while, opening again ---- */

static void close_one(struct leat_tree *w, struct leat_tree_frame *f)
{
	if (!f->dir)
		return;
	(void)closedir(f->dir); /* only read */
	f->dir = NULL;
	w->open--;
}

/* Closes the highest folder that is open; false when there is none but the lowest. */
static bool close_highest(struct leat_tree *w)
{
	for (size_t i = 0; i + 1 < w->depth; i++)
		if (w->v[i].dir) {
			close_one(w, &w->v[i]);
			return true;
		}
	return false;
}

static int folder_flags(const struct leat_tree *w)
{
	return O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (w->follow ? 0 : O_NOFOLLOW);
}

static DIR *open_folder(struct leat_tree *w, int at, const char *name, struct stat *st)
{
	int fd;
	while ((fd = openat(at, name, folder_flags(w))) < 0 && (errno == EMFILE || errno == ENFILE) && close_highest(w))
		;
	if (fd < 0)
		return NULL;
	DIR *d = fstat(fd, st) == 0 ? fdopendir(fd) : NULL;
	if (!d) {
		int sys = errno;
		(void)close(fd); /* only read */
		errno = sys;
	} else
		w->open++;
	return d;
}

/* The folder `len` bytes into w->path, again. */
static int reopen_path(struct leat_tree *w, size_t len)
{
	char *p = w->path.data + w->base;
	size_t n = len - w->base;
	char last = 0;
	if (n > 0) {
		last = p[n - 1];
		p[n - 1] = 0;
	}
	int fd;
	if (!w->follow)
		fd = leat_beneath_dir(w->rootfd, n ? p : "");
	else
		fd = leat_open_long(n ? w->path.data : w->root, O_PATH | O_DIRECTORY);
	if (n > 0)
		p[n - 1] = last;
	return fd;
}

/* Makes sure that frame t is open. 0, or -1 with errno (ESTALE: another folder stands there now). */
static int ensure_open(struct leat_tree *w, struct leat_tree_frame *t)
{
	if (t->dir)
		return 0;
	int fd = reopen_path(w, t->path_len);
	if (fd < 0)
		return -1;
	struct stat st = {0};
	DIR *d = open_folder(w, fd, ".", &st);
	int sys = errno;
	(void)close(fd); /* O_PATH */
	errno = sys;
	if (!d)
		return -1;
	t->dir = d;
	if (st.st_dev == t->dev && st.st_ino == t->ino)
		return 0;
	close_one(w, t);
	errno = ESTALE;
	return -1;
}

static void pop(struct leat_tree *w)
{
	close_one(w, leat_tree_top(w));
	leat_buf_free(&leat_tree_top(w)->subs);
	w->depth--;
}

static int scan(struct leat_tree *w, struct leat_err *err)
{
	size_t len = leat_tree_top(w)->path_len;
	for (;;) {
		errno = 0;
		const struct dirent *d = readdir(leat_tree_top(w)->dir);
		if (!d)
			break;
		if (leat_tree_see(w, d, err) < 0)
			return -1;
	}
	int sys = errno;
	w->path.len = len;
	w->path.data[len] = 0;
	return sys ? leat_tree_folder_problem(w, LEAT_CAUSE_IO, sys, "cannot read the folder", err) : 0;
}

/* ---- the way through the tree ---- */

/* Is it one of the folders on the way to it? */
static bool is_loop(const struct leat_tree *w, const struct stat *st)
{
	for (size_t i = 0; i < w->depth; i++)
		if (w->v[i].dev == st->st_dev && w->v[i].ino == st->st_ino)
			return true;
	return false;
}

/* Goes into the open folder d, whose path with '/' is w->path. Takes d over. */
static int push(struct leat_tree *w, DIR *d, const struct stat *st, struct leat_err *err)
{
	struct leat_tree_frame *v = leat_grow(w->v, &w->cap, w->depth + 1, sizeof *v, err);
	if (!v) {
		(void)closedir(d); /* only read */
		w->open--;
		return -1;
	}
	w->v = v;
	v[w->depth++] =
		(struct leat_tree_frame){.dir = d, .dev = st->st_dev, .ino = st->st_ino, .path_len = w->path.len};
	if (w->open > OPEN_FRAMES)
		(void)close_highest(w); /* there is always one: this folder is not the only open one */
	return scan(w, err);
}

static int enter(struct leat_tree *w, const char *name, struct leat_err *err)
{
	struct leat_tree_frame *t = leat_tree_top(w);
	if (leat_tree_path(w, t->path_len, name, true, err) < 0)
		return -1;
	if (w->depth >= MAX_DEPTH)
		return leat_tree_folder_problem(w, LEAT_CAUSE_LIMIT, 0, "is a folder too deep: more than 2048 above it",
						err);
	if (ensure_open(w, t) < 0)
		return leat_tree_folder_problem(w, LEAT_CAUSE_IO, errno, "cannot go back to the folder above", err);
	struct stat st;
	DIR *d = open_folder(w, dirfd(t->dir), name, &st);
	if (!d && errno == ENOENT)
		return 0; /* deleted meanwhile */
	if (!d)
		return leat_tree_folder_problem(w, LEAT_CAUSE_IO, errno, "cannot read the folder", err);
	if (is_loop(w, &st)) {
		(void)closedir(d); /* only read */
		w->open--;
		return leat_tree_folder_problem(w, LEAT_CAUSE_SPECIAL, 0, "is a link back to a folder above it", err);
	}
	return push(w, d, &st, err);
}

static int walk_all(struct leat_tree *w, struct leat_err *err)
{
	while (w->depth > 0) {
		struct leat_tree_frame *t = leat_tree_top(w);
		if (leat_cancel_get(w->f->o->cancel) != LEAT_STOP_NO)
			return leat_fail(err, LEAT_CAUSE_CANCELLED, "stopped while the inputs were listed");
		if (t->next >= t->subs.len) {
			pop(w);
			continue;
		}
		char name[NAME_MAX + 1];
		size_t n = strlen(t->subs.data + t->next) + 1;
		memcpy(name, t->subs.data + t->next, n < sizeof name ? n : sizeof name);
		name[NAME_MAX] = 0;
		t->next += n;
		if (enter(w, name, err) < 0)
			return -1;
	}
	return 0;
}

static int begin(struct leat_tree *w, struct leat_err *err)
{
	leat_buf_adds(&w->path, w->root);
	if (w->root[1])
		leat_buf_addc(&w->path, '/');
	if (leat_buf_check(&w->path, err) < 0)
		return -1;
	w->base = w->path.len;
	w->rootfd = leat_open_long(w->root, O_PATH | O_DIRECTORY);
	struct stat st;
	DIR *d = w->rootfd < 0 ? NULL : open_folder(w, w->rootfd, ".", &st);
	if (d)
		return push(w, d, &st, err);
	if (errno == ENOENT || errno == ENOTDIR) {
		w->seen->no_root = true;
		return 0;
	}
	return leat_tree_folder_problem(w, LEAT_CAUSE_IO, errno, "cannot read the folder", err);
}

int leat_walk(struct leat_finds *f, const char *root, const struct leat_glob *glob, bool names_extension,
	      struct leat_seen *seen, struct leat_err *err)
{
	struct leat_tree w = {
		.f = f,
		.root = root,
		.glob = glob,
		.names_extension = names_extension,
		.follow = f->p->symlinks == LEAT_LINKS_FOLLOW,
		.seen = seen,
		.rootfd = -1,
	};
	int r = begin(&w, err);
	if (r == 0)
		r = walk_all(&w, err);
	while (w.depth > 0)
		pop(&w);
	if (w.rootfd >= 0)
		(void)close(w.rootfd); /* O_PATH */
	leat_buf_free(&w.path);
	free(w.v);
	return r;
}
