/* SPDX-License-Identifier: MIT */
/* See fill.h. */
#include "report/fill.h"

#include "base/num.h"

#include <string.h>

enum { DEEP = 16 };

struct filling {
	const json_t *inside[DEEP]; /* the innermost last */
	size_t depth;
	struct leat_buf *out;
	struct leat_err *err;
};

struct tag { /* {{kind name}} */
	const char *begin, *end; /* of all of it */
	char kind; /* '#', '^', '/', or 0 */
	char name[64];
};

static int broken(struct filling *f, const char *what, const char *name)
{
	return leat_fail(f->err, LEAT_CAUSE_INTERNAL, "the page template is wrong: %s '%s'", what, name);
}

/* The next tag in [s, end). False: none. */
static bool next_tag(const char *s, const char *end, struct tag *t)
{
	const char *open = memmem(s, (size_t)(end - s), "{{", 2);
	const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
	if (!close)
		return false;
	const char *name = open + 2;
	t->begin = open;
	t->end = close + 2;
	t->kind = *name == '#' || *name == '^' || *name == '/' ? *name : 0;
	name += t->kind != 0;
	size_t n = (size_t)(close - name) < sizeof t->name - 1 ? (size_t)(close - name) : sizeof t->name - 1;
	memcpy(t->name, name, n);
	t->name[n] = 0;
	return true;
}

static const json_t *value_of(const struct filling *f, const char *name)
{
	if (strcmp(name, ".") == 0)
		return f->inside[f->depth - 1];
	for (size_t i = f->depth; i > 0; i--) {
		const json_t *v = json_object_get(f->inside[i - 1], name);
		if (v)
			return v;
	}
	return NULL;
}

static void add_escaped(struct leat_buf *b, const char *s)
{
	for (; *s; s++) {
		static const char special[] = "&<>\"'`";
		if (strchr(special, *s))
			leat_buf_addf(b, "&#%d;", *s);
		else
			leat_buf_addc(b, *s);
	}
}

static int insert(struct filling *f, const char *name)
{
	const json_t *v = value_of(f, name);
	char number[32];
	if (json_is_string(v))
		add_escaped(f->out, json_string_value(v));
	else if (json_is_integer(v))
		leat_buf_addf(f->out, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		leat_buf_adds(f->out, leat_print_real(json_real_value(v), number));
	else
		return broken(f, "nothing is known of", name);
	return 0;
}

static bool is_there(const json_t *v)
{
	if (json_is_array(v))
		return json_array_size(v) > 0;
	if (json_is_string(v))
		return *json_string_value(v) != 0;
	return json_is_object(v) || json_is_true(v);
}

/* The tag that closes t, in [t->end, end). */
static int find_close(struct filling *f, const struct tag *t, const char *end, struct tag *close)
{
	int open = 1;
	for (const char *s = t->end; next_tag(s, end, close); s = close->end) {
		if (strcmp(close->name, t->name) != 0 || !close->kind)
			continue;
		open += close->kind == '/' ? -1 : 1;
		if (open == 0)
			return 0;
	}
	return broken(f, "it does not close", t->name);
}

static int fill(struct filling *f, const char *s, const char *end);

static int inside(struct filling *f, const json_t *v, const char *s, const char *end)
{
	if (f->depth == DEEP)
		return broken(f, "it is too deep at", "");
	f->inside[f->depth++] = v;
	int ok = fill(f, s, end);
	f->depth--;
	return ok;
}

static int section(struct filling *f, const struct tag *t, const struct tag *close)
{
	const json_t *v = value_of(f, t->name);
	bool there = is_there(v);
	if (t->kind == '^')
		return there ? 0 : fill(f, t->end, close->begin);
	if (!there)
		return 0;
	if (!json_is_array(v))
		return inside(f, v, t->end, close->begin);
	int ok = 0;
	for (size_t i = 0; i < json_array_size(v) && ok == 0; i++)
		ok = inside(f, json_array_get(v, i), t->end, close->begin);
	return ok;
}

static int fill(struct filling *f, const char *s, const char *end)
{
	struct tag t, close;
	while (next_tag(s, end, &t)) {
		leat_buf_add(f->out, s, (size_t)(t.begin - s));
		s = t.end;
		int ok = 0;
		if (t.kind == '/')
			return broken(f, "it closes what is not open:", t.name);
		if (!t.kind) {
			ok = insert(f, t.name);
		} else {
			ok = find_close(f, &t, end, &close);
			ok = ok == 0 ? section(f, &t, &close) : ok;
			s = close.end;
		}
		if (ok < 0)
			return -1;
	}
	leat_buf_add(f->out, s, (size_t)(end - s));
	return leat_buf_check(f->out, f->err);
}

int leat_fill(const char *page, size_t n, const json_t *values, struct leat_buf *out, struct leat_err *err)
{
	struct filling f = {.inside = {values}, .depth = 1, .out = out, .err = err};
	return fill(&f, page, page + n);
}
