/* SPDX-License-Identifier: MIT */
/* Parses one value as its parameter row says: which parser, and what they share. See paramvalue.h. */
#include "core/value_parse.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static const char *format(struct leat_vp *v, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *text = n < 0 ? NULL : leat_arena_alloc(v->a, (size_t)n + 1);
	if (text)
		vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

int leat_vp_fail(struct leat_vp *v, int code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	*v->e = (struct leat_value_error){.code = code, .message = format(v, fmt, ap), .end = v->n};
	va_end(ap);
	return -1;
}

int leat_vp_label(struct leat_vp *v, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	v->e->label = format(v, fmt, ap);
	va_end(ap);
	return -1;
}

int leat_vp_help(struct leat_vp *v, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	for (int i = 0; i < LEAT_VALUE_HELPS; i++) {
		if (!v->e->help[i]) {
			v->e->help[i] = format(v, fmt, ap);
			break;
		}
	}
	va_end(ap);
	return -1;
}

int leat_vp_out_of_range(struct leat_vp *v, const char *what)
{
	if (v->p->flags & LEAT_POSITIONAL)
		leat_vp_fail(v, 43, "'%s' is out of range", v->s);
	else
		leat_vp_fail(v, 43, "%s=%s is out of range", v->p->name, v->s);
	return leat_vp_label(v, "%s is %s", v->p->name, what);
}

char *leat_vp_unblank(struct leat_vp *v)
{
	char *out = leat_arena_alloc(v->a, v->n + 1);
	size_t n = 0;
	for (size_t i = 0; out && i < v->n; i++) {
		if (v->s[i] != ' ' && v->s[i] != '\t')
			out[n++] = v->s[i];
	}
	return out;
}

char *leat_vp_point(struct leat_vp *v)
{
	char *out = leat_arena_strndup(v->a, v->s, v->n);
	for (char *p = out; p && *p; p++) {
		if (*p == ',')
			*p = '.';
	}
	return out;
}

size_t leat_vp_number(const char *s, size_t n)
{
	size_t i = n > 0 && (s[0] == '+' || s[0] == '-'), digits = 0;
	for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		digits++;
	if (digits && i + 1 < n && s[i] == '.' && s[i + 1] >= '0' && s[i + 1] <= '9') {
		for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++)
			;
	}
	return digits ? i : 0;
}

bool leat_param_parses(enum leat_ptype type)
{
	switch (type) {
	case LEAT_PT_END:
	case LEAT_PT_PATH:
	case LEAT_PT_FILE:
	case LEAT_PT_PATTERNS:
	case LEAT_PT_TEMPLATE:
	case LEAT_PT_CONDITIONS:
	case LEAT_PT_ARGS:
		return false;
	default:
		return true;
	}
}

static int parse_text(struct leat_vp *v, const char **out)
{
	const char *copy = leat_arena_strndup(v->a, v->s, v->n);
	if (!copy)
		return -1;
	*out = copy;
	return 0;
}

static int parse_optint(struct leat_vp *v, struct leat_optint *out)
{
	int64_t x;
	if (leat_vp_int(v, &x) < 0)
		return -1;
	*out = (struct leat_optint){.v = x, .given = true};
	return 0;
}

static int parse(struct leat_vp *v, void *field)
{
	switch (v->p->type) {
	case LEAT_PT_INT:
		return leat_vp_int(v, field);
	case LEAT_PT_OPTINT:
		return parse_optint(v, field);
	case LEAT_PT_REAL:
		return leat_vp_real(v, field);
	case LEAT_PT_SWITCH:
		return leat_vp_switch(v, field);
	case LEAT_PT_CHOICE:
		return leat_vp_choice(v, field);
	case LEAT_PT_FLAGS:
		return leat_vp_flags(v, field);
	case LEAT_PT_SIZE:
		return leat_vp_size(v, field);
	case LEAT_PT_RATE:
		return leat_vp_rate(v, field);
	case LEAT_PT_DURATION:
		return leat_vp_duration(v, field);
	case LEAT_PT_PERCENT:
		return leat_vp_fraction(v, field);
	case LEAT_PT_PIXELS:
		return leat_vp_pixels(v, field);
	case LEAT_PT_RANGE:
		return leat_vp_range(v, field);
	case LEAT_PT_COLOR:
		return leat_vp_color(v, field);
	case LEAT_PT_PIXCOUNT:
		return leat_vp_pixel_count(v, field);
	case LEAT_PT_LEVEL:
		return leat_vp_level(v, field);
	case LEAT_PT_NUMBERS:
		return leat_vp_numbers(v, field);
	case LEAT_PT_TIMEOFDAY:
		return leat_vp_time_of_day(v, field);
	case LEAT_PT_TEXT:
		return parse_text(v, field);
	case LEAT_PT_WORKERS:
		return leat_vp_workers(v, field);
	case LEAT_PT_QUEUE:
		return leat_vp_queue(v, field);
	case LEAT_PT_MEMORY:
		return leat_vp_memory(v, field);
	case LEAT_PT_FIELDS:
	case LEAT_PT_WORDS:
		return leat_vp_strings(v, field);
	case LEAT_PT_END:
	case LEAT_PT_PATH:
	case LEAT_PT_FILE:
	case LEAT_PT_PATTERNS:
	case LEAT_PT_TEMPLATE:
	case LEAT_PT_CONDITIONS:
	case LEAT_PT_ARGS:
		break; /* not parsed here: leat_param_parses() says so */
	}
	return leat_vp_fail(v, 42, "values of '%s' are not parsed here", v->p->name);
}

/* The word that may stand instead of a value. */
static void parse_word(const struct leat_param *p, void *field)
{
	if (p->type == LEAT_PT_REAL)
		*(double *)field = NAN;
	else
		*(struct leat_range *)field = (struct leat_range){0};
}

/* A message about a value that could have been a word says so. */
static void tell_word(struct leat_vp *v)
{
	for (size_t i = 0; i < LEAT_VALUE_HELPS; i++)
		if (!v->e->help[i]) {
			v->e->help[i] = leat_arena_printf(v->a, "or write %s=%s", v->p->name, v->p->word);
			return;
		}
}

int leat_param_parse(const struct leat_param *p, const char *value, void *params, struct leat_arena *a,
		     struct leat_value_error *e)
{
	struct leat_vp v = {.p = p, .s = value, .n = strlen(value), .a = a, .e = e};
	*e = (struct leat_value_error){.end = v.n};
	if (p->word && strcmp(value, p->word) == 0) {
		parse_word(p, (char *)params + p->offset);
		return 0;
	}
	int r = parse(&v, (char *)params + p->offset);
	if (r < 0 && p->word)
		tell_word(&v);
	if (!leat_arena_ok(a)) {
		*e = (struct leat_value_error){0};
		return -1;
	}
	return r;
}
