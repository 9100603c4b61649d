/* SPDX-License-Identifier: MIT */
/*
 * The walk through a tree. Every folder is opened relative to the one above it, so that nobody can lead the walk elsewhere by
 * swapping names, and paths may be longer than PATH_MAX. The way down is a stack of frames, not of calls; only the lowest
 * OPEN_FRAMES of them keep their folder open, the others are opened again when the walk comes back (and must then be what they were).
 * Files are never opened: one fstatat for each that matches.
 */
#include "base/beneath.h"
#include "io/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { OPEN_FRAMES = 16, MAX_DEPTH = 2048 };

struct frame {
	DIR *dir;            /* NULL: closed for the time being */
	dev_t dev;
	ino_t ino;
	size_t path_len;     /* of walk.path up to this folder, with its '/' */
	struct leat_buf subs; /* names of the folders to enter, each with its NUL */
	size_t next;         /* the next of them */
	const char *reldir;  /* NULL: not needed yet */
};

struct walk {
	struct leat_finds *f;
	const char *root;
	const struct leat_glob *glob;
	bool names_extension, follow;
	struct leat_seen *seen;
	int rootfd;
	struct leat_buf path; /* absolute, of what is looked at */
	size_t base;          /* path.data + base is below root */
	struct frame *v;
	size_t depth, cap, open;
};

static struct frame *top(struct walk *w)
{
	return &w->v[w->depth - 1];
}

static int set_path(struct walk *w, size_t at, const char *name, bool folder, struct leat_err *err)
{
	w->path.len = at;
	leat_buf_adds(&w->path, name);
	if (folder)
		leat_buf_addc(&w->path, '/');
	return leat_buf_check(&w->path, err);
}

static int reldir(struct walk *w, struct leat_err *err)
{
	struct frame *t = top(w);
	const char *base = w->f->p->root ? w->f->p->root : w->root;
	if (!t->reldir)
		t->reldir = leat_finds_reldir(w->f, base, w->path.data, t->path_len - 1, err);
	return t->reldir ? 0 : -1;
}

static struct leat_place place(const struct walk *w)
{
	return (struct leat_place){
		.abs = w->path.data,
		.root = w->root,
		.rel_at = w->base,
		.reldir = w->depth ? w->v[w->depth - 1].reldir : "",
	};
}

/* The name in w->path can only fail. sys: errno behind it, or 0. */
static int problem(struct walk *w, enum leat_cause cause, int sys, const char *why, struct leat_err *err)
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

/* As problem(), for the folder whose path with its '/' is in w->path. */
static int folder_problem(struct walk *w, enum leat_cause cause, int sys, const char *why, struct leat_err *err)
{
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
	if (k == s->n)
		memcpy(s->ext[s->n++].text, lower, sizeof lower);
	s->ext[k].n++;
}

/* ---- folders: opening, closing for a while, opening again ---- */

static void close_one(struct walk *w, struct frame *f)
{
	if (!f->dir)
		return;
	(void)closedir(f->dir); /* only read */
	f->dir = NULL;
	w->open--;
}

/* Closes the highest folder that is open; false when there is none but the lowest. */
static bool close_highest(struct walk *w)
{
	for (size_t i = 0; i + 1 < w->depth; i++)
		if (w->v[i].dir) {
			close_one(w, &w->v[i]);
			return true;
		}
	return false;
}

static int folder_flags(const struct walk *w)
{
	return O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (w->follow ? 0 : O_NOFOLLOW);
}

static DIR *open_folder(struct walk *w, int at, const char *name, struct stat *st)
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
static int reopen_path(struct walk *w, size_t len)
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
static int ensure_open(struct walk *w, struct frame *t)
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

static void pop(struct walk *w)
{
	close_one(w, top(w));
	leat_buf_free(&top(w)->subs);
	w->depth--;
}

/* ---- names of a folder ---- */

static bool matches(const struct walk *w, const char *name)
{
	if (w->glob)
		return leat_glob_match(w->glob, w->path.data + w->base, w->path.len - w->base);
	const char *ext = leat_extension(name);
	return leat_readable(w->f->o->extensions, ext, strlen(ext), w->f->p->match_case);
}

/* Would a folder of this name be gone into? w->path is the name. */
static bool enters(struct walk *w)
{
	leat_buf_addc(&w->path, '/');
	bool yes = (!w->glob || leat_glob_enters(w->glob, w->path.data + w->base, w->path.len - w->base)) &&
	           !leat_finds_excludes_all(w->f, w->path.data, w->path.len);
	w->path.data[--w->path.len] = 0;
	return yes;
}

/* A folder called like the files that are wanted ("a.png") is told; one that a bare '*' matches is only a folder. */
static bool poses_as_file(const struct walk *w, const char *name)
{
	return w->glob && w->names_extension && leat_extension(name)[0] && matches(w, name);
}

static int see_folder(struct walk *w, const char *name, struct leat_err *err)
{
	if (poses_as_file(w, name) && problem(w, LEAT_CAUSE_SPECIAL, 0, leat_special_problem(S_IFDIR), err) < 0)
		return -1;
	if (!enters(w))
		return 0;
	struct frame *t = top(w);
	leat_buf_add(&t->subs, name, strlen(name) + 1);
	return leat_buf_check(&t->subs, err);
}

