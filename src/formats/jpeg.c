/* SPDX-License-Identifier: MIT */
/* JPEG: the codec's row. Reading is in jpeg_read.c, writing in jpeg_write.c, the header probe in jpeg_marks.c. */
#include "core/op.h"
#include "formats/fit.h"
#include "formats/guess.h"
#include "formats/jpeg_marks.h"
#include "formats/jpeg_read.h"
#include "formats/jpeg_write.h"

#include <string.h>

static const char *const extensions[] = {"jpg", "jpeg", "jpe", "jfif", NULL};
static const char *const subsamplings[] = {"4:2:0", "4:2:2", "4:4:4", NULL};

static const struct leat_param params[] = {
	LEAT_P_INT(struct leat_jpeg_params, quality, "quality", "80", 1, 100, NULL, 0,
		   "from 1, smallest, to 100, best"),
	LEAT_P_SWITCH(struct leat_jpeg_params, progressive, "progressive", "no", 0,
		      "write the image in scans from coarse to fine"),
	LEAT_P_CHOICE(struct leat_jpeg_params, subsampling, "subsampling", "4:2:0", subsamplings, 0,
		      "resolution of color against brightness"),
	LEAT_P(struct leat_jpeg_params, background, struct leat_color, LEAT_PT_COLOR, "background", "#ffffff", 0,
	       "color under transparent pixels"),
	LEAT_P_INT(struct leat_jpeg_params, restart, "restart", "0", 0, 65535, "MCUs", 0,
		   "distance of restart markers, 0 for none"),
	LEAT_FIT_MAX_BYTES(struct leat_jpeg_params),
	LEAT_P_END,
};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 3 && memcmp(d, "\xff\xd8\xff", 3) == 0;
}

const struct leat_codec leat_codec_jpeg = {
	.name = "jpeg",
	.suffix = "jpg",
	.extensions = extensions,
	.summary = "JPEG: lossy, gray or color, 8 bit, without alpha",
	.version = 2,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.keeps_icc = true,
	.keeps_meta = LEAT_META_EXIF | LEAT_META_XMP | LEAT_META_IPTC,
	.params = params,
	.params_size = sizeof(struct leat_jpeg_params),
	.sniff = sniff,
	.probe = leat_jpeg_probe,
	.dec_open = leat_jpeg_dec_open,
	.dec_rows = leat_jpeg_dec_rows,
	.dec_finish = leat_jpeg_dec_finish,
	.dec_close = leat_jpeg_dec_close,
	.enc_takes = leat_jpeg_enc_takes,
	.enc_guess = leat_jpeg_guess,
	.enc_cost = leat_jpeg_enc_cost,
	.enc_open = leat_jpeg_enc_open,
	.enc_rows = leat_jpeg_enc_rows,
	.enc_finish = leat_jpeg_enc_finish,
	.enc_close = leat_jpeg_enc_close,
};
