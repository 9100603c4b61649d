/* SPDX-License-Identifier: MIT */
/* See bmp_head.h. */
#include "formats/bmp_head.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/limits.h"

enum { FILE_HEAD = 14, OS2 = 12, OS2_SHORT = 16, WINDOWS = 40, WITH_MASKS = 52, WITH_ALPHA = 56, OS2_2 = 64 };
enum { WINDOWS_4 = 108, WINDOWS_5 = 124 };
enum { RGB = 0, RLE8 = 1, RLE4 = 2, BITFIELDS = 3, ALPHAFIELDS = 6 };

/* What is read, with what the header says in its own words. */
struct head {
	const uint8_t *d;
	size_t n;
	bool whole;
	uint32_t size; /* of the second header */
	unsigned planes;
	uint32_t compression, colors;
	size_t masks; /* bytes of masks between header and palette */
	struct leat_err *err;
};

static int corrupt(const struct head *h, const char *what)
{
	return leat_fail(h->err, LEAT_CAUSE_CORRUPT, "corrupt bmp: %s", what);
}

static int more(const struct head *h)
{
	if (!h->whole)
		return 1;
	return leat_fail(h->err, LEAT_CAUSE_TRUNCATED, "truncated bmp: it ends within its header");
}

static bool known_size(uint32_t n)
{
	return n == OS2 || n == OS2_SHORT || n == WINDOWS || n == WITH_MASKS || n == WITH_ALPHA || n == OS2_2 ||
	       n == WINDOWS_4 || n == WINDOWS_5;
}

bool leat_bmp_sniff(const uint8_t *d, size_t n)
{
	return n >= FILE_HEAD + 4 ? memcmp(d, "BM", 2) == 0 && known_size(leat_le32(d + FILE_HEAD))
				  : n >= 16 && memcmp(d, "BM", 2) == 0 && known_size(leat_le16(d + FILE_HEAD));
}

static int read_sides(struct head *h, struct leat_bmp *b)
{
	const uint8_t *p = h->d + FILE_HEAD;
	if (h->size == OS2) {
		b->width = leat_le16(p + 4);
		b->height = leat_le16(p + 6);
		h->planes = leat_le16(p + 8);
		b->bits = leat_le16(p + 10);
	} else {
		int64_t height = (int32_t)leat_le32(p + 8);
		b->width = leat_le32(p + 4);
		b->top_down = height < 0;
		b->height = (uint32_t)(height < 0 ? -height : height);
		h->planes = leat_le16(p + 12);
		b->bits = leat_le16(p + 14);
	}
	return leat_limit_sides("bmp", b->width, b->height, h->err);
}

/* What stands in headers of at least 40 bytes. */
static void read_more(struct head *h, struct leat_bmp *b)
{
	const uint8_t *p = h->d + FILE_HEAD;
	if (h->size < WINDOWS)
		return;
	h->compression = leat_le32(p + 16);
	h->colors = leat_le32(p + 32);
	b->density_x = (int32_t)leat_le32(p + 24) > 0 ? leat_le32(p + 24) * 0.0254 : 0;
	b->density_y = (int32_t)leat_le32(p + 28) > 0 ? leat_le32(p + 28) * 0.0254 : 0;
	if (h->size == WINDOWS_5 && memcmp(p + 56, "DEBM", 4) == 0) {
		b->icc = leat_size_add(leat_le32(p + 112), FILE_HEAD);
		b->icc_bytes = leat_le32(p + 116);
	}
}

static int read_packing(struct head *h, struct leat_bmp *b)
{
	unsigned n = b->bits;
	uint32_t c = h->compression;
	if (n != 1 && n != 2 && n != 4 && n != 8 && n != 16 && n != 24 && n != 32)
		return corrupt(h, "no such number of bits");
	if (c == RGB)
		return 0;
	if ((c == BITFIELDS || c == ALPHAFIELDS) && (n == 16 || n == 32) && h->size != OS2_2) {
		h->masks = h->size == WINDOWS ? (c == ALPHAFIELDS ? 16 : 12) : 0;
		return 0;
	}
	b->packing = c == RLE8 && n == 8 ? LEAT_BMP_RLE8 : c == RLE4 && n == 4 ? LEAT_BMP_RLE4 : LEAT_BMP_PLAIN;
	if (b->packing == LEAT_BMP_PLAIN)
		return leat_fail(h->err, LEAT_CAUSE_UNSUPPORTED, "bmp of %u bits with compression %u", n, c);
	return 0;
}

