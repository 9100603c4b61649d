/* SPDX-License-Identifier: MIT */
/*
 * A disk that breaks: preloaded into `leat run`, the call number FAIL_AT of FAIL_CALL (write, fsync, syncfs, rename) on
 * a file below a folder named in FAIL_BELOW fails with EIO: once; rename from then on, for it is tried another way.
 * Worker processes are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long left;
static int on;
static const char *call, *below;

__attribute__((constructor)) static void begin(int argc, char **argv)
{
	const char *at = getenv("FAIL_AT");
	call = getenv("FAIL_CALL");
	below = getenv("FAIL_BELOW");
	if (at && call && below && argc > 1 && strcmp(argv[1], "run") == 0) {
		on = 1;
		left = atol(at);
	}
}

static int fails(const char *which, int fd)
{
	char self[64], path[4096];
	if (!on || strcmp(which, call) != 0)
		return 0;
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(self, path, sizeof path - 1);
	if (n < 0)
		return 0;
	path[n] = 0;
	if (!strstr(path, below))
		return 0;
	long at = atomic_fetch_sub(&left, 1);
	if (at > 1 || (at < 1 && strcmp(which, "rename") != 0))
		return 0;
	errno = EIO;
	return 1;
}

ssize_t write(int fd, const void *p, size_t n)
{
	static ssize_t (*real)(int, const void *, size_t);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "write");
	return fails("write", fd) ? -1 : real(fd, p, n);
}

int fsync(int fd)
{
	static int (*real)(int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fsync");
	return fails("fsync", fd) ? -1 : real(fd);
}

int syncfs(int fd)
{
	static int (*real)(int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syncfs");
	return fails("syncfs", fd) ? -1 : real(fd);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
	static int (*real)(int, const char *, int, const char *, unsigned);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "renameat2");
	return fails("rename", b) ? -1 : real(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
	static int (*real)(int, const char *, int, const char *, int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "linkat");
	return fails("rename", b) ? -1 : real(a, from, b, to, flags);
}
