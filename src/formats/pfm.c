/* SPDX-License-Identifier: MIT */
/*
 * PFM: gray or color rasters of 32-bit floats, the last row first. Written with the low byte first; samples of 8 and 16
 * bit become 0 to 1. The factor in the header is told when it is not 1, and not applied. Strict as PNM is.
 */
#include "base/mem.h"
#include "base/num.h"
#include "core/op.h"
#include "formats/endian.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/netpbm.h"
#include "formats/notes.h"

#include <math.h>
#include <stdio.h>

struct head {
	uint64_t width, height;
	double scale; /* below 0: low byte first */
	uint8_t channels;
	size_t raster;
};

struct leat_decoder {
	const uint8_t *data;
	size_t n;
	struct head head;
	struct leat_image_shape shape;
	uint32_t next, missing; /* rows from the top that are not there */
};

struct leat_encoder {
	struct leat_image_shape shape;
	struct leat_bytes *out;
	size_t raster, row; /* offset of the last row; bytes of one */
	uint32_t next;
};

static const char *const extensions[] = {"pfm", NULL};

static bool blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 3 && d[0] == 'P' && (d[1] == 'F' || d[1] == 'f') && blank(d[2]);
}

static int corrupt(struct leat_err *err, const char *what)
{
	return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt pfm: %s", what);
}

/* The factor, and the one blank behind it. */
static int read_scale(struct leat_netpbm_scan *s, struct head *h)
{
	while (s->pos < s->n && blank(s->d[s->pos]))
		s->pos++;
	size_t from = s->pos;
	while (s->pos < s->n && !blank(s->d[s->pos]))
		s->pos++;
	if (s->pos - from > 64)
		return corrupt(s->err, "its header has no factor");
	if (s->pos >= s->n)
		return leat_netpbm_more(s);
	if (!leat_read_real((const char *)s->d + from, s->pos - from, &h->scale) || !isfinite(h->scale) ||
	    h->scale == 0)
		return corrupt(s->err, "its header has no factor");
	h->raster = s->pos + 1;
	return 0;
}

static int read_header(const uint8_t *d, size_t n, bool whole, struct head *h, struct leat_err *err)
{
	struct leat_netpbm_scan s = leat_netpbm_begin("pfm", d, n, 2, whole, err);
	if (n < 3)
		return leat_netpbm_more(&s);
	if (!sniff(d, n))
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no pfm: its first bytes are others");
	*h = (struct head){.channels = d[1] == 'F' ? 3 : 1};
	int r = leat_netpbm_number(&s, &h->width);
	r = r ? r : leat_netpbm_number(&s, &h->height);
	r = r ? r : read_scale(&s, h);
	return r ? r : leat_limit_sides("pfm", h->width, h->height, err);
}

static struct leat_image_shape shape_of(const struct head *h)
{
	return (struct leat_image_shape){.width = (uint32_t)h->width,
					 .height = (uint32_t)h->height,
					 .channels = h->channels,
					 .sample = LEAT_F32,
					 .pages = 1};
}

static int probe(const uint8_t *d, size_t n, bool whole, struct leat_header *to, struct leat_err *err)
{
	struct head h;
	int r = read_header(d, n, whole, &h, err);
	if (r == 0)
		*to = (struct leat_header){
			.format = "pfm", .kind = LEAT_IMAGE, .shape = shape_of(&h), .orientation = 1};
	return r;
}

static void dec_close(struct leat_decoder **d)
{
	free(*d);
	*d = NULL;
}

static int start(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_notices *notes,
		 struct leat_err *err)
{
	if (read_header(d->data, d->n, true, &d->head, err) < 0 ||
	    leat_limit_pixels("pfm", d->head.width, d->head.height, o->max_pixels, err) < 0)
		return -1;
	d->shape = shape_of(&d->head);
	size_t row = leat_row_bytes(&d->shape), want = leat_image_bytes(&d->shape), has = d->n - d->head.raster;
	if (has < want && !o->keep_damaged)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated pfm: %zu of %zu bytes of pixels are there", has,
				 want);
	d->missing = has < want ? d->shape.height - (uint32_t)(has / row) : 0;
	if (d->missing)
		leat_notice(notes, "damaged: only %u of %u rows are there, the others are zero",
			    d->shape.height - d->missing, d->shape.height);
	else
		leat_note_tail(notes, has - want);
	if (fabs(d->head.scale) != 1)
		leat_notice(notes, "the factor %g of the pfm is not applied", fabs(d->head.scale));
	return 0;
}

static int dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		    struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		    struct leat_err *err)
{
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	*meta = d ? leat_meta_new(err) : NULL;
	if (*meta) {
		d->data = data;
		d->n = n;
	}
	if (!*meta || start(d, o, notes, err) < 0) {
		leat_meta_unref(meta);
		dec_close(out);
		return -1;
	}
	*shape = d->shape;
	return 0;
}

