/* SPDX-License-Identifier: MIT */
/* A text file that a report writes: see outfile.h. */
#include "report/outfile.h"

#include "base/beneath.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { FLUSH = 64 * 1024 };

static int fail(const struct leat_outfile *f, int sys, struct leat_err *err)
{
	return leat_fail_sys(err, leat_target_cause(sys), sys, "cannot write '%.300s'", f->path);
}

/* Publish knows the last part of the name only. */
static int fail_as(const struct leat_outfile *f, const struct leat_err *e, struct leat_err *err)
{
	return e->sys ? fail(f, e->sys, err) : leat_fail(err, e->cause, "%s", e->text);
}

int leat_report_folder(const char *path, const char **name, bool sync, struct leat_err *err)
{
	const char *slash = strrchr(path, '/');
	*name = slash + 1;
	char *folder = leat_strndup(path, slash > path ? (size_t)(slash - path) : 1, err);
	if (!folder)
		return -1;
	int fd = leat_make_root(folder, sync);
	if (fd < 0)
		leat_fail_sys(err, leat_target_cause(errno), errno, "cannot use the folder '%.300s'", folder);
	free(folder);
	return fd;
}

/* Does the file that is appended to begin with this line? */
static int check_first(struct leat_outfile *f, const char *first, struct leat_err *err)
{
	char part[4096];
	for (size_t at = 0, len = strlen(first); at < len;) {
		size_t want = len - at < sizeof part ? len - at : sizeof part;
		ssize_t n = pread(f->fd, part, want, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(f, errno, err);
		if (n == 0 || memcmp(part, first + at, (size_t)n) != 0)
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "'%.200s' has other columns than this report: write existing=overwrite, or "
					 "give the same fields=",
					 f->path);
		at += (size_t)n;
	}
	return 0;
}

/* A last line that broke off, in a crash of whoever wrote it, is ended first. */
static int check_last(struct leat_outfile *f, struct leat_err *err)
{
	char last = '\n';
	if (f->start > 0 && pread(f->fd, &last, 1, (off_t)f->start - 1) < 0)
		return fail(f, errno, err);
	if (last != '\n')
		leat_buf_addc(&f->buf, '\n');
	return 0;
}

static int open_append(struct leat_outfile *f, const char *name, const char *first, struct leat_err *err)
{
	struct stat st;
	f->fd = openat(f->dirfd, name, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		return fail(f, errno, err);
	f->start = st.st_size;
	if (f->start > 0)
		return first && check_first(f, first, err) < 0 ? -1 : check_last(f, err);
	if (first)
		leat_buf_adds(&f->buf, first);
	return leat_buf_check(&f->buf, err);
}

static int open_new(struct leat_outfile *f, const char *first, struct leat_err *err)
{
	struct leat_err own = {0};
	if (leat_publish_open(&f->pub, f->dirfd, f->dirfd, &own) < 0)
		return fail_as(f, &own, err);
	f->mode = 0666 & ~leat_umask();
	if (first)
		leat_buf_adds(&f->buf, first);
	return leat_buf_check(&f->buf, err);
}

int leat_outfile_open(struct leat_outfile *f, const char *path, bool append, const char *first, bool sync,
		      struct leat_err *err)
{
	const char *name;
	struct leat_standing there;
	struct leat_err own = {0};
	*f = (struct leat_outfile){.fd = -1, .dirfd = -1, .sync = sync, .pub.fd = -1};
	f->path = leat_strdup(path, err);
	if (!f->path)
		return -1;
	f->dirfd = leat_report_folder(f->path, &name, sync, err);
	int r = f->dirfd < 0 ? -1 : 0;
	if (r == 0 && leat_publish_look(f->dirfd, name, &there, &own) < 0)
		r = fail_as(f, &own, err);
	if (r == 0)
		r = append ? open_append(f, name, first, err) : open_new(f, first, err);
	if (r < 0)
		(void)leat_outfile_close(f, true, err); /* *err says why already */
	return r;
}

static int flush(struct leat_outfile *f, struct leat_err *err)
{
	struct leat_err own = {0};
	if (leat_buf_check(&f->buf, err) < 0)
		return -1;
	if (f->fd < 0) {
		if (leat_publish_write(&f->pub, f->buf.data, f->buf.len, &own) < 0)
			return fail_as(f, &own, err);
	} else if (leat_write_all(f->fd, f->buf.data, f->buf.len) < 0) {
		int sys = errno;
		(void)!ftruncate(f->fd, (off_t)(f->start + f->written)); /* no half line stays, if that can be had */
		return fail(f, sys, err);
	} else
		f->written += (int64_t)f->buf.len;
	leat_buf_clear(&f->buf);
	return 0;
}

int leat_outfile_line(struct leat_outfile *f, struct leat_err *err)
{
	if (f->buf.failed)
		return leat_buf_check(&f->buf, err);
	return f->buf.len >= FLUSH ? flush(f, err) : 0;
}

/* Takes back what was added, unless somebody else has added to it since. */
static void take_back(struct leat_outfile *f)
{
	struct stat st;
	if (fstat(f->fd, &st) == 0 && st.st_size == f->start + f->written)
		(void)!ftruncate(f->fd, (off_t)f->start); /* the run is aborted: nobody is left to be told */
}

static int close_append(struct leat_outfile *f, bool aborted, struct leat_err *err)
{
	int r = aborted ? 0 : flush(f, err);
	if (aborted)
		take_back(f);
	if (r == 0 && f->sync && !aborted && fsync(f->fd) < 0)
		r = fail(f, errno, err);
	if (close(f->fd) < 0 && r == 0)
		r = fail(f, errno, err);
	return r;
}

static int close_new(struct leat_outfile *f, bool aborted, struct leat_err *err)
{
	struct leat_publish_opts o = {.mode = f->mode, .sync = f->sync};
	struct leat_err own = {0};
	if (f->pub.fd < 0)
		return 0; /* failed before */
	if (aborted || flush(f, err) < 0) {
		leat_publish_drop(&f->pub);
		return aborted ? 0 : -1;
	}
	if (leat_publish_commit(&f->pub, strrchr(f->path, '/') + 1, &o, &own) < 0)
		return fail_as(f, &own, err);
	return 0;
}

int leat_outfile_close(struct leat_outfile *f, bool aborted, struct leat_err *err)
{
	if (!f->path)
		return 0;
	int r = f->fd >= 0 ? close_append(f, aborted, err) : close_new(f, aborted, err);
	if (f->dirfd >= 0)
		(void)close(f->dirfd); /* O_PATH */
	leat_buf_free(&f->buf);
	free(f->path);
	*f = (struct leat_outfile){.fd = -1, .dirfd = -1, .pub.fd = -1};
	return r;
}
