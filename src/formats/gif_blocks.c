/* SPDX-License-Identifier: MIT */
/* See gif_blocks.h. Layout after the GIF89a specification. */
#include "formats/gif_blocks.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/limits.h"

enum { SCREEN = 13, IMAGE = 10, EXTENSION = 0x21, SEPARATOR = 0x2c, TRAILER = 0x3b, CONTROL = 0xf9 };
enum { HAS_COLORS = 0x80, INTERLACED = 0x40 };

bool leat_gif_block(const uint8_t *d, size_t n, size_t *pos, const uint8_t **data, size_t *len)
{
	if (*pos >= n || n - *pos - 1 < d[*pos])
		return false;
	*len = d[*pos];
	*data = d + *pos + 1;
	*pos += 1 + *len;
	return true;
}

/* Over a chain of sub-blocks. False: the file ends. */
static bool skip_chain(const uint8_t *d, size_t n, size_t *pos)
{
	const uint8_t *data;
	size_t len = 1;
	while (len > 0)
		if (!leat_gif_block(d, n, pos, &data, &len))
			return false;
	return true;
}

static size_t table_bytes(uint8_t flags)
{
	return flags & HAS_COLORS ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static int more(bool whole, struct leat_err *err)
{
	if (!whole)
		return 1;
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated gif: it ends before its first image");
}

/* An extension; a graphic control tells what the next image leaves transparent. False: the file ends. */
static bool take_extension(const uint8_t *d, size_t n, size_t *pos, struct leat_gif *g)
{
	if (n - *pos < 2)
		return false;
	bool control = d[*pos + 1] == CONTROL;
	size_t at = *pos + 2;
	if (!skip_chain(d, n, &at))
		return false;
	const uint8_t *p = d + *pos + 2;
	if (control && p[0] >= 4)
		g->transparent = p[1] & 1 ? p[4] : -1;
	*pos = at;
	return true;
}

static int take_image(const uint8_t *d, size_t n, bool whole, size_t pos, struct leat_gif *g, struct leat_err *err)
{
	if (n - pos < IMAGE)
		return more(whole, err);
	const uint8_t *p = d + pos;
	g->x = leat_le16(p + 1);
	g->y = leat_le16(p + 3);
	g->w = leat_le16(p + 5);
	g->h = leat_le16(p + 7);
	g->interlaced = p[9] & INTERLACED;
	size_t bytes = table_bytes(p[9]);
	pos += IMAGE;
	if (n - pos < bytes)
		return more(whole, err);
	if (bytes) {
		g->palette = d + pos;
		g->colors = (unsigned)(bytes / 3);
	}
	g->codes = pos + bytes;
	if (g->w == 0 || g->h == 0)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt gif: its first image has no pixels");
	if (g->x + g->w > g->width) /* as browsers do */
		g->width = g->x + g->w;
	if (g->y + g->h > g->height)
		g->height = g->y + g->h;
	return leat_limit_sides("gif", g->width, g->height, err);
}

int leat_gif_header(const uint8_t *d, size_t n, bool whole, struct leat_gif *g, struct leat_err *err)
{
	*g = (struct leat_gif){.transparent = -1};
	if (n >= 6 && memcmp(d, "GIF87a", 6) != 0 && memcmp(d, "GIF89a", 6) != 0)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no gif: its first bytes are others");
	if (n < SCREEN || n - SCREEN < table_bytes(d[10]))
		return more(whole, err);
	size_t bytes = table_bytes(d[10]), pos = SCREEN + bytes;
	g->width = leat_le16(d + 6);
	g->height = leat_le16(d + 8);
	g->palette = bytes ? d + SCREEN : NULL;
	g->colors = (unsigned)(bytes / 3);
	for (;;) {
		if (pos >= n)
			return more(whole, err);
		if (d[pos] == SEPARATOR)
			return take_image(d, n, whole, pos, g, err);
		if (d[pos] != EXTENSION)
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt gif: %s",
					 d[pos] == TRAILER ? "there is no image in it" : "an unknown block");
		if (!take_extension(d, n, &pos, g))
			return more(whole, err);
	}
}

int leat_gif_rest(const uint8_t *d, size_t n, size_t pos, unsigned *frames, size_t *end, struct leat_err *err)
{
	*frames = 1;
	while (pos < n && d[pos] != TRAILER) {
		bool there = true;
		if (d[pos] == SEPARATOR) {
			++*frames;
			size_t bytes = n - pos >= IMAGE ? IMAGE + table_bytes(d[pos + 9]) + 1 : n;
			there = n - pos > bytes;
			pos += there ? bytes : 0;
		} else if (d[pos] == EXTENSION) {
			there = n - pos > 2;
			pos += 2;
		} else {
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt gif: an unknown block");
		}
		if (!there || !skip_chain(d, n, &pos))
			break;
	}
	*end = pos + 1;
	if (pos < n && d[pos] == TRAILER)
		return 0;
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated gif: its end mark is not there");
}

struct leat_image_shape leat_gif_shape(const struct leat_gif *g)
{
	bool alpha = g->transparent >= 0 || g->w < g->width || g->h < g->height;
	return (struct leat_image_shape){.width = g->width,
					 .height = g->height,
					 .channels = alpha ? 4 : 3,
					 .alpha = alpha,
					 .sample = LEAT_U8,
					 .pages = 1};
}

int leat_gif_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	struct leat_gif g;
	int r = leat_gif_header(d, n, whole, &g, err);
	if (r == 0)
		*h = (struct leat_header){.format = "gif",
					  .kind = LEAT_IMAGE,
					  .shape = leat_gif_shape(&g),
					  .peak_bytes = (uint64_t)g.w * g.h + 32768,
					  .whole = true,
					  .orientation = 1};
	return r;
}
