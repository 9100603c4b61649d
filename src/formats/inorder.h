/* SPDX-License-Identifier: MIT */
/* What every codec checks of its caller: rows come in order, all of them, in the shape agreed on. INTERNAL if not. */
#ifndef LEAT_FORMATS_INORDER_H
#define LEAT_FORMATS_INORDER_H

#include "core/codec.h"

/* The rows begin at `next` and stay within `height`; `format` names the codec in the message. 0 or -1. */
int leat_rows_in_order(const char *format, const struct leat_rows *r, uint32_t next, uint32_t height,
		       struct leat_err *err);

/* All rows up to `height` were given. 0 or -1. */
int leat_rows_complete(const char *format, uint32_t next, uint32_t height, struct leat_err *err);

/* The image has the shape that enc_takes wanted. 0 or -1. */
int leat_shape_agreed(const char *format, const struct leat_image_shape *s, const struct leat_image_shape *want,
		      struct leat_err *err);

#endif
