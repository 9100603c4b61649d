/* SPDX-License-Identifier: MIT */
#include "run/wire.h"

#include "base/room.h"
#include "run/wire_cursor.h"

static void put_fields(struct out *o, const struct leat_fields *f)
{
	put_u64(o, f->n);
	for (size_t i = 0; i < f->n; i++) {
		const struct leat_value *v = &f->v[i].value;
		put_text(o, f->v[i].name);
		put_u64(o, v->type);
		if (v->type == LEAT_V_TEXT)
			put_text(o, v->s);
		else if (v->type == LEAT_V_REAL)
			put_real(o, v->r);
		else
			put_u64(o, (uint64_t)v->i);
	}
}

static void put_meta(struct out *o, const struct leat_meta *m)
{
	put_bytes(o, m->icc);
	put_bytes(o, m->exif);
	put_bytes(o, m->xmp);
	put_bytes(o, m->iptc);
	put_text(o, m->copyright);
	put_u64(o, m->orientation);
	put_real(o, m->density_x);
	put_real(o, m->density_y);
	put_u64(o, (uint64_t)m->has_gamma | (uint64_t)m->has_chrm << 1 | (uint64_t)m->has_srgb << 2 |
			   (uint64_t)m->has_cicp << 3);
	put_real(o, m->gamma);
	put(o, m->chrm, sizeof m->chrm);
	put_u64(o, m->srgb_intent);
	put(o, m->cicp, sizeof m->cicp);
}

static void put_shape(struct out *o, const struct leat_image_shape *s)
{
	put_u64(o, s->width);
	put_u64(o, s->height);
	put_u64(o, s->channels);
	put_u64(o, s->alpha);
	put_u64(o, s->sample);
	put_u64(o, s->pages);
	put_u64(o, s->page_height);
	put_u64(o, s->full_width);
	put_u64(o, s->full_height);
	put_u64(o, s->shrink);
}

static void put_image(struct out *o, const struct leat_image *im)
{
	const struct leat_image_shape *s = &im->shape;
	put_shape(o, s);
	put_meta(o, im->meta);
	for (uint32_t y = 0; y < s->height && !o->full; y++)
		put(o, im->pixels + y * im->stride, leat_row_bytes(s));
}

static void put_array_shape(struct out *o, const struct leat_array_shape *s)
{
	put_u64(o, s->dtype);
	put_u64(o, (uint64_t)s->ndim);
	put_u64(o, s->fortran);
	for (int i = 0; i < s->ndim; i++)
		put_u64(o, s->dim[i]);
}

static void put_array(struct out *o, const struct leat_array *a)
{
	put_array_shape(o, &a->shape);
	put_large(o, a->data, leat_array_bytes(&a->shape));
}

static void put_table(struct out *o, const struct leat_table *t)
{
	put_array(o, t->numbers);
	for (size_t i = 0; i < t->n_columns; i++)
		put_text(o, t->names[i]);
	put_u64(o, t->bad_lines);
	put_u64(o, t->texts ? t->texts->n : 0);
	for (size_t i = 0; t->texts && i < t->texts->n; i++) {
		const struct leat_text_column *c = &t->texts->column[i];
		put_text(o, c->name);
		put_u64(o, c->place);
		put_large(o, c->ends, (size_t)t->rows * sizeof *c->ends);
		put_large(o, c->text.data ? c->text.data : "", c->text.len);
	}
}

static void put_payload(struct out *o, const struct leat_payload *p)
{
	put_u64(o, p->kind);
	put_text(o, p->kind == LEAT_FILE ? p->format : NULL);
	if (p->kind == LEAT_FILE && p->bytes->late)
		o->late_at = put_late(o, p->bytes->late);
	else if (p->kind == LEAT_FILE)
		put_large(o, p->bytes->data, p->bytes->len);
	else if (p->kind == LEAT_IMAGE)
		put_image(o, p->image);
	else if (p->kind == LEAT_ARRAY)
		put_array(o, p->array);
	else if (p->kind == LEAT_TABLE)
		put_table(o, p->table);
}

static void not_ours(struct leat_bytes *b)
{
	(void)b; /* it belongs to the slab */
}

