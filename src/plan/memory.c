/* SPDX-License-Identifier: MIT */
/*
 * What one item takes while it passes: the bytes of its file, the decoder, the rows that every step keeps
 * until the next has used them, and what comes out of the encoders. An upper bound, not a measurement: it
 * decides how many items may be under way.
 */
#include "plan/estimate.h"

enum {
	STRIP_BYTES = 256 * 1024, /* rows move in strips of about this size */
	MIN_STRIP = 16,
	CODER_BYTES = 1024 * 1024, /* tables and windows of one decoder or encoder */
	REPLY_BYTES = 8 * 1024, /* of a file besides its pixels: headers; and the fields of an item */
};

static uint32_t strip_of(const struct leat_image_shape *s)
{
	uint64_t rows = STRIP_BYTES / (leat_row_bytes(s) ? leat_row_bytes(s) : 1);
	if (rows < MIN_STRIP)
		rows = MIN_STRIP;
	return rows < s->height ? (uint32_t)rows : s->height;
}

static bool has_files(const struct leat_param *table)
{
	size_t n = leat_param_count(table);
	for (size_t i = 0; i < n; i++)
		if (table[i].type == LEAT_PT_FILE)
			return true;
	return false;
}

/* Most input rows that any strip of the output needs, by asking the op itself at places all over the image. */
static uint32_t asked_window(const struct leat_step *s, const struct leat_shape *in, const struct leat_shape *out)
{
	struct leat_err err = {0};
	struct leat_fields none = {0};
	struct leat_view view = {.fields = &none, .branch = ""};
	struct leat_meta *meta = leat_meta_new(&err), *meta_out = leat_meta_ref(meta);
	struct leat_op_begin b = {
		.params = s->params, .in = in, .out = out, .meta = meta, .meta_out = &meta_out, .view = &view};
	void *item = NULL;
	uint32_t most = in->image.height, strip = strip_of(&out->image);
	if (meta && s->op->begin(&b, &item, &err) == 0) {
		int64_t widest = 0;
		for (uint32_t i = 0; i <= 16; i++) {
			uint32_t y0 = (uint32_t)((uint64_t)(out->image.height - strip) * i / 16);
			int64_t a, z;
			s->op->need(item, y0, y0 + strip, &a, &z);
			widest = z - a > widest ? z - a : widest;
		}
		most = widest < most ? (uint32_t)(widest > 0 ? widest : 1) : most;
		(void)s->op->end(item, NULL, &err); /* it only releases */
	}
	leat_meta_unref(&meta_out);
	leat_meta_unref(&meta);
	return most;
}

/* Rows of its input that a step keeps at once. */
static uint32_t window_of(const struct leat_step *s, const struct leat_shape *in, const struct leat_shape *out)
{
	uint32_t h = in->image.height;
	if (!s->op->rows || s->op->need == leat_need_all)
		return h;
	if (!s->op->need)
		return strip_of(&in->image);
	if (!s->op->open && s->op->begin && s->op->end && !has_files(s->op->params))
		return asked_window(s, in, out);
	/* A resampler: its longest kernel reaches four output rows to each side. */
	uint64_t scale = 1 + (h - 1) / (out->image.height ? out->image.height : 1);
	uint64_t rows = scale * (strip_of(&out->image) + 8);
	return rows < h ? (uint32_t)rows : h;
}

static uint32_t max32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t children(struct leat_estimate *e, int parent, const struct leat_shape *shape);

void leat_estimate_add(struct leat_estimate *e, int step, uint64_t bytes)
{
	if (__builtin_add_overflow(e->bytes, bytes, &e->bytes))
		e->bytes = UINT64_MAX;
	if (e->by_step && __builtin_add_overflow(e->by_step[step], bytes, &e->by_step[step]))
		e->by_step[step] = UINT64_MAX;
}

