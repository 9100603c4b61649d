/* SPDX-License-Identifier: MIT */
/* The options of the `schedule` line (language 6.10), as rows. */
#ifndef LEAT_CORE_SCHEDOPTS_H
#define LEAT_CORE_SCHEDOPTS_H

#include "core/param.h"

enum leat_sched_how { LEAT_DAILY, LEAT_WEEKLY, LEAT_HOURLY };

/* The rows of leat_sched_params. */
enum {
	LEAT_SCHED_HOW,
	LEAT_SCHED_AT,
	LEAT_SCHED_DAY,
	LEAT_SCHED_JITTER,
	LEAT_SCHED_TIMEZONE,
	LEAT_SCHED_CRON,
	LEAT_SCHED_EVERY,
	LEAT_SCHED_ROWS
};

/* The values of those rows. */
struct leat_sched_opts {
	int64_t how; /* enum leat_sched_how; not given where cron or every is */
	int64_t at; /* seconds after midnight; of LEAT_HOURLY after the full hour */
	int64_t day; /* 0 monday to 6 sunday */
	int64_t jitter, every; /* nanoseconds */
	int64_t timezone; /* 0 local, 1 UTC */
	const char *cron;
};

extern const struct leat_param leat_sched_params[];

#endif
