/* SPDX-License-Identifier: MIT */
/* Lines and columns of many places. See places.h. */
#include "core/places.h"

#include "base/text.h"

struct leat_lines {
	const struct leat_text *text;
	uint32_t *starts; /* byte at which each line begins; the first behind a byte order mark */
	size_t n, cap;
};

static bool add_line(struct leat_lines *l, size_t start)
{
	uint32_t *v = leat_grow(l->starts, &l->cap, l->n + 1, sizeof *v, NULL);
	if (!v)
		return false;
	l->starts = v;
	v[l->n++] = (uint32_t)start;
	return true;
}

static bool read_lines(struct leat_lines *l, const struct leat_text *t)
{
	bool mark = t->len >= 3 && memcmp(t->data, "\xEF\xBB\xBF", 3) == 0;
	*l = (struct leat_lines){.text = t};
	bool ok = add_line(l, mark ? 3 : 0);
	for (size_t i = 0; ok && i < t->len; i++)
		if (t->data[i] == '\n')
			ok = add_line(l, i + 1);
	return ok;
}

/* NULL when memory is out. */
static const struct leat_lines *lines_of(struct leat_places *p, const struct leat_text *t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].text == t)
			return &p->v[i];
	struct leat_lines *v = p->failed ? NULL : leat_grow(p->v, &p->cap, p->n + 1, sizeof *v, NULL);
	if (!v) {
		p->failed = true;
		return NULL;
	}
	p->v = v;
	p->failed = !read_lines(&v[p->n++], t);
	return p->failed ? NULL : &v[p->n - 1];
}

void leat_place_of(struct leat_places *p, const struct leat_text *t, size_t at, unsigned *line, unsigned *column)
{
	const struct leat_lines *l = lines_of(p, t);
	*line = *column = 1;
	if (!l)
		return;
	size_t end = at < t->len ? at : t->len, lo = 0, hi = l->n;
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->starts[mid] <= end)
			lo = mid;
		else
			hi = mid;
	}
	*line = (unsigned)lo + 1;
	for (size_t i = l->starts[lo]; i < end; (*column)++) {
		int32_t cp;
		i += leat_utf8_next(t->data + i, t->len - i, &cp);
	}
}

void leat_places_free(struct leat_places *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].starts);
	free(p->v);
	*p = (struct leat_places){0};
}
