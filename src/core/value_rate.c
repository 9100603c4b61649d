/* SPDX-License-Identifier: MIT */
/* Values that are rates: so many per second, minute or hour. See value_parse.h. */
#include "base/num.h"
#include "core/value_parse.h"

/* Seconds of the time after the '/', by its unit or by a word for it; 0: it is none. *unit: how it is written. */
static int seconds_of(const char *s, const char **unit)
{
	static const struct {
		const char *word, *unit;
		int seconds;
	} words[] = {
		{"s", "s", 1},       {"sec", "s", 1},  {"second", "s", 1}, {"m", "m", 60},      {"min", "m", 60},
		{"minute", "m", 60}, {"h", "h", 3600}, {"hr", "h", 3600},  {"hour", "h", 3600},
	};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strcmp(words[i].word, s) == 0) {
			*unit = words[i].unit;
			return words[i].seconds;
		}
	return 0;
}

/* "20 / s", "20 per sec", "20Hz": what is written here. */
static int not_a_rate(struct leat_vp *v, size_t digits)
{
	const char *rest = v->s + digits, *unit = NULL;
	if (digits && !*rest) {
		leat_vp_fail(v, 44, "the rate '%s' has no unit", v->s);
		return leat_vp_help(v, "write %s/s (per second), %s/m (per minute) or %s/h (per hour)", v->s, v->s,
				    v->s);
	}
	leat_vp_fail(v, 44, "'%s' is not a rate", v->s);
	rest += strspn(rest, " ");
	if (*rest == '/')
		rest += 1 + strspn(rest + 1, " ");
	else if (strncmp(rest, "per ", 4) == 0)
		rest += 4;
	if (digits && (strcmp(rest, "Hz") == 0 || seconds_of(rest, &unit)))
		return leat_vp_label(v, "write %.*s/%s", (int)digits, v->s, unit ? unit : "s");
	return leat_vp_help(v, "write for example 20/s, 100/m or 500/h");
}

int leat_vp_rate(struct leat_vp *v, double *out)
{
	size_t digits = leat_vp_number(v->s, v->n);
	const char *rest = v->s + digits, *unit = "";
	double x;
	int seconds = digits && rest[0] == '/' ? seconds_of(rest + 1, &unit) : 0;
	if (!seconds || strcmp(rest + 1, unit) != 0 || !leat_parse_real(v->s, digits, &x))
		return not_a_rate(v, digits);
	if (x <= 0)
		return leat_vp_out_of_range(v, "more than 0");
	*out = x / seconds;
	return 0;
}
