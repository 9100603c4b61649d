/* SPDX-License-Identifier: MIT */
/* Values that are numbers: whole, decimal, lists of them, numbers of workers. See value_parse.h. */
#include "base/num.h"
#include "core/value_parse.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { MAX_WORKERS = 4096 };

/* "1 to 100 px", "1 or more", "5 or less": the bounds as texts, NULL where there is none. */
static const char *bounds_text(struct leat_vp *v, const char *lo, const char *hi)
{
	const char *unit = v->p->unit ? v->p->unit : "", *blank = v->p->unit ? " " : "";
	const char *text;
	if (lo && hi)
		text = leat_arena_printf(v->a, "%s to %s%s%s", lo, hi, blank, unit);
	else if (lo)
		text = leat_arena_printf(v->a, "%s%s%s or more", lo, blank, unit);
	else
		text = leat_arena_printf(v->a, "%s%s%s or less", hi ? hi : "", blank, unit);
	return text ? text : "";
}

static bool has_int_bounds(const struct leat_param *p)
{
	return p->imin || p->imax;
}

static const char *int_bounds(struct leat_vp *v)
{
	char lo[24], hi[24];
	snprintf(lo, sizeof lo, "%" PRId64, v->p->imin);
	snprintf(hi, sizeof hi, "%" PRId64, v->p->imax);
	return bounds_text(v, v->p->imin == INT64_MIN ? NULL : lo, v->p->imax == INT64_MAX ? NULL : hi);
}

static bool has_real_bounds(const struct leat_param *p)
{
	return p->rmin != 0 || p->rmax != 0;
}

static const char *real_bounds(struct leat_vp *v)
{
	char lo[32], hi[32];
	leat_print_real(v->p->rmin, lo);
	leat_print_real(v->p->rmax, hi);
	return bounds_text(v, v->p->rmin < -1e300 ? NULL : lo, v->p->rmax > 1e300 ? NULL : hi);
}

static bool all_digits(const char *s, size_t n)
{
	size_t i = n > 0 && (s[0] == '+' || s[0] == '-'), first = i;
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i == n && i > first;
}

/* Is the text behind the number the unit of this parameter, or a usual word for it? */
static bool is_unit(const struct leat_param *p, const char *s)
{
	s += strspn(s, " ");
	if (p->unit && strcmp(s, p->unit) == 0)
		return true;
	return strcmp(s, "px") == 0 || strcmp(s, "pixels") == 0 || strcmp(s, "deg") == 0 || strcmp(s, "\xC2\xB0") == 0;
}

