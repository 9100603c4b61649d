/* SPDX-License-Identifier: MIT */
/* stats of a table that comes in pieces. */
#ifndef LEAT_OPS_MEASURE_STATS_PIECES_H
#define LEAT_OPS_MEASURE_STATS_PIECES_H

#include "core/op.h"

extern const struct leat_row_fold leat_stats_fold;

#endif
