/* SPDX-License-Identifier: MIT */
/*
 * slice: a part of an array, "start:stop:step" for each axis with commas between, as NumPy's indexing: anything may be
 * left out, negative places count from the end, a negative step goes backward, and a place alone removes its axis. Axes
 * that are not named stay whole.
 */
#include "base/mem.h"
#include "base/num.h"
#include "ops/array/axis.h"
#include "ops/array/pieces.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct slice {
	const char *text;
};

static const struct leat_param params[] = {
	LEAT_P(struct slice, text, const char *, LEAT_PT_TEXT, "slices", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "start:stop:step for each axis, with commas between: '10:20,::2'"),
	LEAT_P_END,
};

/* One axis as written. */
struct part {
	int64_t v[3]; /* start, stop, step */
	bool given[3];
	bool place; /* start alone: the axis goes */
};

static int bad(const char *text, struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is no list of start:stop:step", text);
}

static int read_part(const char *s, size_t n, struct part *p, const char *text, struct leat_err *err)
{
	*p = (struct part){.v = {0, 0, 1}, .place = !memchr(s, ':', n)};
	for (int i = 0;; i++) {
		const char *colon = memchr(s, ':', n);
		size_t len = colon ? (size_t)(colon - s) : n;
		if (i == 3)
			return bad(text, err);
		p->given[i] = len > 0;
		if (len > 0 && !leat_parse_int(s, len, &p->v[i]))
			return bad(text, err);
		if (!colon)
			break;
		s += len + 1;
		n -= len + 1;
	}
	if (p->place && !p->given[0])
		return bad(text, err);
	return p->v[2] != 0 ? 0 : leat_fail(err, LEAT_CAUSE_USAGE, "a step of 0 leads nowhere");
}

static int read_parts(const char *text, struct part *parts, int *n, struct leat_err *err)
{
	const char *s = text;
	for (*n = 0;; ++*n) {
		size_t len = strcspn(s, ",");
		if (*n == LEAT_MAX_DIMS)
			return leat_fail(err, LEAT_CAUSE_USAGE, "more than %d axes", LEAT_MAX_DIMS);
		if (read_part(s, len, &parts[*n], text, err) < 0)
			return -1;
		s += len;
		if (!*s++)
			break;
	}
	++*n;
	return 0;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct slice *p = params_;
	struct part parts[LEAT_MAX_DIMS];
	int n;
	*which = &params[0];
	if (read_parts(p->text, parts, &n, err) < 0)
		return -1;
	*which = NULL;
	return 0;
}

/* What a part means for an axis of n places. */
struct range {
	int64_t start, step;
	uint64_t count;
};

static int64_t clamp(int64_t v, int64_t n, int64_t low, int64_t high)
{
	v += v < 0 ? n : 0;
	return v < low ? low : v > high ? high : v;
}

static int range_of(const struct part *p, uint64_t dim, struct range *r, struct leat_err *err)
{
	int64_t n = (int64_t)dim, step = p->v[2];
	if (p->place) {
		*r = (struct range){p->v[0] < 0 ? p->v[0] + n : p->v[0], 1, 1};
		if (r->start < 0 || r->start >= n)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no place %lld along an axis of %lld",
					 (long long)p->v[0], (long long)n);
		return 0;
	}
	int64_t low = step < 0 ? -1 : 0, high = step < 0 ? n - 1 : n;
	int64_t start = p->given[0] ? clamp(p->v[0], n, low, high) : step < 0 ? high : low;
	int64_t stop = p->given[1] ? clamp(p->v[1], n, low, high) : step < 0 ? low : high;
	uint64_t way = step > 0 ? (stop > start ? (uint64_t)(stop - start) : 0)
				: (start > stop ? (uint64_t)(start - stop) : 0);
	uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
	*r = (struct range){start, step, way ? (way - 1) / stride + 1 : 0};
	return 0;
}

static int ranges_of(const struct slice *p, const struct leat_array_shape *s, struct range *r, unsigned *gone,
		     struct leat_err *err)
{
	struct part parts[LEAT_MAX_DIMS];
	int n;
	char text[192];
	*gone = 0;
	if (read_parts(p->text, parts, &n, err) < 0)
		return -1;
	if (n > s->ndim)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "%d axes are named, the shape is %s", n,
				 leat_array_shape_text(s, text));
	for (int i = 0; i < s->ndim; i++) {
		r[i] = (struct range){0, 1, s->dim[i]};
		if (i < n && range_of(&parts[i], s->dim[i], &r[i], err) < 0)
			return -1;
		*gone |= (unsigned)(i < n && parts[i].place) << i;
	}
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	struct range r[LEAT_MAX_DIMS];
	unsigned gone;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = in->array.dtype}};
	if (ranges_of(params_, &in->array, r, &gone, err) < 0)
		return -1;
	for (int i = 0; i < in->array.ndim; i++)
		if (!(gone >> i & 1))
			out->array.dim[out->array.ndim++] = r[i].count;
	return 0;
}

static int64_t place(const void *ctx, uint64_t k)
{
	const struct range *r = ctx;
	return r->start + (int64_t)k * r->step;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_array *a = leat_array_ref(leat_payload_numbers(in));
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	struct range r[LEAT_MAX_DIMS];
	unsigned gone;
	int ok = ranges_of(w->params, &a->shape, r, &gone, err);
	if (ok == 0)
		ok = shape(w->params, &was, &gives, err);
	for (int i = 0; ok == 0 && i < was.array.ndim; i++) {
		if (r[i].step == 1 && r[i].count == was.array.dim[i])
			continue;
		struct leat_array *cut = leat_pick(a, i, r[i].count, place, &r[i], NULL, err);
		leat_array_unref(&a);
		a = cut;
		ok = a ? 0 : -1;
	}
	struct leat_array *packed = ok == 0 ? leat_array_as(a, a->shape.dtype, false, err) : NULL;
	struct leat_array *made = packed ? leat_array_wrap(&gives.array, packed->mem, packed->data, err) : NULL;
	leat_array_unref(&packed);
	leat_array_unref(&a);
	return leat_whole_give(made, out);
}

const struct leat_op leat_op_slice = {
	.name = "slice",
	.group = "array",
	.summary = "cut a part out of an array",
	.example = "slice '10:20,::2'",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct slice),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.check = check,
};
