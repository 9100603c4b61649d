/* SPDX-License-Identifier: MIT */
/*
 * The walk of one item through one segment: which step comes next, and what each does with the payload. Runs of row
 * steps are handed to chain.c as one; everything else happens here, depth first, in the order of the recipe.
 */
#include "base/sys.h"
#include "core/condition.h"
#include "run/prepare.h"
#include "run/late.h"

#include <stdio.h>
#include <sha256.h>

int leat_walk_child(const struct leat_plan *p, int parent, int after)
{
	for (size_t i = (size_t)(after + 1); i < p->n_steps; i++)
		if (p->steps[i].parent == parent && (int)i != parent)
			return (int)i;
	return -1;
}

struct leat_view leat_walk_view(const struct leat_walk *w, int step, const struct leat_fields *f, const char *format)
{
	return (struct leat_view){
		.entry = w->in->entry,
		.fields = f,
		.run = w->env->info,
		.branch = leat_walk_step(w, step)->branch,
		.index = w->in->entry ? w->in->entry->index : w->in->seq,
		.format = format,
	};
}

struct leat_result *leat_walk_result(struct leat_walk *w, enum leat_result_type type, int step)
{
	struct leat_results *out = w->out;
	struct leat_result *v = leat_grow(out->v, &out->cap, out->n + 1, sizeof *v, w->fatal);
	if (!v)
		return NULL;
	out->v = v;
	v[out->n] = (struct leat_result){.type = type, .step = step};
	return &v[out->n++];
}

int leat_walk_fail(struct leat_walk *w, int step, const struct leat_err *e)
{
	struct leat_result *r = leat_walk_result(w, LEAT_R_FAILED, step);
	if (!r)
		return -1;
	r->err = *e;
	return 0;
}

void leat_results_free(struct leat_results *r)
{
	for (size_t i = 0; i < r->n; i++) {
		leat_payload_clear(&r->v[i].payload);
		leat_fields_free(&r->v[i].fields);
		free(r->v[i].put.path);
	}
	free(r->v);
	free(r->traces);
	*r = (struct leat_results){0};
}

int leat_walk_image_fields(struct leat_fields *f, const struct leat_image_shape *s, struct leat_err *err)
{
	static const int bits[] = {[LEAT_U8] = 8, [LEAT_U16] = 16, [LEAT_F32] = 32};
	uint32_t width = s->full_width ? s->full_width : s->width;
	uint32_t height = s->full_height ? s->full_height : s->page_height ? s->page_height : s->height;
	if (leat_fields_set_int(f, "width", width, err) < 0 || leat_fields_set_int(f, "height", height, err) < 0 ||
	    leat_fields_set_real(f, "aspect", (double)width / height, err) < 0 ||
	    leat_fields_set_int(f, "depth", bits[s->sample], err) < 0 ||
	    leat_fields_set_int(f, "channels", s->channels, err) < 0)
		return -1;
	return leat_fields_set_int(f, "pages", s->pages, err);
}

int leat_walk_size_fields(const struct leat_walk *w, struct leat_fields *f, uint64_t bytes_out, struct leat_err *err)
{
	if (leat_fields_set_int(f, "bytes_out", (int64_t)bytes_out, err) < 0)
		return -1;
	uint64_t in = w->in->entry ? w->in->entry->size : 0;
	if (!in)
		return 0;
	return leat_fields_set_real(f, "saved", 100.0 * ((double)in - (double)bytes_out) / (double)in, err);
}

bool leat_walk_conditions(const struct leat_walk *w, int step, const struct leat_fields *f, const char *format)
{
	const struct leat_step *s = leat_walk_step(w, step);
	struct leat_view v = leat_walk_view(w, step, f, format);
	struct leat_buf tmp = {0};
	bool all = true;
	for (size_t i = 0; all && i < s->conditions.n; i++)
		all = leat_condition_holds(s->conditions.v[i], &v, &tmp);
	leat_buf_free(&tmp);
	return s->drop ? !all : all;
}

