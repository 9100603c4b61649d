/* SPDX-License-Identifier: MIT */
/* The callbacks of an op that calls a program's own step. */
#include "api/own.h"

#include "base/mem.h"

static struct leat_own *own_of(const void *params)
{
	return ((const struct leat_own_params *)params)->own;
}

static const union leat_own_value *values_of(const void *params)
{
	return ((const struct leat_own_params *)params)->value;
}

/* A callback that fails without a word still has to be told. */
static int told(const struct leat_own *o, int ok, const char *what, struct leat_err *err)
{
	if (ok == 0)
		return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "%s() of '%s' failed without a reason", what, o->step.name);
}

static int check(const void *params, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_own *o = own_of(params);
	*which = NULL;
	return told(o, o->step.check(o->step.context, values_of(params), err), "check", err);
}

static int prepare(const void *params, struct leat_err *err)
{
	struct leat_own *o = own_of(params);
	pthread_mutex_lock(&o->preparing);
	int ok = o->step.prepare(o->step.context, values_of(params), err);
	pthread_mutex_unlock(&o->preparing);
	return told(o, ok, "prepare", err);
}

static struct leat_own_shape shown(const struct leat_image_shape *s)
{
	return (struct leat_own_shape){s->width, s->height, s->channels, s->sample};
}

/* What comes back from the program is looked at: sizes of memory are made from it. */
static int accept(const struct leat_own *o, const struct leat_own_shape *in, const struct leat_own_shape *out,
		  struct leat_image_shape *to, struct leat_err *err)
{
	if (out->width == 0 || out->height == 0 || out->channels < 1 || out->channels > 4 || out->sample < LEAT_U8 ||
	    out->sample > LEAT_F32)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "shape() of '%s' gives %u x %u pixels of %u channels",
				 o->step.name, out->width, out->height, out->channels);
	if (o->step.rows && out->height != in->height)
		return leat_fail(err, LEAT_CAUSE_INTERNAL,
				 "'%s' makes %u rows of %u: rows() cannot do that, whole() can", o->step.name,
				 out->height, in->height);
	to->width = out->width;
	to->height = out->height;
	to->channels = (uint8_t)out->channels;
	to->alpha = out->channels == 2 || out->channels == 4;
	to->sample = out->sample;
	return 0;
}

static int shape(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct leat_own *o = own_of(params);
	*out = *in;
	if (!o->step.shape)
		return 0;
	struct leat_own_shape from = shown(&in->image), to = from;
	if (told(o, o->step.shape(o->step.context, values_of(params), &from, &to, err), "shape", err) < 0)
		return -1;
	return accept(o, &from, &to, &out->image, err);
}

static uint32_t reach_of(const void *params, const struct leat_shape *in)
{
	const struct leat_own *o = own_of(params);
	struct leat_own_shape s = shown(&in->image);
	return o->step.reach ? o->step.reach(o->step.context, values_of(params), &s) : 0;
}

/* The rows that are kept besides those of a strip. */
static size_t cost(const void *params, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)out; /* counted where it is made */
	uint32_t reach = reach_of(params, in);
	if (reach > in->image.height)
		reach = in->image.height;
	return leat_size_mul(2 * (size_t)reach, leat_row_bytes(&in->image));
}

static void fields(const void *params, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for all */
	static const enum leat_vtype types[] = {
		[LEAT_OWN_INT] = LEAT_V_INT, [LEAT_OWN_REAL] = LEAT_V_REAL, [LEAT_OWN_TEXT] = LEAT_V_TEXT};
	for (const struct leat_own_field *f = own_of(params)->step.fields; f && f->name; f++)
		fn(ctx, f->name, types[f->type], f->doc ? f->doc : "");
}

/* What open() gave, with what close() is called with. */
struct state {
	const struct leat_own *own;
	void *theirs;
};

static int open_state(const struct leat_op_open *b, void **state, struct leat_err *err)
{
	const struct leat_own *o = own_of(b->params);
	struct state *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	s->own = o;
	if (told(o, o->step.open(o->step.context, values_of(b->params), &s->theirs, err), "open", err) < 0) {
		free(s);
		return -1;
	}
	*state = s;
	return 0;
}

