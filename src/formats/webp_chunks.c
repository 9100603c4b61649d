/* SPDX-License-Identifier: MIT */
/* See webp_chunks.h. */
#include "formats/webp_chunks.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/limits.h"

enum { RIFF = 12, CHUNK = 8, VP8X = 10, ANMF = 16 };
enum { ANIMATED = 0x02, HAS_EXIF = 0x08 }; /* flags of VP8X */

/* What is looked at: the bytes there are, and where the file or the chunk around ends. */
struct walk {
	const uint8_t *d;
	size_t n, end; /* end may be past n */
	bool whole;
	struct leat_err *err;
};

struct chunk {
	const uint8_t *name; /* four letters */
	size_t at, len; /* of its content */
};

static uint32_t le24(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

static int corrupt(const struct walk *w, const char *what)
{
	return leat_fail(w->err, LEAT_CAUSE_CORRUPT, "corrupt webp: %s", what);
}

/* The walk has come to the end of what is there. */
static int more(const struct walk *w)
{
	if (!w->whole)
		return 1;
	return leat_fail(w->err, LEAT_CAUSE_TRUNCATED, "truncated webp: the file ends at byte %zu of %zu", w->n,
			 w->end > w->n ? w->end : w->n + 1);
}

/* The chunk header at *pos; *pos moves behind the chunk. 0, -1, 1. */
static int next(const struct walk *w, size_t *pos, struct chunk *c)
{
	if (*pos >= w->end || w->end - *pos < CHUNK)
		return corrupt(w, "there is no image in it");
	if (*pos >= w->n || w->n - *pos < CHUNK)
		return more(w);
	size_t len = leat_le32(w->d + *pos + 4);
	*c = (struct chunk){w->d + *pos, *pos + CHUNK, len};
	if (len > w->end - c->at)
		return corrupt(w, "a part is larger than the file");
	*pos = c->at + len + (len & 1);
	return 0;
}

static bool is(const struct chunk *c, const char *name)
{
	return memcmp(c->name, name, 4) == 0;
}

static bool have(const struct walk *w, const struct chunk *c, size_t bytes)
{
	return c->at + bytes <= w->n;
}

/* A key frame's tag: 3 bytes, then 9d 01 2a, width and height with two bits of scale. */
static int read_lossy(const struct walk *w, const struct chunk *c, struct leat_webp *to)
{
	enum { HEAD = 10 };
	if (c->len < HEAD)
		return corrupt(w, "its image is empty");
	if (!have(w, c, HEAD))
		return more(w);
	const uint8_t *p = w->d + c->at;
	uint32_t tag = le24(p);
	if ((tag & 1) || (tag >> 1 & 7) > 3 || !(tag >> 4 & 1) || memcmp(p + 3, "\x9d\x01\x2a", 3) != 0)
		return corrupt(w, "its image does not begin as one");
	to->w = leat_le16(p + 6) & 0x3fff;
	to->h = leat_le16(p + 8) & 0x3fff;
	return to->w && to->h ? 0 : corrupt(w, "its image has no pixels");
}

static int read_lossless(const struct walk *w, const struct chunk *c, struct leat_webp *to)
{
	enum { HEAD = 5 };
	if (c->len < HEAD)
		return corrupt(w, "its image is empty");
	if (!have(w, c, HEAD))
		return more(w);
	const uint8_t *p = w->d + c->at;
	uint32_t bits = leat_le32(p + 1);
	if (p[0] != 0x2f || bits >> 29)
		return corrupt(w, "its image does not begin as one");
	to->lossless = true;
	to->alpha = bits >> 28 & 1;
	to->w = (bits & 0x3fff) + 1;
	to->h = (bits >> 14 & 0x3fff) + 1;
	return 0;
}

/* The image in the chunks from *pos on, the first of which may be its alpha. */
static int read_image(const struct walk *w, size_t *pos, struct leat_webp *to)
{
	struct chunk c, alpha = {0};
	for (;;) {
		int r = next(w, pos, &c);
		if (r)
			return r;
		if (is(&c, "ALPH") && !alpha.name)
			alpha = c;
		bool lossy = is(&c, "VP8 ");
		if (!lossy && !is(&c, "VP8L"))
			continue;
		to->soft = lossy && alpha.name;
		to->alpha = to->soft;
		r = lossy ? read_lossy(w, &c, to) : read_lossless(w, &c, to);
		const uint8_t *from = to->soft ? alpha.name : c.name;
		size_t left = (size_t)(w->d + w->n - from), bytes = (size_t)(c.name - from) + CHUNK + c.len;
		to->image = (struct leat_webp_part){from, bytes < left ? bytes : left};
		return r;
	}
}

/* A frame: place, size, time, flags, then its chunks. */
static int read_frame(const struct walk *w, const struct chunk *c, struct leat_webp *to)
{
	if (c->len < ANMF)
		return corrupt(w, "its first frame is empty");
	if (!have(w, c, ANMF))
		return more(w);
	const uint8_t *p = w->d + c->at;
	struct walk inside = *w;
	size_t pos = c->at + ANMF;
	uint32_t width = le24(p + 6) + 1, height = le24(p + 9) + 1;
	to->x = 2 * le24(p);
	to->y = 2 * le24(p + 3);
	inside.end = c->at + c->len;
	int r = read_image(&inside, &pos, to);
	if (r)
		return r;
	if (to->w != width || to->h != height)
		return corrupt(w, "its frame contradicts the image in it");
	if (to->x > to->width || to->w > to->width - to->x || to->y > to->height || to->h > to->height - to->y)
		return corrupt(w, "a frame outside of the canvas");
	to->alpha = to->alpha || to->w < to->width || to->h < to->height;
	return 0;
}

static int read_first_frame(const struct walk *w, size_t *pos, struct leat_webp *to)
{
	struct chunk c;
	for (;;) {
		int r = next(w, pos, &c);
		if (r)
			return r;
		if (is(&c, "ANMF"))
			return read_frame(w, &c, to);
	}
}

static int read_extended(const struct walk *w, const struct chunk *c, size_t *pos, struct leat_webp *to)
{
	if (c->len < VP8X)
		return corrupt(w, "its header is too short");
	if (!have(w, c, VP8X))
		return more(w);
	const uint8_t *p = w->d + c->at;
	to->extended = true;
	to->animated = (p[0] & ANIMATED) != 0;
	to->width = le24(p + 4) + 1;
	to->height = le24(p + 7) + 1;
	if (leat_limit_sides("webp", to->width, to->height, w->err) < 0)
		return -1;
	if (to->animated)
		return read_first_frame(w, pos, to);
	int r = read_image(w, pos, to);
	if (r == 0 && (to->w != to->width || to->h != to->height))
		return corrupt(w, "its header contradicts its image");
	return r;
}

static int read_plain(const struct walk *w, size_t *pos, struct leat_webp *to)
{
	int r = read_image(w, pos, to);
	to->width = to->w;
	to->height = to->h;
	return r;
}

int leat_webp_scan(const uint8_t *d, size_t n, bool whole, struct leat_webp *to, struct leat_err *err)
{
	struct walk w = {.d = d, .n = n, .end = RIFF, .whole = whole, .err = err};
	struct chunk c = {0};
	size_t pos = RIFF, first = RIFF;
	*to = (struct leat_webp){0};
	if ((n >= 4 && memcmp(d, "RIFF", 4) != 0) || (n >= RIFF && memcmp(d + 8, "WEBP", 4) != 0))
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no webp: its first bytes are others");
	if (n < RIFF)
		return more(&w);
	w.end = to->end = leat_size_add(leat_le32(d + 4), 8);
	int r = next(&w, &first, &c);
	if (r)
		return r;
	if (is(&c, "VP8X"))
		r = read_extended(&w, &c, &first, to);
	else if (is(&c, "VP8 ") || is(&c, "VP8L"))
		r = read_plain(&w, &pos, to);
	else
		return corrupt(&w, "it begins with an unknown part");
	to->after = first;
	return r;
}

struct leat_webp_part leat_webp_find(const uint8_t *d, size_t n, const struct leat_webp *webp, const char *name)
{
	struct walk w = {.d = d, .n = n, .end = webp->end, .whole = true};
	struct chunk c;
	size_t pos = RIFF;
	while (webp->extended && next(&w, &pos, &c) == 0)
		if (is(&c, name))
			return have(&w, &c, c.len) ? (struct leat_webp_part){d + c.at, c.len}
						   : (struct leat_webp_part){0};
	return (struct leat_webp_part){0};
}

struct leat_image_shape leat_webp_shape(const struct leat_webp *w)
{
	return (struct leat_image_shape){.width = w->width,
					 .height = w->height,
					 .channels = w->alpha ? 4 : 3,
					 .alpha = w->alpha,
					 .sample = LEAT_U8,
					 .pages = 1};
}

/* libwebp's own: a few rows of what is lossy; all pixels, of four bytes, of what is not, as alpha is. */
uint64_t leat_webp_peak(const struct leat_webp *w)
{
	enum { LIBRARY = 512 * 1024, ROWS = 96 };
	struct leat_image_shape s = leat_webp_shape(w);
	uint64_t pixels = (uint64_t)w->w * w->h;
	uint64_t own = w->lossless ? pixels * 9 / 2 : w->soft ? pixels * 11 / 2 : 0;
	return leat_image_bytes(&s) + own + (uint64_t)w->w * ROWS + LIBRARY;
}

/* What is known of the orientation without a look at the pixels: 0 where EXIF is not there yet. */
static uint8_t orientation(const uint8_t *d, size_t n, const struct leat_webp *w)
{
	struct leat_webp_part exif = leat_webp_find(d, n, w, "EXIF");
	size_t skip = exif.n > 6 && memcmp(exif.data, "Exif\0", 6) == 0 ? 6 : 0;
	if (exif.data)
		return (uint8_t)leat_exif_orientation(exif.data + skip, exif.n - skip);
	return w->extended && w->end > n ? 0 : 1;
}

int leat_webp_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	struct leat_webp w;
	int r = leat_webp_scan(d, n, whole, &w, err);
	if (r)
		return r;
	*h = (struct leat_header){.format = "webp",
				  .kind = LEAT_IMAGE,
				  .shape = leat_webp_shape(&w),
				  .peak_bytes = leat_webp_peak(&w),
				  .whole = true,
				  .orientation = orientation(d, n, &w)};
	return 0;
}
