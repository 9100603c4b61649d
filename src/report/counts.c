/* SPDX-License-Identifier: MIT */
/* See counts.h. */
#include "report/counts.h"

void leat_counts_json(struct leat_buf *b, const struct leat_counts *c)
{
	leat_json_uint(b, "matched", c->matched);
	leat_json_uint(b, "done", c->state[LEAT_DONE]);
	leat_json_uint(b, "skipped", c->state[LEAT_SKIPPED]);
	leat_json_uint(b, "failed", c->state[LEAT_FAILED]);
	leat_json_uint(b, "known_failed", c->state[LEAT_KNOWN_FAILED]);
	leat_json_uint(b, "not_reached", c->state[LEAT_NOT_REACHED]);
}