static void end_stay(struct leat_bytes *b)
{
	struct leat_stay *stay = b->owner;
	stay->release(stay);
}

static struct leat_bytes *copied(const uint8_t *at, size_t n, struct leat_err *err)
{
	struct leat_bytes *b = leat_bytes_new(n, err);
	if (b && leat_bytes_append(b, at, n, err) < 0)
		leat_bytes_unref(&b);
	return b;
}

/* Read only, as all shared bytes are. */
static struct leat_bytes *shared(struct in *i, const uint8_t *at, size_t n, struct leat_err *err)
{
	uint8_t *data = (uint8_t *)(uintptr_t)at;
	if (i->borrow)
		return leat_bytes_wrap(data, n, not_ours, NULL, err);
	struct leat_stay *stay = i->stay && n >= LEAT_ROOM_LEAST ? *i->stay : NULL;
	if (!stay)
		return copied(at, n, err);
	*i->stay = NULL; /* taken, whatever comes */
	return leat_bytes_wrap(data, n, end_stay, stay, err);
}

/* What put_large has put. NULL: bad, or *err. */
static struct leat_bytes *get_large(struct in *i, struct leat_err *err)
{
	uint64_t n = get_u64(i), place = get_u64(i);
	size_t at = place ? (size_t)place : leat_size_add(i->pos, to_aligned(i->pos));
	if (i->bad || at > i->len || n > i->len - at) {
		i->bad = true;
		return NULL;
	}
	struct leat_bytes *b = shared(i, i->p + at, (size_t)n, err);
	if (!place)
		i->pos = at + (size_t)n;
	i->bad = !b;
	return b;
}

static int get_field(struct in *i, struct leat_arena *a, struct leat_fields *f, struct leat_err *err)
{
	const char *name = get_text(i, a);
	uint64_t type = get_upto(i, LEAT_V_TIME);
	if (i->bad || !name || !*name) {
		i->bad = true;
		return -1;
	}
	if (type == LEAT_V_TEXT) {
		const char *s = get_text(i, a);
		return s ? leat_fields_set_text(f, name, s, strlen(s), err) : -1;
	}
	if (type == LEAT_V_REAL)
		return leat_fields_set_real(f, name, get_real(i), err);
	int64_t v = (int64_t)get_u64(i);
	return type == LEAT_V_TIME ? leat_fields_set_time(f, name, v, err) : leat_fields_set_int(f, name, v, err);
}

static int get_fields(struct in *i, struct leat_arena *a, struct leat_fields *f, struct leat_err *err)
{
	enum { MOST = 100000 };
	uint64_t n = get_upto(i, MOST);
	for (uint64_t k = 0; k < n; k++)
		if (get_field(i, a, f, err) < 0 || i->bad)
			return -1;
	return i->bad ? -1 : 0;
}

static void get_meta(struct in *i, struct leat_arena *a, struct leat_meta *m, struct leat_err *err)
{
	m->icc = get_bytes(i, err);
	m->exif = get_bytes(i, err);
	m->xmp = get_bytes(i, err);
	m->iptc = get_bytes(i, err);
	const char *copyright = get_text(i, a);
	m->copyright = copyright ? leat_strdup(copyright, err) : NULL;
	m->orientation = (uint8_t)get_upto(i, 8);
	m->density_x = get_real(i);
	m->density_y = get_real(i);
	uint64_t has = get_upto(i, 15);
	m->has_gamma = has & 1;
	m->has_chrm = has >> 1 & 1;
	m->has_srgb = has >> 2 & 1;
	m->has_cicp = has >> 3 & 1;
	m->gamma = get_real(i);
	get(i, m->chrm, sizeof m->chrm);
	m->srgb_intent = (uint8_t)get_upto(i, 255);
	get(i, m->cicp, sizeof m->cicp);
}

