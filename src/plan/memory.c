/* SPDX-License-Identifier: MIT */
/*
 * What one item takes while it passes: the bytes of its file, the decoder, the rows that every step keeps
 * until the next has used them, and what comes out of the encoders. An upper bound, not a measurement: it
 * decides how many items may be under way.
 */
#include "plan/place.h"

#include "base/num.h"

enum {
	STRIP_BYTES = 256 * 1024, /* rows move in strips of about this size */
	MIN_STRIP = 8,
	CODER_BYTES = 1024 * 1024, /* tables and windows of one decoder or encoder */
};

struct estimate {
	const struct leat_plan *p;
	const struct leat_stepinfo *info;
	bool whole; /* this segment works on whole images: a team shares the rows out */
	uint64_t bytes;
	uint64_t *by_step; /* the same, step by step; or NULL */
};

/* Step i takes so much. */
static void more(struct estimate *e, int i, uint64_t bytes)
{
	if (__builtin_add_overflow(e->bytes, bytes, &e->bytes))
		e->bytes = UINT64_MAX;
	if (e->by_step && __builtin_add_overflow(e->by_step[i], bytes, &e->by_step[i]))
		e->by_step[i] = UINT64_MAX;
}

static uint64_t times(uint64_t a, uint64_t b)
{
	uint64_t r;
	return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

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

static uint32_t children(struct estimate *e, int parent, const struct leat_shape *shape);

/* The rows of an image that somebody keeps: a window of twice what is needed at once, or all. */
static void keep_rows(struct estimate *e, int i, const struct leat_shape *s, uint32_t rows)
{
	uint64_t n = e->whole ? s->image.height : 2 * ((uint64_t)rows + strip_of(&s->image));
	if (n > s->image.height)
		n = s->image.height;
	more(e, i, times(n, leat_row_bytes(&s->image)));
}

/* An op of the same segment. Returns the rows of its input that are kept for it. */
static uint32_t op_rows(struct estimate *e, int i, const struct leat_shape *in)
{
	const struct leat_step *s = &e->p->steps[i];
	struct leat_shape out = *in;
	struct leat_err err = {0};
	if (s->op->shape && s->op->shape(s->params, in, &out, &err) < 0)
		return 0; /* this item fails here */
	if (s->op->cost)
		more(e, i, s->op->cost(s->params, in, &out));
	if (s->op->measures || s->op->point) /* works on the rows where they are */
		return max32(children(e, i, &out), s->op->need ? window_of(s, in, &out) : 0);
	uint32_t rows = window_of(s, in, &out);
	keep_rows(e, i, &out, children(e, i, &out));
	return rows;
}

/* Step i gets an image of this shape. Returns how many of its rows must be there at once. */
static uint32_t image_step(struct estimate *e, int i, const struct leat_shape *in)
{
	const struct leat_step *s = &e->p->steps[i];
	if (s->segment != e->p->steps[s->parent].segment) { /* handed over whole, and worked on from there */
		bool before = e->whole;
		e->whole = e->p->groups[e->p->segments[s->segment].group].type->mode == LEAT_ON_OPENMP;
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
		more(e, i, leat_size_add(leat_image_bytes(&in->image), CODER_BYTES));
		return strip_of(&in->image);
	case LEAT_FILTER: /* may have to wait for a measure of the whole image */
		(void)children(e, i, in);
		return in->image.height;
	case LEAT_REDUCE:
		return in->image.height;
	default:
		return children(e, i, in);
	}
}

static uint32_t children(struct estimate *e, int parent, const struct leat_shape *shape)
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

static void decode_step(struct estimate *e, int i, const struct leat_header *h)
{
	const struct leat_step *s = &e->p->steps[i];
	struct leat_shape shape = leat_plan_decoded_shape(s, h);
	const struct leat_decode_params *params = s->params;
	e->whole = e->p->groups[e->p->segments[s->segment].group].type->mode == LEAT_ON_OPENMP;
	more(e, i, h->peak_bytes);
	more(e, i, CODER_BYTES);
	bool turned = params->orient && h->orientation >= 2;
	if (turned) /* all rows must be there before the first upright one */
		more(e, i, leat_image_bytes(&h->shape));
	keep_rows(e, i, &shape, children(e, i, &shape));
}

static uint64_t item_bytes(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes,
			   uint64_t *by_step)
{
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	struct estimate e = {.p = p, .info = own->info, .by_step = by_step};
	more(&e, 0, file_bytes);
	if (h->shape.width == 0 || h->shape.height == 0)
		return e.bytes;
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].role == LEAT_DECODE && p->steps[i].stage == 0)
			decode_step(&e, (int)i, h);
	return e.bytes;
}

