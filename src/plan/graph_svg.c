/* SPDX-License-Identifier: MIT */
/*
 * A plan as an SVG picture that needs nothing else. A line of steps is a column; the lines that begin behind a step
 * stand to its right, up to four side by side, and its own line goes on below them.
 */
#include "plan/graph.h"

#include "base/text.h"
#include "plan/print.h"

enum {
	CHAR10 = 74, /* width of a character, in tenths: that of most monospaced fonts at 12 px, and a little room */
	TEXT_HEIGHT = 16,
	COLUMNS = 40, /* of text in a box, before it is broken */
	LINES = 4,
	PAD = 10,
	GAP = 40, /* between boxes, for the arrow and its label */
	BETWEEN = 22, /* side lines that stand beside each other */
	TITLE = 22,
	ABREAST = 4,
	MARGIN = 20,
};

struct svg {
	const struct leat_plan *p;
	struct leat_buf *out;
	struct leat_buf text; /* scratch: a step's text made harmless */
};

struct size {
	int w, h;
};

/* ---- text in a box */

/* Bytes of s that stand on one line: broken at the last blank before COLUMNS, or behind a comma or slash, or hard. */
static size_t line_length(const char *s)
{
	size_t column = 0, at = 0, blank = 0, mark = 0, n = strlen(s);
	while (at < n) {
		int32_t cp;
		size_t k = leat_utf8_next(s + at, n - at, &cp);
		column += cp < 0 ? 1 : (size_t)leat_utf8_width(cp);
		if (column > COLUMNS)
			return blank ? blank : mark ? mark : at;
		if (s[at] == ' ')
			blank = at + 1;
		if (s[at] == ',' || s[at] == '/')
			mark = at + 1;
		at += k;
	}
	return n;
}

static const char *text_of(struct svg *g, int step)
{
	const char *s = g->p->steps[step].text;
	leat_buf_clear(&g->text);
	leat_escape_terminal(&g->text, s, strlen(s));
	return g->text.data ? g->text.data : "";
}

static int columns(const char *s, size_t n)
{
	int w = 0;
	while (n > 0) {
		int32_t cp;
		size_t k = leat_utf8_next(s, n, &cp);
		w += cp < 0 ? 1 : leat_utf8_width(cp);
		s += k;
		n -= k;
	}
	return w;
}

static struct size node_size(struct svg *g, int step)
{
	int widest = 6, lines = 0;
	for (const char *s = text_of(g, step); *s && lines < LINES; lines++) {
		size_t n = line_length(s);
		int w = columns(s, n);
		widest = w > widest ? w : widest;
		s += n;
	}
	return (struct size){(widest * CHAR10 + 9) / 10 + 2 * PAD, lines * TEXT_HEIGHT + 2 * PAD - 4};
}

/* ---- sizes */

static struct size line_size(struct svg *g, const struct leat_gline *l);

static int column_width(struct svg *g, const struct leat_gline *l)
{
	int w = 0;
	for (size_t i = 0; i < l->n; i++) {
		struct size s = node_size(g, l->nodes[i].step);
		w = s.w > w ? s.w : w;
	}
	return w;
}

static int title_height(const struct leat_gline *l)
{
	return l->branch ? TITLE : 0;
}

/* A side line with its frame. */
static struct size side_size(struct svg *g, const struct leat_gline *l)
{
	struct size s = line_size(g, l);
	int title = l->branch ? columns(l->branch, strlen(l->branch)) * CHAR10 / 10 + 60 : 0;
	s.w = (s.w > title ? s.w : title) + 2 * PAD;
	s.h += 2 * PAD + title_height(l);
	return s;
}

/* Side lines from `from` on that stand in one row. */
static struct size row_size(struct svg *g, const struct leat_gnode *n, size_t from)
{
	struct size all = {0, 0};
	for (size_t i = from; i < n->n_sides && i < from + ABREAST; i++) {
		struct size s = side_size(g, &n->sides[i]);
		all.w += s.w + (i > from ? BETWEEN : 0);
		all.h = s.h > all.h ? s.h : all.h;
	}
	return all;
}

static struct size sides_size(struct svg *g, const struct leat_gnode *n)
{
	struct size all = {0, 0};
	for (size_t i = 0; i < n->n_sides; i += ABREAST) {
		struct size s = row_size(g, n, i);
		all.w = s.w > all.w ? s.w : all.w;
		all.h += s.h + GAP;
	}
	return all;
}

static struct size line_size(struct svg *g, const struct leat_gline *l)
{
	struct size all = {column_width(g, l), 0};
	int column = all.w;
	for (size_t i = 0; i < l->n; i++) {
		struct size sides = sides_size(g, &l->nodes[i]);
		int w = column + BETWEEN + sides.w;
		all.w = sides.w && w > all.w ? w : all.w;
		all.h += node_size(g, l->nodes[i].step).h + sides.h + (i + 1 < l->n ? GAP : 0);
	}
	return all;
}

/* ---- drawing */

static void xml(struct svg *g, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '&')
			leat_buf_adds(g->out, "&amp;");
		else if (s[i] == '<')
			leat_buf_adds(g->out, "&lt;");
		else if (s[i] == '>')
			leat_buf_adds(g->out, "&gt;");
		else
			leat_buf_addc(g->out, s[i]);
	}
}

static const char *class_of(const struct leat_step *s)
{
	switch (s->role) {
	case LEAT_SOURCE:
		return "in";
	case LEAT_DECODE:
	case LEAT_ENCODE:
		return "coder";
	case LEAT_FILTER:
		return "choice";
	case LEAT_REDUCE:
		return "many";
	case LEAT_WRITE:
	case LEAT_ROWSINK:
		return "out";
	default:
		return "step";
	}
}

