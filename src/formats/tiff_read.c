/* SPDX-License-Identifier: MIT */
/* See tiff_read.h. */
#include "formats/tiff_read.h"

#include "base/mem.h"
#include "formats/ink_profile.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/notes.h"
#include "formats/tiff_layout.h"
#include "formats/tiff_meta.h"

enum { MOST_PLANES = 64 };

struct leat_decoder {
	struct leat_tiff t;
	struct leat_tiff_layout l; /* of the page at hand */
	struct leat_image_shape shape; /* of what is given: of all pages where they are wanted */
	uint32_t base; /* the row at which the page at hand begins */
	uint8_t *pieces; /* a strip or tile as libtiff gives it, of each plane */
	uint8_t *band; /* rows band_y0 ... band_y1 as leat's */
	uint32_t band_y0, band_y1; /* of the page */
	struct leat_ink_profile *inks; /* of CMYK; NULL: none that can be used */
	uint32_t *raster; /* of the whole image, where libtiff converts */
	bool keep; /* keep_damaged */
	uint32_t pages; /* of the file */
	uint32_t next, there; /* rows from `there` on may be missing */
	struct leat_notices notes;
	struct leat_err err; /* of the first damage that was kept */
};

static unsigned planes(const struct leat_tiff_layout *l)
{
	return l->separate ? l->samples : 1;
}

/*
 * Goes to the page that is wanted; others are left out. A directory that points to itself does not matter to those
 * before it.
 */
static int choose_page(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_err *err)
{
	unsigned n = (unsigned)d->t.c->TIFFNumberOfDirectories(d->t.h), page = o->page ? o->page - 1 : 0;
	if (d->t.beyond && !o->keep_damaged)
		return leat_tiff_failed(&d->t, "it ends before its last page", err);
	n = n > 1 ? n : 1;
	if (page >= n)
		return leat_limit_page("tiff", page, n, err);
	if (n > 1 && !o->page && !o->all)
		leat_notice(&d->notes, "%u pages: the first only", n);
	d->t.err = (struct leat_err){0};
	if (page && !d->t.c->TIFFSetDirectory(d->t.h, (tdir_t)page))
		return leat_tiff_failed(&d->t, "its page cannot be found", err);
	d->t.err = (struct leat_err){0}; /* a tag that it does not understand is no damage */
	d->t.beyond = false;
	d->pages = n;
	return 0;
}

/* CMYK: its profile is used up, the rows will be sRGB. */
static int open_inks(struct leat_decoder *d, struct leat_err *err)
{
	uint32_t n = 0;
	const void *data = NULL;
	struct leat_bytes *icc = NULL;
	if (d->l.photometric != PHOTOMETRIC_SEPARATED)
		return 0;
	if (d->l.samples == 4 && !d->l.separate && d->t.c->TIFFGetField(d->t.h, TIFFTAG_ICCPROFILE, &n, &data)) {
		icc = leat_bytes_new(n, err);
		if (!icc || leat_bytes_append(icc, data, n, err) < 0 ||
		    leat_ink_profile_open(&d->inks, icc, d->l.shape.sample, false, err) < 0) {
			leat_bytes_unref(&icc);
			return -1;
		}
	}
	leat_bytes_unref(&icc);
	leat_notice(&d->notes, d->inks ? "CMYK converted to sRGB by its profile"
				       : "CMYK converted to RGB by the plain formula: it has no profile for that");
	return 0;
}

/* The page that follows the one at hand becomes that; it must be like the first. */
static int next_page(struct leat_decoder *d, uint64_t limit, struct leat_err *err)
{
	const struct leat_image_shape first = d->l.shape, *s = &d->l.shape;
	static const char *const kinds[] = {"", "gray", "gray+alpha", "RGB", "RGBA"};
	d->t.err = (struct leat_err){0};
	if (!d->t.c->TIFFReadDirectory(d->t.h))
		return leat_tiff_failed(&d->t, "its next page cannot be found", err);
	if (leat_tiff_layout(&d->t, limit, &d->l, &d->notes, err) < 0)
		return -1;
	d->t.err = (struct leat_err){0};
	d->t.beyond = false;
	if (s->width == first.width && s->height == first.height && s->channels == first.channels &&
	    s->alpha == first.alpha && s->sample == first.sample)
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
			 "one page is %ux%u %s, another %ux%u %s (or of another depth): pages=all takes pages that are "
			 "alike, 'extract-page' picks one",
			 first.width, first.height, kinds[first.channels], s->width, s->height, kinds[s->channels]);
}

