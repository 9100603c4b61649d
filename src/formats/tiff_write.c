/* SPDX-License-Identifier: MIT */
/* See tiff_write.h. */
#include "formats/tiff_write.h"

#include "base/mem.h"
#include "formats/exif.h"
#include "formats/inorder.h"
#include "formats/tiff_calls.h"
#include "formats/tiff_exif.h"
#include "formats/tiff_meta.h"

enum { STRIP_BYTES = 64 * 1024, JPEG_ROWS = 16, TILE_STEP = 16, MOST_TILE = 16384 };

struct leat_encoder {
	struct leat_tiff t;
	struct leat_image_shape shape; /* of a page */
	uint32_t pages, page; /* how many there are; the one at hand */
	const struct leat_tiff_params *p;
	struct leat_meta *meta;
	size_t row; /* bytes */
	uint8_t *band; /* rows of a strip, or of a row of tiles */
	uint8_t *tile; /* one tile */
	struct leat_bytes *exif; /* for the end; NULL: none */
	uint32_t rows, tile_width; /* of a band; of a tile, 0: strips */
	uint32_t held, next; /* rows in the band; the row of all pages that comes next */
};

static int check_tile(const struct leat_tiff_params *p, struct leat_err *err)
{
	const struct leat_pixels *t = &p->tile;
	if (!t->width && !t->height && t->percent <= 0)
		return 0;
	if (t->percent > 0 || !t->width || !t->height || t->width % TILE_STEP || t->height % TILE_STEP ||
	    t->width > MOST_TILE || t->height > MOST_TILE)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "tile=: both sides must be multiples of 16, up to 16384, as in tile=256x256");
	return 0;
}

int leat_tiff_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err)
{
	const struct leat_tiff_params *p = params;
	*want = *in;
	if (p->compression == LEAT_TIFF_JPEG) {
		want->sample = LEAT_U8;
		want->channels = in->channels < 3 ? 1 : 3;
		want->alpha = false;
	}
	if (p->bigtiff == 2 && leat_image_bytes(want) > UINT32_MAX - STRIP_BYTES)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "an image of %ux%u does not fit a tiff without bigtiff",
				 in->width, in->height);
	return check_tile(p, err);
}

static size_t band_rows(const struct leat_tiff_params *p, const struct leat_image_shape *s)
{
	size_t row = leat_row_bytes(s), rows = STRIP_BYTES / (row ? row : 1);
	rows = rows ? rows : 1;
	if (p->compression == LEAT_TIFF_JPEG)
		rows = (rows + JPEG_ROWS - 1) / JPEG_ROWS * JPEG_ROWS;
	uint32_t height = leat_page_shape(s).height;
	return p->tile.height ? p->tile.height : rows < height ? rows : height;
}

size_t leat_tiff_enc_cost(const void *params, const struct leat_image_shape *s)
{
	enum { LIBRARY = 2 << 20 };
	return leat_size_add(leat_size_mul(leat_size_mul(leat_row_bytes(s), band_rows(params, s)), 2), LIBRARY);
}

static int set_compression(struct leat_encoder *e, const struct leat_tiff_params *p, struct leat_err *err)
{
	static const uint16_t schemes[] = {COMPRESSION_ADOBE_DEFLATE, COMPRESSION_LZW, COMPRESSION_ZSTD,
					   COMPRESSION_JPEG, COMPRESSION_NONE};
	const struct leat_tiff_calls *c = e->t.c;
	uint16_t scheme = schemes[p->compression];
	if (!c->TIFFIsCODECConfigured(scheme))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "this libtiff cannot write such a compression");
	c->TIFFSetField(e->t.h, TIFFTAG_COMPRESSION, scheme);
	bool can = p->compression <= LEAT_TIFF_ZSTD;
	if (can && p->predictor)
		c->TIFFSetField(e->t.h, TIFFTAG_PREDICTOR,
				e->shape.sample == LEAT_F32 ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
	return 0;
}

