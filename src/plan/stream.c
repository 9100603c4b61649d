/* SPDX-License-Identifier: MIT */
/* Which recipes let files of text pass in pieces: run/stream.h does it. */
#include "plan/place.h"

#include <strings.h>

/* The next child of `parent` behind `after`; -1: there is none. Children stand behind their parent. */
static int child(const struct leat_plan *p, int parent, int after)
{
	for (size_t i = (size_t)(after + 1); i < p->n_steps; i++)
		if (p->steps[i].parent == parent)
			return (int)i;
	return -1;
}

/* What stands behind it takes fields alone. */
static bool only_told(const struct leat_plan *p, int parent)
{
	for (int c = child(p, parent, parent); c >= 0; c = child(p, parent, c)) {
		enum leat_role r = p->steps[c].role;
		if ((r != LEAT_ROWSINK && r != LEAT_FILTER) || !only_told(p, c))
			return false;
	}
	return true;
}

static int only_child(const struct leat_plan *p, int parent)
{
	int c = child(p, parent, parent);
	return c >= 0 && child(p, parent, c) >= 0 ? -1 : c;
}

static bool is_measure(const struct leat_plan *p, int i)
{
	const struct leat_step *s = &p->steps[i];
	return s->role == LEAT_OP && s->op->fold && s->op->fold->can(s->params);
}

bool leat_plan_stream_way(const struct leat_plan *p, int source, struct leat_stream_way *way)
{
	*way = (struct leat_stream_way){.parse = only_child(p, source)};
	if (way->parse < 0 || p->steps[way->parse].role != LEAT_PARSE)
		return false;
	int at = way->parse;
	for (int c = only_child(p, at); c >= 0 && is_measure(p, c); c = only_child(p, c)) {
		if (way->n_folds == LEAT_STREAM_STEPS)
			return false;
		way->fold[way->n_folds++] = at = c;
	}
	return way->n_folds > 0 && only_told(p, at);
}

static bool has_pieces(const struct leat_registry *r, const char *path)
{
	const char *dot = strrchr(path, '.');
	const struct leat_codec *c = dot ? leat_registry_codec_for_extension(r, dot + 1) : NULL;
	return c && c->pieces;
}

bool leat_plan_streams_entry(const struct leat_planner *pl, const struct leat_entry *e)
{
	struct leat_stream_way way;
	return e->size >= LEAT_STREAM_FROM && has_pieces(pl->reg, e->path) && leat_plan_stream_way(pl->plan, 0, &way);
}

bool leat_plan_streams(const struct leat_planner *pl)
{
	const struct leat_listing *l = pl->facts->inputs;
	bool all = l && l->n > 0;
	for (size_t i = 0; all && i < l->n; i++)
		all = leat_plan_streams_entry(pl, &l->v[i]);
	return all;
}
