/* SPDX-License-Identifier: MIT */
/* How large the outputs will be: guesses from the inputs' headers, for the disk space that `leat plan` tells. */
#ifndef LEAT_PLAN_SIZES_H
#define LEAT_PLAN_SIZES_H

#include "plan/planner.h"

struct leat_guess {
	uint64_t bytes;
	bool known; /* false: nothing can be said, bytes is that of the input's file */
	bool at_most; /* a format whose usual size nobody knows: as large as its samples */
};

/*
 * What step `write` will write of input i (facts must have inputs; without headers nothing is known). A guess: the
 * usual size of such an image in such a format, corrected by how well this input was compressed itself.
 */
struct leat_guess leat_plan_guess(const struct leat_plan *p, const struct leat_facts *f, int write, size_t i);

#endif
