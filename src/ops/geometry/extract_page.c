/* SPDX-License-Identifier: MIT */
/*
 * extract-page: one page of a file with several. The plan lets the decoder pick it (plan/pickpage.c), so that here the
 * page passes as it is.
 */
#include "base/mem.h"
#include "ops/rows.h"

struct extract_page {
	int64_t index;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct extract_page, index, "index", NULL, 0, 65535, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "which page, the first is 0"),
	LEAT_P_END,
};

static int shape(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)p, (void)err; /* the decoder has looked whether there are so many */
	*out = *in;
	out->image.pages = 1;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	size_t *bytes = leat_zalloc(1, sizeof *bytes, err);
	if (!bytes)
		return -1;
	*bytes = leat_row_bytes(&b->in->image);
	*item = bytes;
	return 0;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const size_t *bytes = item;
	(void)scratch, (void)err; /* nothing can fail */
	leat_copy_rows(in, out, y0, y1, *bytes);
	return 0;
}

const struct leat_op leat_op_extract_page = {
	.name = "extract-page",
	.group = "geometry",
	.summary = "take one page of a file with several",
	.example = "extract-page 1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct extract_page),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.shape = shape,
	.begin = begin,
	.rows = rows,
	.end = leat_end_free,
};
