/* SPDX-License-Identifier: MIT */
/* Reading the file behind an entry: see entry.h. */
#include "io/entry.h"

#include "base/beneath.h"
#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_named(const struct leat_entry *e)
{
	int root = leat_open_long(e->root, O_PATH | O_DIRECTORY);
	if (root < 0)
		return -1;
	int fd = leat_file_openat(root, e->rel, O_PATH | O_CLOEXEC, 0);
	int sys = errno;
	(void)close(root); /* O_PATH */
	if (fd >= 0 || sys != ENAMETOOLONG) {
		errno = sys;
		return fd;
	}
	size_t n = strlen(e->root) + strlen(e->rel) + 2;
	char *whole = malloc(n);
	if (!whole)
		return -1;
	snprintf(whole, n, "%s/%s", e->root, e->rel);
	fd = leat_open_long(whole, O_PATH);
	sys = errno;
	free(whole);
	errno = sys;
	return fd;
}

static int open_found(const struct leat_entry *e)
{
	int root = leat_open_long(e->root, O_PATH | O_DIRECTORY);
	if (root < 0)
		return -1;
	int fd = leat_beneath_file(root, e->rel);
	int sys = errno;
	(void)close(root); /* O_PATH */
	errno = sys;
	return fd;
}

static int fail_open(int sys, struct leat_err *err)
{
	if (sys == ENOENT || sys == ENOTDIR)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "vanished after it was listed");
	if (sys == ELOOP || sys == EXDEV)
		return leat_fail(err, LEAT_CAUSE_CHANGED,
				 "a link that leads elsewhere stands in its way since it was listed");
	return leat_fail_sys(err, LEAT_CAUSE_NONE, sys, "cannot open it");
}

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Is st the file that was listed, as it was then? */
static int check_listed(const struct leat_entry *e, const struct stat *st, struct leat_err *err)
{
	if ((uint64_t)st->st_dev != e->dev || (uint64_t)st->st_ino != e->ino)
		return leat_fail(err, LEAT_CAUSE_CHANGED, "was replaced after it was listed");
	if (!S_ISREG(st->st_mode))
		return leat_fail(err, LEAT_CAUSE_SPECIAL, "is not a regular file");
	if ((uint64_t)st->st_size != e->size || ns_of(st->st_mtim) != e->mtime_ns)
		return leat_fail(err, LEAT_CAUSE_CHANGED, "changed after it was listed");
	return 0;
}

/* Is it still as it was when it was opened? */
static int check_unchanged(int fd, const struct stat *before, struct leat_err *err)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot look at it again");
	if (st.st_size != before->st_size || ns_of(st.st_mtim) != ns_of(before->st_mtim) ||
	    ns_of(st.st_ctim) != ns_of(before->st_ctim))
		return leat_fail(err, LEAT_CAUSE_CHANGED, "changed while it was read");
	return 0;
}

