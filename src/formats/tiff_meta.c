/* SPDX-License-Identifier: MIT */
/* See tiff_meta.h. */
#include "formats/tiff_meta.h"

#include "formats/icc.h"
#include "formats/limits.h"
#include "formats/metablobs.h"
#include "formats/tiff_exif.h"
#include "formats/words.h"

#include <stdlib.h>
#include <string.h>

struct blob {
	uint32_t n;
	const void *data;
};

static struct blob get(struct leat_tiff *t, uint32_t tag)
{
	struct blob b = {0};
	if (!t->c->TIFFGetField(t->h, tag, &b.n, &b.data))
		return (struct blob){0};
	return b;
}

static void read_density(struct leat_tiff *t, struct leat_meta *m)
{
	float x = 0, y = 0;
	uint16_t unit = RESUNIT_INCH;
	(void)t->c->TIFFGetFieldDefaulted(t->h, TIFFTAG_RESOLUTIONUNIT, &unit);
	double scale = unit == RESUNIT_INCH ? 1 : unit == RESUNIT_CENTIMETER ? 2.54 : 0;
	if (scale == 0 || !t->c->TIFFGetField(t->h, TIFFTAG_XRESOLUTION, &x) ||
	    !t->c->TIFFGetField(t->h, TIFFTAG_YRESOLUTION, &y) || !(x > 0 && x < 1e6f && y > 0 && y < 1e6f))
		return;
	m->density_x = (double)x * scale;
	m->density_y = (double)y * scale;
}

static int read_iptc(struct leat_tiff *t, struct leat_meta *m, struct leat_notices *notes, struct leat_err *err)
{
	struct blob b = get(t, TIFFTAG_PHOTOSHOP);
	if (!b.n || b.n > LEAT_LIMIT_BLOB) {
		if (b.n)
			leat_notice(notes, "IPTC data of more than 4 MiB are left out");
		return 0;
	}
	m->iptc = leat_bytes_new(b.n, err);
	return m->iptc ? leat_bytes_append(m->iptc, b.data, b.n, err) : -1;
}

/* Its orientation is the image's, and read with that. */
static int read_exif(struct leat_tiff *t, struct leat_meta *m, struct leat_notices *notes, struct leat_err *err)
{
	struct leat_bytes *b = NULL;
	uint8_t own = m->orientation;
	if (leat_tiff_exif_gather(t->data, t->n, t->c->TIFFCurrentDirOffset(t->h), &b, err) < 0)
		return -1;
	int ok = b ? leat_meta_take_exif(m, b->data, b->len, notes, err) : 0;
	leat_bytes_unref(&b);
	m->orientation = own;
	return ok;
}

int leat_tiff_meta_read(struct leat_tiff *t, const struct leat_tiff_layout *l, struct leat_meta *m,
			struct leat_notices *notes, struct leat_err *err)
{
	uint16_t orientation = 1;
	const char *copyright = NULL;
	struct leat_err e = {0};
	struct blob icc = {0}, xmp = get(t, TIFFTAG_XMLPACKET);
	if (l->photometric != PHOTOMETRIC_SEPARATED)
		icc = get(t, TIFFTAG_ICCPROFILE);
	if (t->c->TIFFGetField(t->h, TIFFTAG_ORIENTATION, &orientation) && orientation >= 1 && orientation <= 8)
		m->orientation = (uint8_t)orientation;
	read_density(t, m);
	if (read_exif(t, m, notes, err) < 0)
		return -1;
	if (t->c->TIFFGetField(t->h, TIFFTAG_COPYRIGHT, &copyright) && copyright) {
		free(m->copyright);
		m->copyright = leat_words((const uint8_t *)copyright, strlen(copyright), false, &e);
		if (e.cause)
			return leat_fail(err, e.cause, "%s", e.text);
	}
	if (leat_meta_take_icc(m, icc.data, icc.n, l->shape.channels < 3, notes, err) < 0 ||
	    leat_meta_take_xmp(m, xmp.data, xmp.n, notes, err) < 0)
		return -1;
	return read_iptc(t, m, notes, err);
}

static void set(struct leat_tiff *t, uint32_t tag, const struct leat_bytes *b)
{
	if (b && b->len && b->len <= UINT32_MAX)
		t->c->TIFFSetField(t->h, tag, (uint32_t)b->len, b->data);
}

void leat_tiff_meta_write(struct leat_tiff *t, const struct leat_meta *m, bool gray)
{
	if (!m)
		return;
	if (m->orientation > 1)
		t->c->TIFFSetField(t->h, TIFFTAG_ORIENTATION, m->orientation);
	if (m->density_x > 0 && m->density_y > 0) {
		t->c->TIFFSetField(t->h, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
		t->c->TIFFSetField(t->h, TIFFTAG_XRESOLUTION, m->density_x);
		t->c->TIFFSetField(t->h, TIFFTAG_YRESOLUTION, m->density_y);
	}
	if (m->copyright)
		t->c->TIFFSetField(t->h, TIFFTAG_COPYRIGHT, m->copyright);
	if (m->icc && !leat_icc_fault(m->icc->data, m->icc->len, gray))
		set(t, TIFFTAG_ICCPROFILE, m->icc);
	set(t, TIFFTAG_XMLPACKET, m->xmp);
	set(t, TIFFTAG_PHOTOSHOP, m->iptc);
}