static int set_mask(struct head *h, struct leat_bmp_mask *m, uint32_t mask)
{
	*m = (struct leat_bmp_mask){.mask = mask};
	if (!mask)
		return 0;
	m->shift = (uint8_t)__builtin_ctz(mask);
	m->full = mask >> m->shift;
	return m->full & (m->full + 1) ? corrupt(h, "the bits of a channel do not stand together") : 0;
}

static int read_masks(struct head *h, struct leat_bmp *b)
{
	static const uint32_t plain[2][4] = {{0x7c00, 0x3e0, 0x1f, 0}, {0xff0000, 0xff00, 0xff, 0}};
	if (b->bits != 16 && b->bits != 32)
		return 0;
	bool own = h->compression == BITFIELDS || h->compression == ALPHAFIELDS;
	size_t have = h->masks ? h->masks / 4 : h->size >= WITH_ALPHA ? 4 : 3;
	for (size_t i = 0; i < 4; i++) {
		uint32_t mask = !own       ? plain[b->bits == 32][i]
				: i < have ? leat_le32(h->d + FILE_HEAD + WINDOWS + 4 * i)
					   : 0;
		if (b->bits == 16)
			mask &= 0xffff;
		if (set_mask(h, &b->mask[i], mask) < 0)
			return -1;
	}
	return 0;
}

/* Entries of three bytes in OS/2 1, else of four; blue comes first. */
static int read_palette(const struct head *h, struct leat_bmp *b)
{
	size_t at = FILE_HEAD + h->size + h->masks, each = h->size == OS2 ? 3 : 4, most = (size_t)1 << b->bits;
	if (b->bits > 8)
		return 0;
	size_t room = b->raster > at ? (b->raster - at) / each : 0;
	size_t n = h->colors && h->colors < most ? h->colors : most;
	if (n > room)
		n = room;
	if (n == 0)
		return corrupt(h, "it has no palette");
	if (h->colors > room && h->colors > most)
		return corrupt(h, "its palette is larger than the room for it");
	if (h->n < at + n * each)
		return more(h);
	b->gray = true;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = h->d + at + i * each;
		memcpy(b->palette[i], (const uint8_t[]){p[2], p[1], p[0], 255}, 4);
		b->gray = b->gray && p[0] == p[1] && p[1] == p[2];
	}
	b->colors = (unsigned)n;
	return 0;
}

int leat_bmp_header(const uint8_t *d, size_t n, bool whole, struct leat_bmp *b, struct leat_err *err)
{
	struct head h = {.d = d, .n = n, .whole = whole, .err = err};
	*b = (struct leat_bmp){0};
	if (n >= 2 && memcmp(d, "BM", 2) != 0)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no bmp: its first bytes are others");
	if (n < FILE_HEAD + 4)
		return more(&h);
	b->raster = leat_le32(d + 10);
	h.size = leat_le32(d + FILE_HEAD);
	if (!known_size(h.size))
		return corrupt(&h, "its header has no known size");
	if (n < FILE_HEAD + h.size)
		return more(&h);
	if (read_sides(&h, b) < 0)
		return -1;
	read_more(&h, b);
	if (read_packing(&h, b) < 0)
		return -1;
	if (n < FILE_HEAD + h.size + h.masks)
		return more(&h);
	if (read_masks(&h, b) < 0)
		return -1;
	if (b->raster < FILE_HEAD + h.size + h.masks)
		return corrupt(&h, "its pixels begin within its header");
	if (b->packing == LEAT_BMP_PLAIN)
		b->stride = ((size_t)b->width * b->bits + 31) / 32 * 4;
	return read_palette(&h, b);
}

struct leat_image_shape leat_bmp_shape(const struct leat_bmp *b)
{
	bool alpha = b->mask[3].full != 0;
	return (struct leat_image_shape){.width = b->width,
					 .height = b->height,
					 .channels = b->gray ? 1
						     : alpha ? 4
							     : 3,
					 .alpha = alpha,
					 .sample = LEAT_U8,
					 .pages = 1};
}

uint64_t leat_bmp_peak(const struct leat_bmp *b)
{
	return b->packing == LEAT_BMP_PLAIN ? 4096 : leat_size_mul(b->width, b->height) + 4096;
}

int leat_bmp_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	struct leat_bmp b;
	int r = leat_bmp_header(d, n, whole, &b, err);
	if (r)
		return r;
	*h = (struct leat_header){.format = "bmp",
				  .kind = LEAT_IMAGE,
				  .shape = leat_bmp_shape(&b),
				  .peak_bytes = leat_bmp_peak(&b),
				  .whole = b.packing != LEAT_BMP_PLAIN,
				  .orientation = 1};
	return 0;
}
