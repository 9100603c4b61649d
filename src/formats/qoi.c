/* SPDX-License-Identifier: MIT */
/* QOI: reading, and the codec's row. The encoder is in qoi_write.c. */
#include "base/mem.h"
#include "core/op.h"
#include "formats/endian.h"
#include "formats/guess.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/notes.h"
#include "formats/qoi_code.h"

struct leat_decoder {
	const uint8_t *data;
	size_t n, pos; /* pos: the next code */
	struct leat_image_shape shape;
	struct leat_qoi_pixel seen[64], last;
	unsigned run; /* times the last pixel is still to come */
	bool keep; /* keep_damaged */
	bool ended; /* nothing more can be read; err says why */
	uint32_t next, there; /* rows from `there` on are missing */
	struct leat_notices notes;
	struct leat_err err;
};

static const char *const extensions[] = {"qoi", NULL};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= LEAT_QOI_HEADER && memcmp(d, "qoif", 4) == 0 && (d[12] == 3 || d[12] == 4) && d[13] <= 1;
}

static int read_header(const uint8_t *d, size_t n, bool whole, struct leat_image_shape *s, struct leat_err *err)
{
	if (n >= 4 && memcmp(d, "qoif", 4) != 0)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no qoi: its first bytes are others");
	if (n < LEAT_QOI_HEADER && !whole)
		return 1;
	if (n < LEAT_QOI_HEADER)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated qoi: it ends within its header");
	if ((d[12] != 3 && d[12] != 4) || d[13] > 1)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt qoi: no such kind of pixels");
	uint32_t width = leat_be32(d + 4), height = leat_be32(d + 8);
	*s = (struct leat_image_shape){.width = width,
				       .height = height,
				       .channels = d[12],
				       .alpha = d[12] == 4,
				       .sample = LEAT_U8,
				       .pages = 1};
	return leat_limit_sides("qoi", width, height, err);
}

static int probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	struct leat_image_shape s;
	int r = read_header(d, n, whole, &s, err);
	if (r == 0)
		*h = (struct leat_header){.format = "qoi", .kind = LEAT_IMAGE, .shape = s, .orientation = 1};
	return r;
}

static void dec_close(struct leat_decoder **d)
{
	free(*d);
	*d = NULL;
}

static int dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		    struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		    struct leat_err *err)
{
	(void)notes;
	*meta = NULL;
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	if (!d)
		return -1;
	d->data = data;
	d->n = n;
	d->pos = LEAT_QOI_HEADER;
	d->keep = o->keep_damaged;
	d->last.a = 255;
	if (read_header(data, n, true, &d->shape, err) == 0 &&
	    leat_limit_pixels("qoi", d->shape.width, d->shape.height, o->max_pixels, err) == 0)
		*meta = leat_meta_new(err);
	if (!*meta) {
		dec_close(out);
		return -1;
	}
	if (data[13] == 1) { /* all channels linear */
		(*meta)->has_gamma = true;
		(*meta)->gamma = 1;
	}
	d->there = d->shape.height;
	*shape = d->shape;
	return 0;
}

/* Bytes of a code after its first. */
static unsigned rest_of(uint8_t code)
{
	return code == LEAT_QOI_RGBA ? 4 : code == LEAT_QOI_RGB ? 3 : (code & 0xc0) == LEAT_QOI_LUMA ? 1 : 0;
}

