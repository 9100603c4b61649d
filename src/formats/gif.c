/* SPDX-License-Identifier: MIT */
/*
 * GIF: read only, the first frame on a transparent canvas. The walk over the blocks is in gif_blocks.c, LZW in
 * gif_lzw.c: together smaller than what the glue to a library would be, and without one in every worker.
 */
#include "base/mem.h"
#include "core/op.h"
#include "formats/gif_blocks.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/notes.h"

struct leat_decoder {
	struct leat_gif gif;
	struct leat_image_shape shape;
	uint32_t next; /* row */
	uint8_t *indices; /* of the first frame, as stored */
	size_t there; /* how many of them */
	struct leat_notices notes;
};

static const char *const extensions[] = {"gif", NULL};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 6 && (memcmp(d, "GIF87a", 6) == 0 || memcmp(d, "GIF89a", 6) == 0);
}

static void dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	free(d->indices);
	free(d);
}

/* Unpacks the first frame, and looks at what follows. */
static int unpack(struct leat_decoder *d, const uint8_t *data, size_t n, unsigned *frames, struct leat_err *err)
{
	const struct leat_gif *g = &d->gif;
	size_t pos = g->codes, end = n;
	if (leat_gif_unpack(data, n, &pos, d->indices, (size_t)g->w * g->h, &d->there, err) < 0 ||
	    leat_gif_rest(data, n, pos, frames, &end, err) < 0)
		return -1;
	leat_note_tail(&d->notes, n - end);
	return 0;
}

static int start(struct leat_decoder *d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		 struct leat_err *err)
{
	struct leat_gif *g = &d->gif;
	struct leat_err e = {0};
	unsigned frames = 1;
	if (leat_gif_header(data, n, true, g, err) < 0 ||
	    leat_limit_pixels("gif", g->width, g->height, o->max_pixels, err) < 0)
		return -1;
	d->shape = leat_gif_shape(g);
	d->indices = leat_zalloc(g->h, g->w, err);
	if (!d->indices)
		return -1;
	if (unpack(d, data, n, &frames, &e) < 0) {
		if (!o->keep_damaged)
			return leat_fail(err, e.cause, "%s", e.text);
		leat_notice(&d->notes, "damaged: %s", e.text);
	}
	if (frames > 1)
		leat_notice(&d->notes, "animated gif: first frame only");
	return 0;
}

static int dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		    struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		    struct leat_err *err)
{
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	*meta = d ? leat_meta_new(err) : NULL;
	if (!*meta || start(d, data, n, o, err) < 0) {
		leat_meta_unref(meta);
		dec_close(out);
		return -1;
	}
	leat_notes_move(notes, &d->notes);
	*shape = d->shape;
	return 0;
}

/* Where row y of the frame is stored: every eighth first, then what is between. */
static uint32_t stored_row(const struct leat_gif *g, uint32_t y)
{
	if (!g->interlaced)
		return y;
	uint32_t eighths = (g->h + 7) / 8, fourths = (g->h + 3) / 8, halves = (g->h + 1) / 4;
	if (y % 8 == 0)
		return y / 8;
	if (y % 8 == 4)
		return eighths + y / 8;
	if (y % 4 == 2)
		return eighths + fourths + y / 4;
	return eighths + fourths + halves + y / 2;
}

static void put_pixel(const struct leat_gif *g, unsigned i, uint8_t *to, unsigned channels)
{
	if ((int)i == g->transparent)
		return; /* stays zero */
	if (i < g->colors)
		memcpy(to, g->palette + 3 * (size_t)i, 3);
	if (channels == 4)
		to[3] = 255;
}

static void read_row(const struct leat_decoder *d, uint32_t y, uint8_t *to)
{
	const struct leat_gif *g = &d->gif;
	unsigned channels = d->shape.channels;
	memset(to, 0, leat_row_bytes(&d->shape));
	if (y < g->y || y >= g->y + g->h)
		return;
	size_t at = (size_t)stored_row(g, y - g->y) * g->w;
	to += (size_t)g->x * channels;
	for (uint32_t x = 0; x < g->w && at + x < d->there; x++, to += channels)
		put_pixel(g, d->indices[at + x], to, channels);
}

static int dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order("gif", out, d->next, d->shape.height, err) < 0)
		return -1;
	for (uint32_t y = out->y0; y < out->y1; y++)
		read_row(d, y, leat_row(out, y));
	d->next = out->y1;
	return 0;
}

static int dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)d, (void)notes, (void)err;
	return 0; /* everything was looked at before */
}

const struct leat_codec leat_codec_gif = {
	.name = "gif",
	.suffix = "gif",
	.extensions = extensions,
	.summary = "GIF: up to 256 colors, with transparency, the first frame; read only",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.sniff = sniff,
	.probe = leat_gif_probe,
	.dec_open = dec_open,
	.dec_rows = dec_rows,
	.dec_finish = dec_finish,
	.dec_close = dec_close,
};
