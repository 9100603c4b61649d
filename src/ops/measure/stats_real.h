/* SPDX-License-Identifier: MIT */
/*
 * stats of float images: the samples are kept and measured as an array (stats_array.c), so that they mean the same as
 * after `to-array`. What is about levels (entropy, dominant) is counted of the samples as 8 bit, by stats.c.
 */
#ifndef LEAT_OPS_MEASURE_STATS_REAL_H
#define LEAT_OPS_MEASURE_STATS_REAL_H

#include "ops/measure/stats.h"

struct leat_stats_real;

/* Is this field counted in levels of 8 bit? */
bool leat_stats_of_levels(enum leat_stats_what what);

/* For an image of float samples. NULL with *err (MEMORY). p must outlive it. */
struct leat_stats_real *leat_stats_real_new(const struct leat_stats *p, const struct leat_image_shape *s,
					    struct leat_err *err);
/* Keeps row y. Several threads may keep different rows at once. */
void leat_stats_real_row(struct leat_stats_real *r, const float *row, uint32_t y);
/* Sets all fields but those of levels. team: threads to use. 0, or -1 with *err (MEMORY). */
int leat_stats_real_fields(const struct leat_stats_real *r, int team, struct leat_fields *f, struct leat_err *err);
void leat_stats_real_free(struct leat_stats_real **r); /* clears *r, accepts NULL in it */

/* Bytes that takes. */
size_t leat_stats_real_cost(const struct leat_stats *p, const struct leat_image_shape *s);

#endif
