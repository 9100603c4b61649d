/* SPDX-License-Identifier: MIT */
/*
 * The calls on files that may wait for a disk, by the names and with the results of the system calls they stand for
 * (-1 with errno). On most threads they are those calls. A fiber whose host has an event loop (exec/async) gives
 * way until its loop has done the call. Thread safe.
 */
#ifndef LEAT_BASE_FILE_H
#define LEAT_BASE_FILE_H

#include <linux/openat2.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

int leat_file_openat(int dirfd, const char *path, int flags, mode_t mode);
int leat_file_openat2(int dirfd, const char *path, const struct open_how *how); /* ENOSYS where there is none */
ssize_t leat_file_pread(int fd, void *buf, size_t n, off_t at);
ssize_t leat_file_write(int fd, const void *buf, size_t n); /* at the file's position */
int leat_file_fsync(int fd);
int leat_file_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int leat_file_unlinkat(int dirfd, const char *path, int flags);
int leat_file_mkdirat(int dirfd, const char *path, mode_t mode);
void leat_file_sleep(int64_t ns); /* no file; may be shorter */

/* One of these calls, as the loop gets it. */
enum leat_file_op {
	LEAT_FILE_OPENAT,
	LEAT_FILE_OPENAT2,
	LEAT_FILE_READ,
	LEAT_FILE_WRITE,
	LEAT_FILE_FSYNC,
	LEAT_FILE_RENAME,
	LEAT_FILE_UNLINK,
	LEAT_FILE_MKDIR,
	LEAT_FILE_SLEEP,
	LEAT_FILE_N_OPS
};
struct leat_file_call {
	enum leat_file_op op;
	int fd, fd2; /* the folder or the file; rename: the folder of the new name */
	const char *path, *path2;
	const struct open_how *how;
	void *buf;
	size_t n;
	int64_t at; /* -1: the file's position; sleep: how long, in nanoseconds */
	int flags;
	mode_t mode;
};
/* The call, done by this thread. The result, or -errno. */
long leat_file_direct(const struct leat_file_call *c);
/* What the host of fibers that do file calls begins with (leat_fibers_set_host). */
struct leat_file_host {
	/* Does the call, in a fiber of this host. The result, or -errno. */
	long (*call)(struct leat_file_host *h, const struct leat_file_call *c);
};

#endif
