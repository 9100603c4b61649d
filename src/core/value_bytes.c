/* SPDX-License-Identifier: MIT */
/* Values that are bytes: sizes, memory, queues. See value_parse.h. */
#include "base/num.h"
#include "core/value_parse.h"

#include <stdio.h>

static bool same_nocase(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if ((*a | 0x20) != (*b | 0x20))
			return false;
	}
	return *a == *b;
}

/* The unit meant by another spelling ("kB", "mb", "Gi", "bytes"), or NULL. */
static const char *unit_meant(const char *s)
{
	static const char *const pairs[][2] = {
		{"kb", "KB"},   {"mb", "MB"},   {"gb", "GB"},   {"tb", "TB"},    {"kib", "KiB"},  {"mib", "MiB"},
		{"gib", "GiB"}, {"tib", "TiB"}, {"ki", "KiB"},  {"mi", "MiB"},   {"gi", "GiB"},   {"ti", "TiB"},
		{"b", "B"},     {"byte", "B"},  {"bytes", "B"}, {"kbyte", "KB"}, {"mbyte", "MB"}, {"gbyte", "GB"},
	};
	for (size_t i = 0; i < LEAT_LEN(pairs); i++) {
		if (same_nocase(s, pairs[i][0]))
			return pairs[i][1];
	}
	return NULL;
}

/* "write 4GiB (4 294 967 296 bytes) or 4GB (4 000 000 000 bytes)" */
static int both_readings(struct leat_vp *v, size_t digits, char letter)
{
	char binary[96], decimal[96], a[32], b[32];
	uint64_t x, y;
	int n = snprintf(binary, sizeof binary, "%.*s%ciB", (int)digits, v->s, letter);
	int m = snprintf(decimal, sizeof decimal, "%.*s%cB", (int)digits, v->s, letter);
	if (n < 0 || m < 0 || (size_t)n >= sizeof binary || !leat_parse_size(binary, (size_t)n, &x) ||
	    !leat_parse_size(decimal, (size_t)m, &y))
		return leat_vp_help(v, "write a number and a unit, for example 64MiB or 1GB");
	return leat_vp_help(v, "write %s (%s bytes) or %s (%s bytes)", binary, leat_group_digits(x, a), decimal,
			    leat_group_digits(y, b));
}

static int not_a_size(struct leat_vp *v)
{
	uint64_t x;
	int64_t whole;
	size_t digits = leat_vp_number(v->s, v->n);
	const char *rest = v->s + digits;
	const char *point = leat_vp_point(v), *clean = leat_vp_unblank(v);
	if (point && strchr(v->s, ',') && leat_parse_size(point, v->n, &x)) {
		leat_vp_fail(v, 45, "'%s' is not a size: the decimal sign is a point", v->s);
		return leat_vp_label(v, "write %s", point);
	}
	if (digits && !*rest) {
		leat_vp_fail(v, 45, "the size '%s' has no unit", v->s);
		if (leat_parse_int(v->s, digits, &whole) && whole >= 4096)
			return leat_vp_help(v, "write %sB (bytes), or a unit such as MiB or MB", v->s);
		if (leat_parse_int(v->s, digits, &whole) && whole == 0)
			return leat_vp_label(v, "write 0B");
		return both_readings(v, digits, 'M');
	}
	leat_vp_fail(v, 45, "'%s' is not a size", v->s);
	if (digits && strlen(rest) == 1 && strchr("kKmMgGtT", *rest))
		return both_readings(v, digits, (char)(*rest & ~0x20));
	if (clean && leat_parse_size(clean, strlen(clean), &x))
		return leat_vp_label(v, "write %s", clean);
	const char *unit = digits ? unit_meant(rest + strspn(rest, " ")) : NULL;
	if (unit)
		return leat_vp_label(v, "write %.*s%s", (int)digits, v->s, unit);
	return leat_vp_help(v, "write a number and a unit, for example 64MiB or 1GB");
}

static const char *size_bounds(struct leat_vp *v)
{
	char lo[32], hi[32];
	leat_human_size((uint64_t)v->p->imin, lo);
	leat_human_size((uint64_t)v->p->imax, hi);
	const char *text = v->p->imax == 0 || v->p->imax == INT64_MAX ? leat_arena_printf(v->a, "%s or more", lo)
								      : leat_arena_printf(v->a, "%s to %s", lo, hi);
	return text ? text : "";
}

int leat_vp_size(struct leat_vp *v, uint64_t *out)
{
	uint64_t x;
	if (!leat_parse_size(v->s, v->n, &x))
		return not_a_size(v);
	if (x < (uint64_t)v->p->imin || (v->p->imax && x > (uint64_t)v->p->imax))
		return leat_vp_out_of_range(v, size_bounds(v));
	*out = x;
	return 0;
}

int leat_vp_memory(struct leat_vp *v, struct leat_memory_opt *out)
{
	struct leat_memory_opt m = {0};
	if (leat_vp_percent(v->s, v->n, &m.percent)) {
		if (m.percent <= 0 || m.percent > 1)
			return leat_vp_out_of_range(v, "a size such as 4GiB, or more than 0% and at most 100%");
	} else if (leat_vp_size(v, &m.bytes) < 0) {
		return -1;
	} else if (m.bytes == 0) {
		return leat_vp_out_of_range(v, "a size such as 4GiB, or a percentage such as 50%");
	}
	*out = m;
	return 0;
}

int leat_vp_queue(struct leat_vp *v, struct leat_queue_opt *out)
{
	static const char what[] = "1 to 1000000 items, a size such as 64MiB, or auto";
	struct leat_queue_opt q = {0};
	int64_t items;
	if (strcmp(v->s, "auto") == 0) {
		*out = q;
		return 0;
	}
	if (leat_parse_int(v->s, v->n, &items)) {
		if (items < 1 || items > 1000000)
			return leat_vp_out_of_range(v, what);
		q.items = (uint64_t)items;
	} else if (!leat_parse_size(v->s, v->n, &q.bytes)) {
		not_a_size(v);
		size_t digits = leat_vp_number(v->s, v->n);
		bool unit = digits && strchr("kKmMgGtT", v->s[digits]); /* then both readings are shown */
		if (!v->e->label && !unit) {
			v->e->help[0] = NULL;
			leat_vp_help(v, "%s is %s", v->p->name, what);
		}
		return -1;
	} else if (q.bytes == 0) {
		return leat_vp_out_of_range(v, what);
	}
	*out = q;
	return 0;
}
