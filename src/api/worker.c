/* SPDX-License-Identifier: MIT */
/* A program that offers itself as a worker: what leat does, and what a host with steps of its own does. */
#include "api/worker.h"

#include <leat/worker.h>

#include "exec/processes/worker.h"
#include "run/worker_entry.h"

#include <stdatomic.h>

/* Set once, before there are threads; says that being started again leads to leat_worker_main. */
static atomic_bool ready;

static const char *other; /* leat_use_worker */

void leat_use_worker(const char *path)
{
	other = path;
	atomic_store(&ready, path != NULL);
}

const char *leat_worker_program_path(void)
{
	return other;
}

bool leat_worker_ready(void)
{
	return atomic_load(&ready);
}

int leat_worker_hook(int argc, char **argv)
{
	static const struct leat_worker_program program = {
		.bind = leat_worker_bind,
		.first = leat_worker_first,
		.run = leat_worker_run,
	};
	int fd;
	if (leat_worker_wanted(argc, argv, &fd))
		return leat_worker_main(fd, &program);
	atomic_store(&ready, true);
	return -1;
}
