/* SPDX-License-Identifier: MIT */
/*
 * From whatever colors an image's samples mean to sRGB: shared by strip, to-srgb and grayscale.
 *
 * What says the meaning, the first that is usable wins: the cICP code points, the embedded ICC profile, an sRGB
 * mark, PNG's gAMA and cHRM; nothing of these: sRGB. A profile that is damaged or of another kind than the image
 * (CMYK or gray in an RGB image, RGB in a gray one) counts as absent. A gAMA of 1/2.2 means the sRGB curve, as PNG
 * has it.
 *
 * Conversion is perceptual with black point compensation. Profiles made of curves and a matrix, the usual ones,
 * are computed here, within one level of lcms2's float result in 8 and 16 bit; gray ones through a table made with
 * lcms2; all others by lcms2 itself. Alpha is carried over untouched. Samples are
 * U8, U16, or float, which lcms2 computes.
 */
#ifndef LEAT_OPS_COLOR_ICC_H
#define LEAT_OPS_COLOR_ICC_H

#include "core/image.h"
#include "ops/transfer.h"

struct leat_icc; /* per worker: lcms2's context, curves, the way found last. One thread at a time. */
struct leat_to_srgb; /* a way to sRGB: immutable and counted, rows may be converted by any number of threads */

/* New, or NULL with *err set (MEMORY). Must outlive the ways it gave. */
struct leat_icc *leat_icc_new(struct leat_err *err);
void leat_icc_free(struct leat_icc **w); /* clears *w, accepts NULL in it */

/*
 * The way to sRGB for an image of this shape and metadata: *t is a reference for the caller, or NULL when the
 * samples are sRGB already (within one 8-bit level), so that they stay as they are. Parsing is done once for equal
 * profiles in a row. -1 with *err: UNSUPPORTED for HDR and narrow-range cICP images, MEMORY.
 */
int leat_icc_find(struct leat_icc *w, const struct leat_meta *meta, const struct leat_image_shape *shape,
		  struct leat_to_srgb **t, struct leat_err *err);
void leat_to_srgb_ref(struct leat_to_srgb *t); /* one more reference */
void leat_to_srgb_unref(struct leat_to_srgb **t); /* clears *t, accepts NULL in it */

/* Converts one row of `width` pixels. `out` may be `in`. */
void leat_to_srgb_row(const struct leat_to_srgb *t, const uint8_t *in, uint8_t *out, uint32_t width);

/* Bytes that finding and holding a way may take, for an op's cost(). */
size_t leat_icc_cost(enum leat_sample sample);

/*
 * The sRGB curve for this depth (16 bit's for float), made when first asked for, or NULL with *err set (MEMORY).
 * Owned by w.
 */
const struct leat_transfer *leat_icc_curve(struct leat_icc *w, enum leat_sample sample, struct leat_err *err);

/* Does anything in the metadata describe colors? */
bool leat_icc_described(const struct leat_meta *m);

/* Do both describe the same colors? */
bool leat_icc_same(const struct leat_meta *a, const struct leat_meta *b);

/* A copy with the description of colors alone, so that who keeps it holds no other metadata. NULL with *err. */
struct leat_meta *leat_icc_only(const struct leat_meta *m, struct leat_err *err);

/* Removes all that describes colors: profile, cICP, sRGB, gAMA, cHRM. Only on a meta of one's own. */
void leat_icc_forget(struct leat_meta *m);

#endif