/* Reports and reductions stand outside: what describes the current data goes with the fields. */
static int put_format(struct leat_fields *f, const char *format, struct leat_err *err)
{
	static const char *const names[] = {"format", "suffix"};
	struct leat_view v = {.format = format};
	struct leat_value value;
	struct leat_buf tmp = {0};
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < LEAT_LEN(names); i++)
		if (leat_view_value(&v, names[i], &value, &tmp) && value.type == LEAT_V_TEXT)
			ok = leat_fields_set_text(f, names[i], value.s, strlen(value.s), err);
	leat_buf_free(&tmp);
	return ok;
}

/* Hands over to another segment, to a reduction, or to a report. */
int leat_walk_leave(struct leat_walk *w, enum leat_result_type type, int step, const struct leat_payload *payload,
		    const struct leat_fields *fields, const char *format)
{
	struct leat_result *r = leat_walk_result(w, type, step);
	if (!r)
		return -1;
	if (payload)
		r->payload = leat_payload_ref(payload);
	if (leat_fields_copy(&r->fields, fields, w->fatal) < 0)
		return -1;
	return type == LEAT_R_NEXT || !format ? 0 : put_format(&r->fields, format, w->fatal);
}

static int put_hash(struct leat_fields *f, const struct leat_bytes *b, struct leat_err *err)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	if (!SHA256Data(b->data, b->len, hex))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "cannot compute the SHA-256");
	return leat_fields_set_text(f, "hash", hex, strlen(hex), err);
}

/* A format without a probe of its own, decoded in this process: its library reads the header of the page. */
static int open_page(const struct leat_codec *codec, const struct leat_bytes *b, int64_t page, bool all,
		     struct leat_header *h, struct leat_err *err)
{
	const struct leat_decode_opts o = {.max_pixels = UINT64_MAX, .page = (uint32_t)page, .all = all};
	struct leat_decoder *d = NULL;
	struct leat_image_shape shape;
	struct leat_meta *meta = NULL;
	if (codec->dec_open(&d, b->data, b->len, &o, &shape, &meta, NULL, err) < 0)
		return -1;
	leat_walk_header(codec, d, &shape, meta, h);
	codec->dec_close(&d);
	leat_meta_unref(&meta);
	return 0;
}

/* Of all pages that somebody wants the one that takes the most. */
static int open_header(const struct leat_walk *w, const struct leat_codec *codec, const struct leat_bytes *b,
		       struct leat_header *h, struct leat_err *err)
{
	const struct leat_plan *p = w->env->plan;
	int ok = open_page(codec, b, 0, false, h, err);
	for (size_t i = 0; ok == 0 && codec->pages && i < p->n_steps; i++) {
		const struct leat_decode_params *d = p->steps[i].role == LEAT_DECODE ? p->steps[i].params : NULL;
		struct leat_header other = {0};
		bool all = d && d->pages == LEAT_PAGES_ALL && !d->page;
		if (!d || (d->page <= 1 && !all))
			continue;
		ok = open_page(codec, b, d->page, all, &other, err);
		if (ok == 0 && leat_image_bytes(&other.shape) > leat_image_bytes(&h->shape))
			*h = other;
	}
	return ok;
}

/* What a program makes of an item says nothing of its size before it is there. */
static bool makes_files(const struct leat_plan *p)
{
	bool any = false;
	for (size_t i = 0; i < p->n_steps && !any; i++)
		any = p->steps[i].role == LEAT_OP && p->steps[i].op->program;
	return any;
}

/* The step that reads numbers; NULL: there is none. */
static const struct leat_parse_params *parse_of(const struct leat_plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].role == LEAT_PARSE)
			return p->steps[i].params;
	return NULL;
}

/* The same of numbers. */
static int head_of(const struct leat_codec *codec, struct leat_bytes *b, const struct leat_parse_params *parse,
		   struct leat_header *h, struct leat_err *err)
{
	if (codec->prepare && codec->prepare(err) < 0)
		return -1;
	return codec->dec_head(b, parse, h, err);
}

