/* SPDX-License-Identifier: MIT */
/* A file that appears whole or not at all: see publish.h. */
#include "base/publish.h"

#include "base/beneath.h"
#include "base/fiber.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { RANDOM = 10, TRIES = 64 };

enum leat_cause leat_target_cause(int sys)
{
	/* A file size limit and a closed pipe hit every further item as well. */
	if (sys == EFBIG || sys == EPIPE)
		return LEAT_CAUSE_TARGET;
	return leat_cause_of_errno(sys, true);
}

static int fail(struct leat_err *err, int sys, const char *doing, const char *name)
{
	return leat_fail_sys(err, leat_target_cause(sys), sys, "%s '%.255s'", doing, name);
}

int leat_write_all(int fd, const void *data, size_t n)
{
	const char *p = data;
	while (n > 0) {
		ssize_t r = leat_file_write(fd, p, n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r == 0)
			errno = EIO; /* a write that makes no progress would never end */
		if (r <= 0)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

mode_t leat_umask(void)
{
	char line[256];
	unsigned mask = 022, found;
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "Umask: %o", &found) == 1) {
			mask = found;
			break;
		}
	if (f)
		(void)fclose(f); /* only read */
	return mask & 0777;
}

static int temp_name(char name[static LEAT_TEMP_NAME], struct leat_err *err)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuv"; /* 32: five bits each */
	unsigned char r[RANDOM];
	if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
		return leat_fail_sys(err, LEAT_CAUSE_IO, errno, "cannot get random bytes for a temporary name");
	char text[RANDOM + 1];
	for (int i = 0; i < RANDOM; i++)
		text[i] = letters[r[i] & 31];
	text[RANDOM] = 0;
	snprintf(name, LEAT_TEMP_NAME, ".leat-%s.part", text);
	return 0;
}

