/* SPDX-License-Identifier: MIT */
#include "formats/png_meta.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/icc.h"
#include "formats/limits.h"
#include "formats/notes.h"
#include "formats/words.h"
#include "formats/zblob.h"

struct reading {
	const struct leat_png_header *h;
	struct leat_meta *m;
	struct leat_notices *notes;
	bool pixels_begun;
	bool had_icc, had_xmp; /* packed ones are unpacked once only, however many there are */
};

static struct leat_bytes *blob(const uint8_t *d, size_t n, struct leat_err *err)
{
	struct leat_bytes *b = leat_bytes_new(n, err);
	if (b && leat_bytes_append(b, d, n, err) < 0)
		leat_bytes_unref(&b);
	return b;
}

/* Name (1 to 79 bytes), zero, method zero, zlib stream. */
static int read_iccp(struct reading *r, const struct leat_png_chunk *c, struct leat_err *err)
{
	const uint8_t *zero = memchr(c->data, 0, c->len);
	size_t name = zero ? (size_t)(zero - c->data) : 0;
	if (r->had_icc)
		return 0;
	r->had_icc = true;
	if (name < 1 || name > 79 || c->len < name + 3 || zero[1] != 0) {
		leat_notice(r->notes, "the ICC profile is damaged and left out");
		return 0;
	}
	struct leat_bytes *icc = NULL;
	int s = leat_zblob_unpack(zero + 2, c->len - name - 2, LEAT_LIMIT_BLOB, &icc, err);
	if (s < 0)
		return -1;
	bool gray = r->h->color == LEAT_PNG_GRAY || r->h->color == LEAT_PNG_GA;
	const char *fault = s ? "is damaged or too large" : leat_icc_fault(icc->data, icc->len, gray);
	if (fault) {
		leat_notice(r->notes, "the ICC profile %s and is left out", fault);
		leat_bytes_unref(&icc);
	}
	r->m->icc = icc;
	return 0;
}

static int read_exif(struct reading *r, const struct leat_png_chunk *c, struct leat_err *err)
{
	if (r->m->exif)
		return 0;
	int s = leat_exif_take(r->m, c->data, c->len, err);
	if (s > 0)
		leat_notice(r->notes, "the EXIF data are damaged and left out");
	return s < 0 ? -1 : 0;
}

static int set_copyright(struct reading *r, const uint8_t *s, size_t n, bool latin1, struct leat_err *err)
{
	if (r->m->copyright)
		return 0;
	struct leat_err local = {0};
	r->m->copyright = leat_words(s, n, latin1, &local);
	return local.cause ? leat_fail(err, local.cause, "%s", local.text) : 0;
}

/*
 * The text behind keyword, zero, packed, method, language, zero, translated keyword, zero; NULL
 * when it is not there.
 */
static const uint8_t *itxt_text(const uint8_t *p, const uint8_t *end, bool *packed)
{
	if (end - p < 3)
		return NULL;
	*packed = p[1] != 0;
	if (p[1] > 1 || p[2] != 0)
		return NULL;
	p += 3;
	for (int field = 0; field < 2; field++) {
		const uint8_t *zero = memchr(p, 0, (size_t)(end - p));
		if (!zero)
			return NULL;
		p = zero + 1;
	}
	return p;
}

static int take_xmp(struct reading *r, const uint8_t *text, size_t n, bool packed, struct leat_err *err)
{
	if (r->had_xmp)
		return 0;
	r->had_xmp = true;
	if (!packed) {
		r->m->xmp = blob(text, n, err);
		return r->m->xmp ? 0 : -1;
	}
	int s = leat_zblob_unpack(text, n, LEAT_LIMIT_BLOB, &r->m->xmp, err);
	if (s > 0)
		leat_notice(r->notes, "the XMP data are damaged or too large and left out");
	return s < 0 ? -1 : 0;
}

static int read_itxt(struct reading *r, const struct leat_png_chunk *c, struct leat_err *err)
{
	static const char xmp_key[] = "XML:com.adobe.xmp", copyright_key[] = "Copyright";
	const uint8_t *end = c->data + c->len, *key_end = memchr(c->data, 0, c->len);
	size_t key = key_end ? (size_t)(key_end - c->data) : 0;
	bool xmp = key == sizeof xmp_key - 1 && memcmp(c->data, xmp_key, key) == 0;
	bool copyright = key == sizeof copyright_key - 1 && memcmp(c->data, copyright_key, key) == 0;
	bool packed = false;
	const uint8_t *text = xmp || copyright ? itxt_text(key_end, end, &packed) : NULL;
	if (!text)
		return 0;
	if (xmp)
		return take_xmp(r, text, (size_t)(end - text), packed, err);
	return packed ? 0 : set_copyright(r, text, (size_t)(end - text), false, err);
}

