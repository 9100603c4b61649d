/* SPDX-License-Identifier: MIT */
/*
 * max-bytes= of lossy formats: the best quality whose file is no larger. The image is kept whole and encoded once
 * with the quality asked for; only where that is too large is it encoded again, at most seven times, halving the
 * range. Size is taken to rise with quality; where it does not quite, the result still fits and is the same every
 * time.
 */
#ifndef LEAT_FORMATS_FIT_H
#define LEAT_FORMATS_FIT_H

#include "core/codec.h"

/* The row of max-bytes= in a codec's table: the member max_bytes of S, 0: no limit was given. */
#define LEAT_FIT_MAX_BYTES(S)                                                                                      \
	{                                                                                                          \
		.name = "max-bytes", .type = LEAT_PT_SIZE, .offset = LEAT_OFF_(S, max_bytes, uint64_t), .imin = 1, \
		.imax = INT64_MAX, .doc = "lower the quality until the file is no larger"                          \
	}

/* In enc_takes: -1 with *err (USAGE) where both stand. */
int leat_fit_check(bool lossless, uint64_t max_bytes, struct leat_err *err);

struct leat_fit; /* the rows so far */

/* For an image of this shape, with a reference of meta. NULL with *err (MEMORY). */
struct leat_fit *leat_fit_new(const struct leat_image_shape *shape, const struct leat_meta *meta, struct leat_err *err);
void leat_fit_free(struct leat_fit **f);
/* The next rows, in order. `format` is named in messages. 0 or -1. */
int leat_fit_rows(struct leat_fit *f, const char *format, const struct leat_rows *in, struct leat_err *err);

/* The image at this quality: a new reference in *out. 0, or -1 with *err. */
typedef int leat_fit_encode(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
			    struct leat_err *err);

/*
 * After all rows: the result of the best quality from 1 to `quality` that has at most max_bytes, the caller's
 * reference. 0; -1 with *err: LIMIT when even quality 1 is larger.
 */
int leat_fit_finish(struct leat_fit *f, const char *format, int64_t quality, uint64_t max_bytes,
		    leat_fit_encode *encode, const void *ctx, struct leat_bytes **out, struct leat_err *err);

#endif