/* The header decides what the item will cost; bytes of no known format cost just themselves. */
static int admit(struct leat_walk *w, struct leat_bytes *b, const char **format, struct leat_err *err)
{
	const struct leat_codec *codec =
		leat_registry_codec_of(w->env->plan->registry, b->data, b->len, w->in->entry->path);
	struct leat_header h = {0};
	struct leat_err ignored = {0}; /* a bad header fails in decode, where the message belongs */
	size_t size = b->late ? b->late : b->len;
	*format = codec ? codec->name : NULL;
	if (codec && w->env->wants)
		leat_prepare_found(w->env->plan->registry, codec, w->env->extensions, !w->env->elsewhere,
				   w->env->wants);
	const struct leat_parse_params *parse = parse_of(w->env->plan);
	if (parse && parse->format > 0)
		codec = leat_parse_format(w->env->plan->registry, parse);
	bool own = codec && codec->probe, opens = codec && !own && codec->dec_open;
	bool heads = codec && !own && codec->dec_head && parse;
	if ((opens || heads || makes_files(w->env->plan)) && w->env->elsewhere)
		return w->env->admit(w->in->item, NULL, size, err);
	if ((own && codec->probe(b->data, b->len, b->late == 0, &h, &ignored) != 0) ||
	    (opens && open_header(w, codec, b, &h, &ignored) < 0) ||
	    (heads && head_of(codec, b, parse, &h, &ignored) < 0))
		h = (struct leat_header){0};
	return w->env->admit(w->in->item, &h, size, err);
}

/*
 * The item was read in pieces, and what its steps measured is in f: what follows them only looks at that. 1: it was
 * not.
 */
static int stream_source(struct leat_walk *w, int step)
{
	const struct leat_payload none = {.kind = LEAT_NONE};
	struct leat_fields f = {0};
	struct leat_err e = {0};
	int last = step, ok = leat_fields_copy(&f, w->in->fields, &e);
	if (ok == 0)
		ok = w->env->stream(w->in->item, step, &f, &last, &w->out->notes, &e);
	if (ok < 0)
		ok = leat_walk_fail(w, last, &e);
	else if (ok == 0)
		ok = leat_walk_children(w, last, &none, &f, "csv");
	leat_fields_free(&f);
	return ok;
}

static int read_source(struct leat_walk *w, int step)
{
	const struct leat_step *s = leat_walk_step(w, step);
	struct leat_payload p = {.kind = LEAT_FILE};
	struct leat_fields f = {0};
	struct leat_err e = {0};
	int streamed = w->env->stream ? stream_source(w, step) : 1;
	if (streamed <= 0)
		return streamed;
	if (leat_late_begin(w, step, &p.bytes, &e) < 0 ||
	    (!p.bytes && s->source->fetch(s->params, w->in->entry, &p.bytes, &e) < 0))
		return leat_walk_fail(w, step, &e);
	int result = 0;
	if (w->env->got)
		w->env->got(w->in->item, p.bytes);
	int ok = leat_fields_copy(&f, w->in->fields, &e);
	if (ok == 0 && w->env->hash_input)
		ok = put_hash(&f, p.bytes, &e);
	if (ok == 0)
		ok = admit(w, p.bytes, &p.format, &e);
	if (ok > 0)
		leat_fail(&e, LEAT_CAUSE_CANCELLED, "stopped before it was decoded");
	result = ok == 0 ? leat_walk_children(w, step, &p, &f, p.format) : leat_walk_fail(w, step, &e);
	leat_fields_free(&f);
	leat_payload_clear(&p);
	return result;
}

