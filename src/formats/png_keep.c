/* SPDX-License-Identifier: MIT */
#include "formats/png_keep.h"

#include "base/mem.h"
#include "formats/exif.h"

#define TYPE LEAT_PNG_TYPE

static bool one_of(uint32_t type, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == type)
			return true;
	return false;
}

/* A text whose keyword (Latin-1, up to the zero byte) is Copyright. */
static bool copyright(const struct leat_png_chunk *c)
{
	static const char key[] = "Copyright";
	static const uint32_t texts[] = {TYPE('t', 'E', 'X', 't'), TYPE('z', 'T', 'X', 't'), TYPE('i', 'T', 'X', 't')};
	return one_of(c->type, texts, LEAT_LEN(texts)) && c->len > sizeof key && memcmp(c->data, key, sizeof key) == 0;
}

/* It says that the picture is to be turned. */
static bool turns(const struct leat_png_chunk *c)
{
	return c->type == TYPE('e', 'X', 'I', 'f') && leat_exif_orientation(c->data, c->len) > 1;
}

static bool shows(const struct leat_png_chunk *c)
{
	static const uint32_t look[] = {TYPE('c', 'I', 'C', 'P'), TYPE('i', 'C', 'C', 'P'), TYPE('s', 'R', 'G', 'B'),
					TYPE('g', 'A', 'M', 'A'), TYPE('c', 'H', 'R', 'M'), TYPE('m', 'D', 'C', 'V'),
					TYPE('c', 'L', 'L', 'I'), TYPE('p', 'H', 'Y', 's')};
	return one_of(c->type, look, LEAT_LEN(look)) || copyright(c) || turns(c);
}

/* Of the specification, but not safe to copy by their names' letters: they hold as long as the pixels do. */
static bool holds(uint32_t type)
{
	static const uint32_t known[] = {TYPE('c', 'H', 'R', 'M'), TYPE('g', 'A', 'M', 'A'), TYPE('i', 'C', 'C', 'P'),
					 TYPE('s', 'B', 'I', 'T'), TYPE('s', 'R', 'G', 'B'), TYPE('c', 'I', 'C', 'P'),
					 TYPE('m', 'D', 'C', 'V'), TYPE('c', 'L', 'L', 'I'), TYPE('b', 'K', 'G', 'D'),
					 TYPE('h', 'I', 'S', 'T'), TYPE('t', 'I', 'M', 'E')};
	enum { SAFE_TO_COPY = 0x20 };
	return type & SAFE_TO_COPY || one_of(type, known, LEAT_LEN(known));
}

bool leat_png_keeps(enum leat_png_strip strip, const struct leat_png_chunk *c)
{
	if (strip == LEAT_STRIP_ALL || !leat_png_crc_ok(c))
		return false;
	return strip == LEAT_STRIP_SAFE ? shows(c) : holds(c->type);
}

bool leat_png_bound_to_form(uint32_t type)
{
	return type == TYPE('s', 'B', 'I', 'T') || leat_png_behind_palette(type);
}

bool leat_png_behind_palette(uint32_t type)
{
	return type == TYPE('b', 'K', 'G', 'D') || type == TYPE('h', 'I', 'S', 'T');
}
