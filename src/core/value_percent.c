/* SPDX-License-Identifier: MIT */
/* Values with a sign behind the number: percentages, levels, ranges, millions of pixels. See value_parse.h. */
#include "base/num.h"
#include "core/value_parse.h"

bool leat_vp_percent(const char *s, size_t n, double *out)
{
	double x;
	if (n < 2 || s[n - 1] != '%' || !leat_parse_real(s, n - 1, &x))
		return false;
	*out = x / 100;
	return true;
}

static const char *percent_text(struct leat_vp *v, double fraction)
{
	char number[32];
	const char *text = leat_arena_printf(v->a, "%s%%", leat_print_real(fraction * 100, number));
	return text ? text : "";
}

static int not_a_percentage(struct leat_vp *v)
{
	double x;
	const char *point = leat_vp_point(v), *clean = leat_vp_unblank(v);
	if (leat_parse_real(v->s, v->n, &x)) {
		leat_vp_fail(v, 44, "the percentage '%s' has no %%", v->s);
		if (x > 0 && x < 1)
			return leat_vp_help(v, "write %s (%s of the whole) or %s%%", percent_text(v, x), v->s, v->s);
		return leat_vp_label(v, "write %s%%", v->s);
	}
	leat_vp_fail(v, 44, "'%s' is not a percentage", v->s);
	if (point && leat_vp_percent(point, strlen(point), &x))
		return leat_vp_label(v, "write %s", point);
	if (clean && leat_vp_percent(clean, strlen(clean), &x))
		return leat_vp_label(v, "write %s", clean);
	return leat_vp_help(v, "write a number with %%, for example 50%%");
}

int leat_vp_fraction(struct leat_vp *v, double *out)
{
	double x;
	if (!leat_vp_percent(v->s, v->n, &x))
		return not_a_percentage(v);
	if ((v->p->rmin != 0 || v->p->rmax != 0) && (x < v->p->rmin || x > v->p->rmax)) {
		const char *what =
			leat_arena_printf(v->a, "%s to %s", percent_text(v, v->p->rmin), percent_text(v, v->p->rmax));
		return leat_vp_out_of_range(v, what ? what : "");
	}
	*out = x;
	return 0;
}

int leat_vp_level(struct leat_vp *v, struct leat_level *out)
{
	struct leat_level l = {0};
	double x;
	l.percent = leat_vp_percent(v->s, v->n, &l.v);
	if (l.percent || leat_parse_real(v->s, v->n, &l.v)) {
		*out = l;
		return 0;
	}
	leat_vp_fail(v, 44, "'%s' is not a level", v->s);
	const char *point = leat_vp_point(v);
	if (point && (leat_parse_real(point, v->n, &x) || leat_vp_percent(point, v->n, &x)))
		return leat_vp_label(v, "write %s", point);
	return leat_vp_help(v, "write N%% of the full range, for example 50%%, or a raw sample value, for example 128");
}

/* "268MP" or a plain whole number. */
static bool parse_pixel_count(const char *s, size_t n, uint64_t *out)
{
	int64_t whole;
	double x;
	if (leat_parse_int(s, n, &whole)) {
		*out = (uint64_t)whole;
		return whole >= 0;
	}
	if (n < 3 || memcmp(s + n - 2, "MP", 2) != 0 || !leat_parse_real(s, n - 2, &x) || x < 0 || x > 1e12)
		return false;
	*out = (uint64_t)(x * 1e6 + 0.5);
	return true;
}

int leat_vp_pixel_count(struct leat_vp *v, uint64_t *out)
{
	uint64_t x;
	if (parse_pixel_count(v->s, v->n, &x)) {
		if (x == 0)
			return leat_vp_out_of_range(v, "1 or more");
		*out = x;
		return 0;
	}
	leat_vp_fail(v, 44, "'%s' is not a number of pixels", v->s);
	size_t digits = leat_vp_number(v->s, v->n);
	const char *rest = v->s + digits + strspn(v->s + digits, " ");
	static const char *const mega[] = {"M", "m", "mp", "Mp", "mP", "MP", "Mpx", "Mpix", "megapixel", "megapixels"};
	for (size_t i = 0; digits && i < LEAT_LEN(mega); i++) {
		if (strcmp(rest, mega[i]) == 0)
			return leat_vp_label(v, "write %.*sMP", (int)digits, v->s);
	}
	return leat_vp_help(v, "write for example 268MP (268 000 000 pixels)");
}

/* One end of a range. */
static bool parse_end(const char *s, size_t n, double *out, bool *percent)
{
	*percent = leat_vp_percent(s, n, out);
	return *percent || leat_parse_real(s, n, out);
}

/* What stands between two numbers where ".." belongs: "1-99", "1:99", "1...99", "1 99". NULL: not two numbers. */
static const char *range_meant(struct leat_vp *v)
{
	static const char *const between[] = {"...", "\xE2\x80\xA6", "\xE2\x80\x93", "-", ":", ";", ",", " ", "to"};
	for (size_t i = 0; i < LEAT_LEN(between); i++) {
		const char *at = v->n ? strstr(v->s + 1, between[i]) : NULL;
		if (!at)
			continue;
		const char *second = at + strlen(between[i]);
		second += strspn(second, " ");
		size_t first_n = (size_t)(at - v->s);
		while (first_n && v->s[first_n - 1] == ' ')
			first_n--;
		double x;
		bool percent;
		if (parse_end(v->s, first_n, &x, &percent) && parse_end(second, strlen(second), &x, &percent))
			return leat_arena_printf(v->a, "%.*s..%s", (int)first_n, v->s, second);
	}
	return NULL;
}

static int not_a_range(struct leat_vp *v)
{
	leat_vp_fail(v, 49, "'%s' is not a range", v->s);
	const char *point = leat_vp_point(v), *dots = point ? strstr(point, "..") : NULL;
	double x;
	bool percent;
	if (strchr(v->s, ',') && dots && parse_end(point, (size_t)(dots - point), &x, &percent) &&
	    parse_end(dots + 2, strlen(dots + 2), &x, &percent))
		return leat_vp_label(v, "write %s", point);
	const char *meant = range_meant(v);
	if (meant)
		return leat_vp_label(v, "write %s", meant);
	return leat_vp_help(v, "write two numbers or two percentages with '..' between them, for example 1%%..99%%");
}

int leat_vp_range(struct leat_vp *v, struct leat_range *out)
{
	const char *dots = strstr(v->s, "..");
	double a, b;
	bool a_percent, b_percent;
	if (!dots || !parse_end(v->s, (size_t)(dots - v->s), &a, &a_percent) ||
	    !parse_end(dots + 2, strlen(dots + 2), &b, &b_percent))
		return not_a_range(v);
	int n = (int)(dots - v->s);
	if (a_percent != b_percent) {
		leat_vp_fail(v, 49, "the range '%s' mixes a number and a percentage", v->s);
		return leat_vp_help(v, "write both as numbers or both with %%, for example 1%%..99%%");
	}
	if (a >= b) {
		leat_vp_fail(v, 49, "the range '%s' is empty: %.*s is not below %s", v->s, n, v->s, dots + 2);
		return a > b ? leat_vp_label(v, "write %s..%.*s", dots + 2, n, v->s) : -1;
	}
	*out = (struct leat_range){.a = a, .b = b, .percent = a_percent};
	return 0;
}
