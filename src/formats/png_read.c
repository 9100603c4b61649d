/* SPDX-License-Identifier: MIT */
#include "formats/png_read.h"

#include "base/mem.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/notes.h"
#include "formats/png_chunks.h"
#include "formats/png_fast.h"
#include "formats/png_meta.h"
#include "formats/png_palette.h"

#include <png.h>
#include <setjmp.h>

struct leat_decoder {
	struct leat_png_fast
		*fast; /* does the rows without libpng: all but header, shape, keep, next and notes is unused */
	png_structp png;
	png_infop info;
	jmp_buf jmp; /* where libpng's errors end: in guarded() */
	const uint8_t *data;
	size_t n, pos;
	struct leat_png_header header;
	struct leat_image_shape shape;
	size_t row_bytes;
	size_t given_bytes; /* of a row as libpng gives it: one index a byte where there is a palette */
	struct leat_png_palette palette;
	uint8_t *indices; /* one row of them; NULL without a palette */
	bool by_libpng; /* whatever the file is */
	bool keep; /* keep_damaged */
	bool cut; /* the file ends early, and what is there is wanted */
	bool eof; /* libpng asked for more than there is */
	bool dead; /* libpng failed: it must not be called again */
	bool began; /* rows have been asked for */
	bool read_all; /* libpng has delivered the last row */
	int pass; /* interlaced: the pass being read */
	uint32_t next; /* the row that the next call begins with */
	uint32_t intact; /* rows that libpng has delivered */
	uint8_t *whole; /* interlaced: all rows as libpng gives them; else NULL */
	struct leat_rows *want;
	struct leat_notices notes;
	struct leat_err err; /* what libpng failed with */
};

/* libpng's words where they mean that data are missing. */
static bool means_truncated(const struct leat_decoder *d, const char *text)
{
	return d->eof || strstr(text, "Not enough image data");
}