static void get_shape(struct in *i, struct leat_image_shape *s)
{
	s->width = (uint32_t)get_upto(i, UINT32_MAX);
	s->height = (uint32_t)get_upto(i, UINT32_MAX);
	s->channels = (uint8_t)get_upto(i, 4);
	s->alpha = get_upto(i, 1);
	s->sample = (enum leat_sample)get_upto(i, LEAT_F32);
	s->pages = (uint32_t)get_upto(i, UINT32_MAX);
	s->page_height = (uint32_t)get_upto(i, UINT32_MAX);
	s->full_width = (uint32_t)get_upto(i, UINT32_MAX);
	s->full_height = (uint32_t)get_upto(i, UINT32_MAX);
	s->shrink = (uint8_t)get_upto(i, UINT8_MAX);
	i->bad = i->bad || !s->width || !s->height || !s->channels || !leat_image_pages_fit(s);
}

static struct leat_image *get_image(struct in *i, struct leat_arena *a, struct leat_err *err)
{
	struct leat_image_shape s = {0};
	struct leat_meta *m = leat_meta_new(err);
	struct leat_image *im = NULL;
	get_shape(i, &s);
	if (m)
		get_meta(i, a, m, err);
	/* No memory for pixels that did not come. */
	if (m && !i->bad && leat_image_bytes(&s) <= i->len - i->pos)
		im = leat_image_new(&s, m, err);
	leat_meta_unref(&m);
	for (uint32_t y = 0; im && y < s.height; y++)
		get(i, im->pixels + y * im->stride, leat_row_bytes(&s));
	i->bad = i->bad || !im;
	if (i->bad)
		leat_image_unref(&im);
	return im;
}

/* Every byte but 0 and 1 would be a third truth. */
static bool good_bools(const struct leat_array *a)
{
	const uint8_t *b = a->data;
	uint8_t all = 0;
	for (size_t i = 0, n = a->shape.dtype == LEAT_DT_B1 ? leat_array_bytes(&a->shape) : 0; i < n; i++)
		all |= b[i];
	return all <= 1;
}

static void get_array_shape(struct in *i, struct leat_array_shape *s)
{
	s->dtype = (enum leat_dtype)get_upto(i, LEAT_N_DTYPES - 1);
	s->ndim = (int)get_upto(i, LEAT_MAX_DIMS);
	s->fortran = get_upto(i, 1);
	for (int k = 0; k < s->ndim; k++)
		s->dim[k] = get_u64(i);
}

static struct leat_array *get_array(struct in *i, struct leat_err *err)
{
	struct leat_array_shape s = {0};
	get_array_shape(i, &s);
	struct leat_bytes *mem = i->bad ? NULL : get_large(i, err);
	bool whole = mem && mem->len == leat_array_bytes(&s) && (uintptr_t)mem->data % leat_dtype_size(s.dtype) == 0;
	struct leat_array *a = whole ? leat_array_wrap(&s, mem, mem->data, err) : NULL;
	leat_bytes_unref(&mem);
	i->bad = i->bad || !a || !good_bools(a);
	if (i->bad && a)
		leat_array_unref(&a);
	return a;
}

/* Columns of text, each with its name, place, ends of cells and text: leat_text_put looks at them. */
static void get_texts(struct in *i, struct leat_arena *a, struct leat_table *t, struct leat_err *err)
{
	uint64_t n = get_u64(i);
	i->bad = i->bad || n > (i->len - i->pos) / leat_size_mul((size_t)t->rows + 2, sizeof(uint64_t));
	if (n == 0 || i->bad)
		return;
	t->texts = leat_texts_new(t->rows, (size_t)n, err);
	for (size_t k = 0; t->texts && k < n; k++) {
		const char *name = get_text(i, a);
		t->texts->column[k].place = (size_t)get_u64(i);
		struct leat_bytes *ends = i->bad ? NULL : get_large(i, err), *text = ends ? get_large(i, err) : NULL;
		if (!name || !text || leat_text_put(&t->texts->column[k], t->rows, name, ends, text, err) < 0)
			leat_texts_unref(&t->texts);
		leat_bytes_unref(&ends);
		leat_bytes_unref(&text);
	}
	i->bad = i->bad || !t->texts;
}

