/* SPDX-License-Identifier: MIT */
#include "plan/sizes.h"

#include "plan/place.h"

#include <math.h>

/* One input on its way to one output. */
struct way {
	const struct leat_plan *p;
	const struct leat_header *h;
	uint64_t file_bytes;
	struct leat_shape shape; /* kind LEAT_FILE: bytes, whose number is in `guess` */
	double busy; /* how much less the input's content can be compressed than usual */
	double pixels; /* of the decoded image, 0: none */
	struct leat_guess guess;
};

/* The image as the encoder takes it. */
static uint64_t usual_bytes(const struct leat_codec *c, const void *params, const struct leat_shape *s)
{
	struct leat_image_shape want = s->image;
	struct leat_err ignored = {0}; /* such items fail; then no size is right */
	if (s->kind != LEAT_IMAGE)
		return leat_array_bytes(&s->array);
	if (params && c->enc_takes && c->enc_takes(params, &s->image, &want, &ignored) < 0)
		want = s->image;
	return params && c->enc_guess ? c->enc_guess(params, &want) : leat_image_bytes(&want);
}

/*
 * An empty sky and a carpet of the same size differ tenfold. The input's own file tells which it is, but also how
 * carefully it was compressed; so only half of it (the root) is believed.
 */
static double busyness(const struct way *w)
{
	const struct leat_codec *c = w->h->format ? leat_registry_codec(w->p->registry, w->h->format) : NULL;
	const void *params = c ? leat_plan_default_encoder(w->p, c, false) : NULL;
	if (!c || !c->enc_guess || !params || w->shape.kind != LEAT_IMAGE)
		return 1;
	double ratio = (double)w->file_bytes / (1.0 + (double)c->enc_guess(params, &w->h->shape));
	ratio = sqrt(ratio);
	return ratio < 0.2 ? 0.2 : ratio > 3 ? 3 : ratio;
}

static bool decode(struct way *w, const struct leat_step *s)
{
	bool numbers = w->h->kind == LEAT_ARRAY || w->h->kind == LEAT_TABLE;
	bool image = w->h->shape.width != 0 && !numbers;
	if (image && s->role == LEAT_DECODE)
		w->shape = leat_plan_decoded_shape(s, w->h);
	else if (numbers && s->role == LEAT_PARSE)
		w->shape = (struct leat_shape){.kind = w->h->kind, .array = w->h->array};
	else
		return false; /* this item fails here */
	w->busy = busyness(w);
	w->pixels = image ? (double)w->shape.image.width * w->shape.image.height : 0;
	return true;
}

static bool op(struct way *w, const struct leat_step *s)
{
	struct leat_shape out = w->shape;
	struct leat_err err = {0};
	if (w->shape.kind == LEAT_FILE)
		return true;
	if (s->op->shape && leat_op_shape(s->op, s->params, &w->shape, NULL, &out, &err) < 0)
		return false; /* this item fails here */
	w->shape = out;
	return true;
}

/* A smaller picture of the same thing has more detail in each pixel. */
static double detail(const struct way *w)
{
	double out = w->shape.kind == LEAT_IMAGE ? (double)w->shape.image.width * w->shape.image.height : 0;
	return w->pixels > out && out > 0 ? pow(w->pixels / out, 0.07) : 1;
}

static bool encode(struct way *w, const struct leat_step *s)
{
	const struct leat_codec *c = s->codec;
	const void *params = s->params;
	if (!c) { /* the format follows the name: most often the input's own */
		c = w->h->format ? leat_registry_codec(w->p->registry, w->h->format) : NULL;
		params = c ? leat_plan_default_encoder(w->p, c, false) : NULL;
	}
	if (!c || w->shape.kind == LEAT_FILE)
		return w->shape.kind == LEAT_FILE;
	bool typical = c->enc_guess && params && w->shape.kind == LEAT_IMAGE;
	double bytes = (double)usual_bytes(c, params, &w->shape);
	if (typical)
		bytes *= w->busy * detail(w);
	w->guess.bytes = bytes < 1e18 ? (uint64_t)bytes : (uint64_t)1e18;
	w->guess.at_most = !typical;
	w->shape = (struct leat_shape){.kind = LEAT_FILE};
	return true;
}

static bool step(struct way *w, const struct leat_step *s)
{
	switch (s->role) {
	case LEAT_DECODE:
	case LEAT_PARSE:
		return decode(w, s);
	case LEAT_OP:
	case LEAT_REDUCE:
		return op(w, s);
	case LEAT_ENCODE:
		return encode(w, s);
	default:
		return true;
	}
}

/* Parents first. Depth is that of the recipe's lines: the steps from the source to here. */
static bool walk(struct way *w, int i)
{
	const struct leat_step *s = &w->p->steps[i];
	return (s->parent < 0 || walk(w, s->parent)) && step(w, s);
}

struct leat_guess leat_plan_guess(const struct leat_plan *p, const struct leat_facts *f, int write, size_t i)
{
	static const struct leat_header unknown;
	struct way w = {.p = p, .h = f->headers ? &f->headers[i] : &unknown, .file_bytes = f->inputs->v[i].size};
	w.shape.kind = LEAT_FILE;
	w.guess.bytes = w.file_bytes;
	w.guess.known = walk(&w, write) && w.shape.kind == LEAT_FILE;
	if (!w.guess.known)
		w.guess = (struct leat_guess){.bytes = w.file_bytes};
	return w.guess;
}
