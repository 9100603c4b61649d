/* SPDX-License-Identifier: MIT */
/* Sizes in pixels, in leat's spelling and as other tools write them. See value_parse.h. */
#include "base/num.h"
#include "core/value_parse.h"

#include <stdio.h>

enum { E_PIXELS = 47 };

/* How far the digits at s go. */
static size_t digits_at(const char *s)
{
	return strspn(s, "0123456789");
}

/*
 * The sign between width and height as somebody may have written it; its length, 0: none. Blanks around it
 * belong to it.
 */
static size_t sign_at(const char *s)
{
	static const char *const signs[] = {"x", "X", "\xC3\x97", "*", ",", ":", "/", "by"};
	size_t blanks = strspn(s, " ");
	for (size_t i = 0; i < LEAT_LEN(signs); i++) {
		size_t n = strlen(signs[i]);
		if (strncmp(s + blanks, signs[i], n) == 0)
			return blanks + n + strspn(s + blanks + n, " ");
	}
	return blanks;
}

/* A size in any spelling: the two numbers as texts, and what stands behind them. */
struct spelled {
	const char *width, *height, *rest;
	size_t width_n, height_n;
	bool exact; /* written as leat wants it, up to `rest` */
};

static struct spelled take_apart(const char *s)
{
	struct spelled p = {.width = s, .width_n = digits_at(s)};
	size_t sign = sign_at(s + p.width_n);
	p.height = s + p.width_n + sign;
	p.height_n = digits_at(p.height);
	p.exact = sign == 1 && s[p.width_n] == 'x';
	p.rest = p.height + p.height_n;
	return p;
}

/* ImageMagick's flags behind a geometry, and what to write instead. */
static int foreign_flag(struct leat_vp *v, const struct spelled *p)
{
	const char *size = leat_arena_printf(v->a, "%.*sx%.*s", (int)p->width_n, p->width, (int)p->height_n, p->height);
	if (!size)
		return -1;
	if (strcmp(p->rest, ">") == 0) {
		leat_vp_label(v, "write %s", size);
		return leat_vp_help(v, "images are only enlarged with enlarge=yes, so '>' is not needed");
	}
	if (strcmp(p->rest, "<") == 0) {
		leat_vp_label(v, "write %s enlarge=yes", size);
		return leat_vp_help(v, "for only the small images, put it into a branch behind keep width<%.*s",
				    (int)p->width_n, p->width);
	}
	if (strcmp(p->rest, "!") == 0)
		return leat_vp_label(v, "write %s fit=fill", size);
	if (strcmp(p->rest, "^") == 0) {
		leat_vp_label(v, "write %s fit=outside", size);
		return leat_vp_help(v, "fit=cover also cuts off what is over %s", size);
	}
	size_t left = *p->rest == '+' ? digits_at(p->rest + 1) : 0;
	const char *second = p->rest + 1 + left;
	if (left && *second == '+' && second[1] && !second[1 + digits_at(second + 1)])
		return leat_vp_label(v, "write %s left=%.*s top=%s", size, (int)left, p->rest + 1, second + 1);
	return 0;
}

static int not_pixels(struct leat_vp *v)
{
	bool percent = v->p->flags & LEAT_ANYPERCENT;
	struct spelled p = take_apart(v->s);
	const char *unit = v->s + p.width_n;
	if (p.width_n && (!*unit || strcmp(unit, "px") == 0)) {
		int n = (int)p.width_n;
		leat_vp_fail(v, E_PIXELS, "'%s' does not say which side it is", v->s);
		return leat_vp_help(v, "write %.*sx%.*s (fit into a square), %.*sx (this width) or x%.*s (this height)",
				    n, v->s, n, v->s, n, v->s, n, v->s);
	}
	leat_vp_fail(v, E_PIXELS, "'%s' is not a size in pixels", v->s);
	bool sides = p.width_n && p.height_n && p.height > p.width + p.width_n;
	if (sides && (!*p.rest || strcmp(p.rest, "px") == 0))
		return leat_vp_label(v, "write %.*sx%.*s", (int)p.width_n, p.width, (int)p.height_n, p.height);
	if (sides && foreign_flag(v, &p) < 0)
		return -1;
	if (strchr(v->s, '@'))
		return leat_vp_help(
			v, "an area in pixels ('@') cannot be given; write the longest sides, for example 800x600");
	if (percent)
		return leat_vp_help(v, "write for example 800x600, 800x (this width), x600 (this height) or 50%%");
	return leat_vp_help(v, "write for example 800x600, 800x (this width) or x600 (this height)");
}

/* A side: its digits, 0 when it is left free. False: too large. */
static bool side(const char *s, size_t n, uint32_t *out)
{
	int64_t x = 0;
	if (n && (!leat_parse_int(s, n, &x) || x > INT32_MAX))
		return false;
	*out = (uint32_t)x;
	return true;
}

static int parse_percent(struct leat_vp *v, double fraction, struct leat_pixels *out)
{
	if (!(v->p->flags & LEAT_ANYPERCENT))
		return not_pixels(v);
	if (fraction <= 0 || fraction > 100)
		return leat_vp_out_of_range(v, "more than 0% and at most 10000%");
	*out = (struct leat_pixels){.percent = fraction};
	return 0;
}

int leat_vp_pixels(struct leat_vp *v, struct leat_pixels *out)
{
	struct leat_pixels px = {0};
	double fraction;
	if (leat_vp_percent(v->s, v->n, &fraction))
		return parse_percent(v, fraction, out);
	struct spelled p = take_apart(v->s);
	if (!p.exact || *p.rest || !(p.width_n || p.height_n))
		return not_pixels(v);
	if (!side(p.width, p.width_n, &px.width) || !side(p.height, p.height_n, &px.height))
		return leat_vp_out_of_range(v, "at most 2147483647 pixels a side");
	if ((p.width_n && !px.width) || (p.height_n && !px.height)) {
		leat_vp_fail(v, E_PIXELS, "'%s' has a side of 0 pixels", v->s);
		if (px.width || px.height)
			leat_vp_label(v, px.width ? "write %ux" : "write x%u", px.width ? px.width : px.height);
		return -1;
	}
	*out = px;
	return 0;
}

bool leat_pixels_split(const char *first, const char *second, const char *third, int *used, struct leat_arena *a,
		       struct leat_value_error *e)
{
	char text[160];
	struct leat_vp v = {.a = a, .e = e, .s = text};
	bool with_sign = third && sign_at(second) == strlen(second) && *second;
	*used = with_sign ? 3 : 2;
	int n = with_sign ? snprintf(text, sizeof text, "%s %s %s", first, second, third)
			  : snprintf(text, sizeof text, "%s %s", first, second);
	if (n < 0 || (size_t)n >= sizeof text)
		return false;
	struct spelled p = take_apart(text);
	if (!p.width_n || !p.height_n || *p.rest || p.height == p.width + p.width_n)
		return false;
	v.n = (size_t)n;
	leat_vp_fail(&v, E_PIXELS, "the size is one value");
	leat_vp_label(&v, "write %.*sx%.*s", (int)p.width_n, p.width, (int)p.height_n, p.height);
	return true;
}
