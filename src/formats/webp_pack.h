/* SPDX-License-Identifier: MIT */
/* Metadata around an encoded WebP. */
#ifndef LEAT_FORMATS_WEBP_PACK_H
#define LEAT_FORMATS_WEBP_PACK_H

#include "core/image.h"

/*
 * *file, as libwebp wrote it, gets the chunks that meta (may be NULL) asks for; replaced where there are any. 0, or -1
 * with *err: UNSUPPORTED, when it all does not fit the 4 GB of a RIFF file.
 */
int leat_webp_pack(struct leat_bytes **file, const struct leat_meta *meta, struct leat_err *err);

#endif
