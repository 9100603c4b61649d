/* SPDX-License-Identifier: MIT */
/* Opening things below a folder: see beneath.h. */
#include "base/beneath.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER = O_PATH | O_DIRECTORY | O_CLOEXEC, TRIES = 8 };

static void close_keep(int fd)
{
	int e = errno;
	(void)close(fd); /* an O_PATH or read descriptor: nothing can be lost */
	errno = e;
}

/* ENOSYS when the kernel, or a filter around this process, has no openat2. */
static int openat2_try(int dirfd, const char *rel, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)flags, .resolve = resolve};
	for (int i = 0; i < TRIES; i++) {
		int fd = leat_file_openat2(dirfd, rel, &how);
		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EINTR)
			break; /* EAGAIN: somebody renamed folders under it just now */
	}
	if (errno == EPERM || errno == EINVAL || errno == E2BIG)
		errno = ENOSYS;
	return -1;
}

/*
 * The next name of *p into name: its length, 0 at the end, -1 with errno. *p moves behind it. climb: ".." is a
 * name like others.
 */
static int next_name(const char **p, char name[static NAME_MAX + 1], bool climb)
{
	for (;;) {
		*p += strspn(*p, "/");
		size_t n = strcspn(*p, "/");
		if (n > NAME_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, *p, n);
		name[n] = 0;
		*p += n;
		if (n == 1 && name[0] == '.')
			continue;
		if (!climb && n == 2 && name[0] == '.' && name[1] == '.') {
			errno = EXDEV;
			return -1;
		}
		return (int)n;
	}
}

/* One folder of the chain. ENOTDIR becomes ELOOP when a link stands there. */
static int open_step(int dirfd, const char *name)
{
	int fd = leat_file_openat(dirfd, name, FOLDER | O_NOFOLLOW, 0);
	if (fd < 0 && errno == ENOTDIR) {
		struct stat st;
		bool link = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
		errno = link ? ELOOP : ENOTDIR;
	}
	return fd;
}

int leat_sync_folder(int dirfd)
{
	int fd = leat_file_openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	int r = leat_file_fsync(fd);
	close_keep(fd);
	return r;
}

static int make_step(int dirfd, const char *name, bool sync)
{
	if (leat_file_mkdirat(dirfd, name, 0777) < 0)
		return errno == EEXIST ? 0 : -1;
	return sync ? leat_sync_folder(dirfd) : 0;
}

/* Folder by folder, each opened relative to the one before it. */
static int open_chain(int dirfd, const char *rel, bool make, bool sync)
{
	char name[NAME_MAX + 1];
	int fd = leat_file_openat(dirfd, ".", FOLDER, 0);
	for (int n; fd >= 0 && (n = next_name(&rel, name, false)) != 0;) {
		int next = n < 0 ? -1 : open_step(fd, name);
		if (next < 0 && errno == ENOENT && n > 0 && make && make_step(fd, name, sync) == 0)
			next = open_step(fd, name);
		close_keep(fd);
		fd = next;
	}
	return fd;
}

static bool has_dotdot(const char *rel)
{
	for (const char *p = rel; (p = strstr(p, "..")); p += 2)
		if ((p == rel || p[-1] == '/') && (p[2] == 0 || p[2] == '/'))
			return true;
	return false;
}

