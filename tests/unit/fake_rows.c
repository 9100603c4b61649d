/* SPDX-License-Identifier: MIT */
/* See fake_rows.h. */
#include "fake_rows.h"

#include "base/mem.h"

#include <assert.h>
#include <unistd.h>

struct fake_counts fake_counts;

struct fake {
	uint32_t height; /* of the input: first, for leat_need_all */
	uint32_t out_height;
	size_t bytes, in_bytes; /* of a row */
	unsigned channels, in_channels;
	struct fake_params p;
	uint64_t *block; /* measures: one sum for each block */
	uint32_t *seen; /* measures: rows of each block seen so far */
	size_t blocks;
};

uint32_t fake_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

struct leat_image *fake_image(uint32_t width, uint32_t height, unsigned channels, uint64_t *seed)
{
	struct leat_image_shape s = {.width = width, .height = height, .channels = (uint8_t)channels, .pages = 1};
	s.alpha = channels == 2 || channels == 4;
	struct leat_image *im = leat_image_new(&s, NULL, NULL);
	assert(im);
	for (uint32_t y = 0; y < height; y++)
		for (size_t i = 0; i < leat_row_bytes(&s); i++)
			im->pixels[y * im->stride + i] = (uint8_t)fake_random(seed);
	return im;
}

/* --- what all ops share --- */

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct fake *f = leat_zalloc(1, sizeof *f, err);
	if (!f)
		return -1;
	f->p = *(const struct fake_params *)b->params;
	f->height = b->in->image.height;
	f->out_height = b->out->image.height;
	f->bytes = leat_row_bytes(&b->out->image);
	f->in_bytes = leat_row_bytes(&b->in->image);
	f->channels = b->out->image.channels;
	f->in_channels = b->in->image.channels;
	f->blocks = (f->height + LEAT_BLOCK_ROWS - 1) / LEAT_BLOCK_ROWS;
	f->block = leat_zalloc(f->blocks, sizeof *f->block, err);
	f->seen = leat_zalloc(f->blocks, sizeof *f->seen, err);
	fake_counts.begun++;
	*item = f;
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct fake *f = item;
	int ok = f->p.fail_end && fields ? leat_fail(err, LEAT_CAUSE_LIMIT, "end fails") : 0;
	uint64_t all = 0;
	for (size_t i = 0; i < f->blocks; i++)
		all = all * 31 + f->block[i];
	if (fields && ok == 0)
		ok = leat_fields_set_int(fields, "sum", (int64_t)(all & INT64_MAX), err);
	fake_counts.ended++;
	fake_counts.ended_with_fields += fields != NULL;
	free(f->block);
	free(f->seen);
	free(f);
	return ok;
}

/* Scratch is for one call alone: written at its start, checked at its end. */
enum { SCRATCH = 200 };
static size_t scratch_size(const void *item)
{
	(void)item;
	return SCRATCH;
}

static int start(const struct fake *f, uint32_t y0, uint32_t y1, void *scratch, struct leat_err *err)
{
	assert(y0 < y1 && y1 <= f->out_height);
	memset(scratch, (int)(y0 & 255), SCRATCH);
	fake_counts.calls++;
	if (f->p.raise && f->p.raise_at >= y0 && f->p.raise_at < y1)
		leat_cancel_raise(f->p.raise, LEAT_STOP_ABORT);
	if (f->p.fail_at >= y0 && f->p.fail_at < y1)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "row %lld is bad", (long long)f->p.fail_at);
	if (f->p.fail_all && f->p.fail_at >= 0 && y0 > f->p.fail_at) {
		usleep(y0 * 7919 % 300);
		return leat_fail(err, LEAT_CAUSE_LIMIT, "row %u is bad", y0);
	}
	return 0;
}

static void finish(uint32_t y0, const void *scratch)
{
	for (int i = 0; i < SCRATCH; i++)
		assert(((const uint8_t *)scratch)[i] == (y0 & 255));
}

static const uint8_t *in_row(const struct leat_rows *in, int64_t y, const struct fake *f)
{
	y = y < 0 ? 0 : y >= f->height ? f->height - 1 : y;
	assert(y >= in->y0 && y < in->y1);
	return leat_row(in, (uint32_t)y);
}