/* All pages: they are alike, and stand one beneath the other. */
static int open_all(struct leat_decoder *d, uint64_t limit, struct leat_err *err)
{
	uint64_t rows = (uint64_t)d->l.height * d->pages;
	if (leat_limit_pixels("tiff", d->l.width, rows, limit, err) < 0)
		return -1;
	for (uint32_t i = 1; i < d->pages; i++)
		if (next_page(d, limit, err) < 0)
			return -1;
	if (!d->t.c->TIFFSetDirectory(d->t.h, 0))
		return leat_tiff_failed(&d->t, "its first page cannot be found", err);
	if (leat_tiff_layout(&d->t, limit, &d->l, NULL, err) < 0)
		return -1;
	d->shape.page_height = d->l.height;
	d->shape.height = (uint32_t)rows; /* pixels have a limit below 32 bits */
	d->there = d->shape.height;
	return 0;
}

static int start(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *meta, struct leat_err *err)
{
	uint64_t limit = o->max_pixels ? o->max_pixels : LEAT_LIMIT_PIXELS;
	enum { BYTES_A_PIXEL = 32, SLACK = 16 << 20 };
	d->t.c = leat_tiff_calls(err);
	if (!d->t.c || leat_tiff_open(&d->t, "rm", leat_size_add(leat_size_mul(limit, BYTES_A_PIXEL), SLACK), err) < 0)
		return -1;
	if (d->t.beyond && !o->keep_damaged)
		return leat_tiff_failed(&d->t, "it ends within its header", err);
	if (choose_page(d, o, err) < 0 || leat_tiff_layout(&d->t, limit, &d->l, &d->notes, err) < 0)
		return -1;
	d->t.err = (struct leat_err){0};
	d->there = d->l.height;
	d->keep = o->keep_damaged;
	d->shape = d->l.shape;
	d->shape.pages = d->pages;
	if (o->all && d->pages > 1 && open_all(d, limit, err) < 0)
		return -1;
	if (open_inks(d, err) < 0 || leat_tiff_meta_read(&d->t, &d->l, meta, &d->notes, err) < 0)
		return -1;
	d->t.err = (struct leat_err){0};
	d->t.beyond = false;
	return 0;
}

int leat_tiff_dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err)
{
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	*meta = d ? leat_meta_new(err) : NULL;
	if (*meta) {
		d->t.data = data;
		d->t.n = n;
	}
	if (!*meta || start(d, o, *meta, err) < 0) {
		leat_meta_unref(meta);
		leat_tiff_dec_close(out);
		return -1;
	}
	leat_notes_move(notes, &d->notes);
	*shape = d->shape;
	return 0;
}

void leat_tiff_dec_header(const struct leat_decoder *d, struct leat_header *h)
{
	enum { LIBRARY = 1 << 20 };
	const struct leat_tiff_layout *l = &d->l;
	size_t band = leat_size_mul(leat_row_bytes(&l->shape), l->band);
	size_t pieces = leat_size_mul(l->piece, planes(l) + 1); /* and the packed bytes of one */
	h->whole = l->by_library;
	h->peak_bytes =
		l->by_library ? leat_size_mul(leat_size_mul(l->width, l->height), 8) : leat_size_add(band, pieces);
	h->peak_bytes += LIBRARY;
}

static int allocate(struct leat_decoder *d, struct leat_err *err)
{
	const struct leat_tiff_layout *l = &d->l;
	if (d->band || d->raster)
		return 0;
	if (l->by_library) {
		d->raster = leat_zalloc(leat_size_mul(l->width, l->height), sizeof *d->raster, err);
		return d->raster ? 0 : -1;
	}
	d->band = leat_zalloc(l->band, leat_row_bytes(&l->shape), err);
	d->pieces = d->band ? leat_zalloc(planes(l), l->piece, err) : NULL;
	return d->pieces ? 0 : -1;
}

/* libtiff said something, or gave less than there must be. */
static int damaged(struct leat_decoder *d, struct leat_err *err)
{
	if (!d->keep)
		return leat_tiff_failed(&d->t, "its pixels cannot be read", err);
	if (!d->err.cause)
		leat_tiff_failed(&d->t, "its pixels cannot be read", &d->err);
	d->t.err = (struct leat_err){0};
	d->t.beyond = false;
	if (d->base + d->band_y0 < d->there)
		d->there = d->base + d->band_y0;
	return 1;
}

/* One strip or tile of every plane, at least `rows` rows of it. 0, -1, or 1: damaged, and kept. */
static int read_pieces(struct leat_decoder *d, uint32_t x, uint32_t rows, struct leat_err *err)
{
	const struct leat_tiff_layout *l = &d->l;
	size_t want = (size_t)rows * l->piece_row;
	for (unsigned p = 0; p < planes(l); p++) {
		uint8_t *to = d->pieces + p * l->piece;
		tmsize_t got;
		if (l->tiled)
			got = d->t.c->TIFFReadTile(d->t.h, to, x, d->band_y0, 0, (uint16_t)p);
		else
			got = d->t.c->TIFFReadEncodedStrip(
				d->t.h, d->t.c->TIFFComputeStrip(d->t.h, d->band_y0, (uint16_t)p), to, -1);
		if (got < 0 || (size_t)got < want || d->t.err.cause)
			return damaged(d, err);
	}
	return 0;
}

