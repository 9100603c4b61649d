/* SPDX-License-Identifier: MIT */
/*
 * JPEG XL encoding through libjxl, in one thread. 8 and 16 bit and float, gray and color, alpha without loss. The
 * orientation is written into the stream itself.
 */
#ifndef LEAT_FORMATS_JXL_WRITE_H
#define LEAT_FORMATS_JXL_WRITE_H

#include "core/codec.h"

struct leat_jxl_params {
	int64_t quality; /* 1..100 */
	bool lossless;
	int64_t effort; /* 1..9 */
	uint64_t max_bytes; /* 0: no limit */
};

/* The functions of struct leat_codec of the same names. */
int leat_jxl_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err);
size_t leat_jxl_enc_cost(const void *params, const struct leat_image_shape *s);
int leat_jxl_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err);
int leat_jxl_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_jxl_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_jxl_enc_close(struct leat_encoder **e);

#endif
