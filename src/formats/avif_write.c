/* SPDX-License-Identifier: MIT */
/* See avif_write.h. */
#include "formats/avif_write.h"

#include "base/mem.h"
#include "formats/avif_calls.h"
#include "formats/exif.h"
#include "formats/fit.h"
#include "formats/icc.h"
#include "formats/inorder.h"

#include <stdio.h>
#include <string.h>

enum { DEEP = 12 }; /* bits of a sample of what came with 16: the most that AV1 has */

struct leat_encoder {
	const struct leat_avif_calls *c;
	const struct leat_avif_params *p;
	struct leat_fit *fit;
};

/* One image under libavif's hands. */
struct work {
	const struct leat_encoder *e;
	const struct leat_image *from;
	avifImage *im;
	avifEncoder *enc;
	avifRWData out;
};

int leat_avif_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err)
{
	enum { SIDE = 65536 };
	const struct leat_avif_params *p = params;
	if (leat_fit_check(p->lossless, p->max_bytes, err) < 0)
		return -1;
	if (in->width > SIDE || in->height > SIDE)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "an image of %ux%u does not fit an avif, whose sides end at %d", in->width, in->height,
				 SIDE);
	*want = *in;
	want->sample = in->sample == LEAT_U8 || p->lossless ? LEAT_U8 : LEAT_U16; /* 16 bit would not stay lossless */
	return 0;
}

int leat_avif_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_image_shape want;
	struct leat_encoder *e = *out = leat_zalloc(1, sizeof *e, err);
	if (!e)
		return -1;
	e->p = params;
	e->c = leat_avif_calls(err);
	if (e->c && leat_avif_enc_takes(params, shape, &want, err) == 0 &&
	    leat_shape_agreed("avif", shape, &want, err) == 0)
		e->fit = leat_fit_new(shape, meta, err);
	if (e->fit)
		return 0;
	leat_avif_enc_close(out);
	return -1;
}

int leat_avif_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	return leat_fit_rows(e->fit, "avif", in, err);
}

static int no_memory(struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for an avif");
}

/* Sample i of a row, as a sample of the file. */
static unsigned stored(const uint8_t *row, bool wide, size_t i)
{
	const uint16_t *words = (const void *)row;
	return wide ? (words[i] * (unsigned)((1 << DEEP) - 1) + 32767) / 65535 : row[i];
}

/* A channel becomes a plane. */
static void fill_plane(const struct leat_image *from, unsigned channel, uint8_t *plane, size_t stride)
{
	const struct leat_image_shape *s = &from->shape;
	bool wide = s->sample == LEAT_U16;
	for (uint32_t y = 0; y < s->height; y++) {
		const uint8_t *row = from->pixels + y * from->stride;
		uint8_t *to = plane + y * stride;
		for (uint32_t x = 0; x < s->width; x++) {
			uint16_t v = (uint16_t)stored(row, wide, (size_t)x * s->channels + channel);
			if (wide)
				memcpy(to + 2 * (size_t)x, &v, sizeof v);
			else
				to[x] = (uint8_t)v;
		}
	}
}

/* Gray samples, and alpha beside them, are the planes as they are. */
static int fill_gray(struct work *w, struct leat_err *err)
{
	const struct leat_image_shape *s = &w->from->shape;
	avifPlanesFlags planes = AVIF_PLANES_YUV | (s->alpha ? AVIF_PLANES_A : 0);
	(void)w->e->c->avifImageAllocatePlanes(w->im, planes); /* older ones return nothing: the planes tell it */
	if (!w->im->yuvPlanes[0] || (s->alpha && !w->im->alphaPlane))
		return no_memory(err);
	fill_plane(w->from, 0, w->im->yuvPlanes[0], w->im->yuvRowBytes[0]);
	if (s->alpha)
		fill_plane(w->from, 1, w->im->alphaPlane, w->im->alphaRowBytes);
	return 0;
}