static void close_state(void *state)
{
	struct state *s = state;
	s->own->step.close(s->own->step.context, s->theirs);
	free(s);
}

/* One item under way. */
struct item {
	const struct leat_own *own;
	struct leat_own_call call;
	struct leat_own_shape in, out;
	struct leat_image_shape made; /* whole: of the new image */
	struct leat_own_results results;
	uint32_t reach;
};

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct state *state = b->state;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->own = own_of(b->params);
	it->in = shown(&b->in->image);
	it->out = shown(&b->out->image);
	it->made = b->out->image;
	it->results.own = it->own;
	it->reach = reach_of(b->params, b->in);
	it->call = (struct leat_own_call){
		.context = it->own->step.context,
		.value = values_of(b->params),
		.state = state ? state->theirs : NULL,
		.in = &it->in,
		.out = it->own->step.look ? NULL : &it->out,
		.path = b->view && b->view->entry ? b->view->entry->path : "",
		.threads = b->team > 1 ? b->team : 1,
		.results = it->own->step.look ? &it->results : NULL,
	};
	*item = it;
	return 0;
}

static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct item *it = item;
	*in_y0 = (int64_t)y0 - it->reach;
	*in_y1 = (int64_t)y1 + it->reach;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	(void)scratch; /* a program has its own */
	const struct item *it = item;
	struct leat_own_rows from = {in->pixels, in->stride, in->y0, in->y1};
	struct leat_own_rows to = {leat_row(out, y0), out->stride, y0, y1};
	return told(it->own, it->own->step.rows(&it->call, &from, &to, err), "rows", err);
}

static struct leat_own_rows all_rows(const struct leat_image *im)
{
	return (struct leat_own_rows){im->pixels, im->stride, 0, im->shape.height};
}

static int whole(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct item *it = item;
	struct leat_image *im = leat_image_new(&it->made, in->image->meta, err);
	if (!im)
		return -1;
	struct leat_own_rows from = all_rows(in->image), to = all_rows(im);
	if (told(it->own, it->own->step.whole(&it->call, &from, &to, err), "whole", err) < 0) {
		leat_image_unref(&im);
		return -1;
	}
	*out = (struct leat_payload){.kind = LEAT_IMAGE, .image = im};
	return 0;
}

static int look(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct item *it = item;
	struct leat_own_rows from = all_rows(in->image);
	if (told(it->own, it->own->step.look(&it->call, &from, NULL, err), "look", err) < 0)
		return -1;
	*out = leat_payload_ref(in);
	return 0;
}

static int put_field(const struct leat_field *f, struct leat_fields *to, struct leat_err *err)
{
	switch (f->value.type) {
	case LEAT_V_INT:
		return leat_fields_set_int(to, f->name, f->value.i, err);
	case LEAT_V_REAL:
		return leat_fields_set_real(to, f->name, f->value.r, err);
	default:
		return leat_fields_set_text(to, f->name, f->value.s, strlen(f->value.s), err);
	}
}

static int end(void *item, struct leat_fields *to, struct leat_err *err)
{
	struct item *it = item;
	int ok = 0;
	for (size_t i = 0; to && ok == 0 && i < it->results.fields.n; i++)
		ok = put_field(&it->results.fields.v[i], to, err);
	leat_fields_free(&it->results.fields);
	free(it);
	return ok;
}

void leat_own_callbacks(struct leat_own *o)
{
	const struct leat_own_step *s = &o->step;
	struct leat_op *op = &o->op;
	op->check = s->check ? check : NULL;
	op->prepare = s->prepare ? prepare : NULL;
	op->open = s->open ? open_state : NULL;
	op->close = s->open ? close_state : NULL;
	op->shape = shape;
	op->fields = s->fields ? fields : NULL;
	op->begin = begin;
	op->end = end;
	op->cost = s->reach ? cost : NULL;
	op->need = s->reach ? need : NULL;
	op->rows = s->rows ? rows : NULL;
	op->run = s->whole ? whole : s->look ? look : NULL;
}