static struct leat_table *get_table(struct in *i, struct leat_arena *a, struct leat_err *err)
{
	struct leat_array *numbers = get_array(i, err);
	const struct leat_array_shape *s = numbers ? &numbers->shape : NULL;
	bool rows_of_reals = s && s->dtype == LEAT_DT_F8 && s->ndim == 2 && !s->fortran;
	size_t n = rows_of_reals ? (size_t)s->dim[1] : 0;
	/* Each name takes a length at least. */
	const char **names = n <= (i->len - i->pos) / sizeof(uint64_t) ? leat_zalloc(n, sizeof *names, err) : NULL;
	i->bad = i->bad || !names || !rows_of_reals;
	for (size_t k = 0; !i->bad && k < n; k++) {
		names[k] = get_text(i, a);
		i->bad = i->bad || !names[k];
	}
	struct leat_table *t = numbers && !i->bad ? leat_table_new(numbers, names, err) : NULL;
	if (t) {
		t->bad_lines = get_u64(i);
		get_texts(i, a, t, err);
	}
	if (i->bad && t)
		leat_table_unref(&t);
	i->bad = i->bad || !t;
	free(names);
	leat_array_unref(&numbers);
	return t;
}

/* The registry's own text for a format name, so that it lives as long as the program. */
static const char *known_format(const struct leat_registry *r, const char *name)
{
	const struct leat_codec *c = name ? leat_registry_codec(r, name) : NULL;
	return c ? c->name : NULL;
}

static void get_payload(struct in *i, struct leat_arena *a, struct leat_payload *p, struct leat_err *err)
{
	uint64_t kind = get_upto(i, LEAT_TABLE);
	p->kind = LEAT_NONE;
	const char *format = known_format(leat_registry_default(), get_text(i, a));
	if (kind == LEAT_FILE) {
		p->bytes = get_large(i, err);
		i->bad = i->bad || !p->bytes;
	} else if (kind == LEAT_IMAGE)
		p->image = get_image(i, a, err);
	else if (kind == LEAT_ARRAY)
		p->array = get_array(i, err);
	else if (kind == LEAT_TABLE)
		p->table = get_table(i, a, err);
	else
		i->bad = i->bad || kind != LEAT_NONE;
	if (i->bad)
		return;
	p->kind = (enum leat_kind)kind;
	p->format = kind == LEAT_FILE ? format : NULL;
}

/* ---- an input ---- */

int leat_wire_put_input(const struct leat_segment_in *in, uint8_t *p, size_t cap, size_t *len, size_t *late_at,
			struct leat_err *err)
{
	struct out o = {.p = p, .cap = cap};
	const struct leat_entry *e = in->entry;
	put_u64(&o, (uint64_t)in->segment);
	put_u64(&o, (uint64_t)in->step);
	put_u64(&o, in->seq);
	put_u64(&o, in->trace);
	put_text(&o, in->format);
	put_u64(&o, in->asks);
	put_u64(&o, e != NULL);
	if (e) {
		put_u64(&o, e->index);
		put_text(&o, e->path);
		put_text(&o, e->root);
		put_text(&o, e->rel);
		put_text(&o, e->reldir);
		put_u64(&o, e->size);
		put_u64(&o, (uint64_t)e->mtime_ns);
	}
	put_fields(&o, in->fields);
	put_payload(&o, &in->payload);
	*len = o.len;
	*late_at = o.late_at;
	if (o.full)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "an item does not fit the %zu bytes that were meant for it",
				 cap);
	return 0;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

int leat_wire_get_input(const uint8_t *p, size_t len, struct leat_arena *a, struct leat_segment_in *in,
			struct leat_entry *entry, struct leat_fields *fields, struct leat_err *err)
{
	struct in i = {.p = p, .len = len, .borrow = true};
	in->segment = (int)get_upto(&i, INT32_MAX);
	in->step = (int)get_upto(&i, INT32_MAX);
	in->seq = get_u64(&i);
	in->trace = get_upto(&i, 1);
	in->format = known_format(leat_registry_default(), get_text(&i, a));
	in->asks = get_upto(&i, 1);
	in->entry = NULL;
	if (get_upto(&i, 1)) {
		*entry = (struct leat_entry){.seq = in->seq, .index = get_u64(&i)};
		entry->path = or_empty(get_text(&i, a));
		entry->root = or_empty(get_text(&i, a));
		entry->rel = or_empty(get_text(&i, a));
		entry->reldir = or_empty(get_text(&i, a));
		entry->size = get_u64(&i);
		entry->mtime_ns = (int64_t)get_u64(&i);
		in->entry = entry;
	}
	if (get_fields(&i, a, fields, err) == 0)
		get_payload(&i, a, &in->payload, err);
	in->fields = fields;
	if (!i.bad && leat_arena_ok(a))
		return 0;
	leat_payload_clear(&in->payload);
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "an item came damaged to its worker");
}