static void on_error(png_structp png, png_const_charp text)
{
	struct leat_decoder *d = png_get_error_ptr(png);
	char where[48] = "";
	if (d->began)
		snprintf(where, sizeof where, " (after %u of %u rows)", d->intact, d->shape.height);
	/* zlib's state without its memory is what libpng calls bad parameters. */
	if (strstr(text, "emory") || strstr(text, "bad parameters to zlib"))
		leat_fail(&d->err, LEAT_CAUSE_MEMORY, "png: %s", text);
	else if (means_truncated(d, text))
		leat_fail(&d->err, LEAT_CAUSE_TRUNCATED, "truncated png: %s%s", d->eof ? "the file ends early" : text,
			  where);
	else
		leat_fail(&d->err, LEAT_CAUSE_CORRUPT, "corrupt png: %s%s", text, where);
	longjmp(d->jmp, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
	struct leat_decoder *d = png_get_error_ptr(png);
	/* The sum over all pixels: libpng only warns when it has the last row already. */
	if (!d->keep && strstr(text, "incorrect data check"))
		png_error(png, text);
	leat_notice(&d->notes, "png: %s", text);
}

static void on_read(png_structp png, png_bytep to, size_t n)
{
	struct leat_decoder *d = png_get_io_ptr(png);
	if (n > d->n - d->pos) {
		d->eof = true;
		png_error(png, "the file ends early");
	}
	memcpy(to, d->data + d->pos, n);
	d->pos += n;
}

/* Runs a step that calls libpng. 0, or -1 when libpng failed: d->err says how; d is dead then. */
static int guarded(struct leat_decoder *d, void (*step)(struct leat_decoder *))
{
	if (setjmp(d->jmp)) {
		d->dead = true;
		return -1;
	}
	step(d);
	return 0;
}

/* Palette images become one index a byte, all others the shape that is delivered. */
static void ask_for_shape(struct leat_decoder *d)
{
	if (d->header.color == LEAT_PNG_PALETTE) {
		png_set_packing(d->png);
		png_set_check_for_invalid_index(d->png, 0); /* the palette here does */
		return;
	}
	if (d->header.color == LEAT_PNG_GRAY && d->header.depth < 8)
		png_set_expand_gray_1_2_4_to_8(d->png);
	if (d->header.trns)
		png_set_tRNS_to_alpha(d->png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (d->header.depth == 16)
		png_set_swap(d->png);
#endif
}

static void take_palette(struct leat_decoder *d)
{
	png_colorp colors = NULL;
	png_bytep alpha = NULL;
	int n_colors = 0, n_alpha = 0;
	leat_png_palette_clear(&d->palette);
	(void)png_get_PLTE(d->png, d->info, &colors, &n_colors); /* n_colors stays 0 without one */
	(void)png_get_tRNS(d->png, d->info, &alpha, &n_alpha, NULL);
	d->palette.entries = (unsigned)n_colors;
	for (int i = 0; i < n_colors && i < 256; i++) {
		uint8_t *entry = d->palette.rgba[i];
		entry[0] = colors[i].red;
		entry[1] = colors[i].green;
		entry[2] = colors[i].blue;
		if (alpha && i < n_alpha)
			entry[3] = alpha[i];
	}
}

/*
 * Wrong CRCs are told and passed over. So is the sum over all pixels, which would only tell again
 * and cost the last row. Of a file that ends early nothing is lost but the last few bytes: libpng
 * gives up on a whole read buffer.
 */
static void use_damaged(png_structp png, bool cut)
{
	enum { SMALL = 8 };
	png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
#ifdef PNG_IGNORE_ADLER32
	(void)png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON); /* gives the old setting */
#endif
	if (cut)
		png_set_compression_buffer_size(png, SMALL);
}

static void step_header(struct leat_decoder *d)
{
	png_set_read_fn(d->png, d, on_read);
	png_set_user_limits(d->png, LEAT_LIMIT_SIDE, LEAT_LIMIT_SIDE);
	png_set_chunk_cache_max(d->png, LEAT_LIMIT_CHUNKS);
	png_set_chunk_malloc_max(d->png, LEAT_LIMIT_BLOB);
	png_set_benign_errors(d->png, 1);
	/* Metadata are read without libpng; it only checks their CRC. */
	png_set_keep_unknown_chunks(d->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	if (d->keep)
		use_damaged(d->png, d->cut);
	png_read_info(d->png, d->info);
	ask_for_shape(d);
	if (d->header.interlace)
		(void)png_set_interlace_handling(d->png); /* always seven passes */
	if (d->indices)
		take_palette(d);
	png_read_update_info(d->png, d->info);
	if (png_get_rowbytes(d->png, d->info) != d->given_bytes) {
		leat_fail(&d->err, LEAT_CAUSE_INTERNAL, "png: libpng and the header probe see different shapes");
		png_error(d->png, d->err.text); /* keeps the first error */
	}
}

static void step_whole(struct leat_decoder *d)
{
	for (d->pass = 0; d->pass < 7; d->pass++)
		for (uint32_t y = 0; y < d->shape.height; y++)
			png_read_row(d->png, d->whole + (size_t)y * d->given_bytes, NULL);
	d->intact = d->shape.height;
	d->read_all = true;
}

/* A row as libpng gives it to a row as it is delivered. */
static void deliver(struct leat_decoder *d, const uint8_t *given, uint8_t *to)
{
	if (d->indices)
		leat_png_palette_row(&d->palette, given, to, d->shape.width, d->shape.channels);
	else
		memcpy(to, given, d->given_bytes);
}

static void step_rows(struct leat_decoder *d)
{
	while (d->intact < d->want->y1) {
		uint8_t *row = leat_row(d->want, d->intact);
		png_read_row(d->png, d->indices ? d->indices : row, NULL);
		if (d->indices)
			deliver(d, d->indices, row);
		d->intact++;
	}
	d->read_all = d->intact == d->shape.height;
}

static void step_end(struct leat_decoder *d)
{
	png_read_end(d->png, NULL);
}

/* What only a look at the whole file shows: missing end, data behind it, more frames. */
static int look_over(struct leat_decoder *d, struct leat_err *err)
{
	if (d->header.animated)
		leat_notice(&d->notes, "animated png: first frame only");
	struct leat_png_chunk last;
	size_t end = 0;
	int r = leat_png_end(d->data, d->n, &end, &last);
	if (r == 1)
		leat_note_tail(&d->notes, d->n - end);
	d->cut = r == 0 && d->keep;
	if (r != 0 || d->keep)
		return 0;
	if (!last.type)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated png: it ends without IEND");
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated png: it ends within a chunk %c%c%c%c of %u bytes",
			 (char)(last.type >> 24), (char)(last.type >> 16), (char)(last.type >> 8), (char)last.type,
			 last.len);
}

/* An interlaced image: all of it or, when damaged ones are kept, as far as its passes go. */
static int read_whole(struct leat_decoder *d, struct leat_err *err)
{
	d->whole = leat_zalloc(d->given_bytes, d->shape.height, err);
	if (!d->whole)
		return -1;
	d->began = true;
	if (guarded(d, step_whole) == 0)
		return 0;
	if (!d->keep || d->err.cause == LEAT_CAUSE_MEMORY)
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	leat_notice(&d->notes, "damaged: only %d of 7 interlace passes are whole", d->pass);
	return 0;
}

static int start_libpng(struct leat_decoder *d, struct leat_err *err)
{
	if (d->header.color == LEAT_PNG_PALETTE && !(d->indices = leat_zalloc(d->given_bytes, 1, err)))
		return -1;
	d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, d, on_error, on_warning);
	d->info = d->png ? png_create_info_struct(d->png) : NULL;
	if (!d->info)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "png: libpng could not be started");
	if (guarded(d, step_header) < 0)
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	return d->header.interlace ? read_whole(d, err) : 0;
}

