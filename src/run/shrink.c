/* SPDX-License-Identifier: MIT */
/*
 * Shrink on load: where everything behind a decoder first scales the picture, the decoder may do a part of that. Steps
 * that look at fields alone may stand between; they see the size of the file.
 */
#include "run/segment_impl.h"

struct want {
	uint32_t width, height; /* what the largest of the resizes makes of the whole picture */
	bool all; /* somebody wants every pixel */
};

static void ask(const struct leat_walk *w, int parent, const struct leat_image_shape *s, struct want *want);

static void ask_child(const struct leat_walk *w, int step, const struct leat_image_shape *s, struct want *want)
{
	const struct leat_step *st = leat_walk_step(w, step);
	uint32_t width = 0, height = 0;
	if (!leat_walk_rides(w, step))
		want->all = true;
	else if (st->role == LEAT_FILTER || st->role == LEAT_ROWSINK)
		ask(w, step, s, want);
	else if (st->role != LEAT_OP || !st->op->target || !st->op->target(st->params, s, &width, &height))
		want->all = true;
	if (width > want->width)
		want->width = width;
	if (height > want->height)
		want->height = height;
}

static void ask(const struct leat_walk *w, int parent, const struct leat_image_shape *s, struct want *want)
{
	const struct leat_plan *p = w->env->plan;
	for (int c = leat_walk_child(p, parent, parent); c >= 0; c = leat_walk_child(p, parent, c))
		ask_child(w, c, s, want);
}

static uint32_t times(uint32_t n, uint32_t by)
{
	return n > UINT32_MAX / by ? UINT32_MAX : n * by;
}

/* In the order of the choices of shrink=. */
enum { SHRINK_AUTO, SHRINK_FAST, SHRINK_1 };

void leat_walk_shrink(const struct leat_walk *w, int step, const struct leat_codec *codec, const struct leat_bytes *b,
		      struct leat_decode_opts *o)
{
	const struct leat_decode_params *params = leat_walk_step(w, step)->params;
	struct leat_err ignored = {0}; /* the decoder will tell it */
	struct leat_header h = {0};
	struct want want = {0};
	if (params->shrink >= SHRINK_1) {
		o->shrink = INT64_C(1) << (params->shrink - SHRINK_1);
		return;
	}
	if (!codec->probe || codec->probe(b->data, b->len, true, &h, &ignored) != 0)
		return;
	bool swap = params->orient && h.orientation >= 5;
	struct leat_image_shape upright = h.shape;
	upright.width = swap ? h.shape.height : h.shape.width;
	upright.height = swap ? h.shape.width : h.shape.height;
	ask(w, step, &upright, &want);
	if (want.all || !want.width || !want.height)
		return;
	uint32_t margin = params->shrink == SHRINK_FAST ? 1 : 2;
	o->target_width = times(swap ? want.height : want.width, margin);
	o->target_height = times(swap ? want.width : want.height, margin);
}
