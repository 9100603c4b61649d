/* SPDX-License-Identifier: MIT */
/* See avif_read.h. */
#include "formats/avif_read.h"

#include "base/mem.h"
#include "formats/avif_calls.h"
#include "formats/boxes.h"
#include "formats/frame.h"
#include "formats/limits.h"
#include "formats/metablobs.h"
#include "formats/notes.h"

#include <string.h>

struct leat_decoder {
	const struct leat_avif_calls *c;
	avifDecoder *d;
	uint32_t page;
	bool cut; /* the file ends within a box: what is wrong with it comes from that */
	avifCropRect part; /* what is shown of the coded image */
	struct leat_frame frame;
	struct leat_notices notes;
};

static int failed(const struct leat_decoder *d, avifResult r, struct leat_err *err)
{
	if (d->cut && r != AVIF_RESULT_OUT_OF_MEMORY)
		r = AVIF_RESULT_TRUNCATED_DATA;
	return leat_avif_failed(d->c, r, d->d->diag.error, err);
}

/*
 * EXIF's number for a rotation by angle * 90 degrees against the clock (irot) and then a mirror (imir): 0 none, 1 top
 * and bottom, 2 left and right. ISO/IEC 23008-12, 6.5.10 and 6.5.12.
 */
static uint8_t orientation(unsigned angle, unsigned mirror)
{
	static const uint8_t numbers[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};
	return numbers[angle & 3][mirror];
}

static int read_meta(struct leat_decoder *d, bool gray, struct leat_meta *m, struct leat_err *err)
{
	const avifImage *im = d->d->image;
	if (leat_meta_take_icc(m, im->icc.data, im->icc.size, gray, &d->notes, err) < 0 ||
	    leat_meta_take_exif(m, im->exif.data, im->exif.size, &d->notes, err) < 0 ||
	    leat_meta_take_xmp(m, im->xmp.data, im->xmp.size, &d->notes, err) < 0)
		return -1;
	unsigned mirror = im->transformFlags & AVIF_TRANSFORM_IMIR ? 1u + (im->imir.mode & 1u) : 0;
	m->orientation = orientation(im->transformFlags & AVIF_TRANSFORM_IROT ? im->irot.angle : 0, mirror);
	unsigned primaries = im->colorPrimaries, curve = im->transferCharacteristics;
	if (m->icc || primaries == AVIF_COLOR_PRIMARIES_UNSPECIFIED ||
	    curve == AVIF_TRANSFER_CHARACTERISTICS_UNSPECIFIED || primaries > 255 || curve > 255)
		return 0;
	m->has_srgb = primaries == AVIF_COLOR_PRIMARIES_BT709 && curve == AVIF_TRANSFER_CHARACTERISTICS_SRGB;
	m->has_cicp = !m->has_srgb;
	m->cicp[0] = (uint8_t)primaries;
	m->cicp[1] = (uint8_t)curve;
	m->cicp[3] = 1; /* full range: libavif gives RGB */
	return 0;
}

/* The clean aperture, or all of it. */
static int find_part(struct leat_decoder *d, struct leat_err *err)
{
	const avifImage *im = d->d->image;
	d->part = (avifCropRect){0, 0, im->width, im->height};
	if (!(im->transformFlags & AVIF_TRANSFORM_CLAP))
		return 0;
	if (d->c->avifCropRectConvertCleanApertureBox(&d->part, &im->clap, im->width, im->height, im->yuvFormat,
						      &d->d->diag))
		return 0;
	return failed(d, AVIF_RESULT_BMFF_PARSE_FAILED, err);
}

static int find_shape(struct leat_decoder *d, struct leat_err *err)
{
	const avifImage *im = d->d->image;
	bool alpha = d->d->alphaPresent;
	bool gray = im->yuvFormat == AVIF_PIXEL_FORMAT_YUV400 && !(alpha && im->alphaPremultiplied);
	if (find_part(d, err) < 0)
		return -1;
	d->frame.shape = (struct leat_image_shape){.width = d->part.width,
						   .height = d->part.height,
						   .channels = (uint8_t)((gray ? 1 : 3) + alpha),
						   .alpha = alpha,
						   .sample = im->depth > 8 ? LEAT_U16 : LEAT_U8,
						   .pages = d->d->imageCount > 1 ? (uint32_t)d->d->imageCount : 1};
	return 0;
}

