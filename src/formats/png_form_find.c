/* SPDX-License-Identifier: MIT */
/* Which forms hold an image exactly: all pixels are looked at. */
#include "base/mem.h"
#include "formats/endian.h"
#include "formats/png_sample.h"

enum { SMALL = 32 * 1024 }; /* pixels: up to here a palette is tried beside the plain form */

/* What is true of all pixels seen so far. */
struct facts {
	bool narrow; /* 8 bits are enough */
	bool gray, opaque;
	bool key; /* alpha is all or nothing, and all that is transparent has one color */
	bool keyed; /* key_color is known */
	uint16_t key_color[3];
	bool bits[3]; /* 1, 2, 4 bits of gray are enough */
	unsigned colors; /* 257: too many */
	struct leat_png_index index;
	uint32_t color[256];
};

static void look_alpha(struct facts *f, const uint16_t v[4])
{
	if (v[3] == UINT16_MAX)
		return;
	f->opaque = false;
	if (v[3] || (f->keyed && memcmp(f->key_color, v, sizeof f->key_color) != 0))
		f->key = false;
	memcpy(f->key_color, v, sizeof f->key_color);
	f->keyed = true;
}

static void look_color(struct facts *f, uint32_t color)
{
	int16_t at;
	if (f->colors > 256 || (f->colors && f->color[f->colors - 1] == color))
		return;
	if (f->colors < 256) {
		if (leat_png_index_add(&f->index, color, (int16_t)f->colors, &at))
			f->color[f->colors++] = color;
	} else if (!leat_png_index_find(&f->index, color, &at)) {
		f->colors++;
	}
}

static void look(struct facts *f, struct leat_png_sample s)
{
	const uint16_t *v = s.v;
	for (int i = 0; i < 4; i++)
		f->narrow = f->narrow && v[i] >> 8 == (v[i] & 255);
	f->gray = f->gray && v[0] == v[1] && v[1] == v[2];
	look_alpha(f, v);
	f->bits[0] = f->bits[0] && v[0] % 0xffff == 0;
	f->bits[1] = f->bits[1] && v[0] % 0x5555 == 0;
	f->bits[2] = f->bits[2] && v[0] % 0x1111 == 0;
	if (f->narrow)
		look_color(f, leat_png_sample_color(s));
}

/* Is the color of what is transparent used by nothing opaque? */
static bool key_is_free(const struct facts *f, const struct leat_png_pixels *p)
{
	for (uint32_t y = 0; y < p->shape.height; y++)
		for (uint32_t x = 0; x < p->shape.width; x++) {
			struct leat_png_sample s = leat_png_sample(p, y, x);
			if (s.v[3] && memcmp(s.v, f->key_color, sizeof f->key_color) == 0)
				return false;
		}
	return true;
}

/* Nothing that is still to come can change the form: opaque color of 8 bit, too many for a palette. */
static bool is_clear(const struct facts *f, const struct leat_png_pixels *p)
{
	return p->shape.sample == LEAT_U8 && !p->shape.alpha && !f->gray && f->colors > 256;
}

static void look_at_all(struct facts *f, const struct leat_png_pixels *p)
{
	f->narrow = f->gray = f->opaque = f->key = f->bits[0] = f->bits[1] = f->bits[2] = true;
	leat_png_index_clear(&f->index);
	for (uint32_t y = 0; y < p->shape.height && !is_clear(f, p); y++)
		for (uint32_t x = 0; x < p->shape.width; x++)
			look(f, leat_png_sample(p, y, x));
	f->key = f->key && f->keyed && key_is_free(f, p);
}

/* ---- the forms ---- */

static unsigned gray_depth(const struct facts *f)
{
	for (unsigned i = 0; i < 3; i++)
		if (f->bits[i])
			return 1u << i;
	return 8;
}

/* Gray or RGB, with alpha or one transparent color or neither. */
static void plain_form(struct leat_png_form *to, const struct facts *f, bool gray)
{
	bool flat = f->opaque || f->key;
	*to = (struct leat_png_form){.depth = f->narrow ? 8 : 16, .key = f->key && !f->opaque};
	to->color = gray ? (flat ? LEAT_PNG_GRAY : LEAT_PNG_GA) : (flat ? LEAT_PNG_RGB : LEAT_PNG_RGBA);
	if (gray && flat && f->narrow)
		to->depth = (uint8_t)gray_depth(f);
	for (int i = 0; i < 3; i++)
		to->key_color[i] = (uint16_t)(f->key_color[i] >> (16 - to->depth));
}

/* What is not opaque first, so that tRNS is short; then by brightness, so that neighbors are alike. */
static uint64_t rank(uint32_t color)
{
	uint64_t r = color >> 24, g = color >> 16 & 255, b = color >> 8 & 255, a = color & 255;
	return (uint64_t)(a == 255) << 60 | (299 * r + 587 * g + 114 * b) << 32 | color;
}

static int by_rank(const void *a, const void *b)
{
	uint64_t x = rank(*(const uint32_t *)a), y = rank(*(const uint32_t *)b);
	return x < y ? -1 : x > y;
}

static void palette_form(struct leat_png_form *to, struct facts *f)
{
	unsigned n = f->colors;
	*to = (struct leat_png_form){.color = LEAT_PNG_PALETTE, .entries = n};
	to->depth = n <= 2 ? 1 : n <= 4 ? 2 : n <= 16 ? 4 : 8;
	qsort(f->color, n, sizeof *f->color, by_rank);
	for (unsigned i = 0; i < n; i++) {
		leat_put_be32(to->palette[i], f->color[i]);
		if ((f->color[i] & 255) != 255)
			to->clear = i + 1;
	}
}

int leat_png_form_find(struct leat_png_form *forms, const struct leat_png_pixels *p, const struct leat_png_limits *l)
{
	struct leat_err ignored = {0};
	struct facts *f = leat_zalloc(1, sizeof *f, &ignored);
	if (!f)
		return 0;
	look_at_all(f, p);
	plain_form(&forms[0], f, f->gray && !l->color_stays);
	int n = 1;
	if (f->narrow && f->colors <= 256 && !l->gray_stays) {
		palette_form(&forms[1], f);
		unsigned plain = leat_png_form_bits(&forms[0]), indexed = leat_png_form_bits(&forms[1]);
		n = indexed < plain ? 2 : 1;
	}
	if (n == 2 && (uint64_t)p->shape.width * p->shape.height > SMALL) {
		forms[0] = forms[1];
		n = 1;
	}
	free(f);
	return n;
}
