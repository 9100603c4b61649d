/* SPDX-License-Identifier: MIT */
/* See webp_pack.h. */
#include "formats/webp_pack.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/icc.h"
#include "formats/webp_chunks.h"

enum { HAS_XMP = 0x04, HAS_EXIF = 0x08, HAS_ALPHA = 0x10, HAS_ICC = 0x20 };

static int put_chunk(struct leat_bytes *to, const char *name, const uint8_t *d, size_t n, struct leat_err *err)
{
	uint8_t head[8];
	memcpy(head, name, 4);
	leat_put_le32(head + 4, (uint32_t)n);
	if (leat_bytes_append(to, head, sizeof head, err) < 0 || leat_bytes_append(to, d, n, err) < 0)
		return -1;
	return n & 1 ? leat_bytes_append(to, "", 1, err) : 0;
}

static int put_blob(struct leat_bytes *to, const char *name, const struct leat_bytes *b, struct leat_err *err)
{
	return b ? put_chunk(to, name, b->data, b->len, err) : 0;
}

static int put_header(struct leat_bytes *to, const struct leat_webp *w, unsigned flags, struct leat_err *err)
{
	uint8_t x[10] = {(uint8_t)(flags | (w->alpha ? HAS_ALPHA : 0))};
	uint32_t width = w->width - 1, height = w->height - 1;
	for (int i = 0; i < 3; i++) {
		x[4 + i] = (uint8_t)(width >> 8 * i);
		x[7 + i] = (uint8_t)(height >> 8 * i);
	}
	if (leat_bytes_append(to, "RIFF\0\0\0\0WEBP", 12, err) < 0)
		return -1;
	return put_chunk(to, "VP8X", x, sizeof x, err);
}

/* All of the new file in *to. */
static int build(struct leat_bytes *to, const struct leat_webp *w, const struct leat_bytes *icc,
		 const struct leat_bytes *exif, const struct leat_bytes *xmp, struct leat_err *err)
{
	unsigned flags = (icc ? HAS_ICC : 0) | (exif ? HAS_EXIF : 0) | (xmp ? HAS_XMP : 0);
	if (put_header(to, w, flags, err) < 0 || put_blob(to, "ICCP", icc, err) < 0 ||
	    leat_bytes_append(to, w->image.data, w->image.n, err) < 0)
		return -1;
	if (w->image.n & 1 && leat_bytes_append(to, "", 1, err) < 0)
		return -1;
	if (put_blob(to, "EXIF", exif, err) < 0 || put_blob(to, "XMP ", xmp, err) < 0)
		return -1;
	if (to->len > UINT32_MAX)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "a webp of %zu bytes with its metadata is too large",
				 to->len);
	leat_put_le32(to->data + 4, (uint32_t)(to->len - 8));
	return 0;
}

int leat_webp_pack(struct leat_bytes **file, const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_bytes *exif = NULL, *icc = meta ? meta->icc : NULL, *xmp = meta ? meta->xmp : NULL;
	if (leat_exif_for_output(meta, &exif, err) < 0)
		return -1;
	if (icc && leat_icc_fault(icc->data, icc->len, false))
		icc = NULL;
	struct leat_webp w;
	struct leat_bytes *b = NULL;
	int r = icc || exif || xmp ? leat_webp_scan((*file)->data, (*file)->len, true, &w, err) : 1;
	if (r == 0) {
		b = leat_bytes_new((*file)->len + 64, err);
		r = b ? build(b, &w, icc, exif, xmp, err) : -1;
	}
	leat_bytes_unref(&exif);
	if (r == 0) {
		leat_bytes_unref(file);
		*file = b;
	} else {
		leat_bytes_unref(&b);
	}
	return r < 0 ? -1 : 0;
}