/* ---- the header that a worker found ---- */

size_t leat_wire_put_header(const struct leat_header *h, uint8_t p[static LEAT_WIRE_HEADER])
{
	struct out o = {.p = p, .cap = LEAT_WIRE_HEADER};
	put_text(&o, h->format);
	put_u64(&o, h->kind);
	if (h->kind == LEAT_IMAGE)
		put_shape(&o, &h->shape);
	else
		put_array_shape(&o, &h->array);
	put_u64(&o, h->peak_bytes);
	put_u64(&o, h->whole);
	put_u64(&o, h->orientation);
	return o.len;
}

int leat_wire_get_header(const uint8_t *p, size_t len, struct leat_header *h, struct leat_err *err)
{
	struct in i = {.p = p, .len = len};
	struct leat_arena a = {0};
	*h = (struct leat_header){0};
	h->format = known_format(leat_registry_default(), get_text(&i, &a));
	h->kind = (enum leat_kind)get_upto(&i, LEAT_TABLE);
	if (h->kind == LEAT_IMAGE)
		get_shape(&i, &h->shape);
	else
		get_array_shape(&i, &h->array);
	i.bad = i.bad || (h->kind != LEAT_IMAGE && h->kind != LEAT_ARRAY && h->kind != LEAT_TABLE);
	h->peak_bytes = get_u64(&i);
	h->whole = get_upto(&i, 1);
	h->orientation = (uint8_t)get_upto(&i, 8);
	bool bad = i.bad || !h->format || !leat_arena_ok(&a);
	leat_arena_free(&a);
	return bad ? leat_fail(err, LEAT_CAUSE_CRASH, "the worker's question makes no sense") : 0;
}

/* ---- results ---- */

static void put_result(struct out *o, const struct leat_result *r)
{
	put_u64(o, r->type);
	put_u64(o, (uint64_t)r->step);
	put_payload(o, &r->payload);
	put_fields(o, &r->fields);
	put_u64(o, r->err.cause);
	put_u64(o, (uint64_t)r->err.sys);
	put_text(o, r->err.text);
}

static void put_traces(struct out *o, const struct leat_results *r)
{
	put_u64(o, r->n_traces);
	for (size_t i = 0; i < r->n_traces; i++) {
		put_u64(o, (uint64_t)r->traces[i].step);
		put_u64(o, (uint64_t)r->traces[i].ns);
		put_u64(o, r->traces[i].bytes);
		put_text(o, r->traces[i].what);
	}
}

int leat_wire_put_results(const struct leat_results *r, uint8_t *p, size_t cap, size_t whole, size_t *len,
			  struct leat_err *err)
{
	struct out o = {.p = p, .cap = cap, .whole = whole};
	put_u64(&o, r->n);
	for (size_t i = 0; i < r->n; i++)
		put_result(&o, &r->v[i]);
	put_u64(&o, (uint64_t)r->notes.n);
	for (int i = 0; i < r->notes.n; i++)
		put_text(&o, r->notes.text[i]);
	put_traces(&o, r);
	*len = o.len;
	if (!o.full && o.stays)
		*len = whole;
	if (o.full)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "the results take more than the %zu bytes that were predicted",
				 cap);
	return 0;
}

/* Does a worker of `segment` have anything to say about `step`? */
static bool plausible(const struct leat_plan *p, int segment, enum leat_result_type type, uint64_t step)
{
	if (step >= p->n_steps)
		return false;
	const struct leat_step *s = &p->steps[step];
	bool mine = s->segment == segment;
	bool follows = s->parent >= 0 && p->steps[s->parent].segment == segment;
	switch (type) {
	case LEAT_R_NEXT:
		return follows && !mine;
	case LEAT_R_REDUCE:
		return s->role == LEAT_REDUCE && (follows || mine);
	case LEAT_R_ROW:
		return s->role == LEAT_ROWSINK && mine;
	case LEAT_R_FAILED:
		return mine || follows;
	default:
		return false;
	}
}

