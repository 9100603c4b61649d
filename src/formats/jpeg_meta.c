/* SPDX-License-Identifier: MIT */
#include "formats/jpeg_meta.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/icc.h"
#include "formats/limits.h"
#include "formats/notes.h"

enum { APP0 = 0xe0, APP1 = 0xe1, APP2 = 0xe2, APP13 = 0xed, SOS = 0xda };
enum { ICC_PARTS = 256 };

struct part {
	const uint8_t *data;
	uint32_t len;
};

/* The parts of the profile by their number from 1; borrowed from the file. */
struct icc {
	struct part parts[ICC_PARTS];
	unsigned count; /* how many there must be; 0 until one is seen */
	bool damaged;
};

struct reading {
	struct leat_meta *m;
	struct leat_notices *notes;
	struct icc icc;
};

static bool begins(const struct leat_jpeg_segment *s, const char *id, size_t n)
{
	return s->len >= n && memcmp(s->data, id, n) == 0;
}

static int append(struct leat_bytes **to, const uint8_t *d, size_t n, struct leat_err *err)
{
	if (!*to)
		*to = leat_bytes_new(n, err);
	return *to ? leat_bytes_append(*to, d, n, err) : -1;
}

/* "JFIF", zero, version (2), unit, x (2), y (2), ... */
static void read_jfif(struct leat_meta *m, const struct leat_jpeg_segment *s)
{
	if (!begins(s, "JFIF", 5) || s->len < 12 || m->density_x > 0)
		return;
	double scale = s->data[7] == 1 ? 1 : s->data[7] == 2 ? 2.54 : 0;
	m->density_x = leat_be16(s->data + 8) * scale;
	m->density_y = leat_be16(s->data + 10) * scale;
}

static int read_app1(struct reading *r, const struct leat_jpeg_segment *s, struct leat_err *err)
{
	static const char extension[] = "http://ns.adobe.com/xmp/extension/";
	if (begins(s, LEAT_JPEG_EXIF, sizeof LEAT_JPEG_EXIF) && !r->m->exif) {
		int t = leat_exif_take(r->m, s->data, s->len, err);
		if (t > 0)
			leat_notice(r->notes, "the EXIF data are damaged and left out");
		return t < 0 ? -1 : 0;
	}
	if (begins(s, LEAT_JPEG_XMP, sizeof LEAT_JPEG_XMP) && !r->m->xmp)
		return append(&r->m->xmp, s->data + sizeof LEAT_JPEG_XMP, s->len - sizeof LEAT_JPEG_XMP, err);
	if (begins(s, extension, sizeof extension))
		leat_notice(r->notes, "the extended part of the XMP data is left out");
	return 0;
}

/* Id, part number from 1, number of parts, data. */
static void read_icc_part(struct icc *icc, const struct leat_jpeg_segment *s)
{
	size_t id = sizeof LEAT_JPEG_ICC;
	if (!begins(s, LEAT_JPEG_ICC, id) || s->len < id + 2)
		return;
	unsigned number = s->data[id], count = s->data[id + 1];
	if (number < 1 || number > count || (icc->count && icc->count != count) || icc->parts[number].data) {
		icc->damaged = true;
		return;
	}
	icc->count = count;
	icc->parts[number] = (struct part){s->data + id + 2, s->len - (uint32_t)id - 2};
}

static int read_iptc(struct reading *r, const struct leat_jpeg_segment *s, struct leat_err *err)
{
	size_t id = sizeof LEAT_JPEG_IPTC;
	if (!begins(s, LEAT_JPEG_IPTC, id))
		return 0;
	if (r->m->iptc && r->m->iptc->len + s->len > LEAT_LIMIT_BLOB) {
		leat_notice(r->notes, "IPTC data of more than 4 MiB are left out");
		return 0;
	}
	return append(&r->m->iptc, s->data + id, s->len - id, err);
}

static int join_icc(struct reading *r, bool gray, bool cmyk, struct leat_err *err)
{
	const struct icc *icc = &r->icc;
	bool whole = !icc->damaged;
	size_t total = 0;
	for (unsigned i = 1; i <= icc->count; i++) {
		whole = whole && icc->parts[i].data;
		total += icc->parts[i].len;
	}
	if (!icc->count && whole)
		return 0;
	struct leat_bytes *b = NULL;
	for (unsigned i = 1; whole && total <= LEAT_LIMIT_BLOB && i <= icc->count; i++) {
		if (append(&b, icc->parts[i].data, icc->parts[i].len, err) < 0) {
			leat_bytes_unref(&b);
			return -1;
		}
	}
	const char *fault = !b     ? "is incomplete or too large"
			    : cmyk ? NULL /* who uses it will see */
				   : leat_icc_fault(b->data, b->len, gray);
	if (fault) {
		leat_notice(r->notes, "the ICC profile %s and is left out", fault);
		leat_bytes_unref(&b);
	}
	r->m->icc = b;
	return 0;
}

int leat_jpeg_meta_read(const uint8_t *d, size_t n, bool gray, bool cmyk, struct leat_meta *m,
			struct leat_notices *notes, struct leat_err *err)
{
	struct reading r = {.m = m, .notes = notes};
	struct leat_jpeg_segment s;
	size_t pos = 2;
	while (leat_jpeg_next(d, n, &pos, &s) == 1 && s.marker != SOS) {
		if (s.marker == APP0)
			read_jfif(m, &s);
		else if (s.marker == APP2)
			read_icc_part(&r.icc, &s);
		if ((s.marker == APP1 && read_app1(&r, &s, err) < 0) ||
		    (s.marker == APP13 && read_iptc(&r, &s, err) < 0))
			return -1;
	}
	return join_icc(&r, gray, cmyk, err);
}
