/* SPDX-License-Identifier: MIT */
/* See leftover.h. */
#include "run/leftover.h"

#include "base/beneath.h"
#include "state/ledger.h"

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

struct cleaning {
	char *last; /* folder; names come sorted: those of one stand together */
	struct leat_err err;
};

static void clean_beside(struct cleaning *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash > path ? (size_t)(slash - path) : 1;
	if (c->last && strncmp(c->last, path, n) == 0 && !c->last[n])
		return;
	free(c->last);
	c->last = leat_strndup(path, n, &c->err);
	if (c->last)
		clean(c->last);
}

static int clean_recorded(void *ctx, const struct leat_ledger_file *f)
{
	clean_beside(ctx, f->output.path);
	return 0;
}

void leat_leftovers_remove(const struct leat_run *r, struct leat_state_file *s)
{
	const struct leat_plan *p = r->plan;
	struct leat_state_run before;
	struct cleaning c = {.last = NULL};
	if (!p->job.lock || r->kept < 2 || leat_state_get_run(s, r->kept - 1, &before, &c.err) != 0)
		return;
	bool killed = before.exit_status == LEAT_RUN_UNFINISHED;
	leat_state_run_free(&before);
	for (size_t i = 0; killed && i < p->n_outputs; i++)
		clean_beside(&c, p->outputs[i].path);
	if (killed && !p->n_outputs) /* all is up to date: its names are those of then */
		(void)leat_ledger_each_file(s, clean_recorded, &c, &c.err); /* the next run may have more luck */
	free(c.last);
}
