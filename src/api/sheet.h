/* SPDX-License-Identifier: MIT */
/*
 * The contact sheet of a report: small pictures of a few inputs and of what was made of them. They are made by a run of
 * their own, with the same walls around what decodes bytes from outside; a file that cannot be decoded whole has none.
 */
#ifndef LEAT_API_SHEET_H
#define LEAT_API_SHEET_H

#include "report/morning.h"

enum { LEAT_SHEET_MOST = 6 };

struct leat_sheet_pair {
	const char *before, *after; /* absolute paths */
};

/*
 * At most LEAT_SHEET_MOST pairs into to, with data: URIs in `a`; their number. path, output and sizes are the caller's.
 * which: the number of the pair behind each. Nothing when that is not possible.
 */
size_t leat_sheet(const struct leat_sheet_pair *pairs, size_t n, struct leat_morning_sample *to, size_t *which,
		  struct leat_arena *a);

#endif
