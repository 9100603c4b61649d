/* SPDX-License-Identifier: MIT */
/*
 * Large files that go as they are to a worker process are read where it gets them, not once more before: the reader
 * looks at the header, by which the item is admitted, and asks the system to read the rest ahead. Only of formats whose
 * header says it all, and where nobody in this process wants the content.
 */
#include "run/late.h"

enum {
	LEAST = 16 << 20, /* bytes; a worker gets a task of such a size only when it has nothing else */
	LOOK = 64 << 10,
};

/* Does every step behind `step` get it in another process? */
static bool all_elsewhere(const struct leat_plan *p, int step)
{
	bool any = false;
	for (int c = leat_walk_child(p, step, step); c >= 0; c = leat_walk_child(p, step, c)) {
		const struct leat_group *g = &p->groups[p->segments[p->steps[c].segment].group];
		if (p->steps[c].segment == p->steps[step].segment || g->type->mode != LEAT_ON_PROCESSES ||
		    p->steps[c].role != LEAT_PARSE)
			return false;
		any = true;
	}
	return any;
}

static bool may_be_late(const struct leat_walk *w, int step)
{
	const struct leat_step *s = leat_walk_step(w, step);
	const struct leat_entry *e = w->in->entry;
	return s->source->begin && s->source->into && e && e->size >= LEAST && e->size < SIZE_MAX / 2 &&
	       !w->env->hash_input && !w->env->got && !w->in->trace && s->retries == 0 &&
	       all_elsewhere(w->env->plan, step);
}

/* Is all known when the header is? */
static bool header_tells(const struct leat_walk *w, const struct leat_bytes *b)
{
	struct leat_header h = {0};
	struct leat_err ignored = {0};
	const struct leat_codec *c =
		leat_registry_codec_of(w->env->plan->registry, b->data, b->len, w->in->entry->path);
	return c && c->gives == LEAT_ARRAY && c->probe && c->probe(b->data, b->len, false, &h, &ignored) == 0 &&
	       leat_array_bytes(&h.array) <= w->in->entry->size;
}

int leat_late_begin(const struct leat_walk *w, int step, struct leat_bytes **out, struct leat_err *err)
{
	const struct leat_step *s = leat_walk_step(w, step);
	bool whole = false;
	*out = NULL;
	if (!may_be_late(w, step))
		return 0;
	struct leat_bytes *b = leat_bytes_new(LOOK, err);
	int ok = b ? s->source->begin(s->params, w->in->entry, b->data, LOOK, &b->len, &whole, err) : -1;
	if (ok == 0 && header_tells(w, b)) {
		b->late = (size_t)w->in->entry->size;
		*out = b;
		return 0;
	}
	leat_bytes_unref(&b);
	return ok;
}

int leat_late_read(const struct leat_plan *p, int step, const struct leat_entry *e, uint8_t *to, struct leat_err *err)
{
	const struct leat_step *s = &p->steps[p->steps[step].parent];
	return s->source->into(s->params, e, to, err);
}
