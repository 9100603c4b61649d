/* SPDX-License-Identifier: MIT */
#include "formats/png_write.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/fit.h"
#include "formats/inorder.h"
#include "formats/png_adam7.h"
#include "formats/png_colors.h"
#include "formats/png_filter.h"
#include "formats/png_frame.h"
#include "formats/png_idat.h"
#include "formats/png_pack.h"

enum { FRAME_BYTES = 512, SLACK = 64, COLORS_BYTES = 32 << 20 };

struct leat_encoder {
	struct leat_image_shape shape;
	const struct leat_png_params *p;
	struct leat_bytes *out;
	struct leat_idat idat;
	size_t row_bytes;
	unsigned bpp;
	uint8_t *lines; /* two rows with room around them: */
	uint8_t *row, *above;
	struct leat_fit *palette; /* with colors=: the rows are kept here, nothing else is used; else NULL */
	uint8_t *whole; /* interlaced: all rows as they are stored; else NULL */
	uint32_t next;
	struct leat_err err; /* why it cannot go on */
};

static int level_of(const struct leat_png_params *p)
{
	if (p->level == 0)
		return p->resized ? LEAT_PNG_LEVEL_RESIZED : LEAT_PNG_LEVEL;
	return (int)p->level - 1;
}

int leat_png_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err)
{
	const struct leat_png_params *p = params;
	*want = *in;
	if (in->sample == LEAT_F32 || p->colors)
		want->sample = LEAT_U8;
	if (p->colors && p->interlace)
		return leat_fail(err, LEAT_CAUSE_USAGE, "colors= and interlace=yes do not go together");
	return p->dither >= 0 && p->dither <= 1 ? 0 : leat_fail(err, LEAT_CAUSE_USAGE, "dither goes from 0%% to 100%%");
}

void leat_png_enc_hint(void *params, bool resized)
{
	struct leat_png_params *p = params;
	p->resized = resized;
}

static uint64_t filtered_bytes(const struct leat_image_shape *s, bool interlace)
{
	unsigned bpp = (unsigned)(s->channels * leat_sample_size(s->sample));
	if (interlace)
		return leat_png_pass_bytes(s->width, s->height, bpp);
	return (leat_row_bytes(s) + 1) * (uint64_t)s->height;
}

size_t leat_png_enc_cost(const void *params, const struct leat_image_shape *s)
{
	const struct leat_png_params *p = params;
	/* with colors= before it as well: two copies and the entries */
	size_t row = leat_row_bytes(s), whole = p->interlace ? leat_image_bytes(s) : 0;
	if (p->colors)
		whole = leat_size_add(leat_size_mul(3, leat_image_bytes(s)), COLORS_BYTES);
	size_t lines = leat_size_mul(2, leat_size_add(row, 2 * SLACK));
	size_t cost = leat_size_add(lines, leat_idat_cost(filtered_bytes(s, p->interlace), row + 1, level_of(p)));
	return leat_size_add(cost, whole);
}

/* ---- one row ---- */

static enum leat_png_filter filter_for(const struct leat_encoder *e, const struct leat_png_pair *pair)
{
	if (e->p->filter > 0)
		return (enum leat_png_filter)(e->p->filter - 1);
	return level_of(e->p) == 0 ? LEAT_PNG_NONE : leat_png_least_sum(pair);
}

/* The n bytes in e->row: filtered and on their way; they are the row above then. */
static int put_row(struct leat_encoder *e, size_t n, struct leat_err *err)
{
	struct leat_png_pair pair = {.row = e->row, .above = e->above, .n = n, .bpp = e->bpp};
	uint8_t *to = leat_idat_row(&e->idat, n + 1, err);
	if (!to)
		return -1;
	enum leat_png_filter f = filter_for(e, &pair);
	*to = (uint8_t)f;
	leat_png_filter(f, &pair, to + 1);
	uint8_t *swap = e->above;
	e->above = e->row;
	e->row = swap;
	return 0;
}

/* A row as it is stored: high byte first. */
static void store(const struct leat_encoder *e, const uint8_t *from, uint8_t *to)
{
	if (e->shape.sample != LEAT_U16 || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
		memcpy(to, from, e->row_bytes);
		return;
	}
	for (size_t i = 0; i < e->row_bytes; i += 2) {
		to[i] = from[i + 1];
		to[i + 1] = from[i];
	}
}

/* ---- the whole ---- */

/* level=auto: in 16 bit the lower half of each sample is mostly noise, which level 1 packs as well, or better. */
static int lower_of(const struct leat_encoder *e)
{
	return e->p->level == 0 && e->shape.sample == LEAT_U16 ? LEAT_PNG_LEVEL_NOISE : -1;
}