/* One beneath the other: all have the size of the file. */
static int all_pages(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_err *err)
{
	struct leat_image_shape *s = &d->frame.shape;
	uint64_t rows = (uint64_t)s->height * s->pages;
	if (leat_limit_sides("avif", s->width, rows, err) < 0 ||
	    leat_limit_pixels("avif", s->width, rows, o->max_pixels, err) < 0)
		return -1;
	s->page_height = s->height;
	s->height = (uint32_t)rows;
	return 0;
}

static int start(struct leat_decoder *d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		 struct leat_err *err)
{
	d->c = leat_avif_calls(err);
	d->d = d->c ? d->c->avifDecoderCreate() : NULL;
	if (!d->d)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for an avif");
	d->cut = leat_boxes_cut(data, n);
	d->d->maxThreads = 1;
	d->d->strictFlags = AVIF_STRICT_CLAP_VALID; /* what else it asks for, many writers do not write */
	avifResult r = d->c->avifDecoderSetIOMemory(d->d, data, n);
	r = r == AVIF_RESULT_OK ? d->c->avifDecoderParse(d->d) : r;
	if (r != AVIF_RESULT_OK)
		return failed(d, r, err);
	const avifImage *im = d->d->image;
	if (leat_limit_sides("avif", im->width, im->height, err) < 0 ||
	    leat_limit_pixels("avif", im->width, im->height, o->max_pixels, err) < 0 || find_shape(d, err) < 0)
		return -1;
	/* What is inside must not be larger than the container says; the parts of a grid may be a little. */
	enum { SLACK = 1 << 16 };
	uint64_t most = 2 * (uint64_t)im->width * im->height + SLACK;
	if (most < d->d->imageSizeLimit)
		d->d->imageSizeLimit = (uint32_t)most;
	d->page = o->page ? o->page - 1 : 0;
	if (d->page >= d->frame.shape.pages)
		return leat_limit_page("avif", d->page, d->frame.shape.pages, err);
	if (o->all && d->frame.shape.pages > 1)
		return all_pages(d, o, err);
	if (d->frame.shape.pages > 1 && !o->page)
		leat_notice(&d->notes, "avif of %u images: the first only", d->frame.shape.pages);
	return 0;
}

int leat_avif_dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err)
{
	struct leat_decoder *d = *out = leat_zalloc(1, sizeof *d, err);
	*meta = d ? leat_meta_new(err) : NULL;
	if (!*meta || start(d, data, n, o, err) < 0 || read_meta(d, d->frame.shape.channels < 3, *meta, err) < 0) {
		leat_meta_unref(meta);
		leat_avif_dec_close(out);
		return -1;
	}
	leat_notes_move(notes, &d->notes);
	*shape = d->frame.shape;
	return 0;
}

/* The rows, the planes of libavif and as much again of its decoder: 4 to 6 bytes a pixel besides the rows. */
void leat_avif_dec_header(const struct leat_decoder *d, struct leat_header *h)
{
	enum { LIBRARY = 4 << 20, PLANES = 4, TIMES = 2 };
	const struct leat_image_shape *s = &d->frame.shape;
	size_t pixels = leat_size_mul(d->d->image->width, d->d->image->height);
	size_t planes = leat_size_mul(leat_size_mul(pixels, leat_sample_size(s->sample)), (size_t)PLANES * TIMES);
	h->whole = true;
	h->peak_bytes = leat_size_add(leat_size_add(leat_image_bytes(s), planes), LIBRARY);
}

/* A stored sample of `bits`, from black to white, as one of leat's. */
static uint32_t scaled(uint32_t v, uint32_t black, uint32_t white, uint32_t full)
{
	v = v < black ? black : v > white ? white : v;
	return (uint32_t)(((uint64_t)(v - black) * full + (white - black) / 2) / (white - black));
}

static uint32_t stored(const uint8_t *row, bool wide, uint32_t x)
{
	uint16_t v = row[x];
	if (wide)
		memcpy(&v, row + (size_t)2 * x, sizeof v);
	return v;
}