static int write_sink(struct leat_walk *w, int step, const struct leat_payload *payload,
		      const struct leat_fields *fields, const char *format)
{
	struct leat_view v = leat_walk_view(w, step, fields, format);
	struct leat_put_result res = {0};
	struct leat_err e = {0};
	if (w->env->put(w->in->item, step, &v, payload, &res, &e) < 0)
		return leat_walk_fail(w, step, &e);
	struct leat_result *r = leat_walk_result(w, LEAT_R_WRITTEN, step);
	if (!r) {
		free(res.path);
		return -1;
	}
	r->put = res;
	struct leat_fields f = {0};
	int ok = leat_fields_copy(&f, fields, w->fatal);
	leat_walk_trace_file(w, step, &res);
	if (ok == 0 && res.what != LEAT_PUT_SKIPPED)
		ok = leat_walk_size_fields(w, &f, res.bytes, w->fatal);
	if (ok == 0)
		ok = leat_walk_children(w, step, payload, &f, format);
	leat_fields_free(&f);
	return ok;
}

/* What could not be told before: the extension said array, and it is a table. */
static int wrong_kind(const struct leat_step *s, const struct leat_payload *p, struct leat_err *err)
{
	static const char *const words[] = {
		[LEAT_FILE] = "bytes", [LEAT_IMAGE] = "an image", [LEAT_ARRAY] = "an array", [LEAT_TABLE] = "a table"};
	return leat_fail(err, LEAT_CAUSE_MISMATCH, "'%s' does not take %s", s->name, words[p->kind]);
}

/* What a program gave: is it of the format that it was said to be? Without a word about it, what is it? */
static int look_at_result(const struct leat_walk *w, const struct leat_step *s, struct leat_payload *p,
			  struct leat_err *err)
{
	const struct leat_registry *reg = w->env->plan->registry;
	if (!s->op->program || p->kind != LEAT_FILE)
		return 0;
	const struct leat_codec *is = leat_registry_sniff(reg, p->bytes->data, p->bytes->len);
	const struct leat_codec *said = p->format ? leat_registry_codec(reg, p->format) : NULL;
	if (!p->format)
		p->format = is ? is->name : NULL;
	if (!said || !said->sniff || is == said)
		return 0;
	return leat_fail(err, LEAT_CAUSE_FORMAT, "the result is no %s%s%s", said->name, is ? " but " : "",
			 is ? is->name : "");
}

/* An op without rows gets its payload whole. */
static int run_whole(struct leat_walk *w, int step, const struct leat_payload *payload,
		     const struct leat_fields *fields, const char *format)
{
	const struct leat_step *s = leat_walk_step(w, step);
	struct leat_view v = leat_walk_view(w, step, fields, format);
	struct leat_shape in = leat_walk_shape(payload), shape = {0};
	struct leat_meta *meta = payload->kind == LEAT_IMAGE ? leat_meta_ref(payload->image->meta) : NULL;
	struct leat_op_begin b = {
		.params = s->params,
		.in = &in,
		.out = &shape,
		.meta = meta,
		.meta_out = &meta,
		.view = &v,
		.team = w->in->worker->team,
		.cancel = w->in->worker->cancel,
		.deadline_ns = w->deadline_ns,
	};
	struct leat_payload result = {0};
	struct leat_fields f = {0};
	struct leat_err e = {0};
	void *item = NULL;
	int ok = s->op->in & payload->kind ? 0 : wrong_kind(s, payload, &e);
	if (ok == 0)
		ok = leat_fields_copy(&f, fields, &e);
	if (ok == 0)
		ok = leat_states_get(w->states, s->op, s->params, step, &b.state, &e);
	if (ok == 0)
		ok = s->op->shape ? leat_op_shape(s->op, s->params, &in, NULL, &shape, &e) : 0;
	bool begun = false, by_page = leat_op_by_page(s->op, s->params, &in);
	if (ok == 0 && by_page)
		ok = leat_run_by_page(s->op, &b, payload->image, &result, &f, &e);
	if (ok == 0 && !by_page) {
		ok = s->op->begin ? s->op->begin(&b, &item, &e) : 0;
		begun = ok == 0;
	}
	if (ok == 0 && !by_page)
		ok = s->op->run(item, payload, &result, &e);
	if (ok == 0)
		ok = look_at_result(w, s, &result, &e);
	if (ok == 0)
		ok = leat_walk_payload_fields(&f, &result, &e);
	if (begun && s->op->end && s->op->end(item, ok == 0 ? &f : NULL, &e) < 0)
		ok = -1;
	if (ok < 0)
		ok = leat_walk_fail(w, step, &e);
	else if (result.kind == LEAT_IMAGE && leat_walk_image_fields(&f, &result.image->shape, w->fatal) < 0)
		ok = -1;
	else if (result.kind == LEAT_FILE && leat_walk_size_fields(w, &f, result.bytes->len, w->fatal) < 0)
		ok = -1;
	else if (result.kind != LEAT_NONE)
		ok = leat_walk_children(w, step, &result, &f, s->op->program ? result.format : format);
	leat_meta_unref(&meta);
	leat_payload_clear(&result);
	leat_fields_free(&f);
	return ok;
}

