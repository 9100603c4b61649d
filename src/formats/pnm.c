/* SPDX-License-Identifier: MIT */
/* PNM: PBM, PGM and PPM, plain and raw (P1 to P6). Written raw, gray as PGM and color as PPM, maxval 255 or 65535. */
#include "core/op.h"
#include "formats/inorder.h"
#include "formats/netpbm.h"
#include "formats/netpbm_write.h"

#include <stdio.h>

static const char *const extensions[] = {"pnm", "ppm", "pgm", "pbm", NULL};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 3 && d[0] == 'P' && d[1] >= '1' && d[1] <= '6' &&
	       (d[2] == ' ' || d[2] == '#' || (d[2] >= '\t' && d[2] <= '\r'));
}

/* Exactly one blank stands before raw samples, or a comment with its line end. */
static int to_raster(struct leat_netpbm_scan *s, size_t *raster)
{
	if (s->d[s->pos] == '#') {
		while (s->pos < s->n && s->d[s->pos] != '\n')
			s->pos++;
		if (s->pos >= s->n)
			return leat_netpbm_more(s);
	}
	uint8_t c = s->d[s->pos];
	if (c != ' ' && (c < '\t' || c > '\r'))
		return leat_fail(s->err, LEAT_CAUSE_CORRUPT, "corrupt pnm: its header does not end with a blank");
	*raster = s->pos + 1;
	return 0;
}

/* "P" and a digit, width, height, and but for bitmaps maxval. */
static int read_header(const uint8_t *d, size_t n, bool whole, struct leat_netpbm_head *h, struct leat_err *err)
{
	struct leat_netpbm_scan s = leat_netpbm_begin("pnm", d, n, 2, whole, err);
	if (n < 3)
		return leat_netpbm_more(&s);
	if (!sniff(d, n))
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no pnm: its first bytes are others");
	int kind = d[1] - '0';
	*h = (struct leat_netpbm_head){.format = "pnm",
				       .maxval = 1,
				       .channels = kind == 3 || kind == 6 ? 3 : 1,
				       .plain = kind <= 3,
				       .bitmap = kind == 1 || kind == 4};
	uint64_t maxval = 1;
	int r = leat_netpbm_number(&s, &h->width);
	if (r == 0)
		r = leat_netpbm_number(&s, &h->height);
	if (r == 0 && !h->bitmap)
		r = leat_netpbm_number(&s, &maxval);
	if (r == 0)
		r = to_raster(&s, &h->raster);
	if (r != 0)
		return r;
	h->maxval = maxval > UINT16_MAX ? 0 : (uint32_t)maxval;
	return leat_netpbm_check(h, err);
}

static int probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	return leat_netpbm_probe(read_header, d, n, whole, h, err);
}

static int dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		    struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		    struct leat_err *err)
{
	return leat_netpbm_dec_open(d, read_header, data, n, o, shape, meta, notes, err);
}

static int enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		     struct leat_err *err)
{
	(void)params;
	(void)err;
	*want = *in;
	if (in->sample == LEAT_F32)
		want->sample = LEAT_U16;
	want->channels = in->channels < 3 ? 1 : 3;
	want->alpha = false;
	return 0;
}

static int enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		    const struct leat_meta *meta, struct leat_err *err)
{
	(void)meta; /* there is no place for it */
	struct leat_image_shape want;
	char header[64];
	*e = NULL;
	if (enc_takes(params, shape, &want, err) < 0 || leat_shape_agreed("pnm", shape, &want, err) < 0)
		return -1;
	snprintf(header, sizeof header, "P%d\n%u %u\n%d\n", shape->channels == 1 ? 5 : 6, shape->width, shape->height,
		 shape->sample == LEAT_U16 ? 65535 : 255);
	return leat_netpbm_enc_open(e, header, shape, err);
}

const struct leat_codec leat_codec_pnm = {
	.name = "pnm",
	.suffix = "pnm",
	.extensions = extensions,
	.summary = "PBM, PGM and PPM: plain rasters, gray or color, 8 or 16 bit",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.exact = true,
	.modes = LEAT_ON_CPU,
	.sniff = sniff,
	.probe = probe,
	.dec_open = dec_open,
	.dec_rows = leat_netpbm_dec_rows,
	.dec_finish = leat_netpbm_dec_finish,
	.dec_close = leat_netpbm_dec_close,
	.enc_takes = enc_takes,
	.enc_open = enc_open,
	.enc_rows = leat_netpbm_enc_rows,
	.enc_finish = leat_netpbm_enc_finish,
	.enc_close = leat_netpbm_enc_close,
};