static void read_row(const struct leat_decoder *d, uint32_t y, void *to)
{
	size_t bytes = leat_row_bytes(&d->shape);
	const uint8_t *from = d->data + d->head.raster + (size_t)(d->shape.height - 1 - y) * bytes;
	uint32_t *samples = to;
	for (size_t i = 0; i < bytes / 4; i++)
		samples[i] = d->head.scale < 0 ? leat_le32(from + 4 * i) : leat_be32(from + 4 * i);
}

static int dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order("pfm", out, d->next, d->shape.height, err) < 0)
		return -1;
	for (uint32_t y = out->y0; y < out->y1; y++) {
		if (y < d->missing)
			memset(leat_row(out, y), 0, leat_row_bytes(&d->shape));
		else
			read_row(d, y, leat_row(out, y));
	}
	d->next = out->y1;
	return 0;
}

static int dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)d, (void)notes, (void)err;
	return 0; /* everything was looked at before */
}

static int enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		     struct leat_err *err)
{
	(void)params;
	(void)err;
	*want = *in;
	want->alpha = false;
	want->channels = in->channels < 3 ? 1 : 3;
	return 0;
}

static void enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_bytes_unref(&e->out);
	free(e);
}

static int enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		    const struct leat_meta *meta, struct leat_err *err)
{
	(void)meta; /* there is no place for it */
	struct leat_image_shape want;
	char head[64];
	*out = NULL;
	if (enc_takes(params, shape, &want, err) < 0 || leat_shape_agreed("pfm", shape, &want, err) < 0)
		return -1;
	struct leat_encoder *e = *out = leat_zalloc(1, sizeof *e, err);
	if (!e)
		return -1;
	e->shape = *shape;
	e->row = leat_size_mul(leat_size_mul(shape->width, shape->channels), 4);
	int n = snprintf(head, sizeof head, "P%c\n%u %u\n-1.0\n", shape->channels == 1 ? 'f' : 'F', shape->width,
			 shape->height);
	size_t all = leat_size_add((size_t)n, leat_size_mul(e->row, shape->height));
	e->out = leat_bytes_new(all, err);
	if (!e->out || leat_bytes_append(e->out, head, (size_t)n, err) < 0) {
		enc_close(out);
		return -1;
	}
	e->raster = e->out->len;
	e->out->len = all;
	return 0;
}

static float sample(const struct leat_encoder *e, const uint8_t *row, size_t i)
{
	if (e->shape.sample == LEAT_U8)
		return (float)row[i] / 255.0f;
	if (e->shape.sample == LEAT_U16)
		return (float)((const uint16_t *)(const void *)row)[i] / 65535.0f;
	return ((const float *)(const void *)row)[i];
}

static int enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (leat_rows_in_order("pfm", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->next = in->y1;
	for (uint32_t y = in->y0; y < in->y1; y++) {
		uint8_t *to = e->out->data + e->raster + (size_t)(e->shape.height - 1 - y) * e->row;
		for (size_t i = 0; i < e->row / 4; i++) {
			uint32_t bits;
			float v = sample(e, leat_row(in, y), i);
			memcpy(&bits, &v, sizeof bits);
			leat_put_le32(to + 4 * i, bits);
		}
	}
	return 0;
}

static int enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (leat_rows_complete("pfm", e->next, e->shape.height, err) < 0)
		return -1;
	if (!e->out)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "pfm: finished twice");
	*out = e->out;
	e->out = NULL;
	return 0;
}

static uint64_t bytes_of(const void *params, const struct leat_image_shape *s)
{
	(void)params;
	return leat_size_mul(leat_size_mul(leat_size_mul(s->width, s->height), s->channels < 3 ? 1 : 3), 4);
}

/* Its result is up to four times as large as the samples. */
static size_t cost(const void *params, const struct leat_image_shape *s)
{
	return (size_t)bytes_of(params, s);
}

const struct leat_codec leat_codec_pfm = {
	.name = "pfm",
	.suffix = "pfm",
	.extensions = extensions,
	.summary = "PFM: plain rasters, gray or color, 32-bit float, without alpha",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.sniff = sniff,
	.probe = probe,
	.dec_open = dec_open,
	.dec_rows = dec_rows,
	.dec_finish = dec_finish,
	.dec_close = dec_close,
	.enc_takes = enc_takes,
	.enc_guess = bytes_of,
	.enc_cost = cost,
	.enc_open = enc_open,
	.enc_rows = enc_rows,
	.enc_finish = enc_finish,
	.enc_close = enc_close,
};
