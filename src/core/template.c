/* SPDX-License-Identifier: MIT */
/* Templates: compiled once into pieces, expanded for every item. See template.h. */
#include "core/template.h"

#include "base/mem.h"
#include "base/num.h"

#include <inttypes.h>
#include <time.h>

enum format { AS_IS, ZEROS, FIRST, PLACES, DATE };
enum { MAX_WIDTH = 64, MAX_PLACES = 17 };

/* Literal bytes, then perhaps a field. */
struct piece {
	const char *literal;
	size_t literal_n;
	const char *field; /* NULL: only the literal */
	size_t offset; /* of the '{' in the text */
	enum format format;
	int number; /* ZEROS, FIRST, PLACES */
	const char *pattern; /* DATE */
};

struct leat_template {
	struct leat_arena arena;
	char *literals; /* all literal bytes, one piece behind the other */
	size_t n_literals;
	struct piece *v;
	size_t n, cap;
};

static int bad(struct leat_err *err, size_t *at, size_t where, const char *text)
{
	*at = where;
	return leat_fail(err, LEAT_CAUSE_USAGE, "%s", text);
}

static bool is_date_part(char c)
{
	return c && strchr("YymdHMSjVGusFT%", c);
}

/* The format behind the ':'. */
static int parse_format(struct leat_template *t, struct piece *p, const char *s, size_t n, size_t *at,
			struct leat_err *err)
{
	int64_t number = 0;
	size_t where = *at;
	if (memchr(s, '%', n)) {
		for (size_t i = 0; i < n; i++) {
			if (s[i] == '%' && (i + 1 == n || !is_date_part(s[++i])))
				return bad(err, at, where + i, "unknown part of a date pattern; for example %Y-%m-%d");
		}
		p->format = DATE;
		p->pattern = leat_arena_strndup(&t->arena, s, n);
		return 0;
	}
	bool places = n && *s == '.', digits = n > 0;
	for (size_t i = places; i < n; i++)
		digits = digits && s[i] >= '0' && s[i] <= '9';
	if (!digits || !leat_parse_int(s + places, n - places, &number))
		return bad(err, at, where,
			   "unknown format; known are {index:04}, {hash:8}, {saved:.1} and {mtime:%Y-%m}");
	p->format = places ? PLACES : *s == '0' ? ZEROS : FIRST;
	if (number > (places ? MAX_PLACES : MAX_WIDTH) || (!places && number < 1))
		return bad(err, at, where, places ? "at most 17 digits behind the point" : "a width is 1 to 64");
	p->number = (int)number;
	return 0;
}

static struct piece *add_piece(struct leat_template *t, struct leat_err *err)
{
	struct piece *v = leat_grow(t->v, &t->cap, t->n + 1, sizeof *v, err);
	if (!v)
		return NULL;
	t->v = v;
	v[t->n] = (struct piece){0};
	return &v[t->n++];
}

static bool is_field_name(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] <= ' ' || s[i] == '/' || s[i] == '{' || s[i] == 0x7F)
			return false;
	}
	return n > 0;
}

/* {name} or {name:format} at text + *i; moves *i behind it. */
static int parse_field(struct leat_template *t, struct piece *p, const char *text, size_t *i, size_t *at,
		       struct leat_err *err)
{
	const char *name = text + *i + 1, *close = strchr(name, '}');
	if (!close)
		return bad(err, at, *i, "this '{' is never closed; a literal brace is written '{{'");
	const char *colon = memchr(name, ':', (size_t)(close - name));
	size_t n = (size_t)((colon ? colon : close) - name);
	if (!is_field_name(name, n))
		return bad(err, at, *i, "a field is written {name}; a literal brace is written '{{'");
	p->offset = *i;
	p->field = leat_arena_strndup(&t->arena, name, n);
	if (colon) {
		*at = (size_t)(colon + 1 - text);
		if (parse_format(t, p, colon + 1, (size_t)(close - colon - 1), at, err) < 0)
			return -1;
	}
	*i = (size_t)(close + 1 - text);
	return 0;
}

/* Everything up to the next field, with {{ and }} made single. */
static int parse_literal(struct leat_template *t, struct piece *p, const char *text, size_t *i, size_t *at,
			 struct leat_err *err)
{
	char *out = t->literals + t->n_literals;
	p->literal = out;
	for (; text[*i]; (*i)++) {
		char c = text[*i];
		if (c == '{' && text[*i + 1] != '{')
			break;
		if (c == '}' && text[*i + 1] != '}')
			return bad(err, at, *i, "this '}' closes nothing; a literal brace is written '}}'");
		if (c == '{' || c == '}')
			(*i)++;
		out[p->literal_n++] = c;
	}
	t->n_literals += p->literal_n;
	return 0;
}

