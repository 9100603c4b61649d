/* SPDX-License-Identifier: MIT */
/* What earlier runs of a recipe on this machine taught about its groups of workers: kept by state, used by plan. */
#ifndef LEAT_CORE_TUNING_H
#define LEAT_CORE_TUNING_H

#include <stdint.h>

enum {
	LEAT_IO_MOST = 32, /* workers of a group that waits */
	LEAT_TUNING_ENOUGH = 8, /* items before anything is concluded */
};

struct leat_tuning { /* of one group */
	char name[32]; /* "read", "cpu" */
	char executor[16]; /* it ran on */
	int workers; /* that the last run came to */
	double cpu, blocked; /* seconds an item; smoothed over the runs */
	uint64_t items; /* measured so far */
};

#endif
