/* SPDX-License-Identifier: MIT */
/*
 * PNG encoding: own filtering (png_filter.h), libdeflate (png_idat.h), own chunks. Gray, gray+alpha, RGB, RGBA of 8 or
 * 16 bit. The same rows, metadata and parameters give the same bytes; no time stamp is written. Not in a PNG: IPTC (it
 * has no chunk for it). An ICC profile or a sRGB, gAMA ... of another kind of image (RGB on gray) is left out.
 *
 * Interlaced writing keeps the whole image until finish.
 */
#ifndef LEAT_FORMATS_PNG_WRITE_H
#define LEAT_FORMATS_PNG_WRITE_H

#include "core/codec.h"

struct leat_png_params {
	int64_t level; /* index into the choices: 0 auto, else level + 1 */
	int64_t filter; /* index: adaptive none sub up average paeth */
	bool interlace;
	bool resized; /* no parameter: leat_png_hint */
	int64_t colors; /* of a palette, 0: none. The engine has reduced the image to them */
	double dither; /* how it did that */
};

/* What level=auto is: for images that were resized on their way (smaller and smoother ones), and for all others. */
enum { LEAT_PNG_LEVEL = 6, LEAT_PNG_LEVEL_RESIZED = 4, LEAT_PNG_LEVEL_NOISE = 1 };

/* The functions of struct leat_codec of the same names. */
int leat_png_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err);
void leat_png_enc_hint(void *params, bool resized);
size_t leat_png_enc_cost(const void *params, const struct leat_image_shape *s);
int leat_png_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err);
int leat_png_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_png_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_png_enc_close(struct leat_encoder **e);

#endif
