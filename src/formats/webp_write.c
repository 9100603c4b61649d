/* SPDX-License-Identifier: MIT */
/* See webp_write.h. */
#include "formats/webp_write.h"

#include "base/mem.h"
#include "formats/fit.h"
#include "formats/frame.h"
#include "formats/guess.h"
#include "formats/inorder.h"
#include "formats/webp_pack.h"

#include <webp/encode.h>

enum { STRIP = 32 }; /* rows turned into brightness and color at once; even */

struct leat_encoder {
	WebPConfig config;
	WebPPicture picture; /* YUV as long as it is lossy, else ARGB */
	struct leat_image_shape shape;
	unsigned channels; /* that libwebp gets: 3 or 4 */
	uint8_t *strip; /* rows from y0 on, expanded; lossy only */
	uint32_t y0, held; /* rows in it */
	uint32_t next;
	const struct leat_webp_params *p;
	struct leat_fit *fit; /* with max-bytes: the rows are kept here, nothing else is used; else NULL */
	struct leat_meta *meta;
	struct leat_bytes *out;
	struct leat_err err; /* of the writer */
};

int leat_webp_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err)
{
	const struct leat_webp_params *p = params;
	if (leat_fit_check(p->lossless, p->max_bytes, err) < 0)
		return -1;
	if (in->width > WEBP_MAX_DIMENSION || in->height > WEBP_MAX_DIMENSION)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "an image of %ux%u does not fit a webp, whose sides end at %d", in->width, in->height,
				 WEBP_MAX_DIMENSION);
	*want = *in;
	want->sample = LEAT_U8;
	return 0;
}

static int on_bytes(const uint8_t *d, size_t n, const WebPPicture *p)
{
	struct leat_encoder *e = p->custom_ptr;
	return leat_bytes_append(e->out, d, n, &e->err) == 0;
}

static int configure(struct leat_encoder *e, const struct leat_webp_params *p, struct leat_err *err)
{
	if (!WebPConfigInit(&e->config) || !WebPPictureInit(&e->picture))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "webp: the library is another than this was built with");
	e->config.quality = (float)p->quality;
	e->config.lossless = p->lossless;
	e->config.exact = p->lossless;
	e->config.method = (int)p->effort;
	e->config.alpha_quality = (int)p->alpha_quality;
	e->picture.width = (int)e->shape.width;
	e->picture.height = (int)e->shape.height;
	e->picture.use_argb = p->lossless;
	e->picture.colorspace = e->shape.alpha ? WEBP_YUV420A : WEBP_YUV420;
	e->picture.writer = on_bytes;
	e->picture.custom_ptr = e;
	return 0;
}

static int start(struct leat_encoder *e, const struct leat_webp_params *p, struct leat_err *err)
{
	struct leat_image_shape want;
	if (leat_webp_enc_takes(p, &e->shape, &want, err) < 0 || leat_shape_agreed("webp", &e->shape, &want, err) < 0 ||
	    configure(e, p, err) < 0)
		return -1;
	e->channels = e->shape.alpha ? 4 : 3;
	e->out = leat_bytes_new(64 * (size_t)1024, err);
	size_t strip = leat_size_mul(leat_size_mul(e->shape.width, e->channels), STRIP);
	e->strip = e->out ? leat_zalloc(1, strip, err) : NULL;
	if (!e->strip)
		return -1;
	return WebPPictureAlloc(&e->picture)
		       ? 0
		       : leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a webp of %ux%u", e->shape.width,
				   e->shape.height);
}

int leat_webp_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	*out = e;
	if (!e)
		return -1;
	e->shape = *shape;
	e->p = params;
	if (e->p->max_bytes)
		e->fit = leat_fit_new(shape, meta, err);
	else
		e->meta = meta ? leat_meta_copy(meta, err) : NULL;
	if (e->fit || (!e->p->max_bytes && (!meta || e->meta) && start(e, params, err) == 0))
		return 0;
	leat_webp_enc_close(out);
	return -1;
}

static void copy_plane(uint8_t *to, int to_stride, const uint8_t *from, int from_stride, size_t width, int rows)
{
	for (int y = 0; y < rows; y++)
		memcpy(to + (ptrdiff_t)y * to_stride, from + (ptrdiff_t)y * from_stride, width);
}

/* The rows of a strip in their place. libwebp leaves the alpha plane out when all of it is opaque. */
static void place(struct leat_encoder *e, const WebPPicture *s)
{
	WebPPicture *p = &e->picture;
	int y = (int)e->y0, half = y / 2;
	size_t w = e->shape.width, half_w = (w + 1) / 2;
	copy_plane(p->y + (ptrdiff_t)y * p->y_stride, p->y_stride, s->y, s->y_stride, w, s->height);
	copy_plane(p->u + (ptrdiff_t)half * p->uv_stride, p->uv_stride, s->u, s->uv_stride, half_w,
		   (s->height + 1) / 2);
	copy_plane(p->v + (ptrdiff_t)half * p->uv_stride, p->uv_stride, s->v, s->uv_stride, half_w,
		   (s->height + 1) / 2);
	if (p->a && s->a)
		copy_plane(p->a + (ptrdiff_t)y * p->a_stride, p->a_stride, s->a, s->a_stride, w, s->height);
	else if (p->a)
		memset(p->a + (ptrdiff_t)y * p->a_stride, 0xff, (size_t)p->a_stride * (size_t)s->height);
}