int leat_publish_open(struct leat_publish *p, int dirfd, int tempfd, struct leat_err *err)
{
	*p = (struct leat_publish){.fd = -1, .dirfd = dirfd, .tempfd = tempfd};
	for (int i = 0; i < TRIES; i++) {
		if (temp_name(p->temp, err) < 0)
			return -1;
		p->fd = leat_file_openat(tempfd, p->temp, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (p->fd >= 0)
			return 0;
		if (errno != EEXIST && errno != EINTR)
			break;
	}
	return fail(err, errno, "cannot create a file", p->temp);
}

/* Fibers take the named way: their loop knows how to rename. */
int leat_publish_open_new(struct leat_publish *p, int dirfd, struct leat_err *err)
{
	*p = (struct leat_publish){.fd = -1, .dirfd = dirfd, .tempfd = dirfd};
	if (!leat_fiber_self())
		p->fd = openat(dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return p->fd >= 0 ? 0 : leat_publish_open(p, dirfd, dirfd, err);
}

void leat_publish_drop(struct leat_publish *p)
{
	if (p->fd < 0)
		return;
	(void)close(p->fd); /* its content is not wanted any more */
	if (p->temp[0])
		(void)leat_file_unlinkat(p->tempfd, p->temp,
					 0); /* the best that can be done; there is nobody to tell */
	p->fd = -1;
}

static int drop_failed(struct leat_publish *p, struct leat_err *err, const char *doing, const char *name)
{
	int sys = errno;
	leat_publish_drop(p);
	return fail(err, sys, doing, name);
}

int leat_publish_write(struct leat_publish *p, const void *data, size_t n, struct leat_err *err)
{
	if (leat_write_all(p->fd, data, n) < 0)
		return drop_failed(p, err, "cannot write", p->temp);
	return 0;
}

/*
 * Mode, owner and times, while nobody else can see it. A sync that failed is never tried again: the kernel may
 * have dropped the data.
 */
static int finish(struct leat_publish *p, const struct leat_publish_opts *o)
{
	if (o->owner && fchown(p->fd, o->owner->st_uid, o->owner->st_gid) < 0 && errno != EPERM)
		return -1;
	if (fchmod(p->fd, o->mode & 07777) < 0)
		return -1;
	if (o->times && futimens(p->fd, o->times) < 0)
		return -1;
	if (o->sync && leat_file_fsync(p->fd) < 0)
		return -1;
	return o->made ? fstat(p->fd, o->made) : 0;
}

/* What a file system tells at close only (network, quotas) it tells at the close of any descriptor of the file. */
static int flush(int fd)
{
	int other = dup(fd);
	return other < 0 ? -1 : close(other);
}

static int link_as(const struct leat_publish *p, const char *name)
{
	char self[32];
	snprintf(self, sizeof self, "/proc/self/fd/%d", p->fd);
	return linkat(AT_FDCWD, self, p->dirfd, name, AT_SYMLINK_FOLLOW);
}

/* An unnamed file that cannot get its name as it is (no /proc, say): its content into a named one. */
static int give_name(struct leat_publish *p, struct leat_err *err)
{
	enum { PIECE = 64 << 10 };
	struct leat_publish named;
	if (leat_publish_open(&named, p->dirfd, p->tempfd, err) < 0)
		return -1;
	char *piece = malloc(PIECE);
	ssize_t got = piece ? 1 : -1;
	for (off_t at = 0; got > 0; at += got) {
		got = pread(p->fd, piece, PIECE, at);
		if (got > 0 && leat_write_all(named.fd, piece, (size_t)got) < 0)
			got = -1;
	}
	free(piece);
	if (got < 0) {
		int sys = errno;
		leat_publish_drop(&named);
		return fail(err, sys, "cannot write", named.temp);
	}
	(void)close(p->fd); /* the copy counts */
	*p = named;
	return 0;
}

/* Gives an unnamed file its final name. 0; 1 it has a temporary one now, because something stands there; -1. */
static int link_new(struct leat_publish *p, const char *name, const struct leat_publish_opts *o, struct leat_err *err)
{
	if (finish(p, o) < 0 || flush(p->fd) < 0)
		return fail(err, errno, "cannot finish", name);
	if (link_as(p, name) == 0)
		return 0;
	return give_name(p, err) < 0 ? -1 : 1;
}

/* As renameat2(RENAME_NOREPLACE), also where the file system has no such flag. EEXIST when the name is taken. */
static int rename_new(const struct leat_publish *p, const char *name)
{
	if (leat_file_renameat2(p->tempfd, p->temp, p->dirfd, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
		return -1;
	if (linkat(p->tempfd, p->temp, p->dirfd, name, 0) < 0)
		return -1;
	return leat_file_unlinkat(p->tempfd, p->temp, 0);
}

static int rename_failed(struct leat_publish *p, const char *name, const struct leat_publish_opts *o,
			 struct leat_err *err)
{
	int sys = errno;
	(void)leat_file_unlinkat(p->tempfd, p->temp,
				 0); /* the best that can be done; the rename's failure is what is told */
	if (sys == EEXIST && o->keep)
		return 1;
	if (sys == EXDEV)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "the folder for unfinished files is on another file system than '%.255s'", name);
	return fail(err, sys, "cannot put in place", name);
}

int leat_publish_commit(struct leat_publish *p, const char *name, const struct leat_publish_opts *o,
			struct leat_err *err)
{
	struct leat_standing s;
	int linked = p->temp[0] ? 1 : link_new(p, name, o, err);
	if (linked <= 0) {
		leat_publish_drop(p); /* it has its name, or none at all */
		return linked == 0 && o->sync && leat_sync_folder(p->dirfd) < 0
			       ? fail(err, errno, "cannot make durable", name)
			       : linked;
	}
	if (leat_publish_look(p->dirfd, name, &s, err) < 0) {
		leat_publish_drop(p);
		return -1;
	}
	if (finish(p, o) < 0)
		return drop_failed(p, err, "cannot finish", name);
	int fd = p->fd;
	p->fd = -1;
	if (close(fd) < 0) { /* delayed write errors come here (network file systems, quotas) */
		int sys = errno;
		(void)leat_file_unlinkat(p->tempfd, p->temp, 0);
		return fail(err, sys, "cannot finish", name);
	}
	int r = o->keep ? rename_new(p, name) : leat_file_renameat2(p->tempfd, p->temp, p->dirfd, name, 0);
	if (r < 0)
		return rename_failed(p, name, o, err);
	if (o->sync && leat_sync_folder(p->dirfd) < 0)
		return fail(err, errno, "cannot make durable", name);
	return 0;
}

static const char *special_word(mode_t m)
{
	return S_ISDIR(m) ? "a folder" : S_ISFIFO(m) ? "a FIFO" : S_ISSOCK(m) ? "a socket" : "a device";
}

int leat_publish_look(int dirfd, const char *name, struct leat_standing *s, struct leat_err *err)
{
	*s = (struct leat_standing){0};
	if (fstatat(dirfd, name, &s->self, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : fail(err, errno, "cannot look at", name);
	s->there = true;
	s->link = S_ISLNK(s->self.st_mode);
	s->target = s->self;
	if (s->link && fstatat(dirfd, name, &s->target, 0) < 0)
		return 0; /* a link to nothing: to be replaced like a file */
	s->file = S_ISREG(s->target.st_mode);
	if (!s->file)
		return leat_fail(err, LEAT_CAUSE_SPECIAL, "'%.255s' is %s%s, not a file: it is not replaced", name,
				 s->link ? "a link to " : "", special_word(s->target.st_mode));
	return 0;
}
