/* SPDX-License-Identifier: MIT */
/* What strip and to-srgb share. See recolor.h. */
#include "ops/color/recolor.h"

#include "base/mem.h"
#include "ops/color/icc.h"
#include "ops/rows.h"

struct item {
	uint32_t width;
	size_t row_bytes;
	struct leat_to_srgb *way; /* NULL: samples stay */
};

int leat_recolor_open(void **state, struct leat_err *err)
{
	*state = leat_icc_new(err);
	return *state ? 0 : -1;
}

void leat_recolor_close(void *state)
{
	struct leat_icc *icc = state;
	leat_icc_free(&icc);
}

/* Would anything be removed? */
static bool removes(const struct leat_meta *m, unsigned keep)
{
	return (!(keep & LEAT_KEEP_ICC) && leat_icc_described(m)) || (!(keep & LEAT_KEEP_EXIF) && m->exif) ||
	       (!(keep & LEAT_KEEP_XMP) && m->xmp) || (!(keep & LEAT_KEEP_IPTC) && m->iptc) ||
	       (!(keep & LEAT_KEEP_COPYRIGHT) && m->copyright) ||
	       (!(keep & LEAT_KEEP_DENSITY) && (m->density_x > 0 || m->density_y > 0));
}

/* Puts a copy of the metadata without what is not kept in place of *meta. */
static int remove_rest(struct leat_meta **meta, unsigned keep, struct leat_err *err)
{
	if (!removes(*meta, keep))
		return 0;
	struct leat_meta *m = leat_meta_copy(*meta, err);
	if (!m)
		return -1;
	if (!(keep & LEAT_KEEP_ICC))
		leat_icc_forget(m);
	if (!(keep & LEAT_KEEP_EXIF))
		leat_bytes_unref(&m->exif);
	if (!(keep & LEAT_KEEP_XMP))
		leat_bytes_unref(&m->xmp);
	if (!(keep & LEAT_KEEP_IPTC))
		leat_bytes_unref(&m->iptc);
	if (!(keep & LEAT_KEEP_COPYRIGHT)) {
		free(m->copyright);
		m->copyright = NULL;
	}
	if (!(keep & LEAT_KEEP_DENSITY))
		m->density_x = m->density_y = 0;
	leat_meta_unref(meta);
	*meta = m;
	return 0;
}

int leat_recolor_begin(const struct leat_op_begin *b, unsigned keep, void **item, struct leat_err *err)
{
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->width = b->in->image.width;
	it->row_bytes = leat_row_bytes(&b->in->image);
	if ((!(keep & LEAT_KEEP_ICC) && leat_icc_find(b->state, b->meta, &b->in->image, &it->way, err) < 0) ||
	    remove_rest(b->meta_out, keep, err) < 0) {
		leat_to_srgb_unref(&it->way);
		free(it);
		return -1;
	}
	*item = it;
	return 0;
}

int leat_recolor_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		      void *scratch, struct leat_err *err)
{
	const struct item *it = item;
	(void)scratch; /* rows are converted one by one, from window to window */
	(void)err; /* nothing can fail */
	if (!it->way)
		leat_copy_rows(in, out, y0, y1, it->row_bytes);
	for (uint32_t y = y0; it->way && y < y1; y++)
		leat_to_srgb_row(it->way, leat_row(in, y), leat_row(out, y), it->width);
	return 0;
}

int leat_recolor_end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	(void)fields; /* measures nothing */
	(void)err;
	leat_to_srgb_unref(&it->way);
	free(it);
	return 0;
}
