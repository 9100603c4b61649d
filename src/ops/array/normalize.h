/* SPDX-License-Identifier: MIT */
/*
 * The parameters of normalize, and its two kernels: for images by their levels, for arrays and tables by their
 * numbers.
 */
#ifndef LEAT_OPS_ARRAY_NORMALIZE_H
#define LEAT_OPS_ARRAY_NORMALIZE_H

#include "core/param.h"
#include "core/payload.h"

enum leat_normalize_per {
	LEAT_NORMALIZE_IMAGE, /* of arrays the same as all */
	LEAT_NORMALIZE_CHANNEL,
	LEAT_NORMALIZE_PAGE,
	LEAT_NORMALIZE_ALL,
	LEAT_NORMALIZE_COLUMN,
	LEAT_NORMALIZE_ROW,
};

struct leat_normalize {
	struct leat_range range; /* percentiles, or values */
	struct leat_range to; /* a = b: the full range */
	int64_t per; /* enum leat_normalize_per */
	bool clip;
};

/*
 * A new image or array of the result. team: threads to use; the result does not depend on it. NULL with *err (MEMORY;
 * UNSUPPORTED: a shape that it does not take; MISMATCH: `to` beyond the samples). Any thread.
 */
struct leat_image *leat_normalize_image(const struct leat_normalize *p, const struct leat_image *im, int team,
					struct leat_err *err);
/* Of float samples. */
struct leat_image *leat_normalize_float(const struct leat_normalize *p, const struct leat_image *im,
					struct leat_err *err);
struct leat_array *leat_normalize_array(const struct leat_normalize *p, struct leat_array *a, int team,
					struct leat_err *err);

/* `to` in samples of this depth. 0, or -1 with *err (MISMATCH). */
int leat_normalize_levels(const struct leat_normalize *p, enum leat_sample sample, struct leat_range *to,
			  struct leat_err *err);

#endif
