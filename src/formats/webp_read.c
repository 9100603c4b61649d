/* SPDX-License-Identifier: MIT */
/* See webp_read.h. */
#include "formats/webp_read.h"

#include "base/mem.h"
#include "formats/frame.h"
#include "formats/limits.h"
#include "formats/metablobs.h"
#include "formats/notes.h"
#include "formats/webp_chunks.h"

#include <webp/decode.h>

struct leat_decoder {
	struct leat_webp webp;
	struct leat_frame frame;
	unsigned shrink;
	bool keep; /* keep_damaged */
	uint32_t there; /* rows of the frame that are there, when it is damaged */
	struct leat_notices notes;
};

static unsigned choose_shrink(const struct leat_webp *w, const struct leat_decode_opts *o)
{
	if (w->w != w->width || w->h != w->height) /* a part of the canvas has its place in whole pixels */
		return 1;
	if (o->shrink)
		return (unsigned)o->shrink;
	if (!o->target_width && !o->target_height)
		return 1;
	for (unsigned by = 8; by > 1; by /= 2)
		if ((w->width + by - 1) / by >= o->target_width && (w->height + by - 1) / by >= o->target_height)
			return by;
	return 1;
}

static int read_meta(struct leat_decoder *d, const uint8_t *data, size_t n, struct leat_meta *m, struct leat_err *err)
{
	struct leat_webp_part icc = leat_webp_find(data, n, &d->webp, "ICCP");
	struct leat_webp_part exif = leat_webp_find(data, n, &d->webp, "EXIF");
	struct leat_webp_part xmp = leat_webp_find(data, n, &d->webp, "XMP ");
	if (leat_meta_take_icc(m, icc.data, icc.n, false, &d->notes, err) < 0 ||
	    leat_meta_take_exif(m, exif.data, exif.n, &d->notes, err) < 0)
		return -1;
	return leat_meta_take_xmp(m, xmp.data, xmp.n, &d->notes, err);
}

static int start(struct leat_decoder *d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		 struct leat_meta *meta, struct leat_err *err)
{
	struct leat_webp *w = &d->webp;
	if (o->shrink != 0 && o->shrink != 1 && o->shrink != 2 && o->shrink != 4 && o->shrink != 8)
		return leat_fail(err, LEAT_CAUSE_USAGE, "shrink=%d: a webp shrinks by 1, 2, 4 or 8", (int)o->shrink);
	if (leat_webp_scan(data, n, true, w, err) < 0 ||
	    leat_limit_pixels("webp", w->width, w->height, o->max_pixels, err) < 0)
		return -1;
	if (w->end > n && !o->keep_damaged)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated webp: the file ends at byte %zu of %zu", n,
				 w->end);
	if (w->animated)
		leat_notice(&d->notes, "animated webp: first frame only");
	if (w->end < n)
		leat_note_tail(&d->notes, n - w->end);
	d->keep = o->keep_damaged;
	d->shrink = choose_shrink(w, o);
	d->frame.shape = leat_webp_shape(w);
	d->frame.shape.width = (w->width + d->shrink - 1) / d->shrink;
	d->frame.shape.height = (w->height + d->shrink - 1) / d->shrink;
	if (d->shrink > 1 && !o->shrink) { /* the whole picture, scaled: at no fraction of whole pixels */
		d->frame.shape.full_width = w->width;
		d->frame.shape.full_height = w->height;
	}
	d->there = d->frame.shape.height;
	return read_meta(d, data, n, meta, err);
}

int leat_webp_dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err)
{
	struct leat_decoder *d = leat_zalloc(1, sizeof *d, err);
	*out = d;
	*meta = d ? leat_meta_new(err) : NULL;
	if (!*meta || start(d, data, n, o, *meta, err) < 0) {
		leat_meta_unref(meta);
		leat_webp_dec_close(out);
		return -1;
	}
	leat_notes_move(notes, &d->notes);
	*shape = d->frame.shape;
	return 0;
}

static int refuse(VP8StatusCode code, struct leat_err *err)
{
	switch (code) {
	case VP8_STATUS_OUT_OF_MEMORY:
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a webp");
	case VP8_STATUS_SUSPENDED:
	case VP8_STATUS_NOT_ENOUGH_DATA:
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated webp: its image ends early");
	case VP8_STATUS_UNSUPPORTED_FEATURE:
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "webp with a feature that libwebp does not know");
	default:
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt webp: its image cannot be decoded");
	}
}

/* Where libwebp puts its pixels, and how large. */
static int configure(struct leat_decoder *d, WebPDecoderConfig *c, struct leat_err *err)
{
	const struct leat_webp *w = &d->webp;
	const struct leat_image_shape *s = &d->frame.shape;
	size_t stride = leat_row_bytes(s), at = w->y * stride + (size_t)w->x * s->channels;
	if (!WebPInitDecoderConfig(c))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "webp: the library is another than this was built with");
	c->output.colorspace = s->alpha ? MODE_RGBA : MODE_RGB;
	c->output.is_external_memory = 1;
	c->output.u.RGBA.rgba = d->frame.pixels + at;
	c->output.u.RGBA.stride = (int)stride;
	c->output.u.RGBA.size = leat_image_bytes(s) - at;
	if (d->shrink > 1) {
		c->options.use_scaling = 1;
		c->options.scaled_width = (int)s->width;
		c->options.scaled_height = (int)s->height;
	}
	return 0;
}

/* What there is of a damaged image: the decoder that takes its bytes bit by bit says how far it came. */
static int decode_damaged(struct leat_decoder *d, WebPDecoderConfig *c, struct leat_err *err)
{
	int last = 0;
	WebPIDecoder *i = WebPIDecode(NULL, 0, c);
	if (!i)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for a webp");
	VP8StatusCode code = WebPIUpdate(i, d->webp.image.data, d->webp.image.n);
	if (code != VP8_STATUS_OK && !WebPIDecGetRGB(i, &last, NULL, NULL, NULL))
		last = 0;
	if (code != VP8_STATUS_OK)
		d->there = d->webp.y + (uint32_t)(last > 0 ? last : 0);
	WebPIDelete(i);
	return code == VP8_STATUS_OUT_OF_MEMORY ? refuse(code, err) : 0;
}

static int decode(struct leat_decoder *d, struct leat_err *err)
{
	WebPDecoderConfig c;
	if (leat_frame_alloc(&d->frame, err) < 0 || configure(d, &c, err) < 0)
		return -1;
	if (d->keep)
		return decode_damaged(d, &c, err);
	VP8StatusCode code = WebPDecode(d->webp.image.data, d->webp.image.n, &c);
	WebPFreeDecBuffer(&c.output);
	return code == VP8_STATUS_OK ? 0 : refuse(code, err);
}

int leat_webp_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (!d->frame.pixels && decode(d, err) < 0)
		return -1;
	return leat_frame_give(&d->frame, "webp", out, err);
}

int leat_webp_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)err;
	if (d->there < d->frame.shape.height)
		leat_notice(&d->notes, "damaged: %u of %u rows are there, the others are zero", d->there,
			    d->frame.shape.height);
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_webp_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	leat_frame_free(&d->frame);
	free(d);
}
