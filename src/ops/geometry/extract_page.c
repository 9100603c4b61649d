/* SPDX-License-Identifier: MIT */
/*
 * extract-page: one page of a file with several. Where nobody wants another one, the plan lets the decoder pick it
 * (plan/pickpage.c), and here it passes as it is.
 */
#include "base/mem.h"
#include "ops/rows.h"

struct item {
	uint32_t skip; /* rows above the page */
	size_t row_bytes;
};

struct extract_page {
	int64_t index;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct extract_page, index, "index", NULL, 0, 65535, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "which page, the first is 0"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct extract_page *p = params_;
	uint32_t pages = in->image.pages;
	*out = *in;
	if (p->index >= pages) /* of those that the decoder picked it has looked */
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no page %d, the file has %u, from 0 on",
				 (int)p->index, pages);
	out->image = leat_page_shape(&in->image);
	out->image.pages = 1;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct extract_page *p = b->params;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->skip = (uint32_t)p->index * b->in->image.page_height;
	it->row_bytes = leat_row_bytes(&b->in->image);
	*item = it;
	return 0;
}

static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct item *it = item;
	*in_y0 = (int64_t)y0 + it->skip;
	*in_y1 = (int64_t)y1 + it->skip;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)scratch, (void)err; /* nothing can fail */
	for (uint32_t y = y0; y < y1; y++)
		memcpy(leat_row(out, y), leat_row(in, y + it->skip), it->row_bytes);
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
	.shape = shape,
	.paged = leat_paged_always,
	.begin = begin,
	.need = need,
	.rows = rows,
	.end = leat_end_free,
};
