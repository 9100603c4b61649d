/* SPDX-License-Identifier: MIT */
/* What PNM and PAM share in writing: a header text, then the samples, 16 bit with the high byte first. */
#ifndef LEAT_FORMATS_NETPBM_WRITE_H
#define LEAT_FORMATS_NETPBM_WRITE_H

#include "core/codec.h"

/* An encoder for images of this shape (U8 or U16), whose file begins with `header`. 0 or -1. */
int leat_netpbm_enc_open(struct leat_encoder **e, const char *header, const struct leat_image_shape *shape,
			 struct leat_err *err);
/* The functions of struct leat_codec of the same names. */
int leat_netpbm_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_netpbm_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_netpbm_enc_close(struct leat_encoder **e);

#endif
