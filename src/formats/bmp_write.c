/* SPDX-License-Identifier: MIT */
/* See bmp_write.h. */
#include "formats/bmp_write.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/inorder.h"

#include <math.h>

enum { FILE_HEAD = 14, WINDOWS_3 = 40, WINDOWS_4 = 108, GRAYS = 1024 };

struct leat_encoder {
	struct leat_image_shape shape;
	struct leat_bytes *out;
	size_t raster, stride;
	unsigned bits;
	uint32_t next;
};

int leat_bmp_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err)
{
	(void)params;
	*want = *in;
	want->sample = LEAT_U8;
	if (leat_bmp_bytes(NULL, want) <= INT32_MAX)
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "an image of %ux%u does not fit a bmp, which ends at 2 GB",
			 in->width, in->height);
}

static unsigned bits_of(const struct leat_image_shape *s)
{
	return s->alpha ? 32 : s->channels == 1 ? 8 : 24;
}

static size_t stride_of(const struct leat_image_shape *s)
{
	return ((size_t)s->width * bits_of(s) + 31) / 32 * 4;
}

static size_t raster_of(const struct leat_image_shape *s)
{
	return FILE_HEAD + (s->alpha ? (size_t)WINDOWS_4 : WINDOWS_3 + (size_t)(s->channels == 1 ? GRAYS : 0));
}

uint64_t leat_bmp_bytes(const void *params, const struct leat_image_shape *s)
{
	(void)params;
	return leat_size_add(leat_size_mul(stride_of(s), s->height), raster_of(s));
}

static uint32_t per_meter(double per_inch)
{
	double v = per_inch / 0.0254;
	return v >= 1 && v < INT32_MAX ? (uint32_t)lround(v) : 0;
}

static void put_header(const struct leat_encoder *e, const struct leat_meta *meta)
{
	static const uint32_t masks[] = {0xff0000, 0xff00, 0xff, 0xff000000};
	uint8_t *d = e->out->data, *p = d + FILE_HEAD;
	const struct leat_image_shape *s = &e->shape;
	memset(d, 0, e->raster);
	memcpy(d, "BM", 2);
	leat_put_le32(d + 2, (uint32_t)e->out->len);
	leat_put_le32(d + 10, (uint32_t)e->raster);
	leat_put_le32(p, s->alpha ? WINDOWS_4 : WINDOWS_3);
	leat_put_le32(p + 4, s->width);
	leat_put_le32(p + 8, s->height);
	leat_put_le16(p + 12, 1);
	leat_put_le16(p + 14, (uint16_t)e->bits);
	leat_put_le32(p + 16, s->alpha ? 3 : 0); /* with masks */
	leat_put_le32(p + 20, (uint32_t)(e->out->len - e->raster));
	leat_put_le32(p + 24, per_meter(meta ? meta->density_x : 0));
	leat_put_le32(p + 28, per_meter(meta ? meta->density_y : 0));
	if (s->alpha) {
		for (size_t i = 0; i < LEAT_LEN(masks); i++)
			leat_put_le32(p + 40 + 4 * i, masks[i]);
		memcpy(p + 56, "BGRs", 4); /* sRGB */
	} else if (s->channels == 1) {
		leat_put_le32(p + 32, 256);
		for (unsigned i = 0; i < 256; i++)
			memset(p + WINDOWS_3 + 4 * (size_t)i, (int)i, 3);
	}
}

int leat_bmp_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_image_shape want;
	*out = NULL;
	if (leat_bmp_enc_takes(params, shape, &want, err) < 0 || leat_shape_agreed("bmp", shape, &want, err) < 0)
		return -1;
	struct leat_encoder *e = *out = leat_zalloc(1, sizeof *e, err);
	if (!e)
		return -1;
	e->shape = *shape;
	e->bits = bits_of(shape);
	e->raster = raster_of(shape);
	e->stride = stride_of(shape);
	size_t all = (size_t)leat_bmp_bytes(NULL, shape);
	e->out = leat_bytes_new(all, err);
	if (!e->out) {
		leat_bmp_enc_close(out);
		return -1;
	}
	e->out->len = all;
	put_header(e, meta);
	return 0;
}

/* Blue first; gray with alpha as color. */
static void put_row(const struct leat_encoder *e, const uint8_t *from, uint8_t *to)
{
	unsigned channels = e->shape.channels, bytes = e->bits / 8;
	size_t used = (size_t)e->shape.width * bytes;
	memset(to + used, 0, e->stride - used);
	if (bytes == 1) {
		memcpy(to, from, used);
		return;
	}
	for (uint32_t x = 0; x < e->shape.width; x++, from += channels, to += bytes) {
		to[0] = from[channels < 3 ? 0 : 2];
		to[1] = from[channels < 3 ? 0 : 1];
		to[2] = from[0];
		if (bytes == 4)
			to[3] = from[channels - 1];
	}
}

int leat_bmp_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (leat_rows_in_order("bmp", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->next = in->y1;
	for (uint32_t y = in->y0; y < in->y1; y++)
		put_row(e, leat_row(in, y), e->out->data + e->raster + (size_t)(e->shape.height - 1 - y) * e->stride);
	return 0;
}

int leat_bmp_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (leat_rows_complete("bmp", e->next, e->shape.height, err) < 0)
		return -1;
	if (!e->out)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "bmp: finished twice");
	*out = e->out;
	e->out = NULL;
	return 0;
}

void leat_bmp_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_bytes_unref(&e->out);
	free(e);
}
