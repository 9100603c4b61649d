/* SPDX-License-Identifier: MIT */
/* Reads the five fields of a crontab line. See cron.h. */
#include "core/cron.h"

#include "base/mem.h"
#include "base/num.h"

#include <strings.h>

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
				     "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static const struct field {
	const char *name;
	int lo, hi;
	const char *const *names; /* of the values from lo on */
	int n_names;
} fields[] = {
	{"minute", 0, 59, NULL, 0},   {"hour", 0, 23, NULL, 0},       {"day of the month", 1, 31, NULL, 0},
	{"month", 1, 12, months, 12}, {"weekday", 0, 7, weekdays, 7},
};

/* A part of the text: [s, end). */
struct part {
	const char *s, *end;
};

static size_t length(struct part p)
{
	return (size_t)(p.end - p.s);
}

/* The part up to the next of `stops` or the end; *rest behind that character. False when nothing was left. */
static bool cut(struct part *rest, char stop, struct part *first)
{
	if (!rest->s)
		return false;
	const char *at = memchr(rest->s, stop, length(*rest));
	*first = (struct part){rest->s, at ? at : rest->end};
	rest->s = at ? at + 1 : NULL;
	return true;
}

/* A number or a name; -1 when it is neither or out of range. */
static int value(const struct field *f, struct part p)
{
	int64_t v;
	for (int i = 0; i < f->n_names; i++)
		if (length(p) == 3 && strncasecmp(p.s, f->names[i], 3) == 0)
			return f->lo + i;
	if (length(p) == 0 || *p.s < '0' || *p.s > '9' || !leat_parse_int(p.s, length(p), &v))
		return -1;
	return v >= f->lo && v <= f->hi ? (int)v : -1;
}

/* One entry of a list, "*", "5", "1-5", "*" "/15", "10-50/20", into bits. False when it is none. */
static bool entry(const struct field *f, struct part p, uint64_t *bits)
{
	struct part steps = p, span = p;
	int64_t step = 1;
	(void)cut(&steps, '/', &span);
	if (steps.s && (!leat_parse_int(steps.s, length(steps), &step) || step < 1 || *steps.s == '+'))
		return false;
	struct part to = span, from;
	(void)cut(&to, '-', &from);
	bool star = length(from) == 1 && *from.s == '*';
	if (star && to.s)
		return false;
	int lo = star ? f->lo : value(f, from), hi = star ? f->hi : to.s ? value(f, to) : lo;
	if (steps.s && !star && !to.s)
		return false; /* "5/10": other crons read it in different ways */
	if (lo < 0 || hi < lo)
		return false;
	for (int64_t v = lo; v <= hi; v += step)
		*bits |= UINT64_C(1) << v;
	return true;
}

static bool read_field(const struct field *f, struct part p, uint64_t *bits)
{
	struct part one;
	while (cut(&p, ',', &one))
		if (!entry(f, one, bits))
			return false;
	return true;
}

static struct part next_word(const char **s)
{
	*s += strspn(*s, " \t");
	struct part p = {*s, *s + strcspn(*s, " \t")};
	*s = p.end;
	return p;
}

static int short_form(const char *text, struct leat_err *err)
{
	if (strcasecmp(text, "@reboot") == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'@reboot' is no time");
	return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is a short form of some crons: write the five fields", text);
}

int leat_cron_parse(const char *text, struct leat_cron *out, size_t *at, size_t *n, struct leat_err *err)
{
	uint64_t bits[LEAT_LEN(fields)] = {0};
	bool any[LEAT_LEN(fields)];
	const char *s = text;
	*at = *n = 0;
	if (text[strspn(text, " \t")] == '@')
		return short_form(text + strspn(text, " \t"), err);
	for (size_t i = 0; i < LEAT_LEN(fields); i++) {
		struct part p = next_word(&s);
		*at = *n = 0;
		if (length(p) == 0)
			return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' has %zu of the five fields of cron", text, i);
		any[i] = *p.s == '*';
		*at = (size_t)(p.s - text);
		*n = length(p);
		if (!read_field(&fields[i], p, &bits[i]))
			return leat_fail(err, LEAT_CAUSE_USAGE, "'%.*s' is no %s of cron: %d to %d", (int)*n, p.s,
					 fields[i].name, fields[i].lo, fields[i].hi);
	}
	if (s[strspn(s, " \t")]) {
		*at = (size_t)(s + strspn(s, " \t") - text);
		*n = strlen(text) - *at;
		return leat_fail(err, LEAT_CAUSE_USAGE, "cron has five fields: the command is this file itself");
	}
	*out = (struct leat_cron){.minutes = bits[0],
				  .hours = (uint32_t)bits[1],
				  .days = (uint32_t)bits[2],
				  .months = (uint32_t)bits[3],
				  .weekdays = (uint32_t)((bits[4] | bits[4] >> 7) & 0x7f),
				  .any_day = any[2],
				  .any_weekday = any[4]};
	return 0;
}