static void node(struct svg *g, int step, int middle, int y)
{
	struct size box = node_size(g, step);
	const struct leat_step *s = &g->p->steps[step];
	leat_buf_addf(g->out, "<rect class=\"%s%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n",
		      class_of(s), s->implied ? " implied" : "", middle - box.w / 2, y, box.w, box.h,
		      s->role == LEAT_SOURCE || s->op == NULL ? 4 : 10);
	int lines = 0;
	for (const char *t = text_of(g, step); *t && lines < LINES; lines++) {
		size_t n = line_length(t);
		leat_buf_addf(g->out, "<text x=\"%d\" y=\"%d\">", middle - box.w / 2 + PAD,
			      y + PAD + 10 + lines * TEXT_HEIGHT);
		xml(g, t, n);
		leat_buf_adds(g->out, lines + 1 == LINES && t[n] ? "…</text>\n" : "</text>\n");
		t += n;
	}
	if (s->role == LEAT_REDUCE)
		leat_buf_addf(g->out, "<text class=\"note\" x=\"%d\" y=\"%d\">waits for all items</text>\n",
			      middle + box.w / 2 + 6, y + box.h / 2 + 4);
}

static void label(struct svg *g, int x, int y, int step)
{
	leat_buf_addf(g->out, "<text class=\"note\" x=\"%d\" y=\"%d\">%s</text>\n", x + 6, y,
		      leat_gline_kind(g->p, step));
}

static void draw_line(struct svg *g, const struct leat_gline *l, int x, int y);

/* From the bottom of a box down, across, and down into the first box of a side line. */
static void draw_side(struct svg *g, const struct leat_gline *l, int from_x, int from_y, int x, int y)
{
	struct size s = side_size(g, l);
	int middle = x + PAD + column_width(g, l) / 2, top = y + PAD + title_height(l), bus = y - GAP / 2;
	if (l->branch) {
		leat_buf_addf(g->out,
			      "<rect class=\"branch\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n", x, y,
			      s.w, s.h);
		leat_buf_addf(g->out, "<text class=\"title\" x=\"%d\" y=\"%d\">branch ", x + PAD, y + 18);
		xml(g, l->branch, strlen(l->branch));
		leat_buf_adds(g->out, "</text>\n");
	}
	leat_buf_addf(g->out, "<path d=\"M%d %dV%dH%dV%d\"/>\n", from_x, from_y, bus, middle, top - 1);
	label(g, middle, y - 5, l->nodes[0].step);
	draw_line(g, l, x + PAD, top);
}

static void draw_sides(struct svg *g, const struct leat_gnode *n, int from_x, int from_y, int x)
{
	int y = from_y + GAP;
	for (size_t i = 0; i < n->n_sides; i += ABREAST) {
		int at = x;
		for (size_t k = i; k < n->n_sides && k < i + ABREAST; k++) {
			draw_side(g, &n->sides[k], from_x, from_y, at, y);
			at += side_size(g, &n->sides[k]).w + BETWEEN;
		}
		y += row_size(g, n, i).h + GAP;
	}
}

static void draw_line(struct svg *g, const struct leat_gline *l, int x, int y)
{
	int column = column_width(g, l), middle = x + column / 2;
	for (size_t i = 0; i < l->n; i++) {
		const struct leat_gnode *n = &l->nodes[i];
		int bottom = y + node_size(g, n->step).h, next = bottom + sides_size(g, n).h + GAP;
		node(g, n->step, middle, y);
		draw_sides(g, n, middle, bottom, x + column + BETWEEN);
		if (i + 1 < l->n) {
			leat_buf_addf(g->out, "<path d=\"M%d %dV%d\"/>\n", middle, bottom, next - 1);
			label(g, middle, next - GAP / 2 + 4, l->nodes[i + 1].step);
		}
		y = next;
	}
}

static const char style[] =
	"<style>\n"
	"text { font: 12px 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: #222; white-space: pre; }\n"
	"text.note { font: 11px sans-serif; fill: #777; }\n"
	"text.title { font: bold 12px sans-serif; fill: #555; }\n"
	"rect { stroke: #888; }\n"
	"rect.in { fill: #e3f1e3; } rect.coder { fill: #eee; } rect.step { fill: #e2ecf7; }\n"
	"rect.choice { fill: #fbf3d0; } rect.many { fill: #ecdff3; } rect.out { fill: #fae6d4; }\n"
	"rect.implied { stroke-dasharray: 4 3; } rect.branch { fill: #fafafa; stroke: #bbb; }\n"
	"path { fill: none; stroke: #777; marker-end: url(#tip); }\n"
	"</style>\n"
	"<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
	"orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:#777;stroke:none;marker-end:none\"/></marker></defs>\n";

void leat_graph_svg(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out)
{
	struct svg g = {.p = p, .out = out};
	struct size all = line_size(&g, l);
	int note = 130; /* room for a note beside the last box */
	leat_buf_addf(out,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
		      "<title>the steps of a recipe</title>\n",
		      all.w + 2 * MARGIN + note, all.h + 2 * MARGIN, all.w + 2 * MARGIN + note, all.h + 2 * MARGIN);
	leat_buf_adds(out, style);
	leat_buf_adds(out, "<rect width=\"100%\" height=\"100%\" style=\"fill:#fff;stroke:none\"/>\n");
	draw_line(&g, l, MARGIN, MARGIN);
	leat_buf_adds(out, "</svg>\n");
	out->failed = out->failed || g.text.failed;
	leat_buf_free(&g.text);
}
