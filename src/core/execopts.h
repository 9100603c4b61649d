/* SPDX-License-Identifier: MIT */
/*
 * The execution options that every step knows (language 6.9), as rows: bound, formatted, helped and completed from
 * here.
 */
#ifndef LEAT_CORE_EXECOPTS_H
#define LEAT_CORE_EXECOPTS_H

#include "core/param.h"

enum leat_on_error { LEAT_CONTINUE, LEAT_STOP, LEAT_QUARANTINE };

/* The rows of leat_exec_params, in the order in which they are written at the end of a line. */
enum {
	LEAT_EXEC_ON,
	LEAT_EXEC_WORKERS,
	LEAT_EXEC_QUEUE,
	LEAT_EXEC_ORDER,
	LEAT_EXEC_RETRIES,
	LEAT_EXEC_RETRY_WAIT,
	LEAT_EXEC_TIMEOUT,
	LEAT_EXEC_ON_ERROR,
	LEAT_EXEC_ID,
	LEAT_EXEC_ROWS
};

/* The values of those rows. */
struct leat_exec_opts {
	int64_t on; /* index into the choices of the row: see leat_exec_mode */
	struct leat_workers workers;
	struct leat_queue_opt queue;
	int64_t order; /* 0 any, 1 keep */
	int64_t retries, retry_wait, timeout;
	int64_t on_error; /* enum leat_on_error */
	const char *id;
};

extern const struct leat_param leat_exec_params[];

/* The LEAT_ON_* bit of choice i of on=, 0 for auto and for what is no choice. */
unsigned leat_exec_mode(size_t i);

#endif