static void convert(struct leat_decoder *d, uint32_t x, uint32_t columns)
{
	const struct leat_tiff_layout *l = &d->l;
	const uint8_t *rows[MOST_PLANES];
	size_t bytes = leat_row_bytes(&l->shape), pixel = bytes / l->width;
	for (uint32_t y = 0; y < d->band_y1 - d->band_y0; y++) {
		for (unsigned p = 0; p < planes(l); p++)
			rows[p] = d->pieces + p * l->piece + y * l->piece_row;
		uint8_t *to = d->band + y * bytes + x * pixel;
		if (d->inks)
			leat_ink_profile_row(d->inks, rows[0], to, columns);
		else
			leat_tiff_row(l, rows, to, columns);
	}
}

/* The band that begins at row y. */
static int load_band(struct leat_decoder *d, uint32_t y, struct leat_err *err)
{
	const struct leat_tiff_layout *l = &d->l;
	uint32_t rows = l->height - y < l->band ? l->height - y : l->band;
	d->band_y0 = y;
	d->band_y1 = y + rows;
	memset(d->band, 0, rows * leat_row_bytes(&l->shape));
	for (uint32_t x = 0; x < l->width; x += l->tile_width) {
		uint32_t columns = l->width - x < l->tile_width ? l->width - x : l->tile_width;
		int r = read_pieces(d, x, l->tiled ? l->band : rows, err);
		if (r < 0)
			return -1;
		if (r == 0)
			convert(d, x, columns);
	}
	return 0;
}

static int load_raster(struct leat_decoder *d, struct leat_err *err)
{
	const struct leat_tiff_layout *l = &d->l;
	uint16_t as_stored = ORIENTATION_TOPLEFT;
	(void)d->t.c->TIFFGetFieldDefaulted(d->t.h, TIFFTAG_ORIENTATION, &as_stored);
	if (d->t.c->TIFFReadRGBAImageOriented(d->t.h, l->width, l->height, d->raster, as_stored, 1) && !d->t.err.cause)
		return 0;
	return damaged(d, err) < 0 ? -1 : 0;
}

static void raster_row(const struct leat_decoder *d, uint32_t y, uint8_t *to)
{
	const uint32_t *from = d->raster + (size_t)y * d->l.width;
	for (uint32_t x = 0; x < d->l.width; x++, to += 3) {
		to[0] = (uint8_t)TIFFGetR(from[x]);
		to[1] = (uint8_t)TIFFGetG(from[x]);
		to[2] = (uint8_t)TIFFGetB(from[x]);
	}
}

/* On to the next page: its parts may be cut otherwise. */
static int turn_page(struct leat_decoder *d, struct leat_err *err)
{
	d->base += d->l.height;
	leat_ink_profile_close(&d->inks);
	free(d->pieces);
	free(d->band);
	free(d->raster);
	d->pieces = d->band = NULL;
	d->raster = NULL;
	d->band_y0 = d->band_y1 = 0;
	if (next_page(d, LEAT_LIMIT_PIXELS, err) < 0 || open_inks(d, err) < 0 || allocate(d, err) < 0)
		return -1;
	return d->raster ? load_raster(d, err) : 0;
}

/* Row y of all that is given. */
static int read_row(struct leat_decoder *d, uint32_t y, uint8_t *to, struct leat_err *err)
{
	if (y - d->base >= d->l.height && turn_page(d, err) < 0)
		return -1;
	y -= d->base;
	if (d->l.by_library) {
		raster_row(d, y, to);
		return 0;
	}
	if (y >= d->band_y1 && load_band(d, y, err) < 0)
		return -1;
	size_t bytes = leat_row_bytes(&d->l.shape);
	memcpy(to, d->band + (y - d->band_y0) * bytes, bytes);
	return 0;
}

int leat_tiff_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	bool first = !d->raster && !d->band;
	if (leat_rows_in_order("tiff", out, d->next, d->shape.height, err) < 0 || allocate(d, err) < 0)
		return -1;
	if (first && d->raster && load_raster(d, err) < 0)
		return -1;
	for (uint32_t y = out->y0; y < out->y1; y++)
		if (read_row(d, y, leat_row(out, y), err) < 0)
			return -1;
	d->next = out->y1;
	return 0;
}

int leat_tiff_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)err;
	if (d->err.cause)
		leat_notice(&d->notes, "damaged: from row %u on some are zero: %.60s", d->there, d->err.text);
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_tiff_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	leat_tiff_close(&d->t);
	leat_ink_profile_close(&d->inks);
	free(d->pieces);
	free(d->band);
	free(d->raster);
	free(d);
}