static int fill_color(struct work *w, struct leat_err *err)
{
	avifRGBImage rgb;
	w->e->c->avifRGBImageSetDefaults(&rgb, w->im);
	rgb.format = w->from->shape.alpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
	rgb.depth = w->from->shape.sample == LEAT_U16 ? 16 : 8;
	rgb.alphaPremultiplied = AVIF_FALSE;
	rgb.pixels = w->from->pixels;
	rgb.rowBytes = (uint32_t)w->from->stride;
	avifResult r = w->e->c->avifImageRGBToYUV(w->im, &rgb);
	if (r == AVIF_RESULT_OUT_OF_MEMORY)
		return no_memory(err);
	return r == AVIF_RESULT_OK
		       ? 0
		       : leat_fail(err, LEAT_CAUSE_INTERNAL, "writing avif: %s", w->e->c->avifResultToString(r));
}

static void set_colors(struct work *w)
{
	const struct leat_meta *m = w->from->meta;
	avifImage *im = w->im;
	bool gray = w->from->shape.channels < 3;
	im->yuvRange = AVIF_RANGE_FULL;
	im->matrixCoefficients =
		w->e->p->lossless && !gray ? AVIF_MATRIX_COEFFICIENTS_IDENTITY : AVIF_MATRIX_COEFFICIENTS_BT601;
	im->colorPrimaries = AVIF_COLOR_PRIMARIES_BT709;
	im->transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_SRGB;
	if (m->has_cicp) {
		im->colorPrimaries = m->cicp[0];
		im->transferCharacteristics = m->cicp[1];
	} else if (m->icc && !leat_icc_fault(m->icc->data, m->icc->len, gray)) {
		(void)w->e->c->avifImageSetProfileICC(im, m->icc->data, m->icc->len);
		im->colorPrimaries = AVIF_COLOR_PRIMARIES_UNSPECIFIED;
		im->transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_UNSPECIFIED;
	}
}

/* The other way round of orientation() in avif_read.c. */
static void set_orientation(avifImage *im, unsigned orientation)
{
	static const struct {
		uint8_t angle, mirror; /* mirror: 0 none, 1 top and bottom, 2 left and right */
	} turns[9] = {{0}, {0}, {0, 2}, {2, 0}, {0, 1}, {1, 1}, {3, 0}, {3, 1}, {1, 0}};
	unsigned o = orientation <= 8 ? orientation : 1;
	im->transformFlags &= ~(avifTransformFlags)(AVIF_TRANSFORM_IROT | AVIF_TRANSFORM_IMIR);
	if (turns[o].angle)
		im->transformFlags |= AVIF_TRANSFORM_IROT;
	if (turns[o].mirror)
		im->transformFlags |= AVIF_TRANSFORM_IMIR;
	im->irot.angle = turns[o].angle;
	im->imir.mode = turns[o].mirror == 2;
}

static int set_meta(struct work *w, struct leat_err *err)
{
	const struct leat_meta *m = w->from->meta;
	struct leat_bytes *exif = NULL;
	set_colors(w);
	if (leat_exif_for_output(m, &exif, err) < 0)
		return -1;
	if (exif)
		(void)w->e->c->avifImageSetMetadataExif(w->im, exif->data, exif->len);
	bool lost = exif && w->im->exif.size != exif->len;
	leat_bytes_unref(&exif);
	if (m->xmp)
		(void)w->e->c->avifImageSetMetadataXMP(w->im, m->xmp->data, m->xmp->len);
	set_orientation(w->im, m->orientation);
	return lost || (m->xmp && w->im->xmp.size != m->xmp->len) ? no_memory(err) : 0;
}

/*
 * Quality as the quantizer of AV1, from 63 to 0, in steps as even as those of other programs' quality; the encoder
 * holds that quality and spends what it takes.
 */
