/* SPDX-License-Identifier: MIT */
/* Pages that pass by themselves. See pages.h. */
#include "rows/pages.h"

#include "base/mem.h"

struct leat_paged {
	struct leat_op op; /* as the chain sees it */
	const struct leat_op *of;
	uint32_t in_height, out_height; /* of a page */
	uint32_t begun;
	void *items[]; /* of each page */
};

static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct leat_paged *p = item;
	uint32_t first = y0 / p->out_height, last = y1 > y0 ? (y1 - 1) / p->out_height : first;
	int64_t from = y0 - (int64_t)first * p->out_height, to = y1 - (int64_t)last * p->out_height, a = from, b = to;
	int64_t ignored = 0, end = first == last ? to : p->out_height, begin = first == last ? from : 0;
	if (p->of->need) {
		p->of->need(p->items[first], (uint32_t)from, (uint32_t)end, &a, &ignored);
		p->of->need(p->items[last], (uint32_t)begin, (uint32_t)to, &ignored, &b);
	}
	a = a < 0 ? 0 : a > p->in_height ? p->in_height : a; /* not into a neighbor */
	b = b < 0 ? 0 : b > p->in_height ? p->in_height : b;
	*in_y0 = a + (int64_t)first * p->in_height;
	*in_y1 = b + (int64_t)last * p->in_height;
}

static size_t scratch(const void *item)
{
	const struct leat_paged *p = item;
	size_t most = 0;
	for (uint32_t i = 0; i < p->begun; i++) {
		size_t n = p->of->scratch(p->items[i]);
		most = n > most ? n : most;
	}
	return most;
}

/* The rows of a window that lie on page i, counted from its top. */
static struct leat_rows on_page(const struct leat_rows *w, uint32_t i, uint32_t height)
{
	uint32_t top = i * height, y0 = w->y0 > top ? w->y0 : top, y1 = w->y1 < top + height ? w->y1 : top + height;
	if (y0 >= y1) /* none: an empty window at a valid place */
		y0 = y1 = y0 > top + height ? top + height : y0;
	uint32_t inside = y0 < w->y0 ? 0 : y0 > w->y1 ? w->y1 - w->y0 : y0 - w->y0;
	return (struct leat_rows){w->pixels + inside * w->stride, w->stride, y0 - top, y1 - top};
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch_,
		struct leat_err *err)
{
	const struct leat_paged *p = item;
	while (y0 < y1) {
		uint32_t i = y0 / p->out_height, top = i * p->out_height;
		uint32_t end = y1 < top + p->out_height ? y1 : top + p->out_height;
		struct leat_rows from = on_page(in, i, p->in_height), to = {0};
		if (out)
			to = on_page(out, i, p->out_height);
		if (p->of->rows(p->items[i], &from, out ? &to : NULL, y0 - top, end - top, scratch_, err) < 0)
			return -1;
		y0 = end;
	}
	return 0;
}

/* What was measured of page i, as NAME[i]. */
static int page_fields(struct leat_fields *to, const struct leat_fields *from, uint32_t i, struct leat_err *err)
{
	struct leat_buf name = {0};
	int ok = 0;
	for (size_t k = 0; ok == 0 && k < from->n; k++) {
		leat_buf_clear(&name);
		leat_buf_addf(&name, "%s[%u]", from->v[k].name, i);
		ok = leat_buf_check(&name, err);
		if (ok == 0)
			ok = leat_fields_set(to, name.data, &from->v[k].value, err);
	}
	leat_buf_free(&name);
	return ok;
}

static int end_page(const struct leat_paged *p, uint32_t i, struct leat_fields *f, struct leat_err *err)
{
	struct leat_fields own = {0};
	if (!f || !p->of->measures)
		return p->of->end(p->items[i], i == 0 ? f : NULL, err);
	int ok = p->of->end(p->items[i], &own, err);
	if (ok == 0)
		ok = page_fields(f, &own, i, err);
	leat_fields_free(&own);
	return ok;
}

static int end(void *item, struct leat_fields *f, struct leat_err *err)
{
	struct leat_paged *p = item;
	int ok = 0;
	for (uint32_t i = 0; i < p->begun; i++)
		if (p->of->end && end_page(p, i, ok == 0 ? f : NULL, err) < 0)
			ok = -1;
	free(p);
	return ok;
}

static int begin_pages(struct leat_paged *p, const struct leat_op_begin *b, struct leat_err *err)
{
	struct leat_shape in = *b->in, out = *b->out;
	struct leat_op_begin page = *b;
	in.image = leat_page_shape(&in.image);
	out.image = leat_page_shape(&out.image);
	page.in = &in;
	page.out = &out;
	for (uint32_t i = 0; i < b->in->image.pages; i++) {
		struct leat_meta *other = b->meta ? leat_meta_ref((struct leat_meta *)(uintptr_t)b->meta) : NULL;
		page.meta_out = i == 0 ? b->meta_out : &other;
		int ok = p->of->begin ? p->of->begin(&page, &p->items[i], err) : 0;
		leat_meta_unref(&other);
		if (ok < 0)
			return -1;
		p->begun++;
	}
	return 0;
}

struct leat_paged *leat_paged_begin(const struct leat_op *op, const struct leat_op_begin *b, struct leat_err *err)
{
	size_t bytes = leat_size_mul(b->in->image.pages, sizeof(void *));
	struct leat_paged *p = leat_zalloc(1, leat_size_add(sizeof *p, bytes), err);
	if (!p)
		return NULL;
	p->op = *op;
	p->op.rows = rows;
	p->op.need = op->need || b->in->image.height != b->out->image.height ? need : NULL;
	p->op.scratch = op->scratch ? scratch : NULL;
	p->op.end = end;
	p->of = op;
	p->in_height = b->in->image.page_height;
	p->out_height = b->out->image.page_height;
	if (begin_pages(p, b, err) == 0)
		return p;
	(void)end(p, NULL, NULL); /* gives nothing out */
	return NULL;
}

const struct leat_op *leat_paged_op(const struct leat_paged *p)
{
	return &p->op;
}
