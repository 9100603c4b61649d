/* SPDX-License-Identifier: MIT */
/* What reading and writing of QOI share. After the QOI specification 1.0 (qoiformat.org). */
#ifndef LEAT_FORMATS_QOI_CODE_H
#define LEAT_FORMATS_QOI_CODE_H

#include "core/codec.h"

enum { LEAT_QOI_HEADER = 14, LEAT_QOI_END = 8 };
enum {
	LEAT_QOI_INDEX = 0x00,
	LEAT_QOI_DIFF = 0x40,
	LEAT_QOI_LUMA = 0x80,
	LEAT_QOI_RUN = 0xc0,
	LEAT_QOI_RGB = 0xfe,
	LEAT_QOI_RGBA = 0xff,
	LEAT_QOI_LONGEST_RUN = 62
};

struct leat_qoi_pixel {
	uint8_t r, g, b, a;
};

static inline unsigned leat_qoi_hash(struct leat_qoi_pixel p)
{
	return (p.r * 3u + p.g * 5u + p.b * 7u + p.a * 11u) % 64;
}

/* The functions of struct leat_codec of the same names. Writing: alpha decides between three and four channels. */
int leat_qoi_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err);
int leat_qoi_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err);
int leat_qoi_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_qoi_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_qoi_enc_close(struct leat_encoder **e);

#endif
