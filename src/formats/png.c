/* SPDX-License-Identifier: MIT */
/* PNG: the codec's row. Reading is in png_read.c, writing in png_write.c, the header probe in png_chunks.c. */
#include "core/op.h"
#include "formats/guess.h"
#include "formats/png_chunks.h"
#include "formats/png_read.h"
#include "formats/png_write.h"

#include <string.h>

static const char *const extensions[] = {"png", "apng", NULL};
static const char *const levels[] = {"auto", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", NULL};
static const char *const filters[] = {"adaptive", "none", "sub", "up", "average", "paeth", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct leat_png_params, level, "level", "auto", levels, 0,
		      "deflate level, from 0 for none to 12; auto is 4 behind a resize of this recipe, else 6, and in "
		      "16 bit 1 "
		      "where that packs a sample no larger"),
	LEAT_P_CHOICE(struct leat_png_params, filter, "filter", "adaptive", filters, 0,
		      "row filter before packing; adaptive chooses one for each row"),
	LEAT_P_SWITCH(struct leat_png_params, interlace, "interlace", "no", 0,
		      "write the image in seven passes (Adam7)"),
	LEAT_P_INT(struct leat_png_params, colors, "colors", NULL, 2, 256, NULL, 0,
		   "reduce to a palette of so many colors; loses detail"),
	LEAT_P(struct leat_png_params, dither, double, LEAT_PT_PERCENT, "dither", "100%", 0,
	       "strength of dithering where colors are reduced"),
	LEAT_P_END,
};

/* Four bytes: what a transfer as text does to the other four is the probe's to tell. */
static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 4 && memcmp(d, "\x89PNG", 4) == 0;
}

const struct leat_codec leat_codec_png = {
	.name = "png",
	.suffix = "png",
	.extensions = extensions,
	.summary = "PNG: lossless, gray or color, 8 or 16 bit, with alpha",
	.version = 3,
	.kinds = LEAT_IMAGE,
	.exact = true,
	.modes = LEAT_ON_CPU,
	.keeps_icc = true,
	.keeps_meta = LEAT_META_EXIF | LEAT_META_XMP,
	.keeps_cicp = true,
	.keeps_chunks = true,
	.params = params,
	.params_size = sizeof(struct leat_png_params),
	.sniff = sniff,
	.probe = leat_png_probe,
	.dec_open = leat_png_dec_open,
	.dec_rows = leat_png_dec_rows,
	.dec_finish = leat_png_dec_finish,
	.dec_close = leat_png_dec_close,
	.enc_takes = leat_png_enc_takes,
	.enc_guess = leat_png_guess,
	.enc_cost = leat_png_enc_cost,
	.enc_hint = leat_png_enc_hint,
	.enc_open = leat_png_enc_open,
	.enc_rows = leat_png_enc_rows,
	.enc_finish = leat_png_enc_finish,
	.enc_close = leat_png_enc_close,
};