uint64_t leat_plan_item_bytes(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes)
{
	return item_bytes(p, h, file_bytes, NULL);
}

/* ---- the run as a whole */

struct largest {
	uint64_t bytes, file;
	size_t index;
	const struct leat_image_shape *shape;
	const char *path;
};

static struct largest find_largest(const struct leat_planner *pl)
{
	const struct leat_facts *f = pl->facts;
	struct largest l = {.bytes = 0};
	for (size_t i = 0; i < f->inputs->n; i++) {
		uint64_t n = leat_plan_item_bytes(pl->plan, &f->headers[i], f->inputs->v[i].size);
		if (f->inputs->v[i].size > l.file)
			l.file = f->inputs->v[i].size;
		if (n <= l.bytes || f->headers[i].shape.width == 0)
			continue;
		l.bytes = n;
		l.index = i;
		l.shape = &f->headers[i].shape;
		l.path = f->inputs->v[i].path;
	}
	return l;
}

/* E072: the workers that the user wrote need more than the memory that the user wrote. */
static void check_workers(struct leat_planner *pl, const struct largest *l)
{
	const struct leat_plan *p = pl->plan;
	char one[32], all[32];
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_word *w = pl->own->info[i].workers;
		const struct leat_group *g = &p->groups[p->segments[p->steps[i].segment].group];
		uint64_t n = (uint64_t)g->workers;
		bool many = g->type->mode == LEAT_ON_THREADS || g->type->mode == LEAT_ON_PROCESSES;
		if (!w || g->io || !many || times(n, l->bytes) <= p->job.memory)
			continue;
		struct leat_diag *d = leat_plan_error(pl, 72, w->span, "this step needs more memory than the job has");
		leat_plan_label(pl, d, "%llu x %s for the largest image (%ux%u) = %s", (unsigned long long)n,
				leat_human_size(l->bytes, one), l->shape->width, l->shape->height,
				leat_human_size(times(n, l->bytes), all));
		leat_plan_second(d, pl->memory_word->value_at, "the limit");
		uint64_t fit = p->job.memory / l->bytes;
		if (fit > 0)
			leat_plan_help(pl, d, "write workers=%llu, or workers=auto", (unsigned long long)fit);
		else
			leat_plan_help(pl, d, "give the job more memory: one image alone needs %s", one);
	}
}

/* Items that are worked on at once, and those that wait in queues with the bytes of their files. */
static void predict(struct leat_plan *p, const struct largest *l)
{
	uint64_t busy = 0, waiting = 0, all;
	for (size_t i = 0; i < p->n_groups; i++) {
		const struct leat_group *g = &p->groups[i];
		if (g->io)
			continue;
		busy += g->type->mode == LEAT_ON_OPENMP ? 1 : (uint64_t)g->workers;
		for (int k = 0; k < g->n_lanes; k++)
			waiting += g->lanes[k].items;
	}
	if (__builtin_add_overflow(times(busy, l->bytes), times(waiting, l->file), &all))
		all = UINT64_MAX;
	p->peak_item = l->bytes;
	p->peak_memory = all < p->job.memory ? all : p->job.memory;
	if (p->peak_memory < l->bytes)
		p->peak_memory = l->bytes;
}

static bool have_headers(const struct leat_planner *pl)
{
	return pl->facts->inputs && pl->facts->headers && pl->facts->inputs->n > 0;
}

void leat_plan_memory(struct leat_planner *pl)
{
	if (!have_headers(pl))
		return;
	struct largest l = find_largest(pl);
	if (!l.shape)
		return;
	predict(pl->plan, &l);
	uint64_t *by_step = leat_plan_alloc(pl, pl->plan->n_steps, sizeof *by_step);
	if (!by_step)
		return;
	(void)item_bytes(pl->plan, &pl->facts->headers[l.index], pl->facts->inputs->v[l.index].size, by_step);
	for (size_t i = 0; i < pl->plan->n_steps; i++)
		pl->plan->steps[i].memory = by_step[i];
}

void leat_plan_check_memory(struct leat_planner *pl)
{
	struct largest l = {.bytes = 0};
	if (have_headers(pl))
		l = find_largest(pl);
	if (!l.shape)
		return;
	if (pl->plan->job.memory_given && pl->memory_word)
		check_workers(pl, &l);
	uint64_t one = pl->plan->job.memory - pl->plan->job.memory / 4; /* the rest is for files read ahead */
	if (l.bytes > one) {
		char need[32], have[32];
		leat_plan_note(pl,
			       "the largest image (%ux%u, %s) needs %s; one item may take %s, three quarters of the "
			       "memory: it will fail",
			       l.shape->width, l.shape->height, leat_plan_shown(pl->program, l.path),
			       leat_human_size(l.bytes, need), leat_human_size(one, have));
	}
}