/* A plane becomes channel `at` of the rows. limited: black and white stand where television has them. */
static void take_plane(struct leat_frame *f, const avifImage *im, const uint8_t *plane, size_t stride, unsigned at,
		       bool limited)
{
	bool wide = im->depth > 8;
	uint32_t most = (1u << im->depth) - 1, full = f->shape.sample == LEAT_U16 ? 65535 : 255;
	uint32_t black = limited ? 16u << (im->depth - 8) : 0, white = limited ? 235u << (im->depth - 8) : most;
	for (uint32_t y = 0; y < f->shape.height; y++) {
		uint8_t *to = f->pixels + y * leat_row_bytes(&f->shape);
		for (uint32_t x = 0; x < f->shape.width; x++) {
			uint32_t v = scaled(stored(plane + y * stride, wide, x), black, white, full);
			size_t i = (size_t)x * f->shape.channels + at;
			if (full > 255)
				((uint16_t *)(void *)to)[i] = (uint16_t)v;
			else
				to[i] = (uint8_t)v;
		}
	}
}

static int convert(struct leat_decoder *d, const avifImage *im, struct leat_frame *f, struct leat_err *err)
{
	avifRGBImage rgb;
	if (f->shape.channels < 3) {
		take_plane(f, im, im->yuvPlanes[0], im->yuvRowBytes[0], 0, im->yuvRange == AVIF_RANGE_LIMITED);
		if (f->shape.alpha)
			take_plane(f, im, im->alphaPlane, im->alphaRowBytes, 1, false);
		return 0;
	}
	d->c->avifRGBImageSetDefaults(&rgb, im);
	rgb.format = f->shape.alpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
	rgb.depth = f->shape.sample == LEAT_U16 ? 16 : 8;
	rgb.alphaPremultiplied = AVIF_FALSE;
	rgb.pixels = f->pixels;
	rgb.rowBytes = (uint32_t)leat_row_bytes(&f->shape);
	avifResult r = d->c->avifImageYUVToRGB(im, &rgb);
	return r == AVIF_RESULT_OK ? 0 : failed(d, r, err);
}

/* The part of the image that is shown. */
static int convert_part(struct leat_decoder *d, const avifImage *im, struct leat_frame *f, struct leat_err *err)
{
	if (d->part.width == im->width && d->part.height == im->height)
		return convert(d, im, f, err);
	avifImage *view = d->c->avifImageCreateEmpty();
	if (!view)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for an avif");
	avifResult r = d->c->avifImageSetViewRect(view, im, &d->part);
	int ok = r == AVIF_RESULT_OK ? convert(d, view, f, err) : failed(d, r, err);
	d->c->avifImageDestroy(view);
	return ok;
}

/* Image i of the file to the rows of f. */
static int decode_one(struct leat_decoder *d, uint32_t i, struct leat_frame *f, struct leat_err *err)
{
	const avifImage *im = d->d->image;
	uint32_t width = im->width, height = im->height, depth = im->depth;
	avifPixelFormat kind = im->yuvFormat;
	avifResult r = d->c->avifDecoderNthImage(d->d, i);
	if (r != AVIF_RESULT_OK)
		return failed(d, r, err);
	if (im->width != width || im->height != height || im->depth != depth || im->yuvFormat != kind ||
	    !im->yuvPlanes[0] || (f->shape.alpha && !im->alphaPlane))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt avif: its image is another than its header says");
	return convert_part(d, im, f, err);
}

static int decode(struct leat_decoder *d, struct leat_err *err)
{
	if (leat_frame_alloc(&d->frame, err) < 0)
		return -1;
	struct leat_frame page = d->frame;
	if (!page.shape.page_height)
		return decode_one(d, d->page, &page, err);
	page.shape.height = page.shape.page_height;
	for (uint32_t i = 0; i < d->frame.shape.pages; i++) {
		if (decode_one(d, i, &page, err) < 0)
			return -1;
		page.pixels += page.shape.height * leat_row_bytes(&page.shape);
	}
	return 0;
}

int leat_avif_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (!d->frame.pixels && decode(d, err) < 0)
		return -1;
	return leat_frame_give(&d->frame, "avif", out, err);
}

int leat_avif_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)err; /* there is nothing behind the image */
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_avif_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	if (d->d)
		d->c->avifDecoderDestroy(d->d);
	leat_frame_free(&d->frame);
	free(d);
}
