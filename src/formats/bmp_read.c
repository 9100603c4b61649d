/* SPDX-License-Identifier: MIT */
/* See bmp_read.h. */
#include "formats/bmp_read.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/metablobs.h"
#include "formats/notes.h"

struct leat_decoder {
	struct leat_bmp bmp;
	const uint8_t *data;
	size_t n;
	struct leat_image_shape shape;
	uint8_t *indices; /* of a run-length coded image, all of them, bottom up; else NULL */
	uint32_t rows; /* stored rows that are there */
	unsigned highest; /* index met */
	uint32_t next;
	struct leat_notices notes;
};

/* The rows that the bytes are enough for; the padding of the last one may be missing. */
static int check_raster(struct leat_decoder *d, bool keep, struct leat_err *err)
{
	const struct leat_bmp *b = &d->bmp;
	size_t has = d->n > b->raster ? d->n - b->raster : 0;
	size_t row = ((size_t)b->width * b->bits + 7) / 8;
	size_t rows = has / b->stride + (has % b->stride >= row);
	d->rows = rows < b->height ? (uint32_t)rows : b->height;
	if (d->rows == b->height || keep)
		return 0;
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated bmp: %u of %u rows are there", d->rows, b->height);
}

static int unpack(struct leat_decoder *d, bool keep, struct leat_err *err)
{
	const struct leat_bmp *b = &d->bmp;
	struct leat_err e = {0};
	bool cut = false;
	size_t at = b->raster < d->n ? b->raster : d->n;
	d->indices = leat_zalloc(b->height, b->width, err);
	if (!d->indices)
		return -1;
	if (leat_bmp_unpack(b, d->data + at, d->n - at, d->indices, &d->rows, &cut, &e) == 0) {
		if (cut)
			leat_notice(&d->notes, "runs over the end of a row are cut");
		return 0;
	}
	if (!keep)
		return leat_fail(err, e.cause, "%s", e.text);
	leat_notice(&d->notes, "damaged: %s", e.text);
	return 0;
}

static int take_meta(struct leat_decoder *d, struct leat_meta *m, struct leat_err *err)
{
	const struct leat_bmp *b = &d->bmp;
	m->density_x = b->density_x;
	m->density_y = b->density_y;
	if (!b->icc_bytes)
		return 0;
	if (b->icc > d->n || b->icc_bytes > d->n - b->icc) {
		leat_notice(&d->notes, "the ICC profile is damaged and is left out");
		return 0;
	}
	return leat_meta_take_icc(m, d->data + b->icc, b->icc_bytes, d->shape.channels == 1, &d->notes, err);
}

static int start(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *meta, struct leat_err *err)
{
	struct leat_bmp *b = &d->bmp;
	if (leat_bmp_header(d->data, d->n, true, b, err) < 0 ||
	    leat_limit_pixels("bmp", b->width, b->height, o->max_pixels, err) < 0)
		return -1;
	d->shape = leat_bmp_shape(b);
	int r = b->packing == LEAT_BMP_PLAIN ? check_raster(d, o->keep_damaged, err) : 0;
	return r < 0 ? -1 : take_meta(d, meta, err);
}

int leat_bmp_dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		      struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		      struct leat_err *err)
{
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	*meta = d ? leat_meta_new(err) : NULL;
	if (*meta) {
		d->data = data;
		d->n = n;
	}
	if (!*meta || start(d, o, *meta, err) < 0 ||
	    (d->bmp.packing != LEAT_BMP_PLAIN && unpack(d, o->keep_damaged, err) < 0)) {
		leat_meta_unref(meta);
		leat_bmp_dec_close(out);
		return -1;
	}
	leat_notes_move(notes, &d->notes);
	*shape = d->shape;
	return 0;
}

static unsigned index_at(const struct leat_decoder *d, const uint8_t *row, uint32_t x)
{
	unsigned bits = d->indices ? 8 : d->bmp.bits, per = 8 / bits;
	unsigned shift = (per - 1 - x % per) * bits;
	return row[x / per] >> shift & ((1u << bits) - 1);
}

static void indexed_row(struct leat_decoder *d, const uint8_t *row, uint8_t *to)
{
	unsigned channels = d->shape.channels;
	for (uint32_t x = 0; x < d->bmp.width; x++, to += channels) {
		unsigned i = index_at(d, row, x);
		d->highest = i > d->highest ? i : d->highest;
		memcpy(to, d->bmp.palette[i], channels);
	}
}

static uint8_t channel(const struct leat_bmp_mask *m, uint32_t v, uint8_t absent)
{
	if (!m->full)
		return absent;
	uint64_t value = (v & m->mask) >> m->shift;
	return (uint8_t)((value * 510 + m->full) / (2 * (uint64_t)m->full));
}

static void masked_row(const struct leat_decoder *d, const uint8_t *row, uint8_t *to)
{
	unsigned bytes = d->bmp.bits / 8, channels = d->shape.channels;
	for (uint32_t x = 0; x < d->bmp.width; x++, row += bytes, to += channels) {
		uint32_t v = bytes == 2 ? leat_le16(row) : leat_le32(row);
		for (unsigned c = 0; c < channels; c++)
			to[c] = channel(&d->bmp.mask[c], v, 0);
	}
}

static void plain_row(const struct leat_decoder *d, const uint8_t *row, uint8_t *to)
{
	for (uint32_t x = 0; x < d->bmp.width; x++, row += 3, to += 3) {
		to[0] = row[2];
		to[1] = row[1];
		to[2] = row[0];
	}
}

static void read_row(struct leat_decoder *d, uint32_t y, uint8_t *to)
{
	const struct leat_bmp *b = &d->bmp;
	uint32_t stored = b->top_down ? y : b->height - 1 - y;
	const uint8_t *row =
		d->indices ? d->indices + (size_t)stored * b->width : d->data + b->raster + stored * b->stride;
	if (!d->indices && stored >= d->rows)
		memset(to, 0, leat_row_bytes(&d->shape));
	else if (b->bits <= 8)
		indexed_row(d, row, to);
	else if (b->bits == 24)
		plain_row(d, row, to);
	else
		masked_row(d, row, to);
}

int leat_bmp_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order("bmp", out, d->next, d->shape.height, err) < 0)
		return -1;
	for (uint32_t y = out->y0; y < out->y1; y++)
		read_row(d, y, leat_row(out, y));
	d->next = out->y1;
	return 0;
}

int leat_bmp_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)err;
	if (d->bmp.colors && d->highest >= d->bmp.colors)
		leat_notice(&d->notes, "colors beyond the palette are black");
	if (d->rows < d->bmp.height)
		leat_notice(&d->notes, "damaged: only %u of %u rows are there, the others are zero", d->rows,
			    d->bmp.height);
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_bmp_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	free(d->indices);
	free(d);
}