int leat_walk_enter(struct leat_walk *w, int step, const struct leat_payload *payload, const struct leat_fields *fields,
		    const char *format)
{
	const struct leat_step *s = leat_walk_step(w, step);
	leat_walk_begin(w);
	if (s->role == LEAT_REDUCE)
		return leat_walk_leave(w, LEAT_R_REDUCE, step, payload, fields, format);
	if (s->segment != w->in->segment)
		return leat_walk_leave(w, LEAT_R_NEXT, step, payload, fields, format);
	leat_walk_note(w, step);
	switch (s->role) {
	case LEAT_SOURCE:
		return read_source(w, step);
	case LEAT_DECODE:
		return leat_walk_decode(w, step, payload, fields, format);
	case LEAT_PARSE:
		return leat_walk_parse(w, step, payload, fields);
	case LEAT_ENCODE:
		return leat_walk_encode(w, step, payload, fields, format);
	case LEAT_WRITE:
		return write_sink(w, step, payload, fields, format);
	case LEAT_ROWSINK:
		if (leat_walk_leave(w, LEAT_R_ROW, step, NULL, fields, format) < 0)
			return -1;
		return leat_walk_children(w, step, payload, fields, format);
	case LEAT_FILTER:
		if (!leat_walk_conditions(w, step, fields, format)) {
			leat_notice(&w->out->notes, "dropped by '%s'", s->text);
			leat_walk_trace_word(w, step, "dropped");
			return 0;
		}
		return leat_walk_children(w, step, payload, fields, format);
	default:
		return run_whole(w, step, payload, fields, format);
	}
}

int leat_walk_children(struct leat_walk *w, int parent, const struct leat_payload *payload,
		       const struct leat_fields *fields, const char *format)
{
	leat_walk_trace(w, parent, payload);
	if (payload->kind == LEAT_IMAGE)
		return leat_walk_image(w, parent, -1, payload, fields, format);
	const struct leat_plan *p = w->env->plan;
	for (int c = leat_walk_child(p, parent, parent); c >= 0; c = leat_walk_child(p, parent, c))
		if (leat_walk_enter(w, c, payload, fields, format) < 0)
			return -1;
	return 0;
}

int leat_segment_run(const struct leat_env *env, struct leat_states *states, const struct leat_segment_in *in,
		     struct leat_results *out, struct leat_err *err)
{
	struct leat_walk w = {.env = env, .states = states, .in = in, .out = out, .fatal = err};
	int64_t limit = env->plan->segments[in->segment].timeout_ns;
	w.asks = in->asks;
	w.deadline_ns = limit > 0 && !env->timed ? leat_now_ns() + limit : 0;
	w.visit = leat_zalloc(env->plan->n_steps, sizeof *w.visit, err);
	if (!w.visit)
		return -1;
	struct leat_fields none = {0};
	const struct leat_fields *fields = in->fields ? in->fields : &none;
	int result;
	if (in->payload.kind == LEAT_IMAGE && leat_walk_rides(&w, in->step))
		result = leat_walk_image(&w, leat_walk_step(&w, in->step)->parent, in->step, &in->payload, fields,
					 in->format);
	else
		result = leat_walk_enter(&w, in->step, &in->payload, fields, in->format);
	free(w.visit);
	leat_arena_free(&w.arena);
	return result;
}