/* The descriptor to read from; *st is its state before anything is read. */
static int open_entry(const struct leat_entry *e, bool follow, struct stat *st, struct leat_err *err)
{
	if (e->problem)
		return leat_fail(err, e->problem_cause, "%s", e->problem);
	int path = follow || e->named ? open_named(e) : open_found(e);
	if (path < 0)
		return fail_open(errno, err);
	int fd = -1;
	if (fstat(path, st) < 0)
		leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot look at it");
	else if (check_listed(e, st, err) == 0) {
		fd = leat_reopen(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		if (fd < 0)
			leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot open it");
	}
	(void)close(path); /* O_PATH */
	return fd;
}

/* pread from byte `from` until n bytes are there or the file ends. */
static int read_some(int fd, uint64_t from, uint8_t *buf, size_t n, size_t *got, struct leat_err *err)
{
	*got = 0;
	while (*got < n) {
		size_t want = n - *got < SSIZE_MAX ? n - *got : SSIZE_MAX;
		ssize_t r = leat_file_pread(fd, buf + *got, want, (off_t)(from + *got));
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return leat_fail_sys(err, LEAT_CAUSE_NONE, errno, "cannot read it");
		if (r == 0)
			break;
		*got += (size_t)r;
	}
	return 0;
}

static int read_whole(int fd, const struct leat_entry *e, const struct stat *before, uint8_t *to, struct leat_err *err)
{
	uint8_t more;
	size_t got;
	if (read_some(fd, 0, to, (size_t)e->size, &got, err) < 0)
		return -1;
	if (check_unchanged(fd, before, err) < 0)
		return -1;
	/* A file system with coarse times can hide a change from its times, not from its end. */
	ssize_t r = leat_file_pread(fd, &more, 1, (off_t)e->size);
	if (got != e->size || r > 0)
		return leat_fail(err, LEAT_CAUSE_CHANGED, "changed while it was read");
	return 0;
}

int leat_entry_read(const struct leat_entry *e, bool follow, struct leat_bytes **out, struct leat_err *err)
{
	struct stat st;
	*out = NULL;
	int fd = open_entry(e, follow, &st, err);
	if (fd < 0)
		return -1;
	struct leat_bytes *b = e->size > SIZE_MAX / 2 ? NULL : leat_bytes_new((size_t)e->size, err);
	int r = b ? read_whole(fd, e, &st, b->data, err)
		  : leat_fail(err, LEAT_CAUSE_MEMORY, "does not fit into memory");
	(void)close(fd); /* only read */
	if (r < 0)
		leat_bytes_unref(&b);
	else
		b->len = (size_t)e->size;
	*out = b;
	return r;
}

int leat_entry_into(const struct leat_entry *e, bool follow, uint8_t *to, struct leat_err *err)
{
	struct stat st;
	int fd = open_entry(e, follow, &st, err);
	if (fd < 0)
		return -1;
	int r = read_whole(fd, e, &st, to, err);
	(void)close(fd); /* only read */
	return r;
}

static int peek(const struct leat_entry *e, bool follow, bool ahead, uint8_t *buf, size_t n, size_t *got, bool *whole,
		struct leat_err *err)
{
	struct stat st;
	int fd = open_entry(e, follow, &st, err);
	if (fd < 0)
		return -1;
	if (ahead)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED); /* a wish, no more */
	int r = read_some(fd, 0, buf, n, got, err);
	*whole = r == 0 && *got >= e->size;
	(void)close(fd); /* only read */
	return r;
}

int leat_entry_peek(const struct leat_entry *e, bool follow, uint8_t *buf, size_t n, size_t *got, bool *whole,
		    struct leat_err *err)
{
	return peek(e, follow, false, buf, n, got, whole, err);
}

int leat_entry_begin(const struct leat_entry *e, bool follow, uint8_t *buf, size_t n, size_t *got, bool *whole,
		     struct leat_err *err)
{
	return peek(e, follow, true, buf, n, got, whole, err);
}

/* ---- piece by piece */

struct leat_reading {
	int fd;
	struct stat before;
	uint64_t size, at;
};

int leat_entry_open(const struct leat_entry *e, bool follow, struct leat_reading **r, struct leat_err *err)
{
	struct leat_reading *k = leat_zalloc(1, sizeof *k, err);
	*r = NULL;
	if (!k)
		return -1;
	k->size = e->size;
	k->fd = open_entry(e, follow, &k->before, err);
	if (k->fd < 0) {
		free(k);
		return -1;
	}
	*r = k;
	return 0;
}

int leat_entry_next(struct leat_reading *r, uint8_t *buf, size_t n, size_t *got, struct leat_err *err)
{
	int ok = read_some(r->fd, r->at, buf, n, got, err);
	r->at += *got;
	return ok;
}

int leat_entry_unchanged(struct leat_reading *r, struct leat_err *err)
{
	if (check_unchanged(r->fd, &r->before, err) < 0)
		return -1;
	return r->at == r->size ? 0 : leat_fail(err, LEAT_CAUSE_CHANGED, "changed while it was read");
}

void leat_entry_close(struct leat_reading **r)
{
	if (*r)
		(void)close((*r)->fd); /* only read */
	free(*r);
	*r = NULL;
}
