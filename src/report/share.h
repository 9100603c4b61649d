/* SPDX-License-Identifier: MIT */
/* Where the time of an executor group went, in shares of all its workers' time; for both forms of the summary. */
#ifndef LEAT_REPORT_SHARE_H
#define LEAT_REPORT_SHARE_H

#include "report/summary.h"

struct leat_share { /* 0..1, together 1; all 0 when nothing was measured */
	double computing; /* on a core */
	double core; /* could compute, but all cores were taken */
	double blocked; /* waits inside its work: disk, network, locks */
	double idle; /* waits for work */
};

struct leat_share leat_share_of(const struct leat_group_time *g);

/* The beginning of a summary of a run that left all its items alone: "nothing to do: 12 of 12 items unchanged". */
void leat_summary_nothing(const struct leat_counts *c, struct leat_buf *b);

/* "known_failed": the word of a state in files for machines. NULL: none. */
const char *leat_state_key(enum leat_state s);

/*
 * The group that holds up the others: the one with the least idle time. NULL when none is at work for half of
 * its time.
 */
const struct leat_group_time *leat_bottleneck(const struct leat_summary *s);

#endif
