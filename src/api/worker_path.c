/* SPDX-License-Identifier: MIT */
/*
 * Which program the workers are: the one that leat_use_worker named, else this one where it called leat_worker_hook,
 * else leat-worker where this library was installed.
 */
#include "api/worker.h"

#include <leat/worker.h>

#include <stdatomic.h>
#include <unistd.h>

/* The Makefile says it, to this file alone. */
#ifndef LEAT_WORKER_PATH
#define LEAT_WORKER_PATH "/usr/local/libexec/leat/leat-worker"
#endif

/* Both set before there are threads. */
static atomic_bool hooked; /* being started again leads to leat_worker_main */
static const char *named; /* by leat_use_worker */

void leat_use_worker(const char *path)
{
	named = path;
}

void leat_worker_hooked(void)
{
	atomic_store(&hooked, true);
}

bool leat_worker_offered(void)
{
	return atomic_load(&hooked);
}

bool leat_worker_is_self(void)
{
	return !named && atomic_load(&hooked);
}

bool leat_worker_is_foreign(void)
{
	return !named && !atomic_load(&hooked);
}

const char *leat_worker_program_path(void)
{
	if (named)
		return named;
	return atomic_load(&hooked) ? NULL : LEAT_WORKER_PATH;
}

const char *leat_worker_missing(void)
{
	if (named)
		return *named ? NULL : "this program wants no worker processes";
	if (atomic_load(&hooked) || access(LEAT_WORKER_PATH, X_OK) == 0)
		return NULL;
	return "this program did not offer itself as a worker, and there is no '" LEAT_WORKER_PATH "'";
}
