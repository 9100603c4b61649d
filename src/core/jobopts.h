/* SPDX-License-Identifier: MIT */
/* The options of the `job` line (language 6.10) and the counts of `expect`, as rows. */
#ifndef LEAT_CORE_JOBOPTS_H
#define LEAT_CORE_JOBOPTS_H

#include "core/param.h"

enum leat_ionice { LEAT_IONICE_NONE, LEAT_IONICE_BEST_EFFORT, LEAT_IONICE_IDLE };

/* The values of leat_job_params. What is marked as pending there stays zero. */
struct leat_job_opts {
	struct leat_memory_opt memory, worker_memory;
	struct leat_workers cores;
	int64_t isolate; /* enum leat_isolate */
	int64_t worker_tasks;

	const char *name, *state, *quarantine, *temp, *deadline, *max_errors, *on_finish, *on_failure;
	struct leat_tmpl log, metrics, trace;
	bool incremental, lock;
	int64_t durability, prune, manifest, nice;
	int64_t ionice; /* enum leat_ionice */
	double prune_limit;
};

extern const struct leat_param leat_job_params[];

/* What `expect` may ask about, in the order in which it is listed; ends with NULL. */
extern const char *const leat_expect_counts[];

#endif
