/* SPDX-License-Identifier: MIT */
/* New folders for results that are only looked at. */
#include "cli.h"

#include <errno.h>
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

bool drop_folder(const char *path)
{
	return rmdir(path) == 0; /* only if it is empty: what is in it may be looked at */
}
