/* SPDX-License-Identifier: MIT */
/* See tiff_layout.h. */
#include "formats/tiff_layout.h"

#include "base/mem.h"
#include "formats/limits.h"

static uint32_t tag32(struct leat_tiff *t, uint32_t tag, uint32_t otherwise)
{
	uint32_t v = 0;
	return t->c->TIFFGetField(t->h, tag, &v) ? v : otherwise;
}

static unsigned tag16(struct leat_tiff *t, uint32_t tag, unsigned otherwise)
{
	uint16_t v = 0;
	return t->c->TIFFGetFieldDefaulted(t->h, tag, &v) ? v : otherwise;
}

static int unsupported(struct leat_err *err, const char *what)
{
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "tiff %s is not read", what);
}

static int check_samples(const struct leat_tiff_layout *l, unsigned format, struct leat_err *err)
{
	unsigned b = l->bits;
	if (format == SAMPLEFORMAT_INT)
		return unsupported(err, "with negative numbers");
	if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_IEEEFP && format != SAMPLEFORMAT_VOID)
		return unsupported(err, "of complex numbers");
	if (l->is_float ? b != 32 && b != 64 : b != 1 && b != 2 && b != 4 && b != 8 && b != 16 && b != 32)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "tiff with %s of %u bits is not read",
				 l->is_float ? "floats" : "samples", b);
	return 0;
}

/* The alpha among the samples beyond the colors. */
static void find_alpha(struct leat_tiff *t, struct leat_tiff_layout *l, unsigned colors, struct leat_notices *notes)
{
	uint16_t n = 0, *kinds = NULL;
	l->alpha = -1;
	if (!t->c->TIFFGetFieldDefaulted(t->h, TIFFTAG_EXTRASAMPLES, &n, &kinds))
		n = 0;
	for (unsigned i = 0; i < n && l->alpha < 0; i++)
		if ((kinds[i] == EXTRASAMPLE_ASSOCALPHA || kinds[i] == EXTRASAMPLE_UNASSALPHA) &&
		    colors + i < l->samples) {
			l->alpha = (int)(colors + i);
			l->premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
		}
	unsigned used = colors + (l->alpha >= 0);
	if (l->samples > used)
		leat_notice(notes, "%u extra channel%s left out", l->samples - used,
			    l->samples - used == 1 ? " is" : "s are");
}

static int read_palette(struct leat_tiff *t, struct leat_tiff_layout *l, struct leat_err *err)
{
	uint16_t *c[3] = {NULL};
	if (l->bits > 8)
		return unsupported(err, "with a palette of 16 bits");
	if (!t->c->TIFFGetField(t->h, TIFFTAG_COLORMAP, &c[0], &c[1], &c[2]))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt tiff: it has no palette");
	unsigned n = 1u << l->bits, wide = 0;
	for (unsigned i = 0; i < n; i++)
		wide |= c[0][i] | c[1][i] | c[2][i];
	for (unsigned i = 0; i < n; i++) /* some programs write them as 8 bit */
		for (int k = 0; k < 3; k++)
			l->palette[i][k] = (uint8_t)(wide > 255 ? c[k][i] >> 8 : c[k][i]);
	return 0;
}

/* Colors stored in a pixel; 0: the library converts. */
static unsigned colors_of(const struct leat_tiff_layout *l)
{
	switch (l->photometric) {
	case PHOTOMETRIC_MINISBLACK:
	case PHOTOMETRIC_MINISWHITE:
	case PHOTOMETRIC_PALETTE:
		return 1;
	case PHOTOMETRIC_RGB:
		return 3;
	case PHOTOMETRIC_SEPARATED:
		return 4;
	case PHOTOMETRIC_YCBCR:
		return l->compression == COMPRESSION_JPEG ? 3 : 0; /* its decoder gives RGB */
	default:
		return 0;
	}
}

static int by_library(struct leat_tiff *t, struct leat_tiff_layout *l, struct leat_err *err)
{
	char why[1024] = "";
	l->by_library = true;
	l->alpha = -1;
	l->shape.channels = 3;
	if (t->c->TIFFRGBAImageOK(t->h, why))
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "tiff of a kind that is not read: %s", why);
}

