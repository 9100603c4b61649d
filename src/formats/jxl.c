/* SPDX-License-Identifier: MIT */
/* JPEG XL: the codec's row. libjxl is a module (jxl_calls.h); `make JXL=` builds without. */
#include "core/op.h"
#include "formats/fit.h"
#include "formats/guess.h"
#include "formats/jxl_read.h"
#include "formats/jxl_write.h"

#ifdef LEAT_WITH_JXL
#include "formats/jxl_calls.h"
#endif

#include <string.h>

static const char *const extensions[] = {"jxl", NULL};

static const struct leat_param params[] = {
	LEAT_P_INT(struct leat_jxl_params, quality, "quality", "75", 1, 100, NULL, 0, "from 1, smallest, to 100, best"),
	LEAT_P_SWITCH(struct leat_jxl_params, lossless, "lossless", "no", 0, "keep every pixel as it is"),
	LEAT_P_INT(struct leat_jxl_params, effort, "effort", "4", 1, 9, NULL, 0, "from 1, fastest, to 9, smallest"),
	LEAT_FIT_MAX_BYTES(struct leat_jxl_params),
	LEAT_P_END,
};

/* The bare stream, or the container. */
static bool sniff(const uint8_t *d, size_t n)
{
	static const uint8_t box[12] = {0, 0, 0, 12, 'J', 'X', 'L', ' ', 0x0d, 0x0a, 0x87, 0x0a};
	return (n >= 2 && d[0] == 0xff && d[1] == 0x0a) || (n >= sizeof box && memcmp(d, box, sizeof box) == 0);
}

#ifndef LEAT_WITH_JXL
static int absent(struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "jxl is not in this leat: it was built without libjxl-dev");
}
#endif

const struct leat_codec leat_codec_jxl = {
	.name = "jxl",
	.suffix = "jxl",
	.extensions = extensions,
	.summary = "JPEG XL: lossy or lossless, gray or color, 8 or 16 bit or float, with alpha",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.keeps_icc = true,
	.keeps_meta = LEAT_META_EXIF | LEAT_META_XMP,
	.params = params,
	.params_size = sizeof(struct leat_jxl_params),
	.sniff = sniff,
#ifdef LEAT_WITH_JXL
	.prepare = leat_jxl_prepare,
	.dec_open = leat_jxl_dec_open,
	.dec_header = leat_jxl_dec_header,
	.dec_rows = leat_jxl_dec_rows,
	.dec_finish = leat_jxl_dec_finish,
	.dec_close = leat_jxl_dec_close,
	.enc_takes = leat_jxl_enc_takes,
	.enc_guess = leat_jxl_guess,
	.enc_cost = leat_jxl_enc_cost,
	.enc_open = leat_jxl_enc_open,
	.enc_rows = leat_jxl_enc_rows,
	.enc_finish = leat_jxl_enc_finish,
	.enc_close = leat_jxl_enc_close,
#else
	.prepare = absent,
#endif
};
