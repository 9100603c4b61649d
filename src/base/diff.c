/* SPDX-License-Identifier: MIT */
/* Unified diffs. See diff.h. */
#include "base/diff.h"

#include "base/mem.h"
#include "base/text.h"

enum { CONTEXT = 3, MOST_CHANGES = 1000 };

struct line {
	const char *s;
	size_t n; /* with its line break, if it has one */
};

struct side {
	struct line *v;
	size_t n;
	bool *changed; /* not in the other text */
};

struct diff {
	struct side a, b;
	size_t same; /* equal lines at the beginning */
	size_t na, nb; /* lines between the equal ends */
	int32_t *trace; /* the furthest x of every diagonal, for every number of changes */
};

static bool split(const struct leat_diff_text *t, struct side *to)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		n += t->s[i] == '\n';
	n += t->n && t->s[t->n - 1] != '\n';
	to->v = leat_zalloc(n + 1, sizeof *to->v, NULL);
	to->changed = leat_zalloc(n + 1, sizeof *to->changed, NULL);
	if (!to->v || !to->changed)
		return false;
	for (size_t at = 0; at < t->n;) {
		const char *nl = memchr(t->s + at, '\n', t->n - at);
		size_t len = nl ? (size_t)(nl - t->s) + 1 - at : t->n - at;
		to->v[to->n++] = (struct line){t->s + at, len};
		at += len;
	}
	return true;
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

static void trim(struct diff *d)
{
	size_t least = d->a.n < d->b.n ? d->a.n : d->b.n, end = 0;
	while (d->same < least && same_line(&d->a.v[d->same], &d->b.v[d->same]))
		d->same++;
	while (end < least - d->same && same_line(&d->a.v[d->a.n - 1 - end], &d->b.v[d->b.n - 1 - end]))
		end++;
	d->na = d->a.n - d->same - end;
	d->nb = d->b.n - d->same - end;
}

/* Row `changes` of the trace; diagonals -changes … changes are row[changes + k]. */
static int32_t *row(const struct diff *d, size_t changes)
{
	return d->trace + changes * changes;
}

/* Was diagonal k reached by a line of b (down), not by one of a (right)? before: the row of one change less. */
static bool went_down(const int32_t *before, int32_t changes, int32_t k)
{
	return k == -changes || (k != changes && before[changes - 1 + k - 1] < before[changes - 1 + k + 1]);
}

/* Fills the trace; the least number of changes, or -1 when there are too many. */
static int32_t measure(struct diff *d)
{
	for (int32_t changes = 0; changes <= MOST_CHANGES; changes++) {
		int32_t *now = row(d, (size_t)changes);
		const int32_t *before = changes ? row(d, (size_t)changes - 1) : NULL;
		for (int32_t k = -changes; k <= changes; k += 2) {
			int32_t x = 0;
			if (changes)
				x = went_down(before, changes, k) ? before[changes + k] : before[changes + k - 2] + 1;
			while (x < (int32_t)d->na && x - k < (int32_t)d->nb && x - k >= 0 &&
			       same_line(&d->a.v[d->same + (size_t)x], &d->b.v[d->same + (size_t)(x - k)]))
				x++;
			now[changes + k] = x;
			if (x >= (int32_t)d->na && x - k >= (int32_t)d->nb)
				return changes;
		}
	}
	return -1;
}

/* Back from the end, marking what was not on a diagonal. */
static void mark(struct diff *d, int32_t changes)
{
	int32_t x = (int32_t)d->na, y = (int32_t)d->nb;
	for (; changes > 0; changes--) {
		const int32_t *before = row(d, (size_t)changes - 1);
		int32_t k = x - y;
		if (went_down(before, changes, k)) {
			x = before[changes + k];
			y = x - (k + 1);
			d->b.changed[d->same + (size_t)y] = true;
		} else {
			x = before[changes + k - 2];
			y = x - (k - 1);
			d->a.changed[d->same + (size_t)x] = true;
		}
	}
}