/* The code's pixel, or the begin of a run of the last one. */
static void take_code(struct leat_decoder *d, const uint8_t *p)
{
	struct leat_qoi_pixel *x = &d->last;
	if (p[0] >= LEAT_QOI_RGB) {
		*x = (struct leat_qoi_pixel){p[1], p[2], p[3], p[0] == LEAT_QOI_RGBA ? p[4] : x->a};
	} else if ((p[0] & 0xc0) == LEAT_QOI_INDEX) {
		*x = d->seen[p[0]];
	} else if ((p[0] & 0xc0) == LEAT_QOI_DIFF) {
		x->r = (uint8_t)(x->r + (p[0] >> 4 & 3) - 2);
		x->g = (uint8_t)(x->g + (p[0] >> 2 & 3) - 2);
		x->b = (uint8_t)(x->b + (p[0] & 3) - 2);
	} else if ((p[0] & 0xc0) == LEAT_QOI_LUMA) {
		int g = (p[0] & 0x3f) - 32;
		x->r = (uint8_t)(x->r + g + (p[1] >> 4) - 8);
		x->g = (uint8_t)(x->g + g);
		x->b = (uint8_t)(x->b + g + (p[1] & 0xf) - 8);
	} else {
		d->run = p[0] & 0x3f;
	}
	d->seen[leat_qoi_hash(*x)] = *x;
}

/* The next code. False at the end of the data. */
static bool next_code(struct leat_decoder *d)
{
	if (d->pos >= d->n || d->n - d->pos <= rest_of(d->data[d->pos]))
		return false;
	const uint8_t *p = d->data + d->pos;
	d->pos += 1 + rest_of(*p);
	take_code(d, p);
	return true;
}

/* One row; false: the data end in it. */
static bool read_row(struct leat_decoder *d, uint8_t *to)
{
	unsigned channels = d->shape.channels;
	for (uint32_t x = 0; x < d->shape.width; x++, to += channels) {
		if (d->run)
			d->run--;
		else if (!next_code(d))
			return false;
		memcpy(to, &d->last, channels);
	}
	return true;
}

static int dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order("qoi", out, d->next, d->shape.height, err) < 0)
		return -1;
	for (uint32_t y = out->y0; y < out->y1; y++) {
		if (!d->ended && !read_row(d, leat_row(out, y))) {
			d->ended = true;
			d->there = y;
			leat_fail(&d->err, LEAT_CAUSE_TRUNCATED, "truncated qoi: it ends after %u of %u rows", y,
				  d->shape.height);
		}
		if (d->ended)
			memset(leat_row(out, y), 0, leat_row_bytes(&d->shape));
	}
	d->next = out->y1;
	return d->ended && !d->keep ? leat_fail(err, d->err.cause, "%s", d->err.text) : 0;
}

/* Behind the last pixel stand seven zeros and a one. */
static int check_end(struct leat_decoder *d)
{
	static const uint8_t end[LEAT_QOI_END] = {0, 0, 0, 0, 0, 0, 0, 1};
	size_t left = d->n - d->pos, look = left < sizeof end ? left : sizeof end;
	if (d->run || memcmp(d->data + d->pos, end, look) != 0)
		return leat_fail(&d->err, LEAT_CAUSE_CORRUPT, "corrupt qoi: it goes on behind its last row");
	if (look < sizeof end)
		return leat_fail(&d->err, LEAT_CAUSE_TRUNCATED, "truncated qoi: its end mark is not there");
	leat_note_tail(&d->notes, left - look);
	return 0;
}

static int dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	bool all = d->next == d->shape.height;
	if (all && !d->ended && check_end(d) < 0 && !d->keep)
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	if (d->err.cause)
		leat_notice(&d->notes, "damaged: %s", d->err.text);
	leat_notes_move(notes, &d->notes);
	return 0;
}

const struct leat_codec leat_codec_qoi = {
	.name = "qoi",
	.suffix = "qoi",
	.extensions = extensions,
	.summary = "QOI: lossless, quick and simple, color, 8 bit, with alpha",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.sniff = sniff,
	.probe = probe,
	.dec_open = dec_open,
	.dec_rows = dec_rows,
	.dec_finish = dec_finish,
	.dec_close = dec_close,
	.enc_takes = leat_qoi_enc_takes,
	.enc_guess = leat_qoi_guess,
	.enc_open = leat_qoi_enc_open,
	.enc_rows = leat_qoi_enc_rows,
	.enc_finish = leat_qoi_enc_finish,
	.enc_close = leat_qoi_enc_close,
};
