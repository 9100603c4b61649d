/* SPDX-License-Identifier: MIT */
/* New folders for results that are only looked at. */
#include "cli.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int make_folder(const char *name, char *path, size_t n)
{
	const char *temp = getenv("TMPDIR");
	int used = snprintf(path, n, "%s/%s-XXXXXX", temp && temp[0] == '/' ? temp : "/tmp", name);
	if (used > 0 && (size_t)used < n && mkdtemp(path))
		return 0;
	fprintf(stderr, "leat: cannot make a folder in %s: %s\n", temp && temp[0] == '/' ? temp : "/tmp",
		strerror(errno));
	return -1;
}

static int drop_if_empty(const char *path, const struct stat *st, int what, struct FTW *where)
{
	(void)st;
	(void)where;
	if (what == FTW_DP)
		(void)rmdir(path); /* not if something is in it: that may be looked at */
	return 0;
}

bool drop_folder(const char *path)
{
	return nftw(path, drop_if_empty, 16, FTW_DEPTH | FTW_PHYS) == 0 && access(path, F_OK) != 0;
}
