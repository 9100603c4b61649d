/* SPDX-License-Identifier: MIT */
/* See learned.h. */
#include "plan/learned.h"

#include <math.h>
#include <string.h>

static const double hand_off_worth = 100e-6; /* seconds of work an item below which another worker does not pay */

const struct leat_tuning *leat_learned(const struct leat_tuning *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return v[i].items >= LEAT_TUNING_ENOUGH ? &v[i] : NULL;
	return NULL;
}

double leat_learned_cost(const struct leat_tuning *t)
{
	return t->cpu + t->blocked;
}

bool leat_learned_cheap(const struct leat_tuning *t)
{
	return t && strcmp(t->executor, "processes") != 0 && leat_learned_cost(t) < hand_off_worth;
}

static int clamp(double n, int lo, int hi)
{
	return !(n > lo) ? lo : n > hi ? hi : (int)n;
}

int leat_learned_io(const struct leat_tuning *t, int least)
{
	return clamp(t->workers, least, LEAT_IO_MOST);
}

int leat_learned_threads(const struct leat_tuning *t, int share)
{
	if (strcmp(t->executor, "threads") != 0 || !(t->blocked > t->cpu))
		return share;
	int most = share > LEAT_IO_MOST ? share : LEAT_IO_MOST;
	return t->cpu > 0 ? clamp(ceil(1.25 * share * leat_learned_cost(t) / t->cpu), share, most) : most;
}