void leat_estimate_reply(struct leat_estimate *e, uint64_t bytes)
{
	if (__builtin_add_overflow(e->reply, bytes, &e->reply))
		e->reply = UINT64_MAX;
}

uint64_t leat_estimate_times(uint64_t a, uint64_t b)
{
	uint64_t r;
	return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

void leat_estimate_image(struct leat_estimate *e, int step, const struct leat_shape *shape)
{
	leat_estimate_add(e, step, leat_image_bytes(&shape->image));
	(void)children(e, step, shape);
}

/* The rows of an image that somebody keeps: a window of twice what is needed at once, or all. */
static void keep_rows(struct leat_estimate *e, int i, const struct leat_shape *s, uint32_t rows)
{
	uint64_t n = 2 * ((uint64_t)rows + strip_of(&s->image)), row = leat_row_bytes(&s->image);
	if (row && leat_estimate_times(rows, row) >= LEAT_FAR_ROWS && n < LEAT_FAR_WINDOW / row)
		n = LEAT_FAR_WINDOW / row;
	if (e->whole)
		n = s->image.height;
	if (n > s->image.height)
		n = s->image.height;
	leat_estimate_add(e, i, leat_estimate_times(n, leat_row_bytes(&s->image)));
}

/* An op of the same segment. Returns the rows of its input that are kept for it. */
static uint32_t op_rows(struct leat_estimate *e, int i, const struct leat_shape *in)
{
	const struct leat_step *s = &e->p->steps[i];
	struct leat_shape out = *in;
	struct leat_err err = {0};
	if (s->op->shape && leat_op_shape(s->op, s->params, in, NULL, &out, &err) < 0)
		return 0; /* this item fails here */
	if (s->op->cost)
		leat_estimate_add(e, i, s->op->cost(s->params, in, &out));
	if (out.kind != LEAT_IMAGE) {
		leat_estimate_numbers(e, i, &out);
		return window_of(s, in, in);
	}
	if (s->op->measures || s->op->point) /* works on the rows where they are */
		return max32(children(e, i, &out), s->op->need ? window_of(s, in, &out) : 0);
	uint32_t rows = window_of(s, in, &out);
	uint32_t below = children(e, i, &out);
	keep_rows(e, i, &out, s->op->run ? out.image.height : below); /* run() makes all of it at once */
	return rows;
}

/* An encoder's own memory; of one that follows the name, that of the dearest. */
static size_t encoder_bytes(const struct leat_plan *p, const struct leat_step *s, const struct leat_image_shape *shape)
{
	size_t most = CODER_BYTES;
	for (size_t i = 0; i < p->registry->n_codecs; i++) {
		const struct leat_codec *c = p->registry->codecs[i];
		const void *params = s->codec ? s->params : leat_plan_default_encoder(p, c, false);
		if (!c->enc_cost || !params || (s->codec && s->codec != c))
			continue;
		size_t cost = c->enc_cost(params, shape);
		most = cost > most ? cost : most;
	}
	return most;
}

/* A team needs all rows there. */
static bool works_on_whole(const struct leat_plan *p, const struct leat_step *s)
{
	const struct leat_group *g = &p->groups[p->segments[s->segment].group];
	return g->type->mode == LEAT_ON_OPENMP || g->team > 1;
}

/* Step i gets an image of this shape. Returns how many of its rows must be there at once. */
static uint32_t image_step(struct leat_estimate *e, int i, const struct leat_shape *in)
{
	const struct leat_step *s = &e->p->steps[i];
	if (s->segment != e->p->steps[s->parent].segment) { /* handed over whole, and worked on from there */
		e->reply = UINT64_MAX;
		bool before = e->whole;
		e->whole = works_on_whole(e->p, s);
		if (s->role == LEAT_OP)
			(void)op_rows(e, i, in);
		else
			(void)children(e, i, in);
		e->whole = before;
		return in->image.height;
	}
	switch (s->role) {
	case LEAT_OP:
		return op_rows(e, i, in);
	case LEAT_ENCODE:
		leat_estimate_add(e, i,
				  leat_size_add(leat_image_bytes(&in->image), encoder_bytes(e->p, s, &in->image)));
		/* Seldom more than the pixels; metadata may come along with them. */
		leat_estimate_reply(e, leat_image_bytes(&in->image) + leat_image_bytes(&in->image) / 8);
		leat_estimate_reply(e, leat_size_add(e->file, REPLY_BYTES));
		if (!s->codec || s->codec->enc_open)
			return strip_of(&in->image);
		leat_estimate_add(e, i, leat_image_bytes(&in->image)); /* takes it whole, as an array */
		return in->image.height;
	case LEAT_FILTER: /* may have to wait for a measure of the whole image */
		(void)children(e, i, in);
		return in->image.height;
	case LEAT_REDUCE:
		e->reply = UINT64_MAX;
		return in->image.height;
	default:
		return children(e, i, in);
	}
}

static uint32_t children(struct leat_estimate *e, int parent, const struct leat_shape *shape)
{
	uint32_t rows = 0;
	for (int c = e->info[parent].child; c >= 0; c = e->info[c].sibling)
		rows = max32(rows, image_step(e, c, shape));
	return rows;
}

struct leat_shape leat_plan_decoded_shape(const struct leat_step *s, const struct leat_header *h)
{
	static const enum leat_sample samples[] = {LEAT_U8, LEAT_U8, LEAT_U16, LEAT_F32};
	const struct leat_decode_params *params = s->params;
	struct leat_shape shape = {.kind = LEAT_IMAGE, .image = h->shape};
	if (params->depth > 0)
		shape.image.sample = samples[params->depth & 3];
	if (params->orient && h->orientation >= 5) {
		shape.image.width = h->shape.height;
		shape.image.height = h->shape.width;
	}
	return shape;
}

static void decode_step(struct leat_estimate *e, int i, const struct leat_header *h)
{
	const struct leat_step *s = &e->p->steps[i];
	struct leat_shape shape = leat_plan_decoded_shape(s, h);
	const struct leat_decode_params *params = s->params;
	e->whole = works_on_whole(e->p, s);
	leat_estimate_add(e, i, h->peak_bytes);
	leat_estimate_add(e, i, CODER_BYTES);
	bool turned = params->orient && h->orientation >= 2;
	if (turned) /* all rows must be there before the first upright one */
		leat_estimate_add(e, i, leat_image_bytes(&h->shape));
	keep_rows(e, i, &shape, children(e, i, &shape));
}

uint64_t leat_estimate_item(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes,
			    uint64_t *by_step, uint64_t *reply)
{
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	bool image = h->shape.width > 0 && h->shape.height > 0;
	struct leat_estimate e = {.p = p, .info = own->info, .by_step = by_step, .file = file_bytes};
	e.reply = image || h->kind == LEAT_ARRAY ? REPLY_BYTES : UINT64_MAX;
	leat_estimate_add(&e, 0, file_bytes);
	for (size_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i].role == LEAT_DECODE && p->steps[i].stage == 0 && image)
			decode_step(&e, (int)i, h);
		if (p->steps[i].role == LEAT_PARSE && p->steps[i].stage == 0)
			leat_estimate_parse(&e, (int)i, h, file_bytes);
		if (p->steps[i].role == LEAT_OP && p->steps[i].op->file_cost && image)
			leat_estimate_add(&e, (int)i, p->steps[i].op->file_cost(p->steps[i].params, h, file_bytes));
	}
	if (reply)
		*reply = e.reply < e.bytes ? e.reply : 0;
	return e.bytes;
}

uint64_t leat_plan_item_bytes(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes)
{
	return leat_estimate_item(p, h, file_bytes, NULL, NULL);
}

uint64_t leat_plan_item_reply(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes,
			      uint64_t *reply)
{
	return leat_estimate_item(p, h, file_bytes, NULL, reply);
}