int leat_beneath_dir(int dirfd, const char *rel)
{
	if (has_dotdot(rel) || rel[0] == '/') {
		errno = EXDEV;
		return -1;
	}
	int fd = openat2_try(dirfd, rel[0] ? rel : ".", FOLDER,
			     RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
	if (fd < 0 && (errno == ENOSYS || errno == ENAMETOOLONG))
		fd = open_chain(dirfd, rel, false, false);
	return fd;
}

int leat_beneath_make(int dirfd, const char *rel, bool sync)
{
	int fd = leat_beneath_dir(dirfd, rel);
	if (fd < 0 && errno == ENOENT)
		fd = open_chain(dirfd, rel, true, sync);
	return fd;
}

/* The path that the kernel gives an open descriptor now. Its length, or -1. */
static ssize_t path_of(int fd, char buf[static PATH_MAX])
{
	char link[40];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, buf, PATH_MAX);
	if (n == PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return n;
}

/*
 * Is what `fd` stands for below the folder `dirfd`? Asked of the kernel about the open descriptors, not about
 * names that may change.
 */
static bool is_below(int dirfd, int fd)
{
	char a[PATH_MAX], b[PATH_MAX];
	ssize_t n = path_of(dirfd, a), m = path_of(fd, b);
	if (n < 1 || m < n || memcmp(a, b, (size_t)n) != 0)
		return false;
	return a[n - 1] == '/' || (m > n && b[n] == '/');
}

/* `name` in folder `parent` is a link: where does it end? Absolute links count by their end, too. */
static int follow_link(int dirfd, int parent, const char *rel, const char *name)
{
	const uint64_t below = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
	int fd = openat2_try(parent, name, O_PATH | O_CLOEXEC,
			     below); /* most end beside themselves; that needs no long path */
	if (fd < 0 && errno == EXDEV)
		fd = openat2_try(dirfd, rel, O_PATH | O_CLOEXEC, below);
	if (fd >= 0 || (errno != EXDEV && errno != ENOSYS && errno != ENAMETOOLONG))
		return fd;
	fd = leat_file_openat(parent, name, O_PATH | O_CLOEXEC, 0);
	if (fd >= 0 && !is_below(dirfd, fd)) {
		(void)close(fd); /* O_PATH: nothing to lose */
		errno = EXDEV;
		return -1;
	}
	return fd;
}

/* The folder part of rel, opened; *name is its last part. */
static int open_parent(int dirfd, const char *rel, const char **name)
{
	const char *slash = strrchr(rel, '/');
	*name = slash ? slash + 1 : rel;
	if (!slash)
		return leat_beneath_dir(dirfd, "");
	size_t n = (size_t)(slash - rel);
	char *folder = strndup(rel, n);
	if (!folder)
		return -1;
	int fd = leat_beneath_dir(dirfd, folder);
	int e = errno;
	free(folder);
	errno = e;
	return fd;
}

int leat_beneath_file(int dirfd, const char *rel)
{
	const char *name;
	int parent = open_parent(dirfd, rel, &name);
	if (parent < 0)
		return -1;
	struct stat st;
	int fd = -1;
	if (name[0] == 0 || strcmp(name, "..") == 0)
		errno = EXDEV;
	else
		fd = leat_file_openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd >= 0 && (fstat(fd, &st) < 0 || S_ISLNK(st.st_mode))) {
		(void)close(fd); /* O_PATH: nothing to lose */
		fd = follow_link(dirfd, parent, rel, name);
	}
	close_keep(parent);
	return fd;
}

int leat_open_long(const char *path, int flags)
{
	int dir = AT_FDCWD;
	size_t left = strlen(path);
	while (left >= PATH_MAX) {
		size_t n = PATH_MAX - 1;
		while (n > 0 && path[n] != '/')
			n--;
		char part[PATH_MAX];
		memcpy(part, path, n);
		part[n] = 0;
		int next = n ? leat_file_openat(dir, part, FOLDER, 0) : -1;
		if (n == 0)
			errno = ENAMETOOLONG;
		if (dir >= 0)
			close_keep(dir);
		if (next < 0)
			return -1;
		dir = next;
		n += strspn(path + n, "/");
		path += n;
		left -= n;
	}
	int fd = leat_file_openat(dir, left ? path : ".", flags | O_CLOEXEC, 0);
	if (dir >= 0)
		close_keep(dir);
	return fd;
}

int leat_reopen(int pathfd, int flags)
{
	char link[40];
	snprintf(link, sizeof link, "/proc/self/fd/%d", pathfd);
	return leat_file_openat(AT_FDCWD, link, flags | O_CLOEXEC, 0);
}

/* The parents of path, each made when missing; a link to a folder is as good as a folder. */
static int make_parents(const char *path, bool sync)
{
	char name[NAME_MAX + 1];
	int fd = open("/", FOLDER);
	for (int n; fd >= 0 && (n = next_name(&path, name, true)) != 0;) {
		int next = n < 0 ? -1 : leat_file_openat(fd, name, FOLDER, 0);
		if (next < 0 && errno == ENOENT && n > 0 && make_step(fd, name, sync) == 0)
			next = leat_file_openat(fd, name, FOLDER, 0);
		close_keep(fd);
		fd = next;
	}
	return fd;
}

int leat_make_root(const char *path, bool sync)
{
	int fd = leat_open_long(path, FOLDER);
	if (fd < 0 && errno == ENOENT && path[0] == '/')
		fd = make_parents(path, sync);
	return fd;
}
