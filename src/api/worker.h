/* SPDX-License-Identifier: MIT */
/* Which program the workers of this process are, and whether it can have any. */
#ifndef LEAT_API_WORKER_H
#define LEAT_API_WORKER_H

#include <stdbool.h>

/* leat_worker_hook was called: a process of this program can serve as a worker. Before there are threads. */
void leat_worker_hooked(void);

/* Was leat_worker_hook called? Any thread. */
bool leat_worker_offered(void);

/* The program to start as a worker; NULL: this one. Any thread. */
const char *leat_worker_program_path(void);
/* Is it this one, and so knows what this program has registered? Any thread. */
bool leat_worker_is_self(void);
/* Is it the one that came with the library, and so knows nothing of this program's own steps? Any thread. */
bool leat_worker_is_foreign(void);

/* Why there can be no worker processes, in words; NULL: there can. Static text. Any thread. */
const char *leat_worker_missing(void);

#endif
