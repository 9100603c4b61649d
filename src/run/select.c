/* SPDX-License-Identifier: MIT */
/*
 * A part of the inputs: --only and --limit. What is left out stays in the listing behind its end, because it is
 * still an input that no step may overwrite; and each entry keeps its {index}, so that its outputs have the names
 * they always have.
 */
#include "run/run.h"

#include "base/glob.h"
#include "base/num.h"

struct selection {
	struct leat_glob **globs;
	size_t n;
	struct leat_buf path;
};

/* A pattern without a '/' in front may begin at any folder. */
static struct leat_glob *open_pattern(const char *pattern, struct leat_err *err)
{
	struct leat_buf b = {0};
	struct leat_err e = {0};
	leat_buf_addf(&b, "%s%s", pattern[0] == '/' ? "" : "/**/", pattern);
	struct leat_glob *g = NULL;
	if (leat_buf_check(&b, err) == 0) {
		g = leat_glob_new(b.data, b.len, LEAT_GLOB_NOCASE_EXT | LEAT_GLOB_HIDDEN, &e);
		if (!g)
			leat_fail(err, e.cause, "--only %s: %s", pattern, e.text);
	}
	leat_buf_free(&b);
	return g;
}

static int open_patterns(struct selection *s, const char *const *only, struct leat_err *err)
{
	size_t n = 0;
	while (only[n])
		n++;
	s->globs = leat_zalloc(n + 1, sizeof *s->globs, err);
	for (; s->globs && s->n < n; s->n++) {
		s->globs[s->n] = open_pattern(only[s->n], err);
		if (!s->globs[s->n])
			return -1;
	}
	return s->globs ? 0 : -1;
}

static bool selected(struct selection *s, const struct leat_entry *e)
{
	leat_buf_clear(&s->path);
	leat_buf_addf(&s->path, "%s/%s", e->root, e->rel);
	for (size_t i = 0; i < s->n; i++)
		if (leat_glob_match(s->globs[i], s->path.data, s->path.len))
			return true;
	return s->n == 0;
}

/* The chosen entries move to the front, in their order, then the others. */
static int divide(struct leat_listing *l, struct selection *s, uint64_t limit, struct leat_err *err)
{
	struct leat_entry *v = leat_zalloc(l->n, sizeof *v, err);
	size_t n = 0, left = 0;
	if (!v)
		return -1;
	for (size_t i = 0; i < l->n; i++) {
		if ((limit == 0 || n < limit) && selected(s, &l->v[i]))
			l->v[n++] = l->v[i];
		else
			v[left++] = l->v[i];
	}
	memcpy(l->v + n, v, left * sizeof *v);
	free(v);
	l->n = n;
	l->left = left;
	l->refused = 0;
	for (size_t i = 0; i < n; i++) {
		l->v[i].seq = i;
		l->refused += l->v[i].problem != NULL;
	}
	return leat_buf_check(&s->path, err);
}

static void nothing_left(const struct leat_listing *l, const char *const *only, struct leat_diags *d)
{
	char n[32];
	struct leat_span nowhere = {0};
	struct leat_diag *g = leat_diag_error(d, 70, nowhere, "no input matches --only %s%s", only[0],
					      only[1] ? " or another --only" : "");
	leat_diag_help(d, g, "it is compared with the end of the path, whole names, of %s inputs; the first: %s",
		       leat_group_digits(l->left, n), l->v[0].path);
}

int leat_facts_select(struct leat_facts *f, struct leat_listing *l, const struct leat_selection *o,
		      struct leat_diags *d, struct leat_err *err)
{
	static const char *const all[] = {NULL};
	struct selection s = {0};
	const char *const *only = o->only ? o->only : all;
	int ok = 0;
	if (!only[0] && !o->limit)
		return 0;
	f->partial = true;
	ok = open_patterns(&s, only, err);
	bool usage = ok < 0 && err->cause == LEAT_CAUSE_USAGE;
	bool any = l->n > 0;
	if (ok == 0)
		ok = divide(l, &s, o->limit, err);
	for (size_t i = 0; i < s.n; i++)
		leat_glob_free(&s.globs[i]);
	free(s.globs);
	leat_buf_free(&s.path);
	if (ok < 0)
		return usage ? 2 : 5;
	if (any && l->n == 0)
		nothing_left(l, only, d);
	return any && l->n == 0 ? 3 : 0;
}
