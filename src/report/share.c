/* SPDX-License-Identifier: MIT */
/* Where the time went: see share.h. */
#include "report/share.h"

struct leat_share leat_share_of(const struct leat_group_time *g)
{
	struct leat_share s = {0};
	double all = g->busy + g->idle;
	if (!(all > 0))
		return s;
	/* An OpenMP worker may count the CPU time of its team: more than the wall time. */
	double cpu = g->cpu < g->busy ? g->cpu : g->busy;
	double core = g->runq < g->busy - cpu ? g->runq : g->busy - cpu;
	s.computing = cpu / all;
	s.core = core / all;
	s.blocked = (g->busy - cpu - core) / all;
	s.idle = g->idle / all;
	return s;
}

const struct leat_group_time *leat_bottleneck(const struct leat_summary *s)
{
	const struct leat_group_time *worst = NULL;
	double most = 0.5;
	for (size_t i = 0; i < s->n_groups; i++) {
		struct leat_share share = leat_share_of(&s->groups[i]);
		double busy = share.computing + share.core + share.blocked;
		if (busy >= most) {
			most = busy;
			worst = &s->groups[i];
		}
	}
	return worst;
}

const char *leat_state_key(enum leat_state s)
{
	static const char *const keys[LEAT_N_STATES] = {[LEAT_DONE] = "done",
							[LEAT_SKIPPED] = "skipped",
							[LEAT_FAILED] = "failed",
							[LEAT_KNOWN_FAILED] = "known_failed",
							[LEAT_NOT_REACHED] = "not_reached"};
	return (unsigned)s < LEAT_N_STATES ? keys[s] : NULL;
}
