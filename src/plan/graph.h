/* SPDX-License-Identifier: MIT */
/* The steps of a plan as a picture: in characters, for Graphviz, for Mermaid, or as SVG. Needs no facts of a disk. */
#ifndef LEAT_PLAN_GRAPH_H
#define LEAT_PLAN_GRAPH_H

#include "plan/planner.h"

/* Steps that follow each other. The first line is the main one; the others begin behind a step of another line. */
struct leat_gline {
	/* NULL: the main line, or a side line that no branch names (an implied encoder and its write) */
	const char *branch;
	struct leat_gnode *nodes;
	size_t n;
};
struct leat_gnode {
	int step; /* index into the plan */
	struct leat_gline
		*sides; /* lines that begin behind it, in order; the next node of its own line is none of them */
	size_t n_sides;
};

/* The tree of a plan with at least one step. In `a`; false when memory is out. */
bool leat_gline_make(const struct leat_plan *p, struct leat_arena *a, struct leat_gline *main_line);

/* "file", "image", "array", "table", or several with '/': what goes into step i. */
const char *leat_gline_kind(const struct leat_plan *p, int step);

/* In the order of leat_graph_formats (gen/commands.h), which holds their names. */
enum leat_graph_format { LEAT_GRAPH_ASCII, LEAT_GRAPH_DOT, LEAT_GRAPH_MERMAID, LEAT_GRAPH_SVG };

/* Appends the picture. p: without errors. -1 with *err when there are no steps (USAGE) or memory is out. */
int leat_plan_graph(const struct leat_plan *p, enum leat_graph_format format, struct leat_buf *out,
		    struct leat_err *err);

/* One for each format. */
void leat_graph_ascii(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out);
void leat_graph_dot(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out);
void leat_graph_mermaid(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out);
void leat_graph_svg(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out);

#endif
