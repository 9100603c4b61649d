/* SPDX-License-Identifier: MIT */
/* The table of the execution options. See execopts.h. */
#include "core/execopts.h"

#include "base/mem.h"
#include "core/modes.h"

static const char *const modes[] = {"auto", "inline", "threads", "async", "processes", "openmp", NULL};
static const unsigned mode_bits[] = {
	0, LEAT_ON_INLINE, LEAT_ON_THREADS, LEAT_ON_ASYNC, LEAT_ON_PROCESSES, LEAT_ON_OPENMP,
};
static const char *const orders[] = {"any", "keep", NULL};
static const char *const on_errors[] = {
	[LEAT_CONTINUE] = "continue", [LEAT_STOP] = "stop", [LEAT_QUARANTINE] = "quarantine", NULL};

#define V struct leat_exec_opts
const struct leat_param leat_exec_params[] = {
	[LEAT_EXEC_ON] = LEAT_P_CHOICE(V, on, "on", "auto", modes, 0,
				       "where the step runs; auto decides and `leat plan` says why"),
	[LEAT_EXEC_WORKERS] = LEAT_P(V, workers, struct leat_workers, LEAT_PT_WORKERS, "workers", "auto", 0,
				     "how many threads or processes, or the size of the OpenMP team"),
	[LEAT_EXEC_QUEUE] = LEAT_P(V, queue, struct leat_queue_opt, LEAT_PT_QUEUE, "queue", "auto", 0,
				   "capacity of the queue in front of the step"),
	[LEAT_EXEC_ORDER] = LEAT_P_CHOICE(V, order, "order", "any", orders, 0,
					  "keep puts the items back into input order at this step"),
	[LEAT_EXEC_RETRIES] = LEAT_P_INT(V, retries, "retries", "0", 0, 100, NULL, 0,
					 "how often a failure that can pass is tried again"),
	[LEAT_EXEC_RETRY_WAIT] = LEAT_P(V, retry_wait, int64_t, LEAT_PT_DURATION, "retry-wait", "1s", 0,
					"pause before a retry, doubled each time"),
	[LEAT_EXEC_TIMEOUT] =
		LEAT_P(V, timeout, int64_t, LEAT_PT_DURATION, "timeout", "5m", 0, "how long one item may take here"),
	[LEAT_EXEC_ON_ERROR] = LEAT_P_CHOICE(V, on_error, "on-error", "continue", on_errors, 0,
					     "what a failed item means for the run"),
	[LEAT_EXEC_ID] = LEAT_P(V, id, const char *, LEAT_PT_TEXT, "id", NULL, 0, "a name for the step, for reports"),
	[LEAT_EXEC_ROWS] = LEAT_P_END,
};

unsigned leat_exec_mode(size_t i)
{
	return i < LEAT_LEN(mode_bits) ? mode_bits[i] : 0;
}
