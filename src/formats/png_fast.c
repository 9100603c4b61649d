/* SPDX-License-Identifier: MIT */
#include "formats/png_fast.h"

#include "base/mem.h"
#include "formats/png_expand.h"
#include "formats/png_stream.h"
#include "formats/png_unfilter.h"

/* Rows whose filters are undone before they are expanded: a few of them, so that Paeth rows come together. */
enum { BLOCK_ROWS = LEAT_PNG_FAST_BLOCK, ALIGN = 64 };

struct leat_png_fast {
	struct leat_png_layout layout;
	struct leat_png_stream *stream;
	struct leat_png_expand expand;
	uint32_t width, height;
	uint32_t done; /* rows */
	bool direct; /* rows are delivered as they are stored */
	uint8_t *above; /* the last row that was done, as stored; zeros before the first */
	uint8_t *block; /* rows as stored; NULL when direct */
	size_t block_stride;
	struct leat_err err;
};

struct leat_png_fast *leat_png_fast_open(const uint8_t *d, const struct leat_png_header *h,
					 const struct leat_png_layout *l, struct leat_aside *aside,
					 struct leat_err *err)
{
	struct leat_png_fast *f = leat_zalloc(1, sizeof *f, err);
	if (!f)
		return NULL;
	f->layout = *l;
	f->width = h->width;
	f->height = h->height;
	if (leat_png_expand_open(&f->expand, h, l, err) < 0)
		goto fail;
	f->direct = leat_png_expand_none(&f->expand);
	f->block_stride = (l->row_bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	f->above = leat_zalloc(1, l->row_bytes, err);
	if (f->above && !f->direct)
		f->block = leat_alloc_aligned(leat_size_mul(f->block_stride, BLOCK_ROWS), err);
	f->stream = f->above && (f->direct || f->block) ? leat_png_stream_open(d, l, h->height, aside, err) : NULL;
	if (f->stream)
		return f;
fail:
	leat_png_fast_close(&f);
	return NULL;
}

static int no_such_filter(struct leat_png_fast *f, unsigned filter, uint32_t y)
{
	return leat_fail(&f->err, LEAT_CAUSE_CORRUPT, "corrupt png: there is no filter %u (after %u of %u rows)",
			 filter, y, f->height);
}

/* Rows from here on with the Paeth filter, up to n. */
static uint32_t paeth_run(const uint8_t *raw, size_t stored, uint32_t n)
{
	uint32_t run = 0;
	while (run < n && raw[run * stored] == LEAT_PNG_PAETH)
		run++;
	return run;
}

/* n rows with their filter bytes, y the first of them, to rows at `to`, below f->above, which becomes the last. */
static int undo(struct leat_png_fast *f, const uint8_t *raw, uint32_t y, uint32_t n, uint8_t *to, size_t stride)
{
	size_t stored = f->layout.row_bytes + 1;
	struct leat_png_row r = {.above = f->above, .to = to};
	for (uint32_t i = 0, done; i < n; i += done) {
		unsigned filter = raw[i * stored];
		r.from = raw + i * stored + 1;
		r.to = to + i * stride;
		done = 1;
		if (filter >= LEAT_PNG_FILTERS)
			return no_such_filter(f, filter, y + i);
		if (filter == LEAT_PNG_PAETH) {
			done = paeth_run(raw + i * stored, stored, n - i);
			leat_png_unfilter_paeths(f->layout.pixel_bytes, &r, stored, stride, done, f->layout.row_bytes);
		} else {
			leat_png_unfilter(filter, f->layout.pixel_bytes, &r, f->layout.row_bytes);
		}
		r.above = to + (i + done - 1) * stride;
	}
	memcpy(f->above, r.above, f->layout.row_bytes);
	return 0;
}

/* Some of the rows, from y on: how many; 0 when it failed. */
static uint32_t some_rows(struct leat_png_fast *f, struct leat_rows *out, uint32_t y)
{
	uint8_t *raw;
	uint32_t n = 0, most = out->y1 - y;
	if (!f->direct && most > BLOCK_ROWS)
		most = BLOCK_ROWS;
	if (leat_png_stream_rows(f->stream, most, &raw, &n, &f->err) < 0)
		return 0;
	if (f->direct)
		return undo(f, raw, y, n, leat_row(out, y), out->stride) < 0 ? 0 : n;
	if (undo(f, raw, y, n, f->block, f->block_stride) < 0)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		leat_png_expand_row(&f->expand, f->block + i * f->block_stride, leat_row(out, y + i), f->width);
	return n;
}

int leat_png_fast_rows(struct leat_png_fast *f, struct leat_rows *out, struct leat_err *err)
{
	for (uint32_t y = out->y0, n; y < out->y1; y += n) {
		n = f->err.cause ? 0 : some_rows(f, out, y);
		if (n == 0)
			return leat_fail(err, f->err.cause, "%s", f->err.text);
		f->done += n;
	}
	return 0;
}

int leat_png_fast_finish(struct leat_png_fast *f, struct leat_notices *notes, struct leat_err *err)
{
	if (f->err.cause)
		return leat_fail(err, f->err.cause, "%s", f->err.text);
	if (f->done == f->height && leat_png_stream_finish(f->stream, notes, err) < 0)
		return -1;
	const struct leat_png_palette *p = &f->expand.palette;
	if (p->entries && p->highest >= p->entries)
		leat_notice(notes, "some pixels are beyond the palette of %u colors: black", p->entries);
	return 0;
}

void leat_png_fast_close(struct leat_png_fast **fp)
{
	struct leat_png_fast *f = *fp;
	*fp = NULL;
	if (!f)
		return;
	leat_png_stream_close(&f->stream);
	leat_png_expand_close(&f->expand);
	free(f->block);
	free(f->above);
	free(f);
}
