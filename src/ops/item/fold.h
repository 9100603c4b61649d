/* SPDX-License-Identifier: MIT */
/*
 * Many images of one shape folded into one, sample by sample: what `reduce mean`, `min` and `max` accumulate. Sums
 * are whole numbers, so a mean is exact and does not depend on how the images were grouped. One thread at a time.
 */
#ifndef LEAT_OPS_ITEM_FOLD_H
#define LEAT_OPS_ITEM_FOLD_H

#include "base/buf.h"
#include "core/image.h"

enum leat_fold_how { LEAT_FOLD_MEAN, LEAT_FOLD_MIN, LEAT_FOLD_MAX };

struct leat_fold {
	enum leat_fold_how how;
	struct leat_image_shape shape; /* of the first image; width 0: none came yet */
	struct leat_meta *meta; /* the first image's colors and density, nothing else; NULL while empty */
	uint64_t count, skipped;
	bool wide; /* MEAN: sums are uint64_t, else uint32_t */
	void *sums; /* [samples]: MEAN sums, else samples of the depth */
};

/* The largest count of images of this depth whose sums are sure to fit 32 bits. */
uint64_t leat_fold_narrow(enum leat_sample sample);

/*
 * Looks at the shape and the colors alone: those of the first are kept, others must be like it. For who adds the
 * samples elsewhere. -1 with *err: MISMATCH naming both shapes, MEMORY; f is as it was.
 */
int leat_fold_fit(struct leat_fold *f, const struct leat_image_shape *s, const struct leat_meta *m,
		  struct leat_err *err);

/*
 * Folds one more image of 8 or 16 bit in; the first one gives the shape. -1 with *err: MISMATCH naming both shapes,
 * MEMORY; f is as it was.
 */
int leat_fold_add(struct leat_fold *f, const struct leat_image *im, struct leat_err *err);

/* Folds in what `later` has; later stays valid but may be left empty. -1 as leat_fold_add. */
int leat_fold_merge(struct leat_fold *f, struct leat_fold *later, struct leat_err *err);

/*
 * The result at the depth of the images, a mean rounded half up. The caller's reference; NULL with *err set
 * (MEMORY). count must not be 0.
 */
struct leat_image *leat_fold_image(const struct leat_fold *f, struct leat_err *err);

/* Appends all of f's state, in host byte order. -1 with *err set (MEMORY). */
int leat_fold_save(const struct leat_fold *f, struct leat_buf *out, struct leat_err *err);

/* Puts saved state into an empty f of the same `how`. -1 with *err (CORRUPT, MEMORY); f is empty then. */
int leat_fold_load(struct leat_fold *f, const void *data, size_t n, struct leat_err *err);

/* Releases what f holds and makes it empty; `how` stays. */
void leat_fold_clear(struct leat_fold *f);

#endif
