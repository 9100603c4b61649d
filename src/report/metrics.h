/* SPDX-License-Identifier: MIT */
/*
 * Figures of a run for Prometheus (job metrics=), in the text format that its node exporter reads from a folder. The
 * file is replaced whole: no reader ever sees half of it.
 */
#ifndef LEAT_REPORT_METRICS_H
#define LEAT_REPORT_METRICS_H

#include "report/summary.h"

struct leat_metrics {
	const char *job;
	int64_t started_ns; /* wall clock */
	int64_t ended_ns; /* 0: it still runs */
	int64_t succeeded_ns; /* when a run last ended with status 0; 0: not known */
};

void leat_metrics_text(const struct leat_metrics *m, const struct leat_summary *s, struct leat_buf *out);
/* When the last good run ended, by the file that an earlier one left. 0: it does not say. */
int64_t leat_metrics_last_success(const char *path, const char *job);
/* Replaces the file. -1 with *err. */
int leat_metrics_write(const char *path, const struct leat_metrics *m, const struct leat_summary *s, bool sync,
		       struct leat_err *err);

#endif
