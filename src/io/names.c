/* SPDX-License-Identifier: MIT */
/* Names meant letter for letter: literal paths and the entries of list=. */
#include "base/beneath.h"
#include "io/read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { LIST_LIMIT = 256 << 20 };

static int no_memory(struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
}

/* ---- entries ---- */

/* Bytes of the folder part of abs, without its '/': 0 when it is "/". */
static size_t folder_len(const char *abs)
{
	return (size_t)(strrchr(abs, '/') - abs);
}

/* The folder that all names are below: the longest common one. */
static const char *common_folder(struct leat_finds *f, const char *const *abs, size_t n, struct leat_err *err)
{
	size_t len = n ? folder_len(abs[0]) : 0;
	for (size_t i = 1; i < n && len > 0; i++) {
		while (len > 0 && (strncmp(abs[0], abs[i], len) != 0 || abs[i][len] != '/')) {
			do
				len--;
			while (len > 0 && abs[0][len] != '/');
		}
	}
	const char *base = len ? leat_arena_strndup(&f->l->arena, abs[0], len) : "/";
	if (!base)
		no_memory(err);
	return base;
}

static bool is_below(const char *abs, const char *folder)
{
	size_t n = strlen(folder);
	return n == 1 || (strncmp(abs, folder, n) == 0 && abs[n] == '/');
}

/* Looks at a name of any length, following links. 0, or -1 with errno. */
static int look(const char *abs, struct stat *st)
{
	if (strlen(abs) < PATH_MAX)
		return fstatat(AT_FDCWD, abs, st, 0);
	int fd = leat_open_long(abs, O_PATH);
	if (fd < 0)
		return -1;
	int r = fstat(fd, st);
	int sys = errno;
	(void)close(fd); /* O_PATH */
	errno = sys;
	return r;
}