static int compile(struct leat_template *t, const char *text, size_t *at, struct leat_err *err)
{
	size_t i = 0;
	t->literals = leat_arena_alloc(&t->arena, strlen(text) + 1);
	if (!t->literals)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for a name");
	do {
		struct piece *p = add_piece(t, err);
		if (!p || parse_literal(t, p, text, &i, at, err) < 0)
			return -1;
		if (text[i] == '{' && parse_field(t, p, text, &i, at, err) < 0)
			return -1;
	} while (text[i]);
	return leat_arena_ok(&t->arena) ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for a name");
}

struct leat_template *leat_template_new(const char *text, size_t *at, struct leat_err *err)
{
	size_t unused;
	struct leat_template *t = leat_zalloc(1, sizeof *t, err);
	if (t && compile(t, text, at ? at : &unused, err) < 0)
		leat_template_free(&t);
	return t;
}

void leat_template_free(struct leat_template **t)
{
	if (!*t)
		return;
	free((*t)->v);
	leat_arena_free(&(*t)->arena);
	free(*t);
	*t = NULL;
}

const char *leat_template_field(const struct leat_template *t, size_t i, size_t *offset)
{
	/* Only the last piece can be without a field. */
	if (i >= t->n || !t->v[i].field)
		return NULL;
	if (offset)
		*offset = t->v[i].offset;
	return t->v[i].field;
}

const char *leat_template_literal(const struct leat_template *t, size_t *n)
{
	*n = t->v[0].literal_n;
	return t->v[0].literal;
}

static int misfit(const struct piece *p, const char *wants, struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_USAGE, "the format of '{%s}' is for %s, and its value is none", p->field,
			 wants);
}

/* {mtime:%Y-%m}: the parts are all numbers, so that no locale is asked. */
static int print_date(const struct piece *p, const struct leat_value *v, const struct leat_view *view,
		      struct leat_buf *out, struct leat_err *err)
{
	int64_t ns = v->i;
	if (v->type != LEAT_V_TIME) {
		if (!view->run || (strcmp(p->field, "date") != 0 && strcmp(p->field, "time") != 0))
			return misfit(p, "times", err);
		ns = view->run->started_ns;
	}
	struct tm tm;
	time_t t = (time_t)(ns / 1000000000 - (ns % 1000000000 < 0));
	if (!localtime_r(&t, &tm))
		return leat_fail(err, LEAT_CAUSE_USAGE, "the time of '{%s}' is no date", p->field);
	for (const char *s = p->pattern; *s; s++) {
		char part[32], pattern[3] = {'%', 0, 0};
		if (*s != '%') {
			leat_buf_addc(out, *s);
			continue;
		}
		pattern[1] = *++s;
		leat_buf_add(out, part, strftime(part, sizeof part, pattern, &tm));
	}
	return 0;
}

/* The first `chars` characters of a text; a byte that is no UTF-8 counts as one. */
static size_t first_chars(const char *s, int chars)
{
	size_t i = 0;
	while (s[i] && chars > 0) {
		i++;
		while (((unsigned char)s[i] & 0xC0) == 0x80)
			i++;
		chars--;
	}
	return i;
}

static int print_field(const struct piece *p, const struct leat_value *v, const struct leat_view *view,
		       struct leat_buf *out, struct leat_err *err)
{
	char fixed[352];
	switch (p->format) {
	case AS_IS:
		leat_value_print(out, v);
		return 0;
	case ZEROS:
		if (v->type != LEAT_V_INT)
			return misfit(p, "whole numbers", err);
		leat_buf_addf(out, "%0*" PRId64, p->number, v->i);
		return 0;
	case FIRST:
		if (v->type != LEAT_V_TEXT)
			return misfit(p, "texts (a number is filled with zeros by {index:04})", err);
		leat_buf_add(out, v->s, first_chars(v->s, p->number));
		return 0;
	case PLACES:
		if (v->type != LEAT_V_REAL && v->type != LEAT_V_INT)
			return misfit(p, "numbers", err);
		leat_buf_adds(out, leat_print_fixed(v->type == LEAT_V_REAL ? v->r : (double)v->i, p->number, fixed));
		return 0;
	case DATE:
		return print_date(p, v, view, out, err);
	}
	return 0;
}