/* The held rows, an even number of them but at the end: color is shared by pairs of rows. */
static int flush(struct leat_encoder *e, struct leat_err *err)
{
	WebPPicture s;
	if (!e->held)
		return 0;
	if (!WebPPictureInit(&s))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "webp: the library is another than this was built with");
	s.width = (int)e->shape.width;
	s.height = (int)e->held;
	int stride = s.width * (int)e->channels;
	int ok = e->channels == 4 ? WebPPictureImportRGBA(&s, e->strip, stride)
				  : WebPPictureImportRGB(&s, e->strip, stride);
	if (ok)
		place(e, &s);
	WebPPictureFree(&s);
	e->y0 += e->held;
	e->held = 0;
	return ok ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a webp");
}

static void put_argb(struct leat_encoder *e, const uint8_t *row, uint32_t y)
{
	uint32_t *to = e->picture.argb + (ptrdiff_t)y * e->picture.argb_stride;
	leat_frame_expand(e->strip, row, e->shape.width, e->shape.channels);
	const uint8_t *p = e->strip;
	for (uint32_t x = 0; x < e->shape.width; x++, p += e->channels) {
		uint32_t a = e->channels == 4 ? p[3] : 255;
		to[x] = a << 24 | (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
	}
}

int leat_webp_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (e->fit)
		return leat_fit_rows(e->fit, "webp", in, err);
	if (leat_rows_in_order("webp", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->next = in->y1;
	size_t stride = (size_t)e->shape.width * e->channels;
	for (uint32_t y = in->y0; y < in->y1; y++) {
		if (e->config.lossless) {
			put_argb(e, leat_row(in, y), y);
			continue;
		}
		leat_frame_expand(e->strip + e->held++ * stride, leat_row(in, y), e->shape.width, e->shape.channels);
		if (e->held == STRIP && flush(e, err) < 0)
			return -1;
	}
	return 0;
}

static int encode(struct leat_encoder *e, struct leat_err *err)
{
	if (WebPEncode(&e->config, &e->picture))
		return 0;
	if (e->err.cause)
		return leat_fail(err, e->err.cause, "%s", e->err.text);
	switch (e->picture.error_code) {
	case VP8_ENC_ERROR_OUT_OF_MEMORY:
	case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY:
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a webp");
	case VP8_ENC_ERROR_PARTITION0_OVERFLOW:
	case VP8_ENC_ERROR_PARTITION_OVERFLOW:
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the image has too much in it for a webp of this quality; a lower one may do");
	default:
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "writing webp: error %d", (int)e->picture.error_code);
	}
}

/* leat_fit_encode: the image as one of these encoders without a limit writes it. */
static int encode_at(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
		     struct leat_err *err)
{
	struct leat_webp_params p = *(const struct leat_webp_params *)ctx;
	const struct leat_rows rows = {im->pixels, im->stride, 0, im->shape.height};
	struct leat_encoder *e = NULL;
	p.quality = quality;
	p.max_bytes = 0;
	int r = leat_webp_enc_open(&e, &p, &im->shape, im->meta, err);
	if (r == 0)
		r = leat_webp_enc_rows(e, &rows, err);
	if (r == 0)
		r = leat_webp_enc_finish(e, out, err);
	leat_webp_enc_close(&e);
	return r;
}

int leat_webp_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (e->fit)
		return leat_fit_finish(e->fit, "webp", e->p->quality, e->p->max_bytes, encode_at, e->p, out, err);
	if (leat_rows_complete("webp", e->next, e->shape.height, err) < 0 || flush(e, err) < 0)
		return -1;
	if (!e->out)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "webp: finished twice");
	if (encode(e, err) < 0)
		return -1;
	WebPPictureFree(&e->picture);
	if (leat_webp_pack(&e->out, e->meta, err) < 0)
		return -1;
	*out = e->out;
	e->out = NULL;
	return 0;
}

void leat_webp_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	WebPPictureFree(&e->picture);
	leat_fit_free(&e->fit);
	leat_meta_unref(&e->meta);
	leat_bytes_unref(&e->out);
	free(e->strip);
	free(e);
}

/*
 * Measured on photographs. Lossless encoding, which the alpha channel always gets, keeps pixels of four bytes and
 * tables over all of them; lossy keeps brightness and color, and about twenty times what it will write.
 */
size_t leat_webp_enc_cost(const void *params, const struct leat_image_shape *s)
{
	enum { LOSSLESS = 36, LOSSY = 2, PER_BYTE = 20 };
	const struct leat_webp_params *p = params;
	size_t pixels = leat_size_mul(s->width, s->height);
	if (p->max_bytes) { /* the image is kept as well */
		struct leat_webp_params one = *p;
		one.max_bytes = 0;
		return leat_size_add(leat_image_bytes(s), leat_webp_enc_cost(&one, s));
	}
	if (p->lossless || s->alpha)
		return leat_size_mul(pixels, LOSSLESS);
	return leat_size_add(leat_size_mul(pixels, LOSSY), leat_size_mul((size_t)leat_webp_guess(p, s), PER_BYTE));
}
