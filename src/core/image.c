/* SPDX-License-Identifier: MIT */
/* Images: shape arithmetic, counted metadata and pixels. See image.h. */
#include "core/image.h"

#include "base/mem.h"

size_t leat_sample_size(enum leat_sample s)
{
	return s == LEAT_U8 ? 1 : s == LEAT_U16 ? 2 : 4;
}

size_t leat_row_bytes(const struct leat_image_shape *s)
{
	return leat_size_mul(s->width, s->channels * leat_sample_size(s->sample));
}

size_t leat_image_bytes(const struct leat_image_shape *s)
{
	return leat_size_mul(leat_row_bytes(s), s->height);
}

bool leat_image_pages_fit(const struct leat_image_shape *s)
{
	return !s->page_height || (s->pages > 1 && (uint64_t)s->page_height * s->pages == s->height);
}

struct leat_image_shape leat_page_shape(const struct leat_image_shape *s)
{
	struct leat_image_shape page = *s;
	if (s->page_height) {
		page.height = s->page_height;
		page.page_height = 0;
		page.pages = 1;
	}
	return page;
}

bool leat_image_shape_equal(const struct leat_image_shape *a, const struct leat_image_shape *b)
{
	return a->width == b->width && a->height == b->height && a->channels == b->channels && a->alpha == b->alpha &&
	       a->sample == b->sample && a->pages == b->pages && a->page_height == b->page_height &&
	       a->full_width == b->full_width && a->full_height == b->full_height && a->shrink == b->shrink;
}

struct leat_meta *leat_meta_new(struct leat_err *err)
{
	struct leat_meta *m = leat_zalloc(1, sizeof *m, err);
	if (!m)
		return NULL;
	atomic_init(&m->refs, 1);
	m->orientation = 1;
	return m;
}

struct leat_meta *leat_meta_copy(const struct leat_meta *m, struct leat_err *err)
{
	struct leat_meta *c = leat_meta_new(err);
	if (!c || !m)
		return c;
	/* Member by member, because the count of references must not be read without its atomic. */
	c->orientation = m->orientation;
	c->density_x = m->density_x;
	c->density_y = m->density_y;
	c->has_gamma = m->has_gamma;
	c->has_chrm = m->has_chrm;
	c->has_srgb = m->has_srgb;
	c->has_cicp = m->has_cicp;
	c->gamma = m->gamma;
	memcpy(c->chrm, m->chrm, sizeof c->chrm);
	c->srgb_intent = m->srgb_intent;
	memcpy(c->cicp, m->cicp, sizeof c->cicp);
	if (m->copyright) {
		c->copyright = leat_strdup(m->copyright, err);
		if (!c->copyright) {
			leat_meta_unref(&c);
			return NULL;
		}
	}
	c->icc = leat_bytes_ref(m->icc);
	c->exif = leat_bytes_ref(m->exif);
	c->xmp = leat_bytes_ref(m->xmp);
	c->iptc = leat_bytes_ref(m->iptc);
	return c;
}

struct leat_meta *leat_meta_ref(struct leat_meta *m)
{
	if (m)
		atomic_fetch_add_explicit(&m->refs, 1, memory_order_relaxed);
	return m;
}

void leat_meta_unref(struct leat_meta **m)
{
	struct leat_meta *old = *m;
	*m = NULL;
	if (!old || atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) != 1)
		return;
	leat_bytes_unref(&old->icc);
	leat_bytes_unref(&old->exif);
	leat_bytes_unref(&old->xmp);
	leat_bytes_unref(&old->iptc);
	free(old->copyright);
	free(old);
}

/*
 * Bytes of a row with its padding, and of all rows with the 64 readable bytes behind them; SIZE_MAX when too
 * large.
 */
static size_t padded_size(const struct leat_image_shape *s, size_t *stride)
{
	*stride = leat_size_add(leat_row_bytes(s), 63) & ~(size_t)63;
	return leat_size_add(leat_size_mul(*stride, s->height), 64);
}

static struct leat_bytes *pixel_memory(const struct leat_image_shape *s, size_t *stride, struct leat_err *err)
{
	if (!s->width || !s->height || !s->channels || s->channels > 4) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "an image of %ux%u with %u channels cannot be", s->width, s->height,
			  s->channels);
		return NULL;
	}
	size_t bytes = padded_size(s, stride);
	if (leat_row_bytes(s) > SIZE_MAX - 64 || bytes > SIZE_MAX / 2) {
		leat_fail(err, LEAT_CAUSE_LIMIT, "an image of %ux%u pixels is too large for this machine", s->width,
			  s->height);
		return NULL;
	}
	return leat_bytes_new(bytes, err);
}

struct leat_image *leat_image_new(const struct leat_image_shape *shape, struct leat_meta *meta, struct leat_err *err)
{
	struct leat_image *im = leat_zalloc(1, sizeof *im, err);
	if (!im)
		return NULL;
	atomic_init(&im->refs, 1);
	im->shape = *shape;
	im->meta = meta ? leat_meta_ref(meta) : leat_meta_new(err);
	im->mem = im->meta ? pixel_memory(shape, &im->stride, err) : NULL;
	if (!im->mem) {
		leat_image_unref(&im);
		return NULL;
	}
	im->mem->len = im->mem->cap;
	im->pixels = im->mem->data;
	return im;
}

struct leat_image *leat_image_ref(struct leat_image *im)
{
	if (im)
		atomic_fetch_add_explicit(&im->refs, 1, memory_order_relaxed);
	return im;
}

void leat_image_unref(struct leat_image **im)
{
	struct leat_image *old = *im;
	*im = NULL;
	if (!old || atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) != 1)
		return;
	leat_bytes_unref(&old->mem);
	leat_meta_unref(&old->meta);
	free(old);
}

bool leat_meta_is_lab(const struct leat_meta *m)
{
	enum { SPACE_AT = 16 }; /* ICC.1, 7.2 */
	return m->icc && m->icc->len > SPACE_AT + 4 && memcmp(m->icc->data + SPACE_AT, "Lab ", 4) == 0;
}