static int start(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *meta, struct leat_err *err)
{
	if (leat_png_header(d->data, d->n, true, &d->header, err) < 0)
		return -1;
	d->shape = leat_png_shape(&d->header);
	d->row_bytes = leat_row_bytes(&d->shape);
	d->given_bytes = d->header.color == LEAT_PNG_PALETTE ? d->shape.width : d->row_bytes;
	if (leat_limit_pixels("png", d->shape.width, d->shape.height, o->max_pixels, err) < 0 || look_over(d, err) < 0)
		return -1;
	if (leat_png_meta_read(d->data, d->n, &d->header, meta, &d->notes, err) < 0)
		return -1;
	struct leat_png_layout layout;
	if (!d->by_libpng && !d->keep && leat_png_layout(d->data, d->n, &d->header, &layout)) {
		d->fast = leat_png_fast_open(d->data, &d->header, &layout, o->aside, err);
		return d->fast ? 0 : -1;
	}
	return start_libpng(d, err);
}

static int open_it(struct leat_decoder **out, bool by_libpng, const uint8_t *data, size_t n,
		   const struct leat_decode_opts *o, struct leat_image_shape *shape, struct leat_meta **meta,
		   struct leat_notices *notes, struct leat_err *err)
{
	struct leat_decoder *d = leat_zalloc(1, sizeof *d, err);
	*out = d;
	*meta = d ? leat_meta_new(err) : NULL;
	if (!*meta)
		goto fail;
	d->data = data;
	d->n = n;
	d->by_libpng = by_libpng;
	d->keep = o->keep_damaged;
	if (start(d, o, *meta, err) < 0)
		goto fail;
	leat_notes_move(notes, &d->notes);
	*shape = d->shape;
	return 0;
fail:
	leat_meta_unref(meta);
	leat_png_dec_close(out);
	return -1;
}

int leat_png_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		      struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		      struct leat_err *err)
{
	return open_it(d, false, data, n, o, shape, meta, notes, err);
}

int leat_png_dec_open_libpng(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
			     struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
			     struct leat_err *err)
{
	return open_it(d, true, data, n, o, shape, meta, notes, err);
}

static void clear_rows(const struct leat_decoder *d, struct leat_rows *out, uint32_t from)
{
	for (uint32_t y = from > out->y0 ? from : out->y0; y < out->y1; y++)
		memset(leat_row(out, y), 0, d->row_bytes);
}

int leat_png_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order("png", out, d->next, d->shape.height, err) < 0)
		return -1;
	if (d->fast) {
		int ok = leat_png_fast_rows(d->fast, out, err);
		d->next = ok < 0 ? d->next : out->y1;
		return ok;
	}
	if (d->whole) {
		for (uint32_t y = out->y0; y < out->y1; y++)
			deliver(d, d->whole + (size_t)y * d->given_bytes, leat_row(out, y));
		d->next = out->y1;
		return 0;
	}
	d->want = out;
	d->began = true;
	if ((d->dead || guarded(d, step_rows) < 0) && (!d->keep || d->err.cause == LEAT_CAUSE_MEMORY))
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	clear_rows(d, out, d->intact);
	d->next = out->y1;
	return 0;
}

int leat_png_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	if (d->fast) {
		if (leat_png_fast_finish(d->fast, &d->notes, err) < 0)
			return -1;
		leat_notes_move(notes, &d->notes);
		return 0;
	}
	bool failed = d->dead || (d->read_all && guarded(d, step_end) < 0);
	if (failed && !d->keep)
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	if (failed && !d->read_all && !d->whole)
		leat_notice(&d->notes, "damaged: only %u of %u rows are there, the others are zero", d->intact,
			    d->shape.height);
	if (failed)
		leat_notice(&d->notes, "%s", d->err.text);
	if (d->indices && d->palette.highest >= d->palette.entries)
		leat_notice(&d->notes, "some pixels are beyond the palette of %u colors: black", d->palette.entries);
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_png_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	leat_png_fast_close(&d->fast);
	if (d->png)
		png_destroy_read_struct(&d->png, &d->info, NULL);
	free(d->whole);
	free(d->indices);
	free(d);
}
