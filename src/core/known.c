/* SPDX-License-Identifier: MIT */
/* See known.h. */
#include "core/known.h"

const char *leat_verdict_text(enum leat_verdict v)
{
	static const char *const texts[LEAT_N_VERDICTS] = {
		[LEAT_TODO_NEW] = "new",
		[LEAT_TODO_INPUT] = "the input changed",
		[LEAT_TODO_WORK] = "the recipe changed",
		[LEAT_TODO_OUTPUT] = "an output is missing or changed",
		[LEAT_TODO_AGAIN] = "failed before, tried again",
		[LEAT_TODO_CLOCK] = "was dropped by a filter that looks at the time",
		[LEAT_TODO_RESULT] = "unchanged, but a result of several items is made anew",
		[LEAT_TODO_FORCED] = "done anew",
		[LEAT_UP_TO_DATE] = "up to date",
		[LEAT_POISON] = "failed before, unchanged since",
	};
	return (unsigned)v < LEAT_N_VERDICTS ? texts[v] : "";
}
