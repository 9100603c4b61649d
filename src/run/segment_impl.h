/* SPDX-License-Identifier: MIT */
/* Shared by the files that make up leat_segment_run: the walk, the row chains, the encoders. */
#ifndef LEAT_RUN_SEGMENT_IMPL_H
#define LEAT_RUN_SEGMENT_IMPL_H

#include "run/segment.h"

/* What the walk knows of a step while its item passes. */
struct leat_visit {
	int node; /* chain node that yields the step's output */
	int keep; /* chain node of the kept image that it takes instead, -1 none */
	bool dropped; /* a filter said no before the rows moved */
	bool broken; /* failed while the chain was built; already reported */
	const struct leat_codec *codec; /* ENCODE: the codec of this item */
};

struct leat_walk {
	const struct leat_env *env;
	struct leat_states *states;
	const struct leat_segment_in *in;
	struct leat_results *out;
	struct leat_err *fatal;
	struct leat_visit *visit; /* one per plan step */
	int64_t deadline_ns;
	int64_t mark_ns; /* trace: when the step at hand began */
	bool asks; /* see leat_segment_in; once */
	struct leat_arena arena; /* parameters of adapters */
};

static inline const struct leat_step *leat_walk_step(const struct leat_walk *w, int i)
{
	return &w->env->plan->steps[i];
}

/* Step `step` works from here on: what a message names when the worker does not come back. */
static inline void leat_walk_note(const struct leat_walk *w, int step)
{
	leat_note_set(w->in->worker->note, (uint32_t)step + 1);
}

struct leat_view leat_walk_view(const struct leat_walk *w, int step, const struct leat_fields *f, const char *format);

/* Appends an empty result; NULL with w->fatal set when memory is out. */
struct leat_result *leat_walk_result(struct leat_walk *w, enum leat_result_type type, int step);
int leat_walk_fail(struct leat_walk *w, int step, const struct leat_err *e);

/*
 * Lets `payload` pass `step`; all of what follows in this segment happens in it. 0, or -1 when memory is out
 * (w->fatal).
 */
int leat_walk_enter(struct leat_walk *w, int step, const struct leat_payload *payload, const struct leat_fields *fields,
		    const char *format);
/* All children of `parent` get the payload. */
int leat_walk_children(struct leat_walk *w, int parent, const struct leat_payload *payload,
		       const struct leat_fields *fields, const char *format);

/*
 * Row steps: `step` decodes the bytes; or the children of `parent` (only == -1: all) take the image. One chain
 * for all that can ride it.
 */
int leat_walk_decode(struct leat_walk *w, int step, const struct leat_payload *payload,
		     const struct leat_fields *fields, const char *format);
int leat_walk_image(struct leat_walk *w, int parent, int only, const struct leat_payload *payload,
		    const struct leat_fields *fields, const char *format);
/* Does it ride a chain behind an image? */
bool leat_walk_rides(const struct leat_walk *w, int step);

/* The codec of `encode` for this item, by its name where the recipe does not say; NULL with *err. */
const struct leat_codec *leat_walk_codec(struct leat_walk *w, int step, unsigned kind, const struct leat_view *view,
					 const void **params, struct leat_err *err);
/*
 * Sets shrink and target of *o: what `decode` at `step` asks for, and what all that follows wants of this picture
 * (shrink.c).
 */
void leat_walk_shrink(const struct leat_walk *w, int step, const struct leat_codec *codec, const struct leat_bytes *b,
		      struct leat_decode_opts *o);
/* As leat_sink.verifies: the most that any write behind `step` asks for. */
int leat_walk_verifies(const struct leat_walk *w, int step);
/* What an opened decoder tells of what it will take. */
void leat_walk_header(const struct leat_codec *codec, const struct leat_decoder *d, const struct leat_image_shape *s,
		      const struct leat_meta *meta, struct leat_header *h);

/*
 * Adds the conversions that this encoder wants and the encoder itself behind `node`; returns the encoder's node, -1
 * with *err.
 */
int leat_walk_encoder(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_codec *codec,
		      const void *params, const struct leat_view *view, struct leat_err *err);

/* Numbers (numbers.c): bytes become an array or a table; a payload becomes bytes as a whole. */
int leat_walk_parse(struct leat_walk *w, int step, const struct leat_payload *payload,
		    const struct leat_fields *fields);
int leat_walk_encode(struct leat_walk *w, int step, const struct leat_payload *payload,
		     const struct leat_fields *fields, const char *format);
/*
 * A step that takes the whole image, on one of several pages: each by itself, the results in one again (bypage.c). b:
 * but for shapes and metadata as for all. 0, or -1 with *err.
 */
int leat_run_by_page(const struct leat_op *op, const struct leat_op_begin *b, const struct leat_image *im,
		     struct leat_payload *out, struct leat_fields *f, struct leat_err *err);
struct leat_shape leat_walk_shape(const struct leat_payload *p);
/* width height ... of an image, rows cols ndim dtype of numbers. */
int leat_walk_payload_fields(struct leat_fields *f, const struct leat_payload *p, struct leat_err *err);

/*
 * Behind `node`: EXIF orientation applied; samples of this depth. The node that has them (may be `node`), -1
 * with *err.
 */
int leat_walk_upright(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_view *view,
		      struct leat_err *err);
int leat_walk_depth(struct leat_walk *w, struct leat_chain *c, int node, enum leat_sample want,
		    const struct leat_view *view, struct leat_err *err);

int leat_walk_leave(struct leat_walk *w, enum leat_result_type type, int step, const struct leat_payload *payload,
		    const struct leat_fields *fields,
		    const char *format); /* hands over: another segment, a reduction, a report row */
int leat_walk_image_fields(struct leat_fields *f, const struct leat_image_shape *s, struct leat_err *err);
int leat_walk_size_fields(const struct leat_walk *w, struct leat_fields *f, uint64_t bytes_out, struct leat_err *err);
bool leat_walk_conditions(const struct leat_walk *w, int step, const struct leat_fields *f, const char *format);

/* trace.c; all do nothing unless the input asks for it. */
void leat_walk_begin(struct leat_walk *w); /* a step begins its work here */
void leat_walk_trace(struct leat_walk *w, int step, const struct leat_payload *p); /* and has made p of it */
void leat_walk_trace_rows(struct leat_walk *w, int step, const struct leat_chain *c, int node); /* the same in rows */
/* it was written, or left as it is */
void leat_walk_trace_file(struct leat_walk *w, int step, const struct leat_put_result *put);
void leat_walk_trace_word(struct leat_walk *w, int step, const char *word);

#endif
