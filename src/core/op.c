/* SPDX-License-Identifier: MIT */
/* Ready-made answers that many ops share. See op.h. */
#include "core/op.h"

#include <string.h>

void leat_op_preset(const struct leat_op *op, void *params)
{
	if (op->preset)
		memcpy(params, op->preset, op->params_size);
}

bool leat_paged_always(const void *params)
{
	(void)params; /* whatever they are */
	return true;
}

bool leat_op_by_page(const struct leat_op *op, const void *params, const struct leat_shape *in)
{
	return in->kind == LEAT_IMAGE && in->image.page_height && !op->point && !(op->paged && op->paged(params));
}

static int ask_shape(const struct leat_op *op, const void *params, const struct leat_shape *in,
		     const struct leat_meta *meta, struct leat_shape *out, struct leat_err *err)
{
	return meta && op->shape_meta ? op->shape_meta(params, in, meta, out, err) : op->shape(params, in, out, err);
}

int leat_op_shape(const struct leat_op *op, const void *params, const struct leat_shape *in,
		  const struct leat_meta *meta, struct leat_shape *out, struct leat_err *err)
{
	if (!leat_op_by_page(op, params, in))
		return ask_shape(op, params, in, meta, out, err);
	struct leat_shape page = *in;
	page.image = leat_page_shape(&in->image);
	if (ask_shape(op, params, &page, meta, out, err) < 0)
		return -1;
	if (out->kind != LEAT_IMAGE)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'%s' takes one page, and this image has %u: %s",
				 op->name, in->image.pages, "'extract-page' picks one");
	struct leat_image_shape *s = &out->image;
	if ((uint64_t)s->height * in->image.pages > UINT32_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "'%s' would give %u pages of %ux%u pixels", op->name,
				 in->image.pages, s->width, s->height);
	s->pages = in->image.pages;
	s->page_height = s->height;
	s->height *= s->pages;
	if (leat_image_bytes(s) == SIZE_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "'%s' would give %u pages of %ux%u pixels", op->name, s->pages,
				 s->width, s->page_height);
	return 0;
}

int leat_shape_same(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params; /* the answer is the same for all */
	(void)err;
	*out = *in;
	return 0;
}

void leat_need_all(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	(void)y0; /* whichever rows are wanted */
	(void)y1;
	*in_y0 = 0;
	*in_y1 = *(const uint32_t *)item;
}
