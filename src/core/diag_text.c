/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics as text (language 8.1): the place, the line, the carets.
 *
 * Columns are counted over what is shown, not over bytes: escapes take the columns of their text, wide characters two.
 * Everything that was typed goes through leat_escape_terminal.
 */
#include "core/diag.h"
#include "base/text.h"

enum {
	MAX_ERRORS = 20,
	WIDE = 200, /* columns; longer lines are shown as a window */
	WINDOW = 160, /* columns of that window */
	BEFORE = 60, /* columns of it in front of the carets */
};

struct style {
	const char *place, *error, *warning, *gutter, *second, *off;
};
static const struct style plain = {"", "", "", "", "", ""};
static const struct style ansi = {"\033[1m", "\033[1;31m", "\033[1;33m", "\033[36m", "\033[36m", "\033[0m"};

static size_t skip_bom(const struct leat_text *t)
{
	return t->len >= 3 && memcmp(t->data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* First byte of the line that holds byte `at`. */
static size_t line_start(const struct leat_text *t, size_t at)
{
	size_t i = at < t->len ? at : t->len;
	while (i > 0 && t->data[i - 1] != '\n')
		i--;
	return i == 0 ? skip_bom(t) : i;
}

void leat_text_place(const struct leat_text *t, size_t at, unsigned *line, unsigned *column)
{
	*line = *column = 1;
	if (!t || !t->data)
		return;
	size_t start = line_start(t, at), end = at < t->len ? at : t->len;
	for (size_t i = 0; i < start; i++)
		*line += t->data[i] == '\n';
	for (size_t i = start; i < end;) {
		int32_t cp;
		i += leat_utf8_next(t->data + i, t->len - i, &cp);
		(*column)++;
	}
}

/* Appends one character as it is shown; returns the columns it takes. */
static size_t show_char(struct leat_buf *b, const char *s, size_t n)
{
	if (*s == '\t') {
		leat_buf_addc(b, ' ');
		return 1;
	}
	size_t begin = b->len, columns = 0;
	leat_escape_terminal(b, s, n);
	for (size_t i = begin; i < b->len;) {
		int32_t cp;
		i += leat_utf8_next(b->data + i, b->len - i, &cp);
		columns += (size_t)leat_utf8_width(cp);
	}
	return columns;
}

/* What is shown of one line: columns [from, to) of it. */
struct window {
	size_t start, end; /* bytes of the line in the text */
	size_t from, to;
	bool cut_left, cut_right;
};

/* Column at which byte `at` of the line stands; the width of the whole line for its end. */
static size_t column_of(const struct leat_text *t, const struct window *w, size_t at, struct leat_buf *tmp)
{
	size_t column = 0;
	for (size_t i = w->start, len; i < w->end && i < at; i += len) {
		int32_t cp;
		len = leat_utf8_next(t->data + i, w->end - i, &cp);
		tmp->len = 0;
		column += show_char(tmp, t->data + i, len);
	}
	return column;
}

static struct window window_of(struct leat_span s, struct leat_buf *tmp)
{
	const struct leat_text *t = s.text;
	struct window w = {.start = line_start(t, s.start)};
	const char *newline = memchr(t->data + w.start, '\n', t->len - w.start);
	w.end = newline ? (size_t)(newline - t->data) : t->len;
	if (w.end > w.start && t->data[w.end - 1] == '\r')
		w.end--;
	w.to = column_of(t, &w, w.end, tmp);
	if (w.to <= WIDE)
		return w;
	size_t caret = column_of(t, &w, s.start, tmp);
	w.from = caret > BEFORE ? caret - BEFORE : 0;
	w.cut_left = w.from > 0;
	w.cut_right = w.to - w.from > WINDOW;
	if (w.cut_right)
		w.to = w.from + WINDOW;
	return w;
}

/*
 * The part of the line that the window shows. A wide character over its edge is left out, with a blank in its
 * place.
 */
static void show_line(struct leat_buf *out, const struct leat_text *t, const struct window *w)
{
	size_t column = 0;
	if (w->cut_left)
		leat_buf_adds(out, "...");
	for (size_t i = w->start, len; i < w->end && column < w->to; i += len) {
		int32_t cp;
		len = leat_utf8_next(t->data + i, w->end - i, &cp);
		size_t mark = out->len, width = show_char(out, t->data + i, len);
		bool inside = column >= w->from && column + width <= w->to;
		if (!inside && !out->failed) {
			out->len = mark;
			out->data[mark] = 0;
			if (column + width > w->from)
				leat_buf_fill(out, ' ', column + width - (column > w->from ? column : w->from));
		}
		column += width;
	}
	if (w->cut_right)
		leat_buf_adds(out, "...");
}

/* The line of carets or dashes below a shown line, and its label. */
static void show_marks(struct leat_buf *out, struct leat_span s, const struct window *w, char mark, const char *color,
		       const char *off, const char *label, struct leat_buf *tmp)
{
	size_t first = column_of(s.text, w, s.start, tmp);
	size_t last = column_of(s.text, w, s.end > s.start ? s.end : s.start, tmp);
	if (first < w->from)
		first = w->from;
	if (last > w->to)
		last = w->to;
	leat_buf_fill(out, ' ', first - w->from + (w->cut_left ? 3 : 0));
	leat_buf_adds(out, color);
	leat_buf_fill(out, mark, last > first ? last - first : 1);
	if (label && *label) {
		leat_buf_addc(out, ' ');
		leat_escape_terminal(out, label, strlen(label));
	}
	leat_buf_adds(out, off);
	leat_buf_addc(out, '\n');
}

struct render {
	struct leat_buf *out, *tmp;
	const struct style *style;
	int width; /* of the line numbers */
};

static void gutter(struct render *r, const char *mark)
{
	leat_buf_addf(r->out, "%s%*s %s%s", r->style->gutter, r->width, "", mark, r->style->off);
}

static void source_line(struct render *r, struct leat_span s, const struct window *w, unsigned line)
{
	if (s.text->places) /* lines that nobody has written have no number */
		gutter(r, "|");
	else
		leat_buf_addf(r->out, "%s%*u |%s", r->style->gutter, r->width, line, r->style->off);
	if (w->end > w->start)
		leat_buf_addc(r->out, ' ');
	show_line(r->out, s.text, w);
	leat_buf_addc(r->out, '\n');
}

static bool has_place(struct leat_span s)
{
	return s.text && s.text->data;
}

/* FILE:LINE:COLUMN: error[Ennn]: message */
static void headline(struct render *r, const struct leat_diag *g)
{
	const struct style *st = r->style;
	const char *name = g->span.text ? g->span.text->name : "leat";
	leat_buf_adds(r->out, st->place);
	leat_escape_terminal(r->out, name, strlen(name));
	if (has_place(g->span) || leat_text_pointer(g->span))
		leat_text_where(g->span, r->out);
	bool error = g->severity == LEAT_ERROR;
	leat_buf_addf(r->out, ":%s %s%s[%c%03d]%s: ", st->off, error ? st->error : st->warning,
		      error ? "error" : "warning", error ? 'E' : 'W', g->code, st->off);
	leat_buf_adds(r->out, st->place);
	leat_escape_terminal(r->out, g->message, strlen(g->message));
	leat_buf_addf(r->out, "%s\n", st->off);
}

/* A line with nothing but the place. */
static void other_text(struct render *r, struct leat_span s)
{
	gutter(r, "::: ");
	leat_escape_terminal(r->out, s.text->name, strlen(s.text->name));
	leat_text_where(s, r->out);
	leat_buf_addc(r->out, '\n');
}

/* Another place. shown: the window of this line when it has just been shown; here: it is in the text of the first. */
static void second_place(struct render *r, struct leat_span s, const char *label, const struct window *shown, bool here)
{
	const struct style *st = r->style;
	struct window w = window_of(s, r->tmp);
	unsigned line, column;
	leat_text_place(s.text, s.start, &line, &column);
	if (!here)
		other_text(r, s);
	if (!shown || w.from != shown->from)
		source_line(r, s, &w, line);
	gutter(r, "| ");
	show_marks(r->out, s, &w, '-', st->second, st->off, label, r->tmp);
}

/* The line of the first place with its carets, then the second place: on the same line only its marks are added. */
static void excerpt(struct render *r, const struct leat_diag *g, unsigned line, unsigned line2)
{
	const struct style *st = r->style;
	struct window w = window_of(g->span, r->tmp);
	gutter(r, "|");
	leat_buf_addc(r->out, '\n');
	source_line(r, g->span, &w, line);
	gutter(r, "| ");
	show_marks(r->out, g->span, &w, '^', g->severity == LEAT_ERROR ? st->error : st->warning, st->off, g->label,
		   r->tmp);
	if (has_place(g->span2))
		second_place(r, g->span2, g->label2, g->span2.text == g->span.text && line2 == line ? &w : NULL,
			     g->span2.text == g->span.text);
	struct leat_span in = g->span.text->included;
	if (!has_place(in))
		return;
	second_place(r, in, "included here", NULL, false);
	while (has_place(in = in.text->included))
		other_text(r, in); /* where that is included, and so on up to the main file */
}

static int digits(unsigned v)
{
	int n = 1;
	while (v /= 10)
		n++;
	return n;
}

static void help(struct render *r, const char *text)
{
	gutter(r, "= help: ");
	leat_escape_terminal(r->out, text, strlen(text));
	leat_buf_addc(r->out, '\n');
}

static void render_one(struct render *r, const struct leat_diag *g)
{
	unsigned line = 1, line2 = 1, column;
	headline(r, g);
	leat_text_place(g->span.text, g->span.start, &line, &column);
	if (has_place(g->span2))
		leat_text_place(g->span2.text, g->span2.start, &line2, &column);
	unsigned most = line > line2 ? line : line2;
	if (g->span.text && g->span.text->places)
		most = 1;
	if (has_place(g->span) && has_place(g->span.text->included)) {
		struct leat_span in = g->span.text->included;
		unsigned at;
		leat_text_place(in.text, in.start, &at, &column);
		most = at > most ? at : most;
	}
	r->width = digits(most);
	if (has_place(g->span))
		excerpt(r, g, line, line2);
	if (!has_place(g->span) && g->label) /* there are no carets to put it behind */
		help(r, g->label);
	for (int i = 0; i < LEAT_DIAG_HELPS && g->help[i]; i++)
		help(r, g->help[i]);
}

/* What diagnostics are sorted by: texts in the order in which they were first named, those without one first. */
struct key {
	size_t text, at, index;
};

static int by_place(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static size_t rank(const struct leat_diags *d, const struct leat_text *t)
{
	size_t i = 0;
	while (t && d->v[i].span.text != t)
		i++;
	return t ? i + 1 : 0;
}

void leat_diags_sort(struct leat_diags *d)
{
	struct key *keys = leat_zalloc(d->n, sizeof *keys, NULL);
	struct leat_diag *sorted = leat_zalloc(d->n, sizeof *sorted, NULL);
	for (size_t i = 0; keys && i < d->n; i++)
		keys[i] = (struct key){rank(d, d->v[i].span.text), d->v[i].span.start, i};
	if (keys && sorted && d->n) {
		qsort(keys, d->n, sizeof *keys, by_place);
		for (size_t i = 0; i < d->n; i++)
			sorted[i] = d->v[keys[i].index];
		memcpy(d->v, sorted, d->n * sizeof *sorted);
	}
	free(keys);
	free(sorted);
}

void leat_diags_render(struct leat_diags *d, struct leat_buf *out, bool color)
{
	struct leat_buf tmp = {0};
	struct render r = {.out = out, .tmp = &tmp, .style = color ? &ansi : &plain};
	size_t errors = 0;
	leat_diags_sort(d);
	for (size_t i = 0; i < d->n && errors < MAX_ERRORS; i++) {
		if (i)
			leat_buf_addc(out, '\n');
		render_one(&r, &d->v[i]);
		errors += d->v[i].severity == LEAT_ERROR;
	}
	if (d->errors > errors)
		leat_buf_addf(out, "\n%zu more error(s) are not shown\n", d->errors - errors);
	if (d->failed)
		leat_buf_adds(out, "\nout of memory: this list is incomplete\n");
	leat_buf_free(&tmp);
}
