/* SPDX-License-Identifier: MIT */
/* What the estimates of one item's memory share: images in memory.c, arrays and tables in memory_numbers.c. */
#ifndef LEAT_PLAN_ESTIMATE_H
#define LEAT_PLAN_ESTIMATE_H

#include "plan/place.h"

struct leat_estimate {
	const struct leat_plan *p;
	const struct leat_stepinfo *info;
	bool whole; /* this segment works on whole images: a team shares the rows out */
	uint64_t bytes;
	uint64_t file; /* bytes of the input */
	uint64_t reply; /* of `bytes` what leaves the workers, as encoded bytes; UINT64_MAX: not known */
	uint64_t *by_step; /* the same, step by step; or NULL */
};

void leat_estimate_add(struct leat_estimate *e, int step, uint64_t bytes); /* UINT64_MAX on overflow */
void leat_estimate_reply(struct leat_estimate *e, uint64_t bytes); /* the same; UINT64_MAX stays */
uint64_t leat_estimate_times(uint64_t a, uint64_t b); /* UINT64_MAX on overflow */

/* Step `step` makes a whole image of this shape: that, and all behind it. */
void leat_estimate_image(struct leat_estimate *e, int step, const struct leat_shape *shape);
/* Step `step` makes an array or a table of this shape: that, and all behind it. */
void leat_estimate_numbers(struct leat_estimate *e, int step, const struct leat_shape *shape);
/* A `parse` step, for a file of this header. */
void leat_estimate_parse(struct leat_estimate *e, int step, const struct leat_header *h, uint64_t file_bytes);

/* All of it, for an input of this header. by_step and reply may be NULL. */
uint64_t leat_estimate_item(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes,
			    uint64_t *by_step, uint64_t *reply);

#endif
