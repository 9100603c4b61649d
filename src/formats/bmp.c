/* SPDX-License-Identifier: MIT */
/* BMP: the codec's row. Headers are read in bmp_head.c, pixels in bmp_read.c and bmp_rle.c, written in bmp_write.c. */
#include "core/op.h"
#include "formats/bmp_head.h"
#include "formats/bmp_read.h"
#include "formats/bmp_write.h"

static const char *const extensions[] = {"bmp", "dib", NULL};

const struct leat_codec leat_codec_bmp = {
	.name = "bmp",
	.suffix = "bmp",
	.extensions = extensions,
	.summary = "BMP: plain pictures of Windows, gray or color, 8 bit, with alpha",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.sniff = leat_bmp_sniff,
	.probe = leat_bmp_probe,
	.dec_open = leat_bmp_dec_open,
	.dec_rows = leat_bmp_dec_rows,
	.dec_finish = leat_bmp_dec_finish,
	.dec_close = leat_bmp_dec_close,
	.enc_takes = leat_bmp_enc_takes,
	.enc_guess = leat_bmp_bytes,
	.enc_open = leat_bmp_enc_open,
	.enc_rows = leat_bmp_enc_rows,
	.enc_finish = leat_bmp_enc_finish,
	.enc_close = leat_bmp_enc_close,
};
