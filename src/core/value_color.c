/* SPDX-License-Identifier: MIT */
/* Colors: #rgb in four lengths, and names. See value_parse.h. */
#include "base/text.h"
#include "core/value_parse.h"

enum { E_COLOR = 48 };

/* In alphabetical order; the values are those of CSS. leat_color_names has the same order. */
static const uint8_t values[][4] = {
	{0, 255, 255, 255},   {0, 0, 0, 255},       {0, 0, 255, 255},   {0, 255, 255, 255},   {255, 0, 255, 255},
	{128, 128, 128, 255}, {0, 128, 0, 255},     {0, 255, 0, 255},   {255, 0, 255, 255},   {128, 0, 0, 255},
	{0, 0, 128, 255},     {128, 128, 0, 255},   {255, 165, 0, 255}, {255, 192, 203, 255}, {128, 0, 128, 255},
	{255, 0, 0, 255},     {192, 192, 192, 255}, {0, 128, 128, 255}, {0, 0, 0, 0},         {255, 255, 255, 255},
	{255, 255, 0, 255},
};

const char *const leat_color_names[] = {
	"aqua",  "black",  "blue", "cyan",   "fuchsia", "gray",   "green", "lime",        "magenta", "maroon", "navy",
	"olive", "orange", "pink", "purple", "red",     "silver", "teal",  "transparent", "white",   "yellow", NULL,
};

static int hex(char c)
{
	int l = c | 0x20;
	return c >= '0' && c <= '9' ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

static bool all_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (hex(s[i]) < 0)
			return false;
	}
	return n > 0;
}

static bool is_length(size_t n)
{
	return n == 3 || n == 4 || n == 6 || n == 8;
}

static struct leat_color from_digits(const char *s, size_t n)
{
	uint8_t c[4] = {0, 0, 0, 255};
	for (size_t i = 0; i < (n < 6 ? n : n / 2); i++)
		c[i] = (uint8_t)(n < 6 ? hex(s[i]) * 17 : hex(s[2 * i]) * 16 + hex(s[2 * i + 1]));
	return (struct leat_color){.r = c[0], .g = c[1], .b = c[2], .a = c[3], .given = true};
}

static int not_a_color(struct leat_vp *v)
{
	const char *digits = v->s + (v->s[0] == '#');
	size_t n = strlen(digits);
	bool hash = digits != v->s;
	if (hash && all_hex(digits, n))
		leat_vp_fail(v, E_COLOR, "'%s' is not a color: it has %zu digits", v->s, n);
	else
		leat_vp_fail(v, E_COLOR, "'%s' is not a color", v->s);
	if (!hash && all_hex(digits, n) && is_length(n))
		return leat_vp_label(v, "write #%s", v->s);
	const char *near = hash ? NULL : leat_nearest_word(v->s, leat_color_names, LEAT_LEN(values));
	if (near)
		leat_vp_label(v, "did you mean '%s'?", near);
	leat_vp_help(v, "write #rgb, #rgba, #rrggbb or #rrggbbaa, for example #ff8800, or a name");
	return leat_vp_help(v,
			    "names: aqua, black, blue, cyan, fuchsia, gray, green, lime, magenta, maroon, navy, olive, "
			    "orange, pink, purple, red, silver, teal, transparent, white, yellow");
}

int leat_vp_color(struct leat_vp *v, struct leat_color *out)
{
	if (v->s[0] == '#' && is_length(v->n - 1) && all_hex(v->s + 1, v->n - 1)) {
		*out = from_digits(v->s + 1, v->n - 1);
		return 0;
	}
	for (size_t i = 0; i < LEAT_LEN(values); i++) {
		if (strcmp(v->s, leat_color_names[i]) == 0) {
			const uint8_t *c = values[i];
			*out = (struct leat_color){.r = c[0], .g = c[1], .b = c[2], .a = c[3], .given = true};
			return 0;
		}
	}
	return not_a_color(v);
}
