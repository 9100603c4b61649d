/* SPDX-License-Identifier: MIT */
/* Can this program be started as its own worker? */
#ifndef LEAT_API_WORKER_H
#define LEAT_API_WORKER_H

#include <stdbool.h>

/* leat_worker_hook was called: a process of this program can serve as a worker. Any thread. */
bool leat_worker_ready(void);

/* The program that leat_use_worker named, or NULL: this one. */
const char *leat_worker_program_path(void);

#endif