/* out[y] += weight * in[from], byte by byte. */
static void add_row(uint8_t *out, const uint8_t *from, unsigned weight, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(out[i] + weight * from[i]);
}

static int check_in(const struct leat_rows *in, const struct fake *f)
{
	assert(in->pixels && in->y0 <= in->y1 && in->y1 <= f->height);
	return 0;
}

/* --- kernels: out row y is a weighted sum of rows a … b-1 --- */

typedef void range_fn(const struct fake *f, uint32_t y, int64_t *a, int64_t *b);

static int weighted(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		    void *scratch, range_fn *range, struct leat_err *err)
{
	const struct fake *f = item;
	if (check_in(in, f) < 0 || start(f, y0, y1, scratch, err) < 0)
		return -1;
	for (uint32_t y = y0; y < y1; y++) {
		int64_t a, b;
		uint8_t *o = leat_row(out, y);
		range(f, y, &a, &b);
		memset(o, (int)(y & 127), f->bytes);
		for (int64_t k = a; k < b; k++)
			add_row(o, in_row(in, k, f), (unsigned)(k - a + 1), f->bytes);
	}
	finish(y0, scratch);
	return 0;
}

static void range_smear(const struct fake *f, uint32_t y, int64_t *a, int64_t *b)
{
	*a = (int64_t)y - f->p.n;
	*b = (int64_t)y + f->p.n + 1;
}
static void range_turn(const struct fake *f, uint32_t y, int64_t *a, int64_t *b)
{
	*a = (int64_t)f->height - 1 - y;
	*b = *a + 1;
}
static void range_shrink(const struct fake *f, uint32_t y, int64_t *a, int64_t *b)
{
	(void)f;
	*a = (int64_t)y * 10 - 4;
	*b = (int64_t)y * 10 + 13;
}
static void range_enlarge(const struct fake *f, uint32_t y, int64_t *a, int64_t *b)
{
	(void)f;
	*a = y / 3;
	*b = y / 3 + 2;
}
static void range_border(const struct fake *f, uint32_t y, int64_t *a, int64_t *b)
{
	int64_t in = (int64_t)y - f->p.n;
	*a = in;
	*b = in < 0 || in >= f->height ? in : in + 1;
}
static void range_jump(const struct fake *f, uint32_t y, int64_t *a, int64_t *b)
{
	(void)f;
	*a = (int64_t)(y / 97) * 97;
	*b = *a + 97 + (y > 61 ? 150 : 0);
}

