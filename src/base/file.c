/* SPDX-License-Identifier: MIT */
/* Calls on files, done here or by the loop of the fiber that makes them: see file.h. */
#include "base/file.h"

#include "base/fiber.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long plain(const struct leat_file_call *c)
{
	switch (c->op) {
	case LEAT_FILE_OPENAT:
		return openat(c->fd, c->path, c->flags, c->mode);
	case LEAT_FILE_OPENAT2:
		return syscall(SYS_openat2, c->fd, c->path, c->how, sizeof *c->how);
	case LEAT_FILE_READ:
		return pread(c->fd, c->buf, c->n, c->at);
	case LEAT_FILE_WRITE:
		return write(c->fd, c->buf, c->n);
	case LEAT_FILE_FSYNC:
		return fsync(c->fd);
	case LEAT_FILE_RENAME:
		return renameat2(c->fd, c->path, c->fd2, c->path2, (unsigned)c->flags);
	case LEAT_FILE_UNLINK:
		return unlinkat(c->fd, c->path, c->flags);
	case LEAT_FILE_MKDIR:
		return mkdirat(c->fd, c->path, c->mode);
	case LEAT_FILE_SLEEP: {
		struct timespec t = {.tv_sec = c->at / 1000000000, .tv_nsec = c->at % 1000000000};
		return nanosleep(&t, NULL);
	}
	default:
		errno = ENOSYS;
		return -1;
	}
}

long leat_file_direct(const struct leat_file_call *c)
{
	long r = plain(c);
	return r < 0 ? -errno : r;
}

static long call(const struct leat_file_call *c)
{
	struct leat_file_host *h = leat_fiber_self() ? leat_fiber_host() : NULL;
	if (!h)
		return plain(c);
	long r = h->call(h, c);
	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

int leat_file_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	struct leat_file_call c = {.op = LEAT_FILE_OPENAT, .fd = dirfd, .path = path, .flags = flags, .mode = mode};
	return (int)call(&c);
}

int leat_file_openat2(int dirfd, const char *path, const struct open_how *how)
{
	struct leat_file_call c = {.op = LEAT_FILE_OPENAT2, .fd = dirfd, .path = path, .how = how};
	return (int)call(&c);
}

ssize_t leat_file_pread(int fd, void *buf, size_t n, off_t at)
{
	struct leat_file_call c = {.op = LEAT_FILE_READ, .fd = fd, .buf = buf, .n = n, .at = at};
	return call(&c);
}

ssize_t leat_file_write(int fd, const void *buf, size_t n)
{
	/* The loop only reads what it is given to write. */
	struct leat_file_call c = {.op = LEAT_FILE_WRITE, .fd = fd, .buf = (void *)(uintptr_t)buf, .n = n, .at = -1};
	return call(&c);
}

int leat_file_fsync(int fd)
{
	struct leat_file_call c = {.op = LEAT_FILE_FSYNC, .fd = fd};
	return (int)call(&c);
}

int leat_file_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	struct leat_file_call c = {
		.op = LEAT_FILE_RENAME, .fd = from_dir, .path = from, .fd2 = to_dir, .path2 = to, .flags = (int)flags};
	return (int)call(&c);
}

int leat_file_unlinkat(int dirfd, const char *path, int flags)
{
	struct leat_file_call c = {.op = LEAT_FILE_UNLINK, .fd = dirfd, .path = path, .flags = flags};
	return (int)call(&c);
}

int leat_file_mkdirat(int dirfd, const char *path, mode_t mode)
{
	struct leat_file_call c = {.op = LEAT_FILE_MKDIR, .fd = dirfd, .path = path, .mode = mode};
	return (int)call(&c);
}

void leat_file_sleep(int64_t ns)
{
	struct leat_file_call c = {.op = LEAT_FILE_SLEEP, .at = ns};
	(void)call(&c); /* that it is over, or was cut short, is all there is to say */
}
