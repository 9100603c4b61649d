/* SPDX-License-Identifier: MIT */
/*
 * Opening things below a folder without ever leaving it: openat2 where the kernel has it, else folder by
 * folder.
 *
 * Every path here is relative, byte-exact, and may be longer than PATH_MAX. ".." in it is refused (EXDEV). No
 * folder in it may be a link (ELOOP), so that nobody who can swap a folder for a link can lead a reader or a
 * writer elsewhere. Descriptors are O_CLOEXEC. Failures are -1 with errno. Any thread.
 */
#ifndef LEAT_BASE_BENEATH_H
#define LEAT_BASE_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

/* The folder `rel` below dirfd ("": dirfd itself), as an O_PATH descriptor. */
int leat_beneath_dir(int dirfd, const char *rel);

/*
 * As leat_beneath_dir; folders that are missing are made (0777 less the umask). Safe against others who make or
 * swap them at the same time. sync: the entries of new folders are made durable before it returns.
 */
int leat_beneath_make(int dirfd, const char *rel, bool sync);

/*
 * The file `rel` below dirfd, as an O_PATH descriptor: nothing is opened for reading, so a FIFO or device has
 * no effect. The last name may be a link as long as it ends below dirfd (EXDEV when it leads out).
 */
int leat_beneath_file(int dirfd, const char *rel);

/*
 * open() for a path of any length, following links: for places that the user named. flags: O_PATH, O_DIRECTORY,
 * O_RDONLY ...
 */
int leat_open_long(const char *path, int flags);

/*
 * A second, readable descriptor of what an O_PATH descriptor stands for (flags: O_RDONLY | ...). Through /proc,
 * so that it is the very same file; ENOENT where there is no /proc.
 */
int leat_reopen(int pathfd, int flags);

/*
 * open() of `path` as an O_PATH folder, made with all its parents when missing; links in it are followed: it is
 * the user's own name.
 */
int leat_make_root(const char *path, bool sync);

/* fsync() of a folder, also of one known by an O_PATH descriptor: its names are durable then. */
int leat_sync_folder(int dirfd);

#endif