static int see_file(struct walk *w, const char *name, const struct stat *st, struct leat_err *err)
{
	count_extension(w->seen, name);
	if (!matches(w, name)) {
		w->f->l->ignored += !w->glob;
		return 0;
	}
	struct stat own;
	if (!st) {
		if (fstatat(dirfd(top(w)->dir), name, &own, AT_SYMLINK_NOFOLLOW) < 0)
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
static int see_linked_file(struct walk *w, const char *name, struct leat_err *err)
{
	if (w->follow || !matches(w, name)) {
		struct stat st;
		if (fstatat(dirfd(top(w)->dir), name, &st, 0) < 0)
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
	const char *why = leat_arena_printf(&w->f->l->arena, "is a link that leads out of '%s' (symlinks=follow reads it)",
	                                    leat_finds_shown(w->f, w->root));
	return problem(w, LEAT_CAUSE_SPECIAL, 0, why, err);
}

static int see_broken_link(struct walk *w, const char *name, int sys, struct leat_err *err)
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

static int see_link(struct walk *w, const char *name, struct leat_err *err)
{
	if (w->f->p->symlinks == LEAT_LINKS_NO) {
		if (matches(w, name))
			leat_finds_pass(w->f, LEAT_PASSED_LINK, w->path.data, w->seen);
		return 0;
	}
	struct stat st;
	if (fstatat(dirfd(top(w)->dir), name, &st, 0) < 0)
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

static unsigned char type_of(const struct walk *w, const struct dirent *d)
{
	struct stat st;
	if (d->d_type != DT_UNKNOWN)
		return d->d_type;
	if (fstatat(dirfd(w->v[w->depth - 1].dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return DT_UNKNOWN;
	return IFTODT(st.st_mode);
}

static int see(struct walk *w, const struct dirent *d, struct leat_err *err)
{
	const char *name = d->d_name;
	if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
		return 0;
	if (name[0] == '.' && !w->glob && !w->f->p->hidden)
		return 0; /* patterns decide themselves */
	if (set_path(w, top(w)->path_len, name, false, err) < 0)
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

static int scan(struct walk *w, struct leat_err *err)
{
	size_t len = top(w)->path_len;
	for (;;) {
		errno = 0;
		const struct dirent *d = readdir(top(w)->dir);
		if (!d)
			break;
		if (see(w, d, err) < 0)
			return -1;
	}
	int sys = errno;
	w->path.len = len;
	w->path.data[len] = 0;
	return sys ? folder_problem(w, LEAT_CAUSE_IO, sys, "cannot read the folder", err) : 0;
}

/* ---- the way through the tree ---- */

/* Is it one of the folders on the way to it? */
static bool is_loop(const struct walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->depth; i++)
		if (w->v[i].dev == st->st_dev && w->v[i].ino == st->st_ino)
			return true;
	return false;
}

/* Goes into the open folder d, whose path with '/' is w->path. Takes d over. */
static int push(struct walk *w, DIR *d, const struct stat *st, struct leat_err *err)
{
	struct frame *v = leat_grow(w->v, &w->cap, w->depth + 1, sizeof *v, err);
	if (!v) {
		(void)closedir(d); /* only read */
		w->open--;
		return -1;
	}
	w->v = v;
	v[w->depth++] = (struct frame){.dir = d, .dev = st->st_dev, .ino = st->st_ino, .path_len = w->path.len};
	if (w->open > OPEN_FRAMES)
		(void)close_highest(w); /* there is always one: this folder is not the only open one */
	return scan(w, err);
}

static int enter(struct walk *w, const char *name, struct leat_err *err)
{
	struct frame *t = top(w);
	if (set_path(w, t->path_len, name, true, err) < 0)
		return -1;
	if (w->depth >= MAX_DEPTH)
		return folder_problem(w, LEAT_CAUSE_LIMIT, 0, "is a folder too deep: more than 2048 above it", err);
	if (ensure_open(w, t) < 0)
		return folder_problem(w, LEAT_CAUSE_IO, errno, "cannot go back to the folder above", err);
	struct stat st;
	DIR *d = open_folder(w, dirfd(t->dir), name, &st);
	if (!d && errno == ENOENT)
		return 0; /* deleted meanwhile */
	if (!d)
		return folder_problem(w, LEAT_CAUSE_IO, errno, "cannot read the folder", err);
	if (is_loop(w, &st)) {
		(void)closedir(d); /* only read */
		w->open--;
		return folder_problem(w, LEAT_CAUSE_SPECIAL, 0, "is a link back to a folder above it", err);
	}
	return push(w, d, &st, err);
}

static int walk_all(struct walk *w, struct leat_err *err)
{
	while (w->depth > 0) {
		struct frame *t = top(w);
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

static int begin(struct walk *w, struct leat_err *err)
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
	return folder_problem(w, LEAT_CAUSE_IO, errno, "cannot read the folder", err);
}

int leat_walk(struct leat_finds *f, const char *root, const struct leat_glob *glob, bool names_extension,
              struct leat_seen *seen, struct leat_err *err)
{
	struct walk w = {
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