#define WEIGHTED(name)                                                                                     \
	static int rows_##name(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, \
			       uint32_t y1, void *scratch, struct leat_err *err)                           \
	{                                                                                                  \
		return weighted(item, in, out, y0, y1, scratch, range_##name, err);                        \
	}                                                                                                  \
	static void need_##name(const void *item, uint32_t y0, uint32_t y1, int64_t *a, int64_t *b)        \
	{                                                                                                  \
		int64_t none;                                                                              \
		range_##name(item, y0, a, &none);                                                          \
		range_##name(item, y1 - 1, &none, b);                                                      \
	}
WEIGHTED(smear)
WEIGHTED(shrink)
WEIGHTED(enlarge)
WEIGHTED(jump)

/* A border's rows need nothing; a range over both border and image needs the image's part. */
static int rows_border(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		       void *scratch, struct leat_err *err)
{
	return weighted(item, in, out, y0, y1, scratch, range_border, err);
}
static void need_border(const void *item, uint32_t y0, uint32_t y1, int64_t *a, int64_t *b)
{
	const struct fake *f = item;
	*a = (int64_t)y0 - f->p.n;
	*b = (int64_t)y1 - f->p.n;
}
static int rows_turn(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		     void *scratch, struct leat_err *err)
{
	return weighted(item, in, out, y0, y1, scratch, range_turn, err);
}

/* Looks far ahead at first and then wants rows back that it no longer asked for. */
static void need_backward(const void *item, uint32_t y0, uint32_t y1, int64_t *a, int64_t *b)
{
	(void)item;
	*a = y0 < 300 ? y0 : y0 - 290;
	*b = y1;
}

static int rows_tint(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		     void *scratch, struct leat_err *err)
{
	const struct fake *f = item;
	assert(in->y0 == y0 && in->y1 == y1);
	if (start(f, y0, y1, scratch, err) < 0)
		return -1;
	fake_counts.in_place += in->pixels == out->pixels;
	for (uint32_t y = y0; y < y1; y++)
		for (size_t i = 0; i < f->bytes; i++)
			leat_row(out, y)[i] = (uint8_t)(leat_row(in, y)[i] * 3 + y);
	finish(y0, scratch);
	return 0;
}

static int rows_widen(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		      void *scratch, struct leat_err *err)
{
	const struct fake *f = item;
	if (start(f, y0, y1, scratch, err) < 0)
		return -1;
	for (uint32_t y = y0; y < y1; y++)
		for (size_t i = 0; i < f->bytes; i++)
			leat_row(out, y)[i] =
				(uint8_t)(leat_row(in, y)[i / f->channels * f->in_channels] + i % f->channels);
	finish(y0, scratch);
	return 0;
}

static int measure(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		   void *scratch, int64_t reach, struct leat_err *err)
{
	struct fake *f = item;
	uint32_t block = y0 / LEAT_BLOCK_ROWS;
	assert(!out && (y1 - 1) / LEAT_BLOCK_ROWS == block && y0 % LEAT_BLOCK_ROWS == f->seen[block]);
	if (start(f, y0, y1, scratch, err) < 0)
		return -1;
	f->seen[block] += y1 - y0;
	for (int64_t y = y0; y < y1; y++)
		for (int64_t k = y - reach; k <= y + reach; k++)
			for (size_t i = 0; i < f->in_bytes; i++)
				f->block[block] = f->block[block] * 33 + in_row(in, k, f)[i];
	finish(y0, scratch);
	return 0;
}
static int rows_sum(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		    void *scratch, struct leat_err *err)
{
	return measure(item, in, out, y0, y1, scratch, 0, err);
}
static int rows_edge(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		     void *scratch, struct leat_err *err)
{
	return measure(item, in, out, y0, y1, scratch, ((struct fake *)item)->p.n, err);
}

/* Without begin(). */
static int rows_simple(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		       void *scratch, struct leat_err *err)
{
	(void)scratch, (void)err;
	if (item)
		return -1;
	for (uint32_t y = y0; y < y1; y++)
		leat_row(out, y)[0] = (uint8_t)(leat_row(in, y)[0] + 5);
	return 0;
}

static int shape_shrink(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	leat_shape_same(p, in, out, err);
	out->image.height = (in->image.height + 9) / 10;
	return 0;
}
static int shape_enlarge(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	leat_shape_same(p, in, out, err);
	out->image.height = in->image.height * 3;
	return 0;
}
static int shape_border(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	leat_shape_same(p, in, out, err);
	out->image.height = in->image.height + 2 * (uint32_t)((const struct fake_params *)p)->n;
	return 0;
}
static int shape_widen(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	leat_shape_same(p, in, out, err);
	out->image.channels = in->image.channels < 4 ? in->image.channels + 1 : 1;
	out->image.alpha = !(out->image.channels & 1);
	return 0;
}

#define COMMON(nm)                                                                                           \
	.name = nm, .in = LEAT_IMAGE, .params_size = sizeof(struct fake_params), .begin = begin, .end = end, \
	.scratch = scratch_size
const struct leat_op fake_smear = {COMMON("smear"), .shape = leat_shape_same, .need = need_smear, .rows = rows_smear};
const struct leat_op fake_turn = {COMMON("turn"), .shape = leat_shape_same, .need = leat_need_all, .rows = rows_turn};
const struct leat_op fake_shrink = {COMMON("shrink"), .shape = shape_shrink, .need = need_shrink, .rows = rows_shrink};
const struct leat_op fake_enlarge = {COMMON("enlarge"), .shape = shape_enlarge, .need = need_enlarge,
				     .rows = rows_enlarge};
const struct leat_op fake_border = {COMMON("border"), .shape = shape_border, .need = need_border, .rows = rows_border};
const struct leat_op fake_jump = {COMMON("jump"), .shape = leat_shape_same, .need = need_jump, .rows = rows_jump};
const struct leat_op fake_tint = {COMMON("tint"), .shape = leat_shape_same, .point = true, .rows = rows_tint};
const struct leat_op fake_widen = {COMMON("widen"), .shape = shape_widen, .point = true, .rows = rows_widen};
const struct leat_op fake_sum = {COMMON("sum"), .shape = leat_shape_same, .measures = true, .rows = rows_sum};
const struct leat_op fake_edge = {COMMON("edge"), .shape = leat_shape_same, .measures = true, .need = need_smear,
				  .rows = rows_edge};
const struct leat_op fake_backward = {COMMON("backward"), .shape = leat_shape_same, .need = need_backward,
				      .rows = rows_smear};
const struct leat_op fake_simple = {.name = "simple", .in = LEAT_IMAGE, .shape = leat_shape_same, .rows = rows_simple};

/* --- codec --- */

struct leat_decoder *fake_decoder(const struct leat_image *im)
{
	struct leat_decoder *d = calloc(1, sizeof *d);
	assert(d);
	d->from = im;
	d->fail_at = FAKE_NEVER;
	return d;
}

static int dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	assert(out->y0 == d->next && out->y0 < out->y1 && out->y1 <= d->from->shape.height);
	if (d->fail_at >= out->y0 && d->fail_at < out->y1)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "ends in row %lld", (long long)d->fail_at);
	for (uint32_t y = out->y0; y < out->y1; y++)
		memcpy(leat_row(out, y), d->from->pixels + y * d->from->stride, leat_row_bytes(&d->from->shape));
	d->next = out->y1;
	return 0;
}

