/* SPDX-License-Identifier: MIT */
/* Search for the quality that fits. See fit.h. */
#include "formats/fit.h"

#include "base/mem.h"
#include "formats/inorder.h"

#include <inttypes.h>

struct leat_fit {
	struct leat_image *image;
	uint32_t next;
};

int leat_fit_check(bool lossless, uint64_t max_bytes, struct leat_err *err)
{
	if (!lossless || !max_bytes)
		return 0;
	return leat_fail(err, LEAT_CAUSE_USAGE, "max-bytes= lowers the quality, and lossless=yes has none to lower");
}

struct leat_fit *leat_fit_new(const struct leat_image_shape *shape, const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_fit *f = leat_zalloc(1, sizeof *f, err);
	struct leat_meta *own = f ? leat_meta_copy(meta, err) : NULL;
	if (own)
		f->image = leat_image_new(shape, own, err);
	leat_meta_unref(&own);
	if (f && !f->image)
		leat_fit_free(&f);
	return f;
}

void leat_fit_free(struct leat_fit **fp)
{
	struct leat_fit *f = *fp;
	*fp = NULL;
	if (!f)
		return;
	leat_image_unref(&f->image);
	free(f);
}

int leat_fit_rows(struct leat_fit *f, const char *format, const struct leat_rows *in, struct leat_err *err)
{
	const struct leat_image *im = f->image;
	size_t bytes = leat_row_bytes(&im->shape);
	if (leat_rows_in_order(format, in, f->next, im->shape.height, err) < 0)
		return -1;
	for (uint32_t y = in->y0; y < in->y1; y++)
		memcpy(im->pixels + y * im->stride, leat_row(in, y), bytes);
	f->next = in->y1;
	return 0;
}

int leat_fit_finish(struct leat_fit *f, const char *format, int64_t quality, uint64_t max_bytes,
		    leat_fit_encode *encode, const void *ctx, struct leat_bytes **out, struct leat_err *err)
{
	struct leat_bytes *best = NULL, *b = NULL;
	uint64_t least = UINT64_MAX; /* bytes of the smallest so far */
	if (leat_rows_complete(format, f->next, f->image->shape.height, err) < 0)
		return -1;
	for (int64_t low = 1, high = quality, try = quality; low <= high; try = low + (high - low) / 2) {
		if (encode(ctx, try, f->image, &b, err) < 0) {
			leat_bytes_unref(&best);
			return -1;
		}
		least = b->len < least ? b->len : least;
		bool fits = b->len <= max_bytes;
		if (fits) {
			leat_bytes_unref(&best);
			best = b;
			b = NULL;
			low = try + 1;
		} else {
			high = try - 1;
		}
		leat_bytes_unref(&b);
	}
	if (!best)
		return leat_fail(err, LEAT_CAUSE_LIMIT,
				 "a %s of quality 1 has %" PRIu64 " bytes, max-bytes allows %" PRIu64, format, least,
				 max_bytes);
	*out = best;
	return 0;
}