static void compare(struct diff *d)
{
	trim(d);
	d->trace = leat_zalloc((MOST_CHANGES + 2) * (MOST_CHANGES + 2), sizeof *d->trace, NULL);
	int32_t changes = d->trace && d->na < INT32_MAX / 4 && d->nb < INT32_MAX / 4 ? measure(d) : -1;
	if (changes >= 0) {
		mark(d, changes);
		return;
	}
	for (size_t i = 0; i < d->na; i++)
		d->a.changed[d->same + i] = true;
	for (size_t i = 0; i < d->nb; i++)
		d->b.changed[d->same + i] = true;
}

static void add_line(struct leat_buf *out, char sign, const struct line *l)
{
	leat_buf_addc(out, sign);
	leat_buf_add(out, l->s, l->n);
	if (!l->n || l->s[l->n - 1] != '\n')
		leat_buf_adds(out, "\n\\ No newline at end of file\n");
}

/* Equal lines from a[i] on, at most `most`. */
static size_t equal_run(const struct diff *d, size_t i, size_t k, size_t most)
{
	size_t n = 0;
	while (n < most && i + n < d->a.n && k + n < d->b.n && !d->a.changed[i + n] && !d->b.changed[k + n])
		n++;
	return n;
}

/* The ends of the hunk whose first changed line is a[*i], b[*k]: changes that are closer than two contexts are one. */
static void hunk_end(const struct diff *d, size_t *i, size_t *k)
{
	for (;;) {
		while (*i < d->a.n && d->a.changed[*i])
			++*i;
		while (*k < d->b.n && d->b.changed[*k])
			++*k;
		size_t n = equal_run(d, *i, *k, 2 * CONTEXT + 1);
		bool last = *i + n >= d->a.n && *k + n >= d->b.n;
		if (n > 2 * CONTEXT || last) {
			n = n < CONTEXT ? n : CONTEXT;
			*i += n;
			*k += n;
			return;
		}
		*i += n;
		*k += n;
	}
}

static void range(struct leat_buf *out, char sign, size_t from, size_t n)
{
	leat_buf_addf(out, n == 1 ? " %c%zu" : " %c%zu,%zu", sign, n ? from + 1 : from, n);
}

static void hunk(const struct diff *d, struct leat_buf *out, size_t i, size_t k, size_t i_end, size_t k_end)
{
	leat_buf_adds(out, "@@");
	range(out, '-', i, i_end - i);
	range(out, '+', k, k_end - k);
	leat_buf_adds(out, " @@\n");
	while (i < i_end || k < k_end) {
		if (i < i_end && d->a.changed[i]) {
			add_line(out, '-', &d->a.v[i++]);
		} else if (k < k_end && d->b.changed[k]) {
			add_line(out, '+', &d->b.v[k++]);
		} else {
			add_line(out, ' ', &d->a.v[i++]);
			k++;
		}
	}
}

static void hunks(const struct diff *d, struct leat_buf *out)
{
	for (size_t i = 0, k = 0; i < d->a.n || k < d->b.n;) {
		bool changed = (i < d->a.n && d->a.changed[i]) || (k < d->b.n && d->b.changed[k]);
		if (!changed) {
			i++;
			k++;
			continue;
		}
		size_t before = i < k ? i : k, i_end = i, k_end = k;
		before = before < CONTEXT ? before : CONTEXT;
		while (before && !equal_run(d, i - before, k - before, 1))
			before--; /* lines of the hunk above */
		hunk_end(d, &i_end, &k_end);
		hunk(d, out, i - before, k - before, i_end, k_end);
		i = i_end;
		k = k_end;
	}
}

static void header(struct leat_buf *out, const char *sign, const char *name)
{
	leat_buf_adds(out, sign);
	leat_escape_terminal(out, name, strlen(name));
	leat_buf_addc(out, '\n');
}

void leat_diff(const struct leat_diff_text *a, const struct leat_diff_text *b, struct leat_buf *out)
{
	struct diff d = {0};
	if (a->n == b->n && (!a->n || memcmp(a->s, b->s, a->n) == 0))
		return;
	if (split(a, &d.a) && split(b, &d.b)) {
		compare(&d);
		header(out, "--- ", a->name);
		header(out, "+++ ", b->name);
		hunks(&d, out);
	} else {
		out->failed = true;
	}
	free(d.a.v);
	free(d.a.changed);
	free(d.b.v);
	free(d.b.changed);
	free(d.trace);
}
