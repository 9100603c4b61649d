/* SPDX-License-Identifier: MIT */
#include "base/scratch.h"

#include "base/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEEPEST = 32 };

int leat_scratch_make(char path[LEAT_SCRATCH], struct leat_err *err)
{
	const char *temp = secure_getenv("TMPDIR");
	if (!temp || *temp != '/' || strlen(temp) > LEAT_SCRATCH / 2)
		temp = "/tmp";
	(void)snprintf(path, LEAT_SCRATCH, "%s/leat-XXXXXX", temp); /* fits */
	if (mkdtemp(path))
		return 0;
	int sys = errno;
	*path = 0;
	return leat_fail_sys(err, leat_target_cause(sys), sys, "cannot make a folder in '%s'", temp);
}

/* Takes over the descriptor of a folder. Whatever cannot be removed stays: that is told by nobody, and harms nobody. */
static void empty(int fd, int depth)
{
	DIR *d = fdopendir(fd);
	if (!d) {
		(void)close(fd);
		return;
	}
	for (const struct dirent *e; (e = readdir(d));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(d), e->d_name, 0) == 0 || depth == DEEPEST)
			continue;
		int below = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			empty(below, depth + 1);
		(void)unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
	}
	(void)closedir(d);
}

void leat_scratch_remove(const char *path)
{
	int fd = *path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd >= 0)
		empty(fd, 0);
	if (*path)
		(void)rmdir(path);
}