static void set_quality(struct work *w, int64_t quality)
{
	const struct leat_avif_params *p = w->e->p;
	char level[24];
	int quantizer = p->lossless ? 0 : (int)(((100 - quality) * 63 + 50) / 100);
	w->enc->maxThreads = 1;
	w->enc->speed = 9 - (int)p->effort;
	w->enc->minQuantizer = 0;
	w->enc->maxQuantizer = p->lossless ? 0 : 63;
	w->enc->minQuantizerAlpha = w->enc->maxQuantizerAlpha = 0;
	if (p->lossless)
		return;
	(void)snprintf(level, sizeof level, "%d", quantizer);
	w->e->c->avifEncoderSetCodecSpecificOption(w->enc, "color:end-usage", "q");
	w->e->c->avifEncoderSetCodecSpecificOption(w->enc, "color:cq-level", level);
}

static int write_image(struct work *w, int64_t quality, struct leat_bytes **out, struct leat_err *err)
{
	const struct leat_avif_calls *c = w->e->c;
	bool gray = w->from->shape.channels < 3;
	w->enc = c->avifEncoderCreate();
	if (!w->enc)
		return no_memory(err);
	set_quality(w, quality);
	if (set_meta(w, err) < 0 || (gray ? fill_gray(w, err) : fill_color(w, err)) < 0)
		return -1;
	avifResult r = c->avifEncoderWrite(w->enc, w->im, &w->out);
	if (r == AVIF_RESULT_NO_CODEC_AVAILABLE)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "this libavif has nothing that can write AV1");
	if (r == AVIF_RESULT_OUT_OF_MEMORY)
		return no_memory(err);
	if (r != AVIF_RESULT_OK)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "writing avif: %s%s%s", c->avifResultToString(r),
				 w->enc->diag.error[0] ? ": " : "", w->enc->diag.error);
	*out = leat_bytes_new(w->out.size, err);
	if (*out && leat_bytes_append(*out, w->out.data, w->out.size, err) < 0)
		leat_bytes_unref(out);
	return *out ? 0 : -1;
}

/* leat_fit_encode */
static int encode_at(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
		     struct leat_err *err)
{
	static const avifPixelFormat kinds[] = {AVIF_PIXEL_FORMAT_YUV420, AVIF_PIXEL_FORMAT_YUV422,
						AVIF_PIXEL_FORMAT_YUV444};
	struct work w = {.e = ctx, .from = im};
	const struct leat_avif_params *p = w.e->p;
	avifPixelFormat kind = im->shape.channels < 3 ? AVIF_PIXEL_FORMAT_YUV400
			       : p->lossless          ? AVIF_PIXEL_FORMAT_YUV444
						      : kinds[p->subsampling];
	w.im = w.e->c->avifImageCreate(im->shape.width, im->shape.height, im->shape.sample == LEAT_U16 ? DEEP : 8,
				       kind);
	int ok = w.im ? write_image(&w, quality, out, err) : no_memory(err);
	w.e->c->avifRWDataFree(&w.out);
	if (w.enc)
		w.e->c->avifEncoderDestroy(w.enc);
	if (w.im)
		w.e->c->avifImageDestroy(w.im);
	return ok;
}

int leat_avif_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	uint64_t most = e->p->max_bytes ? e->p->max_bytes : UINT64_MAX;
	return leat_fit_finish(e->fit, "avif", e->p->quality, most, encode_at, e, out, err);
}

void leat_avif_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_fit_free(&e->fit);
	free(e);
}

/* The image, its planes, and what libaom keeps of them: 32 bytes a pixel of 8 bit, half as much again of more. */
size_t leat_avif_enc_cost(const void *params, const struct leat_image_shape *s)
{
	enum { LIBRARY = 8 << 20, PER_PIXEL = 40, PER_DEEP_PIXEL = 72 };
	size_t each = s->sample == LEAT_U16 ? PER_DEEP_PIXEL : PER_PIXEL;
	(void)params;
	return leat_size_add(leat_size_mul(leat_size_mul(s->width, s->height), each), LIBRARY);
}
