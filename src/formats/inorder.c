/* SPDX-License-Identifier: MIT */
/* Checks of the caller that all codecs share. */
#include "formats/inorder.h"

int leat_rows_in_order(const char *format, const struct leat_rows *r, uint32_t next, uint32_t height,
		       struct leat_err *err)
{
	if (r->y0 == next && r->y1 >= r->y0 && r->y1 <= height)
		return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "%s: rows %u to %u of %u where %u is next", format, r->y0, r->y1,
			 height, next);
}

int leat_rows_complete(const char *format, uint32_t next, uint32_t height, struct leat_err *err)
{
	if (next == height)
		return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "%s: only %u of %u rows were given", format, next, height);
}

int leat_shape_agreed(const char *format, const struct leat_image_shape *s, const struct leat_image_shape *want,
		      struct leat_err *err)
{
	if (leat_image_shape_equal(want, s))
		return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "%s: the image was not converted before encoding", format);
}
