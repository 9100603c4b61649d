/* SPDX-License-Identifier: MIT */
/*
 * A storm over the executors and runs: see tests/unit/stress_kit.h.
 *
 *	stress_exec [SECONDS [SEED]]
 *
 * Exit status: 0 all adds up, 1 something does not, 3 something hangs (with all stacks).
 */
#include "stress_kit.h"

#include <leat/worker.h>

#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	stress_register();
	int status = leat_worker_hook(argc, argv);
	if (status >= 0)
		return status;
	struct stress s = {
		.seconds = argc > 1 ? atof(argv[1]) : 600,
		.seed = argc > 2 ? (unsigned)atol(argv[2]) : (unsigned)time(NULL),
		.actors = 6,
		.runners = 2,
		.hang_s = 90,
		.talk = true,
	};
	printf("%.0f seconds, seed %u\n", s.seconds, s.seed);
	return stress_run(&s);
}
