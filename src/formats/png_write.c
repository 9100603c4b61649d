/* SPDX-License-Identifier: MIT */
#include "formats/png_write.h"

#include "base/mem.h"
#include "formats/inorder.h"
#include "formats/png_pack.h"

#include <png.h>
#include <setjmp.h>

enum { AUTO_LEVEL = 6, ZLIB_BEST = 9, IDAT_BYTES = 64 * 1024 };

struct leat_encoder {
	png_structp png;
	png_infop info;
	jmp_buf jmp;
	struct leat_image_shape shape;
	size_t row_bytes;
	const struct leat_png_params *p;
	const struct leat_rows *rows; /* only within rows */
	struct leat_bytes *out;
	uint8_t *whole; /* interlaced: all rows; else NULL */
	uint32_t next;
	bool dead;
	struct leat_err err;
};

static void on_error(png_structp png, png_const_charp text)
{
	struct leat_encoder *e = png_get_error_ptr(png);
	/* Keeps an error that is there already, of the output buffer say. */
	leat_fail(&e->err, strstr(text, "emory") ? LEAT_CAUSE_MEMORY : LEAT_CAUSE_INTERNAL, "writing png: %s", text);
	longjmp(e->jmp, 1);
}

/* libpng warns while writing only of what its setters are given, and none is used here. */
static void on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void on_write(png_structp png, png_bytep data, size_t n)
{
	struct leat_encoder *e = png_get_io_ptr(png);
	if (leat_bytes_append(e->out, data, n, &e->err) < 0)
		png_error(png, "out of memory");
}

static void on_flush(png_structp png)
{
	(void)png;
}

static int guarded(struct leat_encoder *e, void (*step)(struct leat_encoder *))
{
	if (setjmp(e->jmp)) {
		e->dead = true;
		return -1;
	}
	step(e);
	return 0;
}

static void choose_packing(struct leat_encoder *e)
{
	static const int filters[] = {PNG_ALL_FILTERS, PNG_FILTER_NONE, PNG_FILTER_SUB,
				      PNG_FILTER_UP,   PNG_FILTER_AVG,  PNG_FILTER_PAETH};
	png_set_compression_level(e->png, e->p->level == 0 ? AUTO_LEVEL : (int)e->p->level - 1);
	png_set_compression_buffer_size(e->png, IDAT_BYTES);
	png_set_filter(e->png, PNG_FILTER_TYPE_BASE, filters[e->p->filter]);
}

/* Signature and IHDR. */
static void step_header(struct leat_encoder *e)
{
	static const int colors[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
				     PNG_COLOR_TYPE_RGB_ALPHA};
	png_set_write_fn(e->png, e, on_write, on_flush);
	png_set_user_limits(e->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	choose_packing(e);
	png_set_IHDR(e->png, e->info, e->shape.width, e->shape.height, e->shape.sample == LEAT_U16 ? 16 : 8,
		     colors[e->shape.channels], e->p->interlace ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
	png_write_info_before_PLTE(e->png, e->info);
}

/* Behind the metadata; libpng writes nothing more before the pixels. */
static void step_begin(struct leat_encoder *e)
{
	png_write_info(e->png, e->info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (e->shape.sample == LEAT_U16)
		png_set_swap(e->png);
#endif
	if (e->p->interlace)
		(void)png_set_interlace_handling(e->png); /* always seven passes */
}

static void step_rows(struct leat_encoder *e)
{
	for (uint32_t y = e->rows->y0; y < e->rows->y1; y++)
		png_write_row(e->png, leat_row(e->rows, y));
}

static void step_end(struct leat_encoder *e)
{
	for (int pass = 0; e->whole && pass < 7; pass++)
		for (uint32_t y = 0; y < e->shape.height; y++)
			png_write_row(e->png, e->whole + (size_t)y * e->row_bytes);
	png_write_end(e->png, NULL);
}

static int failed(const struct leat_encoder *e, struct leat_err *err)
{
	return leat_fail(err, e->err.cause, "%s", e->err.text);
}

int leat_png_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err)
{
	const struct leat_png_params *p = params;
	if (p->level - 1 > ZLIB_BEST)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "level=%d: this version packs with zlib, whose levels end at %d", (int)p->level - 1,
				 ZLIB_BEST);
	*want = *in;
	if (in->sample == LEAT_F32)
		want->sample = LEAT_U8;
	return 0;
}

static int start(struct leat_encoder *e, const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_image_shape want;
	if (leat_png_enc_takes(e->p, &e->shape, &want, err) < 0 || leat_shape_agreed("png", &e->shape, &want, err) < 0)
		return -1;
	e->row_bytes = leat_row_bytes(&e->shape);
	e->out = leat_bytes_new(IDAT_BYTES, err);
	if (e->p->interlace)
		e->whole = leat_zalloc(leat_image_bytes(&e->shape), 1, err);
	if (!e->out || (e->p->interlace && !e->whole))
		return -1;
	e->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, e, on_error, on_warning);
	e->info = e->png ? png_create_info_struct(e->png) : NULL;
	if (!e->info)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "png: libpng could not be started");
	if (guarded(e, step_header) < 0)
		return failed(e, err);
	if (leat_png_meta_write(e->out, meta, e->shape.channels < 3, err) < 0)
		return -1;
	return guarded(e, step_begin) < 0 ? failed(e, err) : 0;
}

int leat_png_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	*out = e;
	if (!e)
		return -1;
	e->p = params;
	e->shape = *shape;
	if (start(e, meta, err) == 0)
		return 0;
	leat_png_enc_close(out);
	return -1;
}

int leat_png_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (e->dead)
		return failed(e, err);
	if (leat_rows_in_order("png", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->rows = in;
	e->next = in->y1;
	if (!e->whole)
		return guarded(e, step_rows) < 0 ? failed(e, err) : 0;
	for (uint32_t y = in->y0; y < in->y1; y++)
		memcpy(e->whole + (size_t)y * e->row_bytes, leat_row(in, y), e->row_bytes);
	return 0;
}

int leat_png_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (leat_rows_complete("png", e->next, e->shape.height, err) < 0)
		return -1;
	if (e->dead || guarded(e, step_end) < 0)
		return failed(e, err);
	*out = e->out;
	e->out = NULL;
	e->dead = true;
	return 0;
}

void leat_png_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	if (e->png)
		png_destroy_write_struct(&e->png, &e->info);
	leat_bytes_unref(&e->out);
	free(e->whole);
	free(e);
}
