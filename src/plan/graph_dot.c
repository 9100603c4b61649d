/* SPDX-License-Identifier: MIT */
/* Pictures that other programs draw: the languages of Graphviz and of Mermaid. */
#include "plan/graph.h"

struct writer {
	const struct leat_plan *p;
	struct leat_buf *out;
	int clusters;
	int depth;
};

static void indent(struct writer *w)
{
	leat_buf_fill(w->out, ' ', (size_t)(2 * w->depth));
}

/* What a node looks like: by its role. */
enum look { IN, CODER, STEP, CHOICE, MANY, OUT };

static enum look look_of(const struct leat_step *s)
{
	switch (s->role) {
	case LEAT_SOURCE:
		return IN;
	case LEAT_DECODE:
	case LEAT_ENCODE:
		return CODER;
	case LEAT_FILTER:
		return CHOICE;
	case LEAT_REDUCE:
		return MANY;
	case LEAT_WRITE:
	case LEAT_ROWSINK:
		return OUT;
	default:
		return STEP;
	}
}

/* ---- Graphviz */

/* Inside "...": only these two mean something. Controls become blanks. */
static void dot_text(struct leat_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			leat_buf_addc(out, '\\');
		leat_buf_addc(out, (unsigned char)*s < 0x20 ? ' ' : *s);
	}
}

static void dot_node(struct writer *w, int step)
{
	static const char *const looks[] = {
		[IN] = "shape=folder, fillcolor=\"#e3f1e3\"",         [CODER] = "shape=box, fillcolor=\"#eeeeee\"",
		[STEP] = "shape=box, fillcolor=\"#e2ecf7\"",          [CHOICE] = "shape=hexagon, fillcolor=\"#fbf3d0\"",
		[MANY] = "shape=invtrapezium, fillcolor=\"#ecdff3\"", [OUT] = "shape=note, fillcolor=\"#fae6d4\""};
	const struct leat_step *s = &w->p->steps[step];
	indent(w);
	leat_buf_addf(w->out, "s%d [label=\"", step);
	dot_text(w->out, s->text);
	leat_buf_addf(w->out, "\", %s%s];\n", looks[look_of(s)], s->implied ? ", style=\"filled,dashed\"" : "");
}

static void dot_line(struct writer *w, const struct leat_gline *l)
{
	if (l->branch) {
		indent(w);
		leat_buf_addf(w->out, "subgraph cluster_%d {\n", w->clusters++);
		w->depth++;
		indent(w);
		leat_buf_adds(w->out, "label=\"branch ");
		dot_text(w->out, l->branch);
		leat_buf_adds(w->out, "\"; style=rounded; color=\"#999999\";\n");
	}
	for (size_t i = 0; i < l->n; i++) {
		dot_node(w, l->nodes[i].step);
		for (size_t k = 0; k < l->nodes[i].n_sides; k++)
			dot_line(w, &l->nodes[i].sides[k]);
	}
	if (l->branch) {
		w->depth--;
		indent(w);
		leat_buf_adds(w->out, "}\n");
	}
}

void leat_graph_dot(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out)
{
	struct writer w = {.p = p, .out = out, .depth = 1};
	leat_buf_adds(out, "digraph leat {\n"
			   "  node [style=filled, fontname=\"monospace\", fontsize=11];\n"
			   "  edge [fontname=\"sans-serif\", fontsize=9, fontcolor=\"#666666\"];\n");
	dot_line(&w, l);
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].parent >= 0)
			leat_buf_addf(out, "  s%d -> s%zu [label=\"%s\"];\n", p->steps[i].parent, i,
				      leat_gline_kind(p, (int)i));
	leat_buf_adds(out, "}\n");
}

/* ---- Mermaid */

/* Inside "...", where it reads HTML entities: what means something becomes one, written with its number. */
static void mermaid_text(struct leat_buf *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("\"#&<>`;\\", *s))
			leat_buf_addf(out, "#%d;", *s);
		else
			leat_buf_addc(out, (unsigned char)*s < 0x20 ? ' ' : *s);
	}
}

static void mermaid_node(struct writer *w, int step)
{
	static const char *const open[] = {"([\"", "[\"", "[\"", "{{\"", "[\\\"", "[/\""};
	static const char *const close[] = {"\"])", "\"]", "\"]", "\"}}", "\"/]", "\"/]"};
	enum look look = look_of(&w->p->steps[step]);
	indent(w);
	leat_buf_addf(w->out, "s%d%s", step, open[look]);
	mermaid_text(w->out, w->p->steps[step].text);
	leat_buf_addf(w->out, "%s\n", close[look]);
}

static void mermaid_line(struct writer *w, const struct leat_gline *l)
{
	if (l->branch) {
		indent(w);
		leat_buf_addf(w->out, "subgraph b%d [\"branch ", w->clusters++);
		mermaid_text(w->out, l->branch);
		leat_buf_adds(w->out, "\"]\n");
		w->depth++;
	}
	for (size_t i = 0; i < l->n; i++) {
		mermaid_node(w, l->nodes[i].step);
		for (size_t k = 0; k < l->nodes[i].n_sides; k++)
			mermaid_line(w, &l->nodes[i].sides[k]);
	}
	if (l->branch) {
		w->depth--;
		indent(w);
		leat_buf_adds(w->out, "end\n");
	}
}

void leat_graph_mermaid(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out)
{
	struct writer w = {.p = p, .out = out, .depth = 1};
	leat_buf_adds(out, "flowchart TD\n");
	mermaid_line(&w, l);
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].parent >= 0)
			leat_buf_addf(out, "  s%d -->|%s| s%zu\n", p->steps[i].parent, leat_gline_kind(p, (int)i), i);
}