static int open_lines(struct leat_encoder *e, struct leat_err *err)
{
	size_t line = leat_size_add(e->row_bytes, 2 * SLACK) / SLACK * SLACK;
	e->lines = leat_zalloc(2, line, err);
	if (!e->lines)
		return -1;
	e->row = e->lines + LEAT_PNG_BEFORE;
	e->above = e->row + line;
	return 0;
}

static int start(struct leat_encoder *e, const struct leat_meta *meta, struct leat_err *err)
{
	static const uint8_t colors[] = {0, LEAT_PNG_GRAY, LEAT_PNG_GA, LEAT_PNG_RGB, LEAT_PNG_RGBA};
	const struct leat_image_shape *s = &e->shape;
	struct leat_image_shape want;
	if (leat_png_enc_takes(e->p, s, &want, err) < 0 || leat_shape_agreed("png", s, &want, err) < 0)
		return -1;
	struct leat_png_header h = {.width = s->width,
				    .height = s->height,
				    .depth = s->sample == LEAT_U16 ? 16 : 8,
				    .color = colors[s->channels],
				    .interlace = e->p->interlace};
	e->row_bytes = leat_row_bytes(s);
	e->bpp = (unsigned)(s->channels * leat_sample_size(s->sample));
	e->out = leat_bytes_new(FRAME_BYTES, err);
	if (e->p->interlace)
		e->whole = leat_alloc_aligned(leat_image_bytes(s), err);
	if (!e->out || (e->p->interlace && !e->whole) || open_lines(e, err) < 0)
		return -1;
	if (leat_png_put_header(e->out, &h, err) < 0 || leat_png_meta_write(e->out, meta, s->channels < 3, err) < 0)
		return -1;
	return leat_idat_open(&e->idat, e->out, filtered_bytes(s, e->p->interlace), e->row_bytes + 1, level_of(e->p),
			      lower_of(e), err);
}

int leat_png_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	*out = e;
	if (!e)
		return -1;
	e->p = params;
	e->shape = *shape;
	if (e->p->colors && shape->channels >= 3)
		e->palette = leat_fit_new(shape, meta, err);
	if (e->palette || (!(e->p->colors && shape->channels >= 3) && start(e, meta, err) == 0))
		return 0;
	leat_png_enc_close(out);
	return -1;
}

static int take_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	for (uint32_t y = in->y0; y < in->y1; y++) {
		store(e, leat_row(in, y), e->whole ? e->whole + (size_t)y * e->row_bytes : e->row);
		if (!e->whole && put_row(e, e->row_bytes, err) < 0)
			return -1;
	}
	return 0;
}

int leat_png_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (e->palette)
		return leat_fit_rows(e->palette, "png", in, err);
	if (e->err.cause)
		return leat_fail(err, e->err.cause, "%s", e->err.text);
	if (leat_rows_in_order("png", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->next = in->y1;
	if (take_rows(e, in, &e->err) == 0)
		return 0;
	return leat_fail(err, e->err.cause, "%s", e->err.text);
}

static int put_pass(struct leat_encoder *e, int pass, struct leat_err *err)
{
	size_t n = (size_t)leat_png_pass_width(pass, e->shape.width) * e->bpp;
	memset(e->above, 0, n);
	for (uint32_t y = leat_png_passes[pass].y0; n && y < e->shape.height; y += leat_png_passes[pass].dy) {
		leat_png_pass_row(pass, e->whole + y * e->row_bytes, e->shape.width, e->bpp, e->row);
		if (put_row(e, n, err) < 0)
			return -1;
	}
	return 0;
}

int leat_png_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	int level = level_of(e->p);
	if (e->palette)
		return leat_fit_finish(e->palette, "png", 1, UINT64_MAX, leat_png_colors, &level, out, err);
	if (e->err.cause)
		return leat_fail(err, e->err.cause, "%s", e->err.text);
	if (leat_rows_complete("png", e->next, e->shape.height, err) < 0)
		return -1;
	leat_fail(&e->err, LEAT_CAUSE_INTERNAL, "png: it is finished");
	for (int pass = 0; e->whole && pass < LEAT_PNG_PASSES; pass++)
		if (put_pass(e, pass, err) < 0)
			return -1;
	if (leat_idat_end(&e->idat, err) < 0 || leat_png_put_end(e->out, err) < 0)
		return -1;
	leat_bytes_trim(e->out);
	*out = e->out;
	e->out = NULL;
	return 0;
}

void leat_png_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_fit_free(&e->palette);
	leat_idat_close(&e->idat);
	leat_bytes_unref(&e->out);
	free(e->lines);
	free(e->whole);
	free(e);
}