/* "0x10": what it is in decimal digits. */
static bool from_hex(const char *s, size_t n, uint64_t *out)
{
	uint64_t v = 0;
	if (n < 3 || n > 17 || s[0] != '0' || (s[1] != 'x' && s[1] != 'X'))
		return false;
	for (size_t i = 2; i < n; i++) {
		int c = s[i] | 0x20;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		v = v * 16 + (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*out = v;
	return true;
}

static int not_whole(struct leat_vp *v)
{
	uint64_t hex;
	int64_t whole;
	double real;
	size_t digits = leat_vp_number(v->s, v->n);
	const char *rest = v->s + digits;
	leat_vp_fail(v, 42, "'%s' is not a whole number", v->s);
	bool prefix = leat_parse_int(v->s, digits, &whole);
	const char *joined = leat_vp_unblank(v);
	if (prefix && (strcmp(rest, "%") == 0 || is_unit(v->p, rest)))
		return leat_vp_label(v, "write %.*s", (int)digits, v->s);
	if (from_hex(v->s, v->n, &hex))
		return leat_vp_label(v, "write %" PRIu64, hex);
	if (prefix && joined && all_digits(joined, strlen(joined)))
		return leat_vp_label(v, "write %s", joined);
	if (leat_parse_real(v->s, v->n, &real) && fabs(real) < 1e15) {
		if (real == floor(real))
			return leat_vp_label(v, "write %.0f", real);
		return leat_vp_label(v, "write %.0f or %.0f", floor(real), ceil(real));
	}
	if (has_int_bounds(v->p))
		return leat_vp_help(v, "%s is a whole number: %s", v->p->name, int_bounds(v));
	return leat_vp_help(v, "%s is a whole number, for example 10", v->p->name);
}

int leat_vp_int(struct leat_vp *v, int64_t *out)
{
	int64_t x;
	if (!leat_parse_int(v->s, v->n, &x)) {
		if (!all_digits(v->s, v->n))
			return not_whole(v);
		return leat_vp_out_of_range(v, has_int_bounds(v->p) ? int_bounds(v) : "a number of at most 18 digits");
	}
	if (has_int_bounds(v->p) && (x < v->p->imin || x > v->p->imax))
		return leat_vp_out_of_range(v, int_bounds(v));
	*out = x;
	return 0;
}

static int not_real(struct leat_vp *v)
{
	double x;
	const char *point = leat_vp_point(v);
	if (point && strchr(v->s, ',') && leat_parse_real(point, v->n, &x)) {
		leat_vp_fail(v, 42, "'%s' is not a number: the decimal sign is a point", v->s);
		return leat_vp_label(v, "write %s", point);
	}
	leat_vp_fail(v, 42, "'%s' is not a number", v->s);
	size_t digits = leat_vp_number(v->s, v->n);
	char text[32];
	if (leat_vp_percent(v->s, v->n, &x))
		return leat_vp_help(v, "%s is a plain number, for example %s", v->p->name, leat_print_real(x, text));
	if (digits && is_unit(v->p, v->s + digits))
		return leat_vp_label(v, "write %.*s", (int)digits, v->s);
	if (v->n > 1 && v->s[0] == '.' && all_digits(v->s + 1, v->n - 1))
		return leat_vp_label(v, "write 0%s", v->s);
	if (digits && digits + 1 == v->n && v->s[digits] == '.')
		return leat_vp_label(v, "write %.*s", (int)digits, v->s);
	if (has_real_bounds(v->p))
		return leat_vp_help(v, "%s is a number: %s", v->p->name, real_bounds(v));
	return leat_vp_help(v, "%s is a number, for example 1.5", v->p->name);
}

int leat_vp_real(struct leat_vp *v, double *out)
{
	double x;
	if (!leat_parse_real(v->s, v->n, &x))
		return not_real(v);
	if (has_real_bounds(v->p) && (x < v->p->rmin || x > v->p->rmax))
		return leat_vp_out_of_range(v, real_bounds(v));
	*out = x;
	return 0;
}

int leat_vp_workers(struct leat_vp *v, struct leat_workers *out)
{
	static const char what[] = "1 to 4096, a percentage of the cores (50%), or auto";
	struct leat_workers w = {0};
	if (strcmp(v->s, "auto") == 0) {
		*out = w;
		return 0;
	}
	bool percent = leat_vp_percent(v->s, v->n, &w.percent);
	if (!percent && !leat_parse_int(v->s, v->n, &w.n)) {
		if (all_digits(v->s, v->n))
			return leat_vp_out_of_range(v, what);
		leat_vp_fail(v, 42, "'%s' is not a number of %s", v->s, v->p->name);
		return leat_vp_help(v, "%s is %s", v->p->name, what);
	}
	if (percent ? w.percent <= 0 || w.percent > MAX_WORKERS : w.n < 1 || w.n > MAX_WORKERS)
		return leat_vp_out_of_range(v, what);
	*out = w;
	return 0;
}

int leat_vp_numbers(struct leat_vp *v, struct leat_numbers *out)
{
	size_t pos = 0, start, len, n = 0;
	if (strpbrk(v->s, " \t")) {
		leat_vp_fail(v, 40, "a list has commas and no blanks");
		const char *joined = leat_vp_unblank(v);
		return strchr(v->s, ',') ? leat_vp_label(v, "write %s", joined ? joined : "")
					 : leat_vp_help(v, "for example 1,0,0,1");
	}
	while (leat_list_next(v->s, &pos, &start, &len))
		n++;
	double *list = leat_arena_alloc(v->a, leat_size_mul(n, sizeof *list));
	if (!list)
		return -1;
	pos = n = 0;
	while (leat_list_next(v->s, &pos, &start, &len)) {
		if (leat_parse_real(v->s + start, len, &list[n++]))
			continue;
		if (len)
			leat_vp_fail(v, 42, "'%.*s' is not a number", (int)len, v->s + start);
		else
			leat_vp_fail(v, 40, "an entry of this list is empty");
		v->e->at = start;
		v->e->end = start + len;
		return leat_vp_help(v, "%s is a list of numbers with commas between them, for example 1,0.5,-2",
				    v->p->name);
	}
	*out = (struct leat_numbers){.v = list, .n = n};
	return 0;
}
