/* SPDX-License-Identifier: MIT */
/* TIFF: the codec's row. libtiff is a module: tiff_calls.h. */
#include "core/op.h"
#include "formats/guess.h"
#include "formats/tiff_calls.h"
#include "formats/tiff_read.h"
#include "formats/tiff_write.h"

#include <string.h>

static const char *const extensions[] = {"tif", "tiff", NULL};
static const char *const compressions[] = {"deflate", "lzw", "zstd", "jpeg", "none", NULL};
static const char *const bigtiffs[] = {"auto", "yes", "no", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct leat_tiff_params, compression, "compression", "deflate", compressions, 0,
		      "how the pixels are packed; jpeg loses some"),
	LEAT_P_SWITCH(struct leat_tiff_params, predictor, "predictor", "yes", 0,
		      "pack the differences of neighbors, with deflate, lzw and zstd"),
	LEAT_P(struct leat_tiff_params, tile, struct leat_pixels, LEAT_PT_PIXELS, "tile", NULL, 0,
	       "size of tiles, multiples of 16; strips unless given"),
	LEAT_P_CHOICE(struct leat_tiff_params, bigtiff, "bigtiff", "auto", bigtiffs, 0,
		      "the form for more than 4 GB; auto: where it is needed"),
	LEAT_P_END,
};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 8 && (memcmp(d, "II\x2a\0", 4) == 0 || memcmp(d, "MM\0\x2a", 4) == 0 ||
			  memcmp(d, "II\x2b\0", 4) == 0 || memcmp(d, "MM\0\x2b", 4) == 0);
}

const struct leat_codec leat_codec_tiff = {
	.name = "tiff",
	.suffix = "tif",
	.extensions = extensions,
	.summary = "TIFF: gray or color, 8 or 16 bit or float, with alpha, pages, many packings",
	.version = 2,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.keeps_icc = true,
	.keeps_meta = LEAT_META_EXIF | LEAT_META_XMP | LEAT_META_IPTC,
	.pages = true,
	.writes_pages = true,
	.params = params,
	.params_size = sizeof(struct leat_tiff_params),
	.prepare = leat_tiff_prepare,
	.sniff = sniff,
	.dec_open = leat_tiff_dec_open,
	.dec_header = leat_tiff_dec_header,
	.dec_rows = leat_tiff_dec_rows,
	.dec_finish = leat_tiff_dec_finish,
	.dec_close = leat_tiff_dec_close,
	.enc_takes = leat_tiff_enc_takes,
	.enc_guess = leat_tiff_guess,
	.enc_cost = leat_tiff_enc_cost,
	.enc_open = leat_tiff_enc_open,
	.enc_rows = leat_tiff_enc_rows,
	.enc_finish = leat_tiff_enc_finish,
	.enc_close = leat_tiff_enc_close,
};
