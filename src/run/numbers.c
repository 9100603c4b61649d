/* SPDX-License-Identifier: MIT */
/* Arrays and tables on their way through a segment: parsed from bytes, described by fields, encoded whole. */
#include "run/segment_impl.h"

int leat_walk_payload_fields(struct leat_fields *f, const struct leat_payload *p, struct leat_err *err)
{
	const struct leat_array *a = leat_payload_numbers(p);
	if (p->kind == LEAT_IMAGE)
		return leat_walk_image_fields(f, &p->image->shape, err);
	if (!a)
		return 0;
	const struct leat_array_shape *s = &a->shape;
	const char *dtype = leat_dtype_name(s->dtype);
	uint64_t rows = s->ndim > 0 ? s->dim[0] : 1, cols = s->ndim > 1 ? s->dim[1] : 1;
	if (p->kind == LEAT_TABLE && p->table->texts)
		cols += p->table->texts->n;
	if (leat_fields_set_int(f, "rows", (int64_t)rows, err) < 0 ||
	    leat_fields_set_int(f, "cols", (int64_t)cols, err) < 0 || leat_fields_set_int(f, "ndim", s->ndim, err) < 0)
		return -1;
	if (p->kind == LEAT_TABLE && p->table->bad_lines > 0 &&
	    leat_fields_set_int(f, "bad_lines", (int64_t)p->table->bad_lines, err) < 0)
		return -1;
	return leat_fields_set_text(f, "dtype", dtype, strlen(dtype), err);
}

struct leat_shape leat_walk_shape(const struct leat_payload *p)
{
	struct leat_shape s = {.kind = p->kind};
	const struct leat_array *a = leat_payload_numbers(p);
	if (p->kind == LEAT_IMAGE)
		s.image = p->image->shape;
	if (a)
		s.array = a->shape;
	return s;
}

/* ---- parse */

/* The reader that the bytes and the name ask for, if `parse` allows it. */
static const struct leat_codec *reader(const struct leat_walk *w, const struct leat_parse_params *params,
				       const struct leat_bytes *b, struct leat_err *err)
{
	const struct leat_registry *r = w->env->plan->registry;
	const struct leat_codec *c = leat_parse_format(r, params);
	const char *path = w->in->entry ? w->in->entry->path : "", *dot = strrchr(path, '.');
	const struct leat_codec *named = dot ? leat_registry_codec_for_extension(r, dot + 1) : NULL;
	if (!c)
		c = leat_registry_codec_of(r, b->data, b->len, path);
	if (!b->len)
		leat_fail(err, LEAT_CAUSE_TRUNCATED, "the file is empty");
	else if (!c && named)
		leat_fail(err, LEAT_CAUSE_FORMAT, "the name says %s, but the content is none", named->name);
	else if (!c)
		leat_fail(err, LEAT_CAUSE_FORMAT,
			  "neither the content nor the name tells a format of numbers; for text write format=csv");
	else if (!c->dec_run)
		leat_fail(err, LEAT_CAUSE_FORMAT, "this is %s, no file of numbers: 'decode' reads it", c->name);
	else
		return c;
	return NULL;
}

/* May it go on? Asked once for an item, with the header, and only where nobody could tell before. */
static int ask(struct leat_walk *w, const struct leat_codec *c, struct leat_bytes *b,
	       const struct leat_parse_params *params, struct leat_err *err)
{
	struct leat_header h = {0};
	struct leat_err ignored = {0}; /* decoding fails for the same reason, and tells */
	if (!w->asks)
		return 0;
	w->asks = false;
	int ok = c->dec_head ? c->dec_head(b, params, &h, &ignored)
		 : c->probe  ? c->probe(b->data, b->len, true, &h, &ignored)
			     : -1;
	if (ok != 0 || w->env->admit(w->in->item, &h, b->len, err) == 0)
		return 0;
	return leat_fail(err, LEAT_CAUSE_CANCELLED, "it may not go on");
}

int leat_walk_parse(struct leat_walk *w, int step, const struct leat_payload *payload, const struct leat_fields *fields)
{
	const struct leat_parse_params *params = leat_walk_step(w, step)->params;
	struct leat_payload out = {.kind = LEAT_NONE};
	struct leat_fields f = {0};
	struct leat_err e = {0};
	const struct leat_codec *c = reader(w, params, payload->bytes, &e);
	int ok = c ? ask(w, c, payload->bytes, params, &e) : -1;
	if (ok == 0)
		ok = c->dec_run(payload->bytes, params, &out, &w->out->notes, &e);
	if (ok == 0)
		ok = leat_fields_copy(&f, fields, &e);
	if (ok == 0)
		ok = leat_walk_payload_fields(&f, &out, &e);
	if (ok < 0)
		ok = leat_walk_fail(w, step, &e);
	else
		ok = leat_walk_children(w, step, &out, &f, c->name);
	leat_payload_clear(&out);
	leat_fields_free(&f);
	return ok;
}

/* ---- encode */

static const char *kind_name(enum leat_kind k)
{
	return k == LEAT_IMAGE ? "an image" : k == LEAT_TABLE ? "a table" : "an array";
}

static int encode(struct leat_walk *w, int step, const struct leat_payload *in, const struct leat_view *view,
		  const struct leat_codec **codec, struct leat_bytes **out, struct leat_err *err)
{
	const void *params;
	*codec = leat_walk_codec(w, step, in->kind, view, &params, err);
	if (!*codec)
		return -1;
	if (!(*codec)->enc_run || !((*codec)->kinds & in->kind))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s cannot hold %s", (*codec)->name, kind_name(in->kind));
	if (leat_walk_verifies(w, step) == 2)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "verify=yes: this version compares images only");
	if (in->kind == LEAT_TABLE && (*codec)->gives == LEAT_ARRAY)
		leat_notice(&w->out->notes, "%s keeps no names of columns", (*codec)->name);
	if (in->kind == LEAT_TABLE && (*codec)->gives == LEAT_ARRAY && in->table->texts)
		leat_notice(&w->out->notes, "%s keeps no columns of text", (*codec)->name);
	return (*codec)->enc_run(params, in, out, err);
}

int leat_walk_encode(struct leat_walk *w, int step, const struct leat_payload *payload,
		     const struct leat_fields *fields, const char *format)
{
	struct leat_view v = leat_walk_view(w, step, fields, format);
	struct leat_payload p = {.kind = LEAT_FILE};
	const struct leat_codec *codec = NULL;
	struct leat_fields f = {0};
	struct leat_err e = {0};
	int ok = encode(w, step, payload, &v, &codec, &p.bytes, &e);
	if (ok == 0)
		ok = leat_fields_copy(&f, fields, &e);
	if (ok == 0)
		ok = leat_walk_size_fields(w, &f, p.bytes->len, &e);
	if (ok < 0) {
		ok = leat_walk_fail(w, step, &e);
	} else {
		p.format = codec->name;
		ok = leat_walk_children(w, step, &p, &f, codec->name);
	}
	leat_fields_free(&f);
	leat_payload_clear(&p);
	return ok;
}
