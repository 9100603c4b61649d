/* SPDX-License-Identifier: MIT */
/* The worker of hosts that cannot be started again as their own worker: see leat_use_worker in leat/worker.h. */
#include <leat/worker.h>

#include <stdio.h>

int main(int argc, char **argv)
{
	int status = leat_worker_hook(argc, argv);
	if (status >= 0)
		return status;
	fputs("leat-worker: started by libleat only\n", stderr);
	return 2;
}
