/* SPDX-License-Identifier: MIT */
/* Images: shape, rows, metadata. Samples are interleaved, host byte order, rows from the top. */
#ifndef LEAT_CORE_IMAGE_H
#define LEAT_CORE_IMAGE_H

#include "core/bytes.h"

/*
 * The shape of an image. channels: 1 gray, 2 gray+alpha, 3 RGB, 4 RGBA. Alpha is the last channel and straight
 * (not premultiplied).
 */
struct leat_image_shape {
	uint32_t width, height; /* pixels, both > 0 */
	uint8_t channels;
	bool alpha;
	enum leat_sample sample;
	uint32_t pages; /* pages of the file it came from; 1 for most */
	/* All of them are here, one beneath the other, each so many rows high; 0: there is one alone. */
	uint32_t page_height;
	/*
	 * Where a decoder gave less than the file has, because a resize follows at once (decode shrink=auto, fast): the
	 * size that the image counts as until then, else 0. `shrink`: it was decoded at 1/shrink, so that its last
	 * column and row may stand for less than a whole pixel; 0: at no such fraction.
	 */
	uint32_t full_width, full_height;
	uint8_t shrink;
};

/* Sizes of a shape, and whether two are the same in every member. */
size_t leat_sample_size(enum leat_sample s); /* bytes: 1, 2, 4 */
size_t leat_row_bytes(const struct leat_image_shape *s); /* width * channels * sample size; SIZE_MAX on overflow */
size_t leat_image_bytes(const struct leat_image_shape *s); /* of the packed image; SIZE_MAX on overflow */
/* One page of an image of several as an image alone; what has one stays as it is. */
struct leat_image_shape leat_page_shape(const struct leat_image_shape *s);
/* Is it what it says of its pages: pages of page_height rows, or one? */
bool leat_image_pages_fit(const struct leat_image_shape *s);
bool leat_image_shape_equal(const struct leat_image_shape *a, const struct leat_image_shape *b);

/*
 * Metadata. Reference counted and immutable once shared: an op that changes it works on leat_meta_copy().
 * Blobs are as embedded in the files: icc the profile, exif the TIFF structure without "Exif\0\0", xmp the packet.
 */
struct leat_meta {
	atomic_int refs;
	struct leat_bytes *icc, *exif, *xmp, *iptc; /* NULL where absent */
	uint8_t orientation; /* EXIF 1..8; 1 when absent */
	double density_x, density_y; /* pixels per inch; 0 unknown */
	bool has_gamma, has_chrm, has_srgb, has_cicp;
	double gamma; /* file gamma as in PNG gAMA (0.45455) */
	double chrm[8]; /* white, red, green, blue x y */
	uint8_t srgb_intent; /* PNG sRGB rendering intent */
	uint8_t cicp[4];
	char *copyright; /* UTF-8, or NULL */
};

/* Empty, orientation 1, one reference. */
struct leat_meta *leat_meta_new(struct leat_err *err);
/* A struct of its own, blobs shared by reference; m may be NULL. */
struct leat_meta *leat_meta_copy(const struct leat_meta *m, struct leat_err *err);
struct leat_meta *leat_meta_ref(struct leat_meta *m); /* one more; returns m */
void leat_meta_unref(struct leat_meta **m); /* drops it, clears *m; accepts NULL in it */

/* Is the embedded profile one of Lab, as `colorspace lab` leaves it? */
bool leat_meta_is_lab(const struct leat_meta *m);

/* A materialised image. Shared by reference between branches; whoever holds the only reference may write into it. */
struct leat_image {
	atomic_int refs;
	struct leat_image_shape shape;
	size_t stride; /* bytes from row to row, >= leat_row_bytes, multiple of 64 */
	struct leat_bytes *mem; /* the pixels' memory: heap or slab */
	uint8_t *pixels; /* first row, 64-byte aligned, at least 64 readable bytes behind the last row */
	struct leat_meta *meta; /* never NULL */
};
/* New image with uninitialised pixels; takes its own reference of meta (NULL: a new empty one). */
struct leat_image *leat_image_new(const struct leat_image_shape *shape, struct leat_meta *meta, struct leat_err *err);
struct leat_image *leat_image_ref(struct leat_image *im); /* one more; returns im */
void leat_image_unref(struct leat_image **im); /* drops it, clears *im; accepts NULL in it */

/* A window onto rows y0..y1-1 of an image (absolute row numbers). Does not own its memory. */
struct leat_rows {
	uint8_t *pixels; /* row y0 */
	size_t stride;
	uint32_t y0, y1;
};
static inline uint8_t *leat_row(const struct leat_rows *r, uint32_t y)
{
	return r->pixels + (size_t)(y - r->y0) * r->stride;
}

#endif
