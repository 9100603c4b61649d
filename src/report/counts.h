/* SPDX-License-Identifier: MIT */
/* Counts of items in JSON, under the same names wherever a run is told. Thread safe. */
#ifndef LEAT_REPORT_COUNTS_H
#define LEAT_REPORT_COUNTS_H

#include "base/json.h"
#include "report/summary.h"

/* Members of an open object: items by how they ended. */
void leat_counts_json(struct leat_buf *b, const struct leat_counts *c);

#endif