static int choose(struct leat_tiff *t, struct leat_tiff_layout *l, struct leat_notices *notes, struct leat_err *err)
{
	unsigned format = tag16(t, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT), colors = colors_of(l);
	l->is_float = format == SAMPLEFORMAT_IEEEFP;
	if (colors == 0)
		return by_library(t, l, err);
	if (l->samples < colors)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt tiff: %u of %u channels are there", l->samples,
				 colors);
	if (check_samples(l, format, err) < 0)
		return -1;
	find_alpha(t, l, colors, notes);
	l->white_is_zero = l->photometric == PHOTOMETRIC_MINISWHITE;
	if (l->photometric == PHOTOMETRIC_YCBCR)
		t->c->TIFFSetField(t->h, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
	if (l->photometric == PHOTOMETRIC_PALETTE && read_palette(t, l, err) < 0)
		return -1;
	if (l->photometric == PHOTOMETRIC_SEPARATED && (l->is_float || l->bits > 16 || l->bits < 8 || l->alpha >= 0))
		return unsupported(err, "of inks, but 8 and 16 bit without alpha,");
	bool gray = colors == 1 && l->photometric != PHOTOMETRIC_PALETTE;
	l->shape.channels = (uint8_t)((gray ? 1 : 3) + (l->alpha >= 0));
	l->shape.alpha = l->alpha >= 0;
	l->shape.sample = l->is_float || l->bits == 32 ? LEAT_F32 : l->bits == 16 ? LEAT_U16 : LEAT_U8;
	if (l->bits == 32 && !l->is_float)
		leat_notice(notes, "32-bit integers become float, from 0 to 1");
	if (l->bits == 64)
		leat_notice(notes, "64-bit float becomes 32-bit float");
	return 0;
}

/* What libtiff hands over at once must be in proportion to the image. */
static int read_pieces(struct leat_tiff *t, struct leat_tiff_layout *l, struct leat_err *err)
{
	enum { SLACK = 16 << 20 };
	uint64_t size, row, whole = leat_size_mul(leat_size_mul(l->width, l->height), (l->bits * l->samples + 7) / 8);
	l->tile_width = l->width;
	if (l->tiled) {
		l->tile_width = tag32(t, TIFFTAG_TILEWIDTH, 0);
		l->band = tag32(t, TIFFTAG_TILELENGTH, 0);
		size = t->c->TIFFTileSize64(t->h);
		row = t->c->TIFFTileRowSize64(t->h);
	} else {
		l->band = tag32(t, TIFFTAG_ROWSPERSTRIP, UINT32_MAX);
		l->band = l->band > l->height ? l->height : l->band;
		size = t->c->TIFFStripSize64(t->h);
		row = t->c->TIFFScanlineSize64(t->h);
	}
	unsigned per = l->separate ? 1 : l->samples;
	if (!l->band || !l->tile_width || !size || row < ((uint64_t)l->tile_width * per * l->bits + 7) / 8 ||
	    row > size / l->band)
		return leat_tiff_failed(t, "its parts have no sensible size", err);
	if (size > leat_size_add(leat_size_mul(whole, 4), SLACK))
		return leat_fail(err, LEAT_CAUSE_LIMIT, "tiff of %ux%u in pieces of %llu bytes", l->width, l->height,
				 (unsigned long long)size);
	l->piece = (size_t)size;
	l->piece_row = (size_t)row;
	return 0;
}

int leat_tiff_layout(struct leat_tiff *t, uint64_t max_pixels, struct leat_tiff_layout *l, struct leat_notices *notes,
		     struct leat_err *err)
{
	*l = (struct leat_tiff_layout){.width = tag32(t, TIFFTAG_IMAGEWIDTH, 0),
				       .height = tag32(t, TIFFTAG_IMAGELENGTH, 0),
				       .bits = tag16(t, TIFFTAG_BITSPERSAMPLE, 1),
				       .samples = tag16(t, TIFFTAG_SAMPLESPERPIXEL, 1),
				       .compression = tag16(t, TIFFTAG_COMPRESSION, COMPRESSION_NONE),
				       .separate = tag16(t, TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE,
				       .tiled = t->c->TIFFIsTiled(t->h) != 0};
	uint16_t photometric = 0;
	if (leat_limit_sides("tiff", l->width, l->height, err) < 0 ||
	    leat_limit_pixels("tiff", l->width, l->height, max_pixels, err) < 0)
		return -1;
	if (!t->c->TIFFIsCODECConfigured((uint16_t)l->compression))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "tiff with compression %u, which this libtiff lacks",
				 l->compression);
	if (!t->c->TIFFGetField(t->h, TIFFTAG_PHOTOMETRIC, &photometric))
		photometric = l->samples < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB;
	l->photometric = photometric;
	l->separate = l->separate && l->samples > 1;
	l->shape = (struct leat_image_shape){.width = l->width, .height = l->height, .sample = LEAT_U8, .pages = 1};
	if (l->samples > 64)
		return unsupported(err, "with more than 64 channels");
	if (choose(t, l, notes, err) < 0)
		return -1;
	return l->by_library ? 0 : read_pieces(t, l, err);
}
