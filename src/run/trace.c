/* SPDX-License-Identifier: MIT */
/* What a step made of an item and how long it took: for those who try one item and want to see it change. */
#include "base/sys.h"
#include "run/segment_impl.h"

#include <stdio.h>

static void describe_image(const struct leat_image_shape *s, char *to, size_t n)
{
	static const char *const channels[] = {"", "gray", "gray and alpha", "RGB", "RGBA"};
	static const char *const depths[] = {[LEAT_U8] = "8 bit", [LEAT_U16] = "16 bit", [LEAT_F32] = "float"};
	int used =
		snprintf(to, n, "%ux%u, %s, %s", s->width, s->page_height ? s->page_height : s->height,
			 channels[s->channels <= 4 ? s->channels : 0], depths[s->sample <= LEAT_F32 ? s->sample : 0]);
	if (s->pages > 1 && used > 0 && (size_t)used < n)
		snprintf(to + used, n - (size_t)used, s->page_height ? ", %u pages" : ", one of %u pages", s->pages);
}

static void describe(const struct leat_shape *s, const char *format, struct leat_trace *t)
{
	char shape[192];
	switch (s->kind) {
	case LEAT_IMAGE:
		describe_image(&s->image, t->what, sizeof t->what);
		t->bytes = leat_image_bytes(&s->image);
		break;
	case LEAT_ARRAY:
	case LEAT_TABLE:
		snprintf(t->what, sizeof t->what, "%s %.60s %s", s->kind == LEAT_TABLE ? "table" : "array",
			 leat_array_shape_text(&s->array, shape), leat_dtype_name(s->array.dtype));
		t->bytes = leat_array_bytes(&s->array);
		break;
	default:
		snprintf(t->what, sizeof t->what, "%s", format ? format : "bytes");
	}
}

static struct leat_trace *more(struct leat_walk *w, int step, int64_t ns)
{
	struct leat_results *out = w->out;
	struct leat_err ignored = {0}; /* without memory there is one line less to see */
	struct leat_trace *v = leat_grow(out->traces, &out->cap_traces, out->n_traces + 1, sizeof *v, &ignored);
	if (!v)
		return NULL;
	out->traces = v;
	v[out->n_traces] = (struct leat_trace){.step = step, .ns = ns};
	return &v[out->n_traces++];
}

void leat_walk_begin(struct leat_walk *w)
{
	if (w->in->trace)
		w->mark_ns = leat_now_ns();
}

void leat_walk_trace(struct leat_walk *w, int step, const struct leat_payload *p)
{
	enum leat_role role = leat_walk_step(w, step)->role;
	if (!w->in->trace || role == LEAT_ROWSINK || role == LEAT_WRITE)
		return;
	if (role == LEAT_FILTER) {
		leat_walk_trace_word(w, step, "kept");
		return;
	}
	struct leat_trace *t = more(w, step, leat_now_ns() - w->mark_ns);
	if (!t)
		return;
	struct leat_shape s = leat_walk_shape(p);
	describe(&s, p->kind == LEAT_FILE ? p->format : NULL, t);
	if (p->kind == LEAT_FILE)
		t->bytes = p->bytes->len;
}

void leat_walk_trace_rows(struct leat_walk *w, int step, const struct leat_chain *c, int node)
{
	struct leat_trace *t = w->in->trace ? more(w, step, leat_chain_ns(c, (uint32_t)step + 1)) : NULL;
	struct leat_shape s = {.kind = LEAT_IMAGE, .image = *leat_chain_shape(c, node)};
	if (t)
		describe(&s, NULL, t);
}

void leat_walk_trace_file(struct leat_walk *w, int step, const struct leat_put_result *put)
{
	struct leat_trace *t = w->in->trace ? more(w, step, leat_now_ns() - w->mark_ns) : NULL;
	if (!t)
		return;
	size_t n = put->path ? strlen(put->path) : 0, most = sizeof t->what - 4;
	snprintf(t->what, sizeof t->what, "%s%s", n > most ? "…" : "",
		 n > most ? put->path + n - most
		 : n      ? put->path
			  : "");
	t->bytes = put->bytes;
}

void leat_walk_trace_word(struct leat_walk *w, int step, const char *word)
{
	struct leat_trace *t = w->in->trace ? more(w, step, 0) : NULL;
	if (t)
		snprintf(t->what, sizeof t->what, "%s", word);
}