static bool is_link(const char *abs)
{
	struct stat st;
	return fstatat(AT_FDCWD, abs, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

static int missing(struct leat_finds *f, const struct leat_place *at, struct leat_seen *seen, struct leat_err *err)
{
	if (f->p->missing == LEAT_OR_PASS) {
		leat_finds_pass(f, LEAT_PASSED_MISSING, at->abs, seen);
		return 0;
	}
	const char *why = is_link(at->abs) ? "is a link to nothing" : "is not there";
	return leat_finds_problem(f, at, LEAT_CAUSE_NOT_FOUND, why, seen, err);
}

static int unreachable(struct leat_finds *f, const struct leat_place *at, int sys, struct leat_seen *seen,
		       struct leat_err *err)
{
	char reason[128];
	const char *why =
		leat_arena_printf(&f->l->arena, "cannot look at it: %s", strerror_r(sys, reason, sizeof reason));
	return leat_finds_problem(f, at, leat_cause_of_errno(sys, false), why, seen, err);
}

static int add_name(struct leat_finds *f, const struct leat_place *at, struct leat_seen *seen, struct leat_err *err)
{
	struct stat st;
	seen->files++;
	if (leat_finds_excluded(f, at->abs, strlen(at->abs)))
		return 0;
	if (look(at->abs, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR ? missing(f, at, seen, err)
							   : unreachable(f, at, errno, seen, err);
	if (f->p->symlinks == LEAT_LINKS_NO && is_link(at->abs)) {
		leat_finds_pass(f, LEAT_PASSED_LINK, at->abs, seen);
		return 0;
	}
	const char *why = leat_special_problem(st.st_mode);
	if (why)
		return leat_finds_problem(f, at, LEAT_CAUSE_SPECIAL, why, seen, err);
	return leat_finds_file(f, at, &st, seen, err);
}

int leat_listed_names_add(struct leat_finds *f, const char *const *abs, size_t n, struct leat_seen *seen,
			  struct leat_err *err)
{
	const char *base = f->p->root ? f->p->root : common_folder(f, abs, n, err);
	if (!base)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool below = is_below(abs[i], base);
		const char *root = below ? base : "/";
		struct leat_place at = {
			.abs = abs[i], .root = root, .rel_at = strlen(root) + (root[1] != 0), .named = true};
		at.reldir = leat_finds_reldir(f, root, abs[i], folder_len(abs[i]), err);
		if (!at.reldir)
			return -1;
		int r = below ? add_name(f, &at, &seen[i], err)
			      : leat_finds_problem(f, &at, LEAT_CAUSE_USAGE, "is not below root=", &seen[i], err);
		if (r < 0)
			return -1;
	}
	return 0;
}

/* ---- list= ---- */

static int read_all(int fd, struct leat_buf *b, struct leat_err *err)
{
	for (;;) {
		if (leat_buf_reserve(b, 65536) < 0)
			return leat_buf_check(b, err);
		ssize_t n = read(fd, b->data + b->len, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return leat_fail_sys(err, LEAT_CAUSE_USAGE, errno, "cannot read the list of names");
		b->len += (size_t)n;
		b->data[b->len] = 0;
		if (n == 0)
			return 0;
		if (b->len > LIST_LIMIT)
			return leat_fail(err, LEAT_CAUSE_LIMIT, "the list of names is larger than 256 MiB");
	}
}

/* A list that another system wrote: every line ends with CR LF. */
static bool has_cr_lines(const struct leat_buf *b)
{
	size_t lines = 0;
	for (size_t i = 0; i < b->len; i++)
		if (b->data[i] == '\n') {
			lines++;
			if (i == 0 || b->data[i - 1] != '\r')
				return false;
		}
	return lines > 0;
}

static int split(struct leat_finds *f, struct leat_buf *b, const char *folder, struct leat_strs *out,
		 struct leat_err *err)
{
	char sep = b->len && memchr(b->data, 0, b->len) ? 0 : '\n';
	bool cr = sep && has_cr_lines(b);
	size_t cap = 0;
	for (size_t at = 0; at < b->len;) {
		char *name = b->data + at;
		const char *end = memchr(name, sep, b->len - at);
		size_t n = end ? (size_t)(end - name) : b->len - at;
		at += n + 1;
		if (cr && n > 0 && name[n - 1] == '\r')
			n--;
		name[n] = 0; /* the separator's place, or the buffer's own end */
		if (n == 0)
			continue;
		const char **v = leat_grow(out->v, &cap, out->n + 1, sizeof *v, err);
		if (!v)
			return -1;
		out->v = v;
		out->v[out->n] = leat_join_path(f, folder, name, err);
		if (!out->v[out->n++])
			return -1;
	}
	return 0;
}

/* Names in a list file belong to its folder; on stdin or from a pipe to the current one. */
static const char *folder_of_list(struct leat_finds *f, const char *path, int fd, struct leat_err *err)
{
	struct stat st;
	if (fd != STDIN_FILENO && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		const char *clean = leat_clean_path(f, path, false, err);
		const char *dir = clean ? leat_arena_strndup(&f->l->arena, clean, folder_len(clean)) : NULL;
		if (!dir)
			no_memory(err);
		return dir;
	}
	if (!f->cwd)
		leat_fail(err, LEAT_CAUSE_USAGE, "the current folder is gone, and the list of names belongs to it");
	return f->cwd;
}

int leat_names_list(struct leat_finds *f, const char *path, struct leat_strs *out, struct leat_err *err)
{
	bool in = strcmp(path, "-") == 0;
	int fd = in ? STDIN_FILENO : leat_open_long(path, O_RDONLY | O_NOCTTY);
	if (fd < 0)
		return leat_fail_sys(err, LEAT_CAUSE_USAGE, errno, "cannot open the list '%.300s'",
				     leat_finds_shown(f, path));
	struct leat_buf b = {0};
	const char *folder = folder_of_list(f, path, fd, err);
	int r = folder ? read_all(fd, &b, err) : -1;
	if (!in)
		(void)close(fd); /* only read */
	if (r == 0)
		r = split(f, &b, folder, out, err);
	leat_buf_free(&b);
	return r;
}
