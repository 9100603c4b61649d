/* SPDX-License-Identifier: MIT */
/* AVIF: the codec's row. libavif is a module (avif_calls.h); `make AVIF=` builds without. */
#include "core/op.h"
#include "formats/avif_read.h"
#include "formats/avif_write.h"
#include "formats/fit.h"
#include "formats/guess.h"

#ifdef LEAT_WITH_AVIF
#include "formats/avif_calls.h"
#endif

#include <string.h>

static const char *const extensions[] = {"avif", "avifs", NULL};
static const char *const subsamplings[] = {"4:2:0", "4:2:2", "4:4:4", NULL};

static const struct leat_param params[] = {
	LEAT_P_INT(struct leat_avif_params, quality, "quality", "50", 1, 100, NULL, 0,
		   "from 1, smallest, to 100, best"),
	LEAT_P_SWITCH(struct leat_avif_params, lossless, "lossless", "no", 0, "keep every pixel as it is, of 8 bit"),
	LEAT_P_INT(struct leat_avif_params, effort, "effort", "4", 0, 9, NULL, 0, "from 0, fastest, to 9, smallest"),
	LEAT_P_CHOICE(struct leat_avif_params, subsampling, "subsampling", "4:2:0", subsamplings, 0,
		      "how much of the color is kept; lossless=yes keeps all"),
	LEAT_FIT_MAX_BYTES(struct leat_avif_params),
	LEAT_P_END,
};

/* The box of the file's type, with an AVIF brand as its own or among those it is compatible with. */
static bool sniff(const uint8_t *d, size_t n)
{
	if (n < 16 || memcmp(d + 4, "ftyp", 4) != 0 || d[0] || d[1] || d[2])
		return false;
	size_t end = d[3] < n ? d[3] : n;
	for (size_t i = 8; i + 4 <= end; i += 4)
		if (i != 12 && (memcmp(d + i, "avif", 4) == 0 || memcmp(d + i, "avis", 4) == 0))
			return true;
	return false;
}

#ifndef LEAT_WITH_AVIF
static int absent(struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "avif is not in this leat: it was built without libavif-dev");
}
#endif

const struct leat_codec leat_codec_avif = {
	.name = "avif",
	.suffix = "avif",
	.extensions = extensions,
	.summary = "AVIF: lossy or lossless, gray or color, with alpha; with up to 12 bit",
	.version = 2,
	.kinds = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.keeps_icc = true,
	.keeps_meta = LEAT_META_EXIF | LEAT_META_XMP,
	.keeps_cicp = true,
	.pages = true,
	.params = params,
	.params_size = sizeof(struct leat_avif_params),
	.sniff = sniff,
#ifdef LEAT_WITH_AVIF
	.prepare = leat_avif_prepare,
	.dec_open = leat_avif_dec_open,
	.dec_header = leat_avif_dec_header,
	.dec_rows = leat_avif_dec_rows,
	.dec_finish = leat_avif_dec_finish,
	.dec_close = leat_avif_dec_close,
	.enc_takes = leat_avif_enc_takes,
	.enc_guess = leat_avif_guess,
	.enc_cost = leat_avif_enc_cost,
	.enc_open = leat_avif_enc_open,
	.enc_rows = leat_avif_enc_rows,
	.enc_finish = leat_avif_enc_finish,
	.enc_close = leat_avif_enc_close,
#else
	.prepare = absent,
#endif
};
