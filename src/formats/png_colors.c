/* SPDX-License-Identifier: MIT */
/* See png_colors.h. */
#include "formats/png_colors.h"

#include "base/mem.h"
#include "formats/png_form.h"
#include "formats/png_frame.h"
#include "formats/png_idat.h"
#include "formats/png_pack.h"

#include <string.h>

enum { MOST = 256, FRAME_BYTES = 512 };

static uint32_t value_of(const uint8_t *px, bool alpha)
{
	uint8_t c[4] = {px[0], px[1], px[2], alpha ? px[3] : 255};
	uint32_t v;
	memcpy(&v, c, sizeof v);
	return v;
}

/* All colors in the order they come. False: there are more than a palette holds. */
static bool collect(struct leat_png_form *f, const struct leat_image *im)
{
	const struct leat_image_shape *s = &im->shape;
	struct leat_png_index x;
	leat_png_index_clear(&x);
	for (uint32_t y = 0; y < s->height; y++) {
		const uint8_t *px = im->pixels + y * im->stride;
		for (uint32_t i = 0; i < s->width; i++, px += s->channels) {
			int16_t at;
			uint32_t v = value_of(px, s->alpha);
			if (leat_png_index_find(&x, v, &at))
				continue;
			if (f->entries == MOST)
				return false;
			(void)leat_png_index_add(&x, v, (int16_t)f->entries, &at); /* it is new */
			memcpy(f->palette[f->entries++], &v, sizeof v);
		}
	}
	return true;
}

/* Those that are not opaque come first, so that tRNS is short. */
static void arrange(struct leat_png_form *f, bool alpha)
{
	uint8_t all[MOST][4];
	unsigned n = 0;
	memcpy(all, f->palette, sizeof all);
	for (int opaque = 0; opaque < 2; opaque++)
		for (unsigned i = 0; i < f->entries; i++)
			if ((all[i][3] == 255) == opaque) {
				f->clear += !opaque;
				memcpy(f->palette[n++], all[i], sizeof all[i]);
			}
	if (alpha && !f->clear)
		f->clear = 1; /* says that there is alpha, though all is opaque */
	f->depth = f->entries <= 2 ? 1 : f->entries <= 4 ? 2 : f->entries <= 16 ? 4 : 8;
}

static int put_rows(const struct leat_png_form *f, const struct leat_image *im, int level, struct leat_bytes *to,
		    struct leat_err *err)
{
	struct leat_png_index x;
	struct leat_idat idat = {0};
	struct leat_png_pixels row = {.shape = im->shape};
	size_t n = leat_png_form_bytes(f, im->shape.width) + 1;
	leat_png_form_index(f, &x);
	row.shape.height = 1;
	int ok = leat_idat_open(&idat, to, (uint64_t)n * im->shape.height, n, level, -1, err);
	for (uint32_t y = 0; ok == 0 && y < im->shape.height; y++) {
		uint8_t *line = leat_idat_row(&idat, n, err);
		row.data = im->pixels + y * im->stride;
		ok = line ? 0 : -1;
		if (line) {
			*line = 0; /* no filter: neighbors in a palette are no neighbors */
			(void)leat_png_form_row(f, &x, &row, 0, line + 1); /* all colors are there */
		}
	}
	if (ok == 0)
		ok = leat_idat_end(&idat, err);
	leat_idat_close(&idat);
	return ok;
}

int leat_png_colors(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
		    struct leat_err *err)
{
	const int *level = ctx;
	struct leat_png_form f = {.color = LEAT_PNG_PALETTE};
	(void)quality; /* there is none */
	if (!collect(&f, im))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "png: more than 256 colors came for a palette");
	arrange(&f, im->shape.alpha);
	struct leat_png_header h = {
		.width = im->shape.width, .height = im->shape.height, .depth = f.depth, .color = f.color};
	struct leat_bytes *b = leat_bytes_new(FRAME_BYTES, err);
	if (b && leat_png_put_header(b, &h, err) == 0 && leat_png_meta_write(b, im->meta, false, err) == 0 &&
	    leat_png_form_put(&f, b, err) == 0 && put_rows(&f, im, *level, b, err) == 0 &&
	    leat_png_put_end(b, err) == 0) {
		leat_bytes_trim(b);
		*out = b;
		return 0;
	}
	leat_bytes_unref(&b);
	return -1;
}
