/* SPDX-License-Identifier: MIT */
/*
 * AVIF encoding through libavif, with whatever it has to encode AV1, in one thread. 8 bit: AVIF has no 16 bit. Gray
 * stays gray; alpha is kept without loss. The orientation is written as rotation and mirror.
 */
#ifndef LEAT_FORMATS_AVIF_WRITE_H
#define LEAT_FORMATS_AVIF_WRITE_H

#include "core/codec.h"

struct leat_avif_params {
	int64_t quality; /* 1..100 */
	bool lossless;
	int64_t effort; /* 0..9 */
	int64_t subsampling; /* 0 4:2:0, 1 4:2:2, 2 4:4:4 */
	uint64_t max_bytes; /* 0: no limit */
};

/* The functions of struct leat_codec of the same names. */
int leat_avif_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err);
size_t leat_avif_enc_cost(const void *params, const struct leat_image_shape *s);
int leat_avif_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err);
int leat_avif_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_avif_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_avif_enc_close(struct leat_encoder **e);

#endif