static int dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	assert(d->next == d->from->shape.height && !d->finished);
	d->finished = true;
	leat_notice(notes, "finished");
	return d->fail_finish ? leat_fail(err, LEAT_CAUSE_CORRUPT, "bad trailer") : 0;
}

static void dec_close(struct leat_decoder **d)
{
	if ((*d)->closed)
		++*(*d)->closed;
	free(*d);
	*d = NULL;
}

struct leat_encoder {
	struct fake_enc_params p;
	struct leat_image_shape shape;
	struct leat_bytes *bytes;
	uint32_t next;
};

static int enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		     struct leat_err *err)
{
	(void)params, (void)err;
	*want = *in;
	want->pages = 1;
	return 0;
}

static int enc_open(struct leat_encoder **ep, const void *params, const struct leat_image_shape *shape,
		    const struct leat_meta *meta, struct leat_err *err)
{
	const struct fake_enc_params *p = params;
	assert(meta);
	if (p->fail_open)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "no encoder today");
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	assert(e);
	e->p = *p;
	e->shape = *shape;
	e->bytes = leat_bytes_new(16, err);
	assert(e->bytes);
	*ep = e;
	return 0;
}

static int enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	assert(in->y0 == e->next && in->y0 < in->y1 && in->y1 <= e->shape.height);
	if (e->p.fail_at >= in->y0 && e->p.fail_at < in->y1)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "no room for row %lld", (long long)e->p.fail_at);
	for (uint32_t y = in->y0; y < in->y1; y++)
		if (leat_bytes_append(e->bytes, leat_row(in, y), leat_row_bytes(&e->shape), err) < 0)
			return -1;
	e->next = in->y1;
	return 0;
}

static int enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	assert(e->next == e->shape.height);
	if (e->p.fail_finish)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "cannot finish");
	*out = e->bytes;
	e->bytes = NULL;
	return 0;
}

static void enc_close(struct leat_encoder **e)
{
	leat_bytes_unref(&(*e)->bytes);
	free(*e);
	*e = NULL;
}

const struct leat_codec fake_codec = {
	.name = "fake",
	.kinds = LEAT_IMAGE,
	.dec_rows = dec_rows,
	.dec_finish = dec_finish,
	.dec_close = dec_close,
	.enc_takes = enc_takes,
	.enc_open = enc_open,
	.enc_rows = enc_rows,
	.enc_finish = enc_finish,
	.enc_close = enc_close,
};
