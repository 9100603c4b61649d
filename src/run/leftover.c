/* SPDX-License-Identifier: MIT */
/* See leftover.h. */
#include "run/leftover.h"

#include "base/beneath.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/* ".leat-0123456789.part" */
static bool is_unfinished(const char *name)
{
	static const char before[] = ".leat-", behind[] = ".part";
	enum { RANDOM = 10 };
	size_t n = strlen(name), a = sizeof before - 1, z = sizeof behind - 1;
	return n == a + RANDOM + z && strncmp(name, before, a) == 0 && strcmp(name + n - z, behind) == 0;
}

static void clean(const char *path)
{
	int fd = leat_open_long(path, O_RDONLY | O_DIRECTORY);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		if (fd >= 0)
			(void)close(fd); /* a folder */
		return;
	}
	for (struct dirent *e; (e = readdir(d));)
		if (is_unfinished(e->d_name))
			(void)unlinkat(fd, e->d_name, 0); /* the next run may have more luck */
	(void)closedir(d);
}

void leat_leftovers_remove(const struct leat_run *r, struct leat_state_file *s)
{
	const struct leat_plan *p = r->plan;
	struct leat_state_run before;
	struct leat_err ignored = {0};
	char *last = NULL;
	if (!p->job.lock || r->kept < 2 || leat_state_get_run(s, r->kept - 1, &before, &ignored) != 0)
		return;
	bool killed = before.exit_status == LEAT_RUN_UNFINISHED;
	leat_state_run_free(&before);
	for (size_t i = 0; killed && i < p->n_outputs; i++) { /* sorted: a folder's names stand together */
		const char *path = p->outputs[i].path, *slash = strrchr(path, '/');
		size_t n = slash > path ? (size_t)(slash - path) : 1;
		if (last && strncmp(last, path, n) == 0 && !last[n])
			continue;
		free(last);
		last = leat_strndup(path, n, &ignored);
		if (last)
			clean(last);
	}
	free(last);
}