static void set_kind(struct leat_encoder *e, const struct leat_tiff_params *p)
{
	const struct leat_tiff_calls *c = e->t.c;
	const struct leat_image_shape *s = &e->shape;
	uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
	bool ycc = p->compression == LEAT_TIFF_JPEG && s->channels == 3;
	c->TIFFSetField(e->t.h, TIFFTAG_PHOTOMETRIC,
			ycc                ? PHOTOMETRIC_YCBCR
			: s->channels >= 3 ? PHOTOMETRIC_RGB
					   : PHOTOMETRIC_MINISBLACK);
	c->TIFFSetField(e->t.h, TIFFTAG_SAMPLEFORMAT, s->sample == LEAT_F32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
	if (s->alpha)
		c->TIFFSetField(e->t.h, TIFFTAG_EXTRASAMPLES, 1, &alpha);
	if (ycc) {
		c->TIFFSetField(e->t.h, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
		c->TIFFSetField(e->t.h, TIFFTAG_JPEGQUALITY, 80);
	}
}

static int set_tags(struct leat_encoder *e, const struct leat_tiff_params *p, const struct leat_meta *meta,
		    struct leat_err *err)
{
	const struct leat_tiff_calls *c = e->t.c;
	const struct leat_image_shape *s = &e->shape;
	c->TIFFSetField(e->t.h, TIFFTAG_IMAGEWIDTH, s->width);
	c->TIFFSetField(e->t.h, TIFFTAG_IMAGELENGTH, s->height);
	c->TIFFSetField(e->t.h, TIFFTAG_BITSPERSAMPLE, 8 * (int)leat_sample_size(s->sample));
	c->TIFFSetField(e->t.h, TIFFTAG_SAMPLESPERPIXEL, s->channels);
	c->TIFFSetField(e->t.h, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
	if (set_compression(e, p, err) < 0)
		return -1;
	set_kind(e, p);
	if (e->tile_width) {
		c->TIFFSetField(e->t.h, TIFFTAG_TILEWIDTH, e->tile_width);
		c->TIFFSetField(e->t.h, TIFFTAG_TILELENGTH, e->rows);
	} else {
		c->TIFFSetField(e->t.h, TIFFTAG_ROWSPERSTRIP, e->rows);
	}
	if (e->pages > 1) {
		c->TIFFSetField(e->t.h, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
		c->TIFFSetField(e->t.h, TIFFTAG_PAGENUMBER, (int)(uint16_t)e->page, (int)(uint16_t)e->pages);
	}
	leat_tiff_meta_write(&e->t, meta, s->channels < 3);
	return e->t.err.cause ? leat_fail(err, LEAT_CAUSE_INTERNAL, "writing tiff: %s", e->t.err.text) : 0;
}

static int start(struct leat_encoder *e, const struct leat_tiff_params *p, const struct leat_meta *meta,
		 struct leat_err *err)
{
	struct leat_image_shape want;
	if (leat_tiff_enc_takes(p, &e->shape, &want, err) < 0 || leat_shape_agreed("tiff", &e->shape, &want, err) < 0)
		return -1;
	e->row = leat_row_bytes(&e->shape);
	e->rows = (uint32_t)band_rows(p, &e->shape);
	e->tile_width = p->tile.width;
	e->band = leat_zalloc(e->rows, e->row, err);
	size_t pixel = e->row / e->shape.width;
	e->tile = e->band && e->tile_width ? leat_zalloc((size_t)e->tile_width * e->rows, pixel, err) : NULL;
	size_t all = leat_size_mul(leat_image_bytes(&e->shape), e->pages);
	e->t.out = e->band ? leat_bytes_new(all / 2, err) : NULL;
	if (!e->t.out || (e->tile_width && !e->tile))
		return -1;
	if (meta && meta->exif && leat_exif_for_output(meta, &e->exif, err) < 0)
		return -1;
	bool big = p->bigtiff == 1 || (p->bigtiff == 0 && all > UINT32_MAX / 10 * 9);
	if (leat_tiff_open(&e->t, big ? "w8" : "w", SIZE_MAX / 2, err) < 0)
		return -1;
	return set_tags(e, p, meta, err);
}

int leat_tiff_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_encoder *e = *out = leat_zalloc(1, sizeof *e, err);
	if (!e)
		return -1;
	e->shape = leat_page_shape(shape);
	e->pages = shape->page_height ? shape->pages : 1;
	e->p = params;
	e->meta = meta ? leat_meta_ref((struct leat_meta *)(uintptr_t)meta) : NULL; /* counted, not changed */
	e->t.c = leat_tiff_calls(err);
	if (e->t.c && start(e, params, meta, err) == 0)
		return 0;
	leat_tiff_enc_close(out);
	return -1;
}

static int failed(const struct leat_encoder *e, struct leat_err *err)
{
	enum leat_cause cause = e->t.err.cause == LEAT_CAUSE_MEMORY ? LEAT_CAUSE_MEMORY : LEAT_CAUSE_INTERNAL;
	return leat_fail(err, cause, "writing tiff: %s", e->t.err.cause ? e->t.err.text : "libtiff refuses");
}

/* The tiles of the band; what lies outside of the image repeats nothing and is zero. */
static bool put_tiles(struct leat_encoder *e, uint32_t y)
{
	size_t pixel = e->row / e->shape.width, tile_row = e->tile_width * pixel;
	for (uint32_t x = 0; x < e->shape.width; x += e->tile_width) {
		uint32_t left = e->shape.width - x, columns = left < e->tile_width ? left : e->tile_width;
		memset(e->tile, 0, tile_row * e->rows);
		for (uint32_t i = 0; i < e->held; i++)
			memcpy(e->tile + i * tile_row, e->band + i * e->row + x * pixel, columns * pixel);
		if (e->t.c->TIFFWriteTile(e->t.h, e->tile, x, y, 0, 0) < 0)
			return false;
	}
	return true;
}

static int flush(struct leat_encoder *e, uint32_t end, struct leat_err *err)
{
	if (!e->held)
		return 0;
	uint32_t y = end - e->held;
	bool ok = e->tile_width ? put_tiles(e, y)
				: e->t.c->TIFFWriteEncodedStrip(e->t.h, y / e->rows, e->band,
								(tmsize_t)(e->held * e->row)) >= 0;
	e->held = 0;
	return ok && !e->t.err.cause ? 0 : failed(e, err);
}

/* A page is complete: its directory, and where another follows the tags of that. */
static int end_page(struct leat_encoder *e, struct leat_err *err)
{
	if (flush(e, e->shape.height, err) < 0)
		return -1;
	if (++e->page == e->pages)
		return 0;
	if (!e->t.c->TIFFWriteDirectory(e->t.h) || e->t.err.cause)
		return failed(e, err);
	return set_tags(e, e->p, e->meta, err);
}

int leat_tiff_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	uint32_t height = e->shape.height;
	if (leat_rows_in_order("tiff", in, e->next, height * e->pages, err) < 0)
		return -1;
	e->next = in->y1;
	for (uint32_t y = in->y0; y < in->y1; y++) {
		uint32_t end = y % height + 1; /* of what there is of the page */
		memcpy(e->band + e->held++ * e->row, leat_row(in, y), e->row);
		if (e->held == e->rows && flush(e, end, err) < 0)
			return -1;
		if (end == height && end_page(e, err) < 0)
			return -1;
	}
	return 0;
}

int leat_tiff_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (leat_rows_complete("tiff", e->next, e->shape.height * e->pages, err) < 0)
		return -1;
	if (!e->t.h)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "tiff: finished twice");
	if (!e->t.c->TIFFFlush(e->t.h) || e->t.err.cause)
		return failed(e, err);
	leat_tiff_close(&e->t);
	if (e->exif && leat_tiff_exif_put(e->t.out, e->exif, err) < 0)
		return -1;
	*out = e->t.out;
	e->t.out = NULL;
	return 0;
}

void leat_tiff_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	if (e->t.h)
		leat_tiff_close(&e->t);
	leat_bytes_unref(&e->t.out);
	leat_bytes_unref(&e->exif);
	leat_meta_unref(&e->meta);
	free(e->band);
	free(e->tile);
	free(e);
}
