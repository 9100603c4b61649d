/* SPDX-License-Identifier: MIT */
/* Border rules. See edge.h. */
#include "ops/filter/edge.h"

#include <stddef.h>

const char *const leat_edges[] = {"reflect", "nearest", "mirror", "wrap", "constant", NULL};

/* i modulo n, never negative. */
static int64_t modulo(int64_t i, int64_t n)
{
	int64_t r = i % n;
	return r < 0 ? r + n : r;
}

int64_t leat_edge_at(enum leat_edge edge, int64_t i, int64_t n)
{
	if (i >= 0 && i < n)
		return i;
	switch (edge) {
	case LEAT_EDGE_REFLECT:
		i = modulo(i, 2 * n);
		return i < n ? i : 2 * n - 1 - i;
	case LEAT_EDGE_NEAREST:
		return i < 0 ? 0 : n - 1;
	case LEAT_EDGE_MIRROR:
		if (n == 1)
			return 0;
		i = modulo(i, 2 * n - 2);
		return i < n ? i : 2 * n - 2 - i;
	case LEAT_EDGE_WRAP:
		return modulo(i, n);
	case LEAT_EDGE_CONSTANT:
		break;
	}
	return -1;
}