static int expand_field(const struct piece *p, const struct leat_view *view, struct leat_buf *out, struct leat_buf *tmp,
			struct leat_err *err)
{
	struct leat_value v;
	if (!leat_view_value(view, p->field, &v, tmp))
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is no '{%s}' here", p->field);
	return print_field(p, &v, view, out, err);
}

int leat_template_expand(const struct leat_template *t, const struct leat_view *v, struct leat_buf *out,
			 struct leat_err *err)
{
	struct leat_buf tmp = {0};
	int r = 0;
	for (size_t i = 0; i < t->n && r == 0; i++) {
		leat_buf_add(out, t->v[i].literal, t->v[i].literal_n);
		if (t->v[i].field)
			r = expand_field(&t->v[i], v, out, &tmp, err);
	}
	leat_buf_free(&tmp);
	return r < 0 ? -1 : leat_buf_check(out, err);
}

static bool may_hold_slash(const char *field)
{
	return strcmp(field, "reldir") == 0 || strcmp(field, "dir") == 0 || strcmp(field, "path") == 0;
}

/* Appends a literal; where it begins with '/' behind an empty field, or doubles a '/', that one is left out. */
static void add_literal(struct leat_buf *out, size_t begin, const char *s, size_t n, bool behind_field)
{
	bool vanishes = behind_field && n && *s == '/' && (out->len == begin || out->data[out->len - 1] == '/');
	leat_buf_add(out, s + vanishes, n - vanishes);
}

/* A value that has come into a name: it may not lead out of the folder written before it. */
static int check_value(const struct piece *p, const char *s, size_t n, bool is_root, struct leat_err *err)
{
	if (memchr(s, 0, n))
		return leat_fail(err, LEAT_CAUSE_USAGE, "the value of '{%s}' holds a zero byte", p->field);
	if (is_root || !n)
		return 0;
	if (*s == '/')
		return leat_fail(err, LEAT_CAUSE_USAGE, "the value of '{%s}' is an absolute path: %s", p->field, s);
	if (memchr(s, '/', n) && !may_hold_slash(p->field))
		return leat_fail(err, LEAT_CAUSE_USAGE, "the value of '{%s}' holds a '/': %s", p->field, s);
	return 0;
}

/*
 * No part of the name behind `from` may be "..". Parts are looked at whole, so that "." and "." cannot meet to
 * one.
 */
static int check_parts(const char *path, size_t from, struct leat_err *err)
{
	while (from > 0 && path[from - 1] != '/')
		from--;
	for (const char *part = path + from;; part++) {
		size_t n = strcspn(part, "/");
		if (n == 2 && part[0] == '.' && part[1] == '.')
			return leat_fail(err, LEAT_CAUSE_USAGE, "the name leads out of its folder by '..': %s", path);
		part += n;
		if (!*part)
			return n ? 0 : leat_fail(err, LEAT_CAUSE_USAGE, "the name is empty: '%s'", path);
	}
}

static int expand_path(const struct leat_template *t, const struct leat_view *v, struct leat_buf *out,
		       struct leat_buf *tmp, struct leat_err *err)
{
	size_t begin = out->len, checked = SIZE_MAX;
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->v[i];
		add_literal(out, begin, p->literal, p->literal_n, i > 0);
		if (!p->field)
			break;
		size_t at = out->len;
		bool is_root = at == begin && (strcmp(p->field, "path") == 0 || strcmp(p->field, "dir") == 0);
		if (expand_field(p, v, out, tmp, err) < 0 || leat_buf_check(out, err) < 0)
			return -1;
		const char *value = out->data ? out->data + at : "";
		if (check_value(p, value, out->len - at, is_root, err) < 0)
			return -1;
		if (checked == SIZE_MAX)
			checked = is_root ? out->len : at;
	}
	if (leat_buf_check(out, err) < 0)
		return -1;
	const char *path = out->data ? out->data + begin : "";
	return check_parts(path, checked == SIZE_MAX ? strlen(path) : checked - begin, err);
}

int leat_template_expand_path(const struct leat_template *t, const struct leat_view *v, struct leat_buf *out,
			      struct leat_err *err)
{
	struct leat_buf tmp = {0};
	int r = expand_path(t, v, out, &tmp, err);
	leat_buf_free(&tmp);
	return r;
}
