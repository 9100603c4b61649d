/* SPDX-License-Identifier: MIT */
/* Starting a worker process: never by fork, so that no lock and no half of a thread pool is inherited. */
#ifndef LEAT_EXEC_START_H
#define LEAT_EXEC_START_H

#include "base/err.h"
#include "exec/processes/wire.h"

#include <sys/types.h>

#define LEAT_WORKER_WORD "__leat-worker-1" /* the one argument of a worker; no path and no command looks like it */

struct leat_start {
	int exe; /* from leat_exe_open() */
	char **env; /* from leat_start_env() */
	pid_t pid; /* out */
	int pidfd; /* out: close-on-exec */
	int sock; /* out: our end, close-on-exec */
};

/*
 * The environment of workers: the few variables that change how libraries find each other and speak, and
 * one thread for every library that would like more. Secrets of the host stay out. To be given to free().
 * NULL with *err.
 */
char **leat_start_env(struct leat_err *err);

/*
 * May this process set limits of its workers? Root that has given up CAP_SYS_RESOURCE, as in most containers, may not
 * once they are another user.
 */
bool leat_start_may_limit(void);

/*
 * Starts one: no descriptor but the socket (3) and the program (4), /dev/null for 0 to 2, no blocked or
 * ignored signal. -1 with *err.
 */
int leat_start(struct leat_start *s, struct leat_err *err);

/* Sends the hello with its descriptors {input, output, program}. -1 with *err. */
int leat_start_hello(int sock, const struct leat_hello *h, const int fd[static 3], struct leat_err *err);

#endif