static int read_text(struct reading *r, const struct leat_png_chunk *c, struct leat_err *err)
{
	static const char key[] = "Copyright";
	if (c->len <= sizeof key || memcmp(c->data, key, sizeof key) != 0)
		return 0;
	return set_copyright(r, c->data + sizeof key, c->len - sizeof key, true, err);
}

static void read_chrm(struct leat_meta *m, const uint8_t *p)
{
	for (int i = 0; i < 8; i++) {
		uint32_t v = leat_be32(p + 4 * i);
		if (v > INT32_MAX)
			return;
		m->chrm[i] = v / 1e5;
	}
	m->has_chrm = true;
}

static void read_gama(struct leat_meta *m, const uint8_t *p)
{
	uint32_t v = leat_be32(p);
	m->has_gamma = v > 0 && v <= INT32_MAX;
	m->gamma = m->has_gamma ? v / 1e5 : 0;
}

/* Only pixels per metre say something about density; the other unit is an aspect ratio. */
static void read_phys(struct leat_meta *m, const uint8_t *p)
{
	uint32_t x = leat_be32(p), y = leat_be32(p + 4);
	if (p[8] != 1 || x > INT32_MAX || y > INT32_MAX || m->density_x > 0)
		return;
	m->density_x = x * 0.0254;
	m->density_y = y * 0.0254;
}

/* Chunks of fixed length that must stand before the pixels. */
static void read_fixed(struct leat_meta *m, const struct leat_png_chunk *c)
{
	const uint8_t *p = c->data;
	if (c->type == LEAT_PNG_TYPE('g', 'A', 'M', 'A') && c->len == 4 && !m->has_gamma) {
		read_gama(m, p);
	} else if (c->type == LEAT_PNG_TYPE('c', 'H', 'R', 'M') && c->len == 32 && !m->has_chrm) {
		read_chrm(m, p);
	} else if (c->type == LEAT_PNG_TYPE('s', 'R', 'G', 'B') && c->len == 1 && !m->has_srgb && p[0] < 4) {
		m->has_srgb = true;
		m->srgb_intent = p[0];
	} else if (c->type == LEAT_PNG_TYPE('c', 'I', 'C', 'P') && c->len == 4 && !m->has_cicp) {
		m->has_cicp = true;
		memcpy(m->cicp, p, 4);
	} else if (c->type == LEAT_PNG_TYPE('p', 'H', 'Y', 's') && c->len == 9) {
		read_phys(m, p);
	}
}

static bool wanted(uint32_t type)
{
	static const uint32_t types[] = {
		LEAT_PNG_TYPE('i', 'C', 'C', 'P'), LEAT_PNG_TYPE('g', 'A', 'M', 'A'), LEAT_PNG_TYPE('c', 'H', 'R', 'M'),
		LEAT_PNG_TYPE('s', 'R', 'G', 'B'), LEAT_PNG_TYPE('c', 'I', 'C', 'P'), LEAT_PNG_TYPE('p', 'H', 'Y', 's'),
		LEAT_PNG_TYPE('e', 'X', 'I', 'f'), LEAT_PNG_TYPE('i', 'T', 'X', 't'), LEAT_PNG_TYPE('t', 'E', 'X', 't'),
	};
	for (size_t i = 0; i < LEAT_LEN(types); i++)
		if (types[i] == type)
			return true;
	return false;
}

static int read_chunk(struct reading *r, const struct leat_png_chunk *c, struct leat_err *err)
{
	if (c->len > LEAT_LIMIT_BLOB) {
		leat_notice(r->notes, "metadata of more than 4 MiB are left out");
		return 0;
	}
	if (!leat_png_crc_ok(c))
		return 0; /* libpng tells of it */
	if (c->type == LEAT_PNG_TYPE('e', 'X', 'I', 'f'))
		return read_exif(r, c, err);
	if (c->type == LEAT_PNG_TYPE('i', 'T', 'X', 't'))
		return read_itxt(r, c, err);
	if (c->type == LEAT_PNG_TYPE('t', 'E', 'X', 't'))
		return read_text(r, c, err);
	if (r->pixels_begun)
		return 0;
	if (c->type == LEAT_PNG_TYPE('i', 'C', 'C', 'P'))
		return read_iccp(r, c, err);
	read_fixed(r->m, c);
	return 0;
}

int leat_png_meta_read(const uint8_t *d, size_t n, const struct leat_png_header *h, struct leat_meta *m,
		       struct leat_notices *notes, struct leat_err *err)
{
	struct reading r = {.h = h, .m = m, .notes = notes};
	struct leat_png_chunk c;
	size_t pos = 8;
	while (leat_png_next(d, n, &pos, &c) == 1 && c.type != LEAT_PNG_TYPE('I', 'E', 'N', 'D')) {
		if (c.type == LEAT_PNG_TYPE('I', 'D', 'A', 'T'))
			r.pixels_begun = true;
		else if (wanted(c.type) && read_chunk(&r, &c, err) < 0)
			return -1;
	}
	return 0;
}
