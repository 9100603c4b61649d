/* SPDX-License-Identifier: MIT */
/* Border rules: what stands where a window reaches outside the image (names and meaning of SciPy's `mode`). */
#ifndef LEAT_OPS_FILTER_EDGE_H
#define LEAT_OPS_FILTER_EDGE_H

#include <stdint.h>

enum leat_edge { /*  outside   | a b c d |  outside */
		 LEAT_EDGE_REFLECT, /*  d c b a   | a b c d |  d c b a */
		 LEAT_EDGE_NEAREST, /*  a a a a   | a b c d |  d d d d */
		 LEAT_EDGE_MIRROR, /*    d c b   | a b c d |  c b a   */
		 LEAT_EDGE_WRAP, /*  a b c d   | a b c d |  a b c d */
		 LEAT_EDGE_CONSTANT, /*  cval      | a b c d |  cval    */
};

/* The words of edge=, in the order of enum leat_edge; NULL-terminated. */
extern const char *const leat_edges[];

/* The place 0 .. n-1 whose sample stands at place i (any integer) of a line of n > 0; -1: the constant. */
int64_t leat_edge_at(enum leat_edge edge, int64_t i, int64_t n);

#endif
