/* SPDX-License-Identifier: MIT */
/* A program that offers itself as a worker: what leat does, and what a host with steps of its own does. */
#include <leat/worker.h>

#include "api/worker.h"
#include "exec/processes/worker.h"
#include "run/worker_entry.h"

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
	leat_worker_hooked();
	return -1;
}
