/* SPDX-License-Identifier: MIT */
/* What differs between two texts, line by line. */
#ifndef LEAT_BASE_DIFF_H
#define LEAT_BASE_DIFF_H

#include "base/buf.h"

struct leat_diff_text {
	const char *name; /* as shown behind --- or +++ */
	const char *s;
	size_t n; /* bytes */
};

/*
 * Appends the difference from a to b as a unified diff with three lines of context; nothing when they are the same.
 * The fewest changed lines (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986), unless more than about
 * a thousand changed: then what is between the equal ends is shown as replaced. Names are escaped for terminals.
 */
void leat_diff(const struct leat_diff_text *a, const struct leat_diff_text *b, struct leat_buf *out);

#endif
