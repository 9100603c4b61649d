/* SPDX-License-Identifier: MIT */
/*
 * WebP: the codec's row. The container is read in webp_chunks.c and written in webp_pack.c, images in webp_read.c and
 * webp_write.c.
 *
 * libwebp is linked: it is small, BSD and everywhere, and its start costs less than looking for it would. The mux and
 * demux libraries are not used: the probe needs bounded code of its own for the container anyway.
 */
#include "core/op.h"
#include "formats/fit.h"
#include "formats/guess.h"
#include "formats/webp_chunks.h"
#include "formats/webp_read.h"
#include "formats/webp_write.h"

#include <string.h>

static const char *const extensions[] = {"webp", NULL};

static const struct leat_param params[] = {
	LEAT_P_INT(struct leat_webp_params, quality, "quality", "80", 1, 100, NULL, 0,
		   "from 1, smallest, to 100, best; with lossless=yes how hard to try"),
	LEAT_P_SWITCH(struct leat_webp_params, lossless, "lossless", "no", 0, "keep every pixel as it is"),
	LEAT_P_INT(struct leat_webp_params, effort, "effort", "4", 0, 6, NULL, 0, "from 0, fastest, to 6, smallest"),
	LEAT_P_INT(struct leat_webp_params, alpha_quality, "alpha-quality", "100", 0, 100, NULL, 0,
		   "quality of the alpha channel, 100 is lossless"),
	LEAT_FIT_MAX_BYTES(struct leat_webp_params),
	LEAT_P_END,
};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 12 && memcmp(d, "RIFF", 4) == 0 && memcmp(d + 8, "WEBP", 4) == 0;
}

const struct leat_codec leat_codec_webp = {
	.name = "webp",
	.suffix = "webp",
	.extensions = extensions,
	.summary = "pictures of the web (WebP): lossy or lossless, color, 8 bit, with alpha",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.keeps_icc = true,
	.keeps_meta = LEAT_META_EXIF | LEAT_META_XMP,
	.as_color = true,
	.params = params,
	.params_size = sizeof(struct leat_webp_params),
	.sniff = sniff,
	.probe = leat_webp_probe,
	.dec_open = leat_webp_dec_open,
	.dec_rows = leat_webp_dec_rows,
	.dec_finish = leat_webp_dec_finish,
	.dec_close = leat_webp_dec_close,
	.enc_takes = leat_webp_enc_takes,
	.enc_guess = leat_webp_guess,
	.enc_cost = leat_webp_enc_cost,
	.enc_open = leat_webp_enc_open,
	.enc_rows = leat_webp_enc_rows,
	.enc_finish = leat_webp_enc_finish,
	.enc_close = leat_webp_enc_close,
};
