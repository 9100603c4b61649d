/* SPDX-License-Identifier: MIT */
/*
 * A file that appears whole or not at all: it is written under a random name in the folder where it will stand,
 * and renamed at the end; or without a name, where the file system can, and linked at the end. Whatever dies in
 * between, no reader ever sees a part of it under its final name, and of an unnamed one nothing is left.
 *
 *	struct leat_publish p;
 *	if (leat_publish_open(&p, dirfd, dirfd, &err) < 0) ...
 *	if (leat_publish_write(&p, data, n, &err) < 0) ...          // the temporary file is already gone
 *	r = leat_publish_commit(&p, "name.png", &options, &err);   // 0 there, 1 left alone, -1
 *
 * Causes: a full, read-only or broken target is LEAT_CAUSE_TARGET; a folder that may not be written PERMISSION;
 * something that is no file under the final name SPECIAL. Descriptors given to it are borrowed. An object
 * belongs to one thread; any number may work at once.
 */
#ifndef LEAT_BASE_PUBLISH_H
#define LEAT_BASE_PUBLISH_H

#include "base/err.h"

#include <sys/stat.h>

enum { LEAT_TEMP_NAME = 24 };

struct leat_publish {
	int fd; /* the unfinished file; -1: none */
	int dirfd; /* where it will stand (may be O_PATH) */
	int tempfd; /* where it stands while unfinished; on the same file system */
	/* ".leat-XXXXXXXXXX.part": of fixed length, so that every final name has room; "" it has no name */
	char temp[LEAT_TEMP_NAME];
};

struct leat_publish_opts {
	mode_t mode; /* exact, not reduced by the umask: see leat_umask */
	bool keep; /* something under that name already: leave it, return 1 */
	bool sync; /* durable before it returns: data, then the name */
	const struct timespec *times; /* access and modification time as for futimens(), or NULL */
	struct stat *made; /* the file as it was made goes there, or NULL */
	const struct stat *owner; /* give it to this user and group where that is allowed, or NULL */
};

/* 0, or -1 with *err; p is then closed. */
int leat_publish_open(struct leat_publish *p, int dirfd, int tempfd, struct leat_err *err);

/*
 * The same for a name under which nothing stands, in dirfd itself: without a temporary name where that can be, which
 * is cheaper for many small files. Should something stand there at the end, it is replaced or kept as `keep` says.
 */
int leat_publish_open_new(struct leat_publish *p, int dirfd, struct leat_err *err);

/* Appends all of it. On failure the temporary file is removed and p closed. */
int leat_publish_write(struct leat_publish *p, const void *data, size_t n, struct leat_err *err);

/*
 * Ends the file and gives it its name. 0; 1: `keep` and the name is taken; -1 with *err. p is closed in every
 * case, no temporary file stays.
 */
int leat_publish_commit(struct leat_publish *p, const char *name, const struct leat_publish_opts *o,
			struct leat_err *err);

/* Removes what is unfinished. p may be closed already. */
void leat_publish_drop(struct leat_publish *p);

/* What stands under a name. */
struct leat_standing {
	bool there; /* something does */
	bool link; /* it is a symbolic link ... */
	bool file; /* it is, or leads to, a regular file */
	struct stat self; /* of the name itself */
	struct stat target; /* of what it leads to; the same as self unless it is a link to something */
};

/*
 * Looks without opening. -1 with *err when that fails, and when it is neither a file nor a link to one (or to
 * nothing): SPECIAL.
 */
int leat_publish_look(int dirfd, const char *name, struct leat_standing *s, struct leat_err *err);

/* write() until all is written; EINTR and short writes are no failures. 0, or -1 with errno. */
int leat_write_all(int fd, const void *data, size_t n);

/* The cause class of a failed write to a target. */
enum leat_cause leat_target_cause(int sys);

/* The umask of this process, read without changing it. 022 when the kernel does not say. */
mode_t leat_umask(void);

#endif
