/* SPDX-License-Identifier: MIT */
/* Two images, sample by sample. */
#include "api/trial.h"

#include "base/num.h"
#include "registry/registry.h"

#include <math.h>
#include <stdio.h>

static int fill(struct leat_image *im, const struct leat_codec *c, struct leat_decoder *d, struct leat_err *err)
{
	struct leat_rows rows = {.pixels = im->pixels, .stride = im->stride, .y0 = 0, .y1 = im->shape.height};
	struct leat_notices notes = {.n = 0};
	if (c->dec_rows(d, &rows, err) < 0)
		return -1;
	return c->dec_finish ? c->dec_finish(d, &notes, err) : 0;
}

/* The whole image, or NULL with *err. */
static struct leat_image *decode(const struct leat_buf *file, struct leat_err *err)
{
	const uint8_t *data = (const uint8_t *)(file->data ? file->data : "");
	const struct leat_codec *c = leat_registry_sniff(leat_registry_default(), data, file->len);
	struct leat_decode_opts o = {.max_pixels = UINT64_C(1) << 30};
	struct leat_decoder *d = NULL;
	struct leat_image_shape shape;
	struct leat_meta *meta = NULL;
	struct leat_image *im = NULL;
	struct leat_notices notes = {.n = 0};
	if (!c || !c->dec_open) {
		leat_fail(err, LEAT_CAUSE_FORMAT, "is no image");
		return NULL;
	}
	if (c->dec_open(&d, data, file->len, &o, &shape, &meta, &notes, err) < 0)
		return NULL;
	im = leat_image_new(&shape, meta, err);
	if (im && fill(im, c, d, err) < 0)
		leat_image_unref(&im);
	c->dec_close(&d);
	leat_meta_unref(&meta);
	return im;
}

/* Sample i of a row, on the scale of 8 bit. */
static double sample(const struct leat_image *im, uint32_t y, size_t i)
{
	const uint8_t *row = im->pixels + (size_t)y * im->stride;
	switch (im->shape.sample) {
	case LEAT_U16:
		return (double)((const uint16_t *)(const void *)row)[i] / 257;
	case LEAT_F32:
		return (double)((const float *)(const void *)row)[i] * 255;
	default:
		return row[i];
	}
}

struct difference {
	double most;
	uint64_t n; /* samples beyond what is allowed */
	uint32_t x, y; /* of the largest */
};

static struct difference difference(const struct leat_image *a, const struct leat_image *b, double max_diff)
{
	struct difference d = {.most = 0};
	size_t per_row = (size_t)a->shape.width * a->shape.channels;
	for (uint32_t y = 0; y < a->shape.height; y++)
		for (size_t i = 0; i < per_row; i++) {
			double by = fabs(sample(a, y, i) - sample(b, y, i));
			d.n += !(by <= max_diff); /* NaN is beyond, too */
			if (!(by <= d.most)) {
				d.most = by;
				d.x = (uint32_t)(i / a->shape.channels);
				d.y = y;
			}
		}
	return d;
}

static bool alike(const struct leat_image *want, const struct leat_image *got, double max_diff, struct leat_buf *out)
{
	const struct leat_image_shape *w = &want->shape, *g = &got->shape;
	char text[32], digits[32];
	if (w->width != g->width || w->height != g->height || w->channels != g->channels || w->sample != g->sample) {
		leat_buf_addf(out, "%ux%u with %u channels instead of %ux%u with %u%s", g->width, g->height,
			      g->channels, w->width, w->height, w->channels,
			      w->sample == g->sample ? "" : ", and of another depth");
		return false;
	}
	struct difference d = difference(want, got, max_diff);
	if (d.n == 0)
		return true;
	leat_buf_addf(out, "%s sample%s by more than max-diff, the most by %s at %u,%u", leat_group_digits(d.n, digits),
		      d.n == 1 ? " differs" : "s differ", leat_print_real(round(d.most * 100) / 100, text), d.x, d.y);
	return false;
}

bool leat_images_alike(const struct leat_buf *want, const struct leat_buf *got, double max_diff, struct leat_buf *out)
{
	struct leat_err e = {0};
	struct leat_image *a = decode(want, &e), *b = a ? decode(got, &e) : NULL;
	bool same = a && b && alike(a, b, max_diff, out);
	if (!a || !b)
		leat_buf_addf(out, "the bytes differ, and %s cannot be decoded: %s",
			      a ? "the result" : "what is expected", e.text);
	leat_image_unref(&a);
	leat_image_unref(&b);
	return same;
}