/* What goes on to a step must be of a kind that the step takes; what only tells carries nothing. */
static bool good_kind(const struct leat_plan *p, const struct leat_result *r)
{
	bool goes_on = r->type == LEAT_R_NEXT || r->type == LEAT_R_REDUCE;
	return goes_on ? (r->payload.kind & p->steps[r->step].in) != 0 : r->payload.kind == LEAT_NONE;
}

static void get_result(struct in *i, const struct leat_plan *plan, int segment, struct leat_arena *a,
		       struct leat_result *r, struct leat_err *err)
{
	r->type = (enum leat_result_type)get_upto(i, LEAT_R_WRITTEN);
	uint64_t step = get_u64(i);
	if (i->bad || !plausible(plan, segment, r->type, step)) {
		i->bad = true;
		return;
	}
	r->step = (int)step;
	/* What is only written, and waits for no other item, may stay where it is meanwhile. */
	const struct leat_step *s = &plan->steps[step];
	struct leat_stay **stay = i->stay;
	i->stay = r->type == LEAT_R_NEXT && s->role == LEAT_WRITE && !s->keep_order ? stay : NULL;
	get_payload(i, a, &r->payload, err);
	i->stay = stay;
	i->bad = i->bad || !good_kind(plan, r);
	if (i->bad || get_fields(i, a, &r->fields, err) < 0)
		return;
	r->err.cause = (enum leat_cause)get_upto(i, LEAT_N_CAUSES - 1);
	r->err.sys = (int)get_upto(i, 4095);
	const char *text = get_text(i, a);
	if (text)
		memcpy(r->err.text, text, strnlen(text, LEAT_ERR_TEXT - 1));
	i->bad = i->bad || (r->type == LEAT_R_FAILED && r->err.cause == LEAT_CAUSE_NONE);
}

static void get_notes(struct in *i, struct leat_arena *a, struct leat_notices *notes)
{
	uint64_t n = get_upto(i, LEAT_LEN(notes->text));
	for (uint64_t k = 0; k < n && !i->bad; k++) {
		const char *text = get_text(i, a);
		if (text)
			leat_notice(notes, "%s", text);
	}
}

static void get_traces(struct in *i, const struct leat_plan *plan, struct leat_arena *a, struct leat_results *r,
		       struct leat_err *err)
{
	uint64_t n = get_upto(i, 2 * plan->n_steps);
	r->traces = leat_zalloc((size_t)n, sizeof *r->traces, err);
	i->bad = i->bad || !r->traces;
	for (uint64_t k = 0; k < n && !i->bad; k++) {
		struct leat_trace *t = &r->traces[r->n_traces++];
		t->step = (int)get_upto(i, plan->n_steps - 1);
		t->ns = (int64_t)get_upto(i, INT64_MAX);
		t->bytes = get_u64(i);
		const char *what = get_text(i, a);
		if (what)
			memcpy(t->what, what, strnlen(what, sizeof t->what - 1));
	}
	r->cap_traces = r->n_traces;
}

int leat_wire_get_results(const struct leat_plan *plan, int segment, const uint8_t *p, size_t len,
			  struct leat_stay **stay, struct leat_results *r, struct leat_err *err)
{
	struct in i = {.p = p, .len = len, .stay = stay};
	struct leat_arena a = {0};
	uint64_t n = get_upto(&i, 4 * plan->n_steps);
	r->v = leat_zalloc((size_t)n, sizeof *r->v, err);
	for (uint64_t k = 0; r->v && k < n && !i.bad; k++)
		get_result(&i, plan, segment, &a, &r->v[r->n++], err);
	r->cap = (size_t)n;
	get_notes(&i, &a, &r->notes);
	get_traces(&i, plan, &a, r, err);
	bool bad = i.bad || !r->v || !leat_arena_ok(&a);
	leat_arena_free(&a);
	if (!bad)
		return 0;
	leat_results_free(r);
	return leat_fail(err, LEAT_CAUSE_CRASH, "the worker's answer makes no sense");
}
