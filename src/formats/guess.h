/* SPDX-License-Identifier: MIT */
/* Usual sizes of encoded images, for leat_codec.enc_guess: what the 24 photographs of the Kodak set average. */
#ifndef LEAT_FORMATS_GUESS_H
#define LEAT_FORMATS_GUESS_H

#include "core/image.h"

/* params: struct leat_jpeg_params. */
uint64_t leat_jpeg_guess(const void *params, const struct leat_image_shape *s);
/* params: struct leat_webp_params. */
uint64_t leat_webp_guess(const void *params, const struct leat_image_shape *s);
/* params: struct leat_tiff_params. */
uint64_t leat_tiff_guess(const void *params, const struct leat_image_shape *s);
/* params: struct leat_avif_params. */
uint64_t leat_avif_guess(const void *params, const struct leat_image_shape *s);
/* params: struct leat_jxl_params. */
uint64_t leat_jxl_guess(const void *params, const struct leat_image_shape *s);
/* No parameters. */
uint64_t leat_qoi_guess(const void *params, const struct leat_image_shape *s);
/* params: struct leat_png_params. */
uint64_t leat_png_guess(const void *params, const struct leat_image_shape *s);

#endif
