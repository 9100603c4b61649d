/* SPDX-License-Identifier: MIT */
/* Run-length codes of BMP, of 8 and of 4 bits. See bmp_read.h. */
#include "formats/bmp_read.h"

struct unpack {
	const struct leat_bmp *b;
	const uint8_t *d;
	size_t n, pos;
	uint8_t *to;
	uint32_t x, y; /* y from the bottom */
	bool ended, cut;
	struct leat_err *err;
};

static int corrupt(const struct unpack *u, const char *what)
{
	return leat_fail(u->err, LEAT_CAUSE_CORRUPT, "corrupt bmp: %s (in row %u of %u from the bottom)", what, u->y,
			 u->b->height);
}

static bool room(const struct unpack *u, uint32_t pixels)
{
	return u->y < u->b->height && pixels <= u->b->width - u->x;
}

static void put(struct unpack *u, const uint8_t *from, uint32_t n, bool repeated)
{
	uint8_t *row = u->to + (size_t)u->y * u->b->width;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = repeated ? i & 1 : i;
		if (u->b->packing == LEAT_BMP_RLE8)
			row[u->x++] = from[repeated ? 0 : i];
		else
			row[u->x++] = k & 1 ? from[k / 2] & 0xf : from[k / 2] >> 4;
	}
}

/* Codes that begin with zero: end of row, end of image, a jump, or pixels as they are. */
static int escape(struct unpack *u, uint8_t code)
{
	if (code == 0) {
		u->x = 0;
		u->y++;
		return 0;
	}
	if (code == 1) {
		u->ended = true;
		return 0;
	}
	size_t left = u->n - u->pos;
	if (code == 2) {
		if (left < 2)
			return 1;
		const uint8_t *p = u->d + u->pos;
		u->pos += 2;
		if (p[1] >= u->b->height - u->y || p[0] > u->b->width - u->x)
			return corrupt(u, "a jump out of the image");
		u->x += p[0];
		u->y += p[1];
		return 0;
	}
	size_t bytes = u->b->packing == LEAT_BMP_RLE8 ? code : (code + 1u) / 2;
	if (left < bytes)
		return 1;
	if (!room(u, code))
		return corrupt(u, "pixels outside of the image");
	put(u, u->d + u->pos, code, false);
	u->pos += bytes + (bytes & 1);
	if (u->pos > u->n)
		u->pos = u->n;
	return 0;
}

/* 0; -1; or 1 at the end of the data. */
static int step(struct unpack *u)
{
	if (u->y >= u->b->height) { /* all rows ended: only the end mark may follow */
		u->ended = true;
		return 0;
	}
	if (u->n - u->pos < 2)
		return 1;
	const uint8_t *p = u->d + u->pos;
	u->pos += 2;
	if (p[0] == 0)
		return escape(u, p[1]);
	uint32_t left = u->b->width - u->x;
	u->cut = u->cut || p[0] > left;
	put(u, p + 1, p[0] < left ? p[0] : left, true);
	return 0;
}

int leat_bmp_unpack(const struct leat_bmp *b, const uint8_t *d, size_t n, uint8_t *indices, uint32_t *rows, bool *cut,
		    struct leat_err *err)
{
	struct unpack u = {.b = b, .d = d, .n = n, .to = indices, .err = err};
	int r = 0;
	while (r == 0 && !u.ended)
		r = step(&u);
	*rows = r == 0 ? b->height : u.y;
	*cut = u.cut;
	if (r <= 0)
		return r;
	if (u.y + 1 == b->height && u.x == b->width) { /* only the marks of the end are missing */
		*rows = b->height;
		return 0;
	}
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated bmp: it ends in row %u of %u from the bottom", u.y,
			 b->height);
}
