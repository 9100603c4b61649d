/* SPDX-License-Identifier: MIT */
/*
 * What is treated by itself: the numbers of an array as lines. A line is the whole array, an index of its first axis
 * (row, page: the numbers lie side by side) or an index of its last one (column, channel: they lie `lines` apart).
 * Everything here is thread safe.
 */
#ifndef LEAT_OPS_ARRAY_LINES_H
#define LEAT_OPS_ARRAY_LINES_H

#include "core/payload.h"

enum leat_per { LEAT_PER_ALL, LEAT_PER_COLUMN, LEAT_PER_ROW, LEAT_PER_PAGE, LEAT_PER_CHANNEL };

/* Number k of line i stands at data[i * length + k], or, across, at data[k * lines + i]. */
struct leat_lines {
	double *data; /* borrowed from `from` */
	size_t lines, length; /* lines * length = all numbers */
	bool across;
	struct leat_array *from; /* float64; owned: leat_lines_free */
};

/*
 * The lines of an array of any real type, converted where it is not float64 already. -1 with *err: a complex type or a
 * number of dimensions that `per` does not fit (UNSUPPORTED), MEMORY.
 */
int leat_lines_of(struct leat_lines *l, struct leat_array *a, enum leat_per per, struct leat_err *err);
void leat_lines_free(struct leat_lines *l);

/* Does `per` fit an array of this shape? 0, or -1 with *err as leat_lines_of. */
int leat_lines_check(const struct leat_array_shape *s, enum leat_per per, struct leat_err *err);

#endif
