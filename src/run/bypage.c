/* SPDX-License-Identifier: MIT */
/* Steps that take a whole image, on images of several pages: each page by itself, and the results together again. */
#include "run/segment_impl.h"

/* Page i as an image alone. NULL with *err. */
static struct leat_image *page_of(const struct leat_image *im, uint32_t i, struct leat_err *err)
{
	struct leat_image_shape s = leat_page_shape(&im->shape);
	struct leat_image *page = leat_image_new(&s, im->meta, err);
	size_t row = leat_row_bytes(&s);
	for (uint32_t y = 0; page && y < s.height; y++)
		memcpy(page->pixels + y * page->stride, im->pixels + ((size_t)i * s.height + y) * im->stride, row);
	return page;
}

/* Page i into *all, which the first of them makes. */
static int put_page(struct leat_image **all, const struct leat_image *page, uint32_t i, uint32_t pages,
		    const char *name, struct leat_err *err)
{
	const struct leat_image_shape *s = &page->shape;
	if (!*all) {
		struct leat_image_shape shape = *s;
		shape.page_height = s->height;
		shape.pages = pages;
		shape.height = (uint32_t)((uint64_t)s->height * pages);
		if (!leat_image_pages_fit(&shape) || !(*all = leat_image_new(&shape, page->meta, err)))
			return leat_fail(err, LEAT_CAUSE_LIMIT, "'%s' would give %u pages of %ux%u pixels", name, pages,
					 s->width, s->height);
	}
	struct leat_image_shape like = leat_page_shape(&(*all)->shape);
	if (like.width != s->width || like.height != s->height || like.channels != s->channels ||
	    like.sample != s->sample)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "'%s' made pages of several sizes: 'extract-page' before it takes one", name);
	for (uint32_t y = 0; y < s->height; y++)
		memcpy((*all)->pixels + ((size_t)i * s->height + y) * (*all)->stride, page->pixels + y * page->stride,
		       leat_row_bytes(s));
	return 0;
}

/* One page through the step; its result in *out. Fields are those of the first page. */
static int run_page(const struct leat_op *op, const struct leat_op_begin *b, struct leat_image *page,
		    struct leat_payload *out, struct leat_fields *f, struct leat_err *err)
{
	const struct leat_payload in = {.kind = LEAT_IMAGE, .image = page};
	struct leat_op_begin begin = *b;
	struct leat_meta *meta = leat_meta_ref(page->meta);
	struct leat_shape is = {.kind = LEAT_IMAGE, .image = page->shape}, shape = {0};
	void *item = NULL;
	begin.in = &is;
	begin.out = &shape;
	begin.meta_out = &meta;
	int ok = op->shape ? op->shape(b->params, &is, &shape, err) : 0;
	bool begun = ok == 0 && (!op->begin || op->begin(&begin, &item, err) == 0);
	ok = begun ? op->run(item, &in, out, err) : -1;
	if (begun && op->end && op->end(item, ok == 0 ? f : NULL, err) < 0)
		ok = -1;
	leat_meta_unref(&meta);
	return ok;
}

int leat_run_by_page(const struct leat_op *op, const struct leat_op_begin *b, const struct leat_image *im,
		     struct leat_payload *out, struct leat_fields *f, struct leat_err *err)
{
	struct leat_image *all = NULL;
	int ok = 0;
	for (uint32_t i = 0; ok == 0 && i < im->shape.pages; i++) {
		struct leat_payload result = {0};
		struct leat_image *page = page_of(im, i, err);
		ok = page ? run_page(op, b, page, &result, i == 0 ? f : NULL, err) : -1;
		if (ok == 0 && result.kind != LEAT_IMAGE)
			ok = leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'%s' takes one page, and this image has %u: %s",
				       op->name, im->shape.pages, "'extract-page' picks one");
		if (ok == 0)
			ok = put_page(&all, result.image, i, im->shape.pages, op->name, err);
		leat_payload_clear(&result);
		leat_image_unref(&page);
	}
	if (ok < 0)
		leat_image_unref(&all);
	else
		*out = (struct leat_payload){.kind = LEAT_IMAGE, .image = all};
	return ok;
}
