/* SPDX-License-Identifier: MIT */
/*
 * A second thread in a worker: one unpacks a large PNG, the other does the rest, row by row. Worth it where an image is
 * large; used while other workers have nothing to do.
 */
#include "plan/place.h"

#include <strings.h>

enum { LARGE_FILE = 4 << 20 };

static bool is_large_png(const struct leat_facts *f, size_t i)
{
	const struct leat_entry *e = &f->inputs->v[i];
	if (e->size < LARGE_FILE)
		return false;
	if (f->headers && f->headers[i].format)
		return strcmp(f->headers[i].format, "png") == 0;
	size_t n = strlen(e->rel);
	return n > 4 && strcasecmp(e->rel + n - 4, ".png") == 0;
}

bool leat_plan_beside(const struct leat_planner *pl)
{
	const struct leat_facts *f = pl->facts;
	if (!f->inputs || pl->plan->job.cores < 2 || !f->pool || pl->plan->job.isolate == LEAT_ISOLATE_NO)
		return false;
	for (size_t i = 0; i < f->inputs->n; i++)
		if (is_large_png(f, i))
			return true;
	return false;
}

/* Little work beside the unpacking: it makes the image smaller at once, or looks at each pixel once. */
static bool is_light(const struct leat_op *op)
{
	return op->target || op->point || !op->rows;
}

bool leat_plan_two_threads_suffice(const struct leat_planner *pl)
{
	uint64_t n, bytes;
	if (!leat_plan_beside(pl) || !leat_plan_inputs(pl->facts, &n, &bytes) || 2 * n < (uint64_t)pl->plan->job.cores)
		return false;
	for (size_t i = 0; i < pl->plan->n_steps; i++)
		if (pl->plan->steps[i].role == LEAT_OP && !is_light(pl->plan->steps[i].op))
			return false;
	return true;
}
