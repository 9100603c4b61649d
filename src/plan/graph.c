/* SPDX-License-Identifier: MIT */
/* The tree behind all pictures of a plan, and the picture in characters. */
#include "plan/graph.h"

#include "base/text.h"

/* ---- the tree */

struct builder {
	const struct leat_plan *p;
	const struct leat_stepinfo *info;
	struct leat_arena *a;
	bool failed;
};

static size_t count_children(const struct builder *b, int step)
{
	size_t n = 0;
	for (int c = b->info[step].child; c >= 0; c = b->info[c].sibling)
		n++;
	return n;
}

static bool same_line(const struct builder *b, int step, int child)
{
	return strcmp(b->p->steps[step].branch, b->p->steps[child].branch) == 0;
}

/* The next step of the line: the last child that begins no branch. -1: the line ends here. */
static int next_of_line(const struct builder *b, int step)
{
	int last = -1;
	for (int c = b->info[step].child; c >= 0; c = b->info[c].sibling)
		if (same_line(b, step, c))
			last = c;
	return last;
}

/* Depth: that of branches in branches. */
static void build(struct builder *b, int first, const char *branch, struct leat_gline *l)
{
	size_t n = 0;
	for (int s = first; s >= 0; s = next_of_line(b, s))
		n++;
	*l = (struct leat_gline){.branch = branch, .nodes = leat_arena_alloc(b->a, leat_size_mul(n, sizeof *l->nodes))};
	b->failed = b->failed || !l->nodes;
	for (int s = first; s >= 0 && !b->failed; s = next_of_line(b, s)) {
		struct leat_gnode *node = &l->nodes[l->n++];
		int next = next_of_line(b, s);
		size_t sides = count_children(b, s) - (next >= 0);
		*node = (struct leat_gnode){.step = s};
		node->sides = leat_arena_alloc(b->a, leat_size_mul(sides + 1, sizeof *node->sides));
		b->failed = b->failed || !node->sides;
		for (int c = b->info[s].child; c >= 0 && !b->failed; c = b->info[c].sibling)
			if (c != next)
				build(b, c, same_line(b, s, c) ? NULL : b->p->steps[c].branch,
				      &node->sides[node->n_sides++]);
	}
}

bool leat_gline_make(const struct leat_plan *p, struct leat_arena *a, struct leat_gline *main_line)
{
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	struct builder b = {.p = p, .info = own->info, .a = a};
	build(&b, 0, NULL, main_line);
	return !b.failed;
}

const char *leat_gline_kind(const struct leat_plan *p, int step)
{
	static const char *const names[16] = {
		[LEAT_FILE] = "file",
		[LEAT_IMAGE] = "image",
		[LEAT_ARRAY] = "array",
		[LEAT_TABLE] = "table",
		[LEAT_ARRAY | LEAT_TABLE] = "array/table",
		[LEAT_IMAGE | LEAT_ARRAY] = "image/array",
	};
	int parent = p->steps[step].parent;
	unsigned kind = parent < 0 ? 0 : p->steps[parent].out;
	return kind < 16 && names[kind] ? names[kind] : "data";
}

/* ---- in characters */

struct drawing {
	const struct leat_plan *p;
	struct leat_buf *out;
	struct leat_buf margin; /* in front of every line: "|   " for each line that goes on beside */
};

static void row(struct drawing *d, const char *before, const char *text, const char *behind)
{
	leat_buf_add(d->out, d->margin.data ? d->margin.data : "", d->margin.len);
	leat_buf_adds(d->out, before);
	leat_escape_terminal(d->out, text, strlen(text));
	leat_buf_addf(d->out, "%s\n", behind);
}

static void draw(struct drawing *d, const struct leat_gline *l, bool begun);

static void draw_side(struct drawing *d, const struct leat_gline *l, bool goes_on)
{
	size_t margin = d->margin.len;
	row(d, "|", "", "");
	if (l->branch)
		row(d, "+-- branch ", l->branch, "");
	else
		row(d, "+-- ", d->p->steps[l->nodes[0].step].text, "");
	leat_buf_adds(&d->margin, goes_on ? "|     " : "      ");
	if (!l->branch)
		d->margin.len -= 2;
	draw(d, l, !l->branch);
	d->margin.len = margin;
}

/* begun: the text of the first node stands there already. */
static void draw(struct drawing *d, const struct leat_gline *l, bool begun)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct leat_gnode *n = &l->nodes[i];
		bool waits = d->p->steps[n->step].role == LEAT_REDUCE;
		if (i > 0)
			row(d, "| ", leat_gline_kind(d->p, n->step), "");
		if (i > 0 || !begun)
			row(d, "", d->p->steps[n->step].text, waits ? "   (waits for all items)" : "");
		for (size_t k = 0; k < n->n_sides; k++)
			draw_side(d, &n->sides[k], k + 1 < n->n_sides || i + 1 < l->n);
		if (n->n_sides && i + 1 < l->n)
			row(d, "|", "", "");
	}
}

void leat_graph_ascii(const struct leat_plan *p, const struct leat_gline *l, struct leat_buf *out)
{
	struct drawing d = {.p = p, .out = out};
	draw(&d, l, false);
	out->failed = out->failed || d.margin.failed;
	leat_buf_free(&d.margin);
}

/* ---- the door */

int leat_plan_graph(const struct leat_plan *p, enum leat_graph_format format, struct leat_buf *out,
		    struct leat_err *err)
{
	static void (*const draws[])(const struct leat_plan *p, const struct leat_gline *l,
				     struct leat_buf *out) = {[LEAT_GRAPH_ASCII] = leat_graph_ascii,
							      [LEAT_GRAPH_DOT] = leat_graph_dot,
							      [LEAT_GRAPH_MERMAID] = leat_graph_mermaid,
							      [LEAT_GRAPH_SVG] = leat_graph_svg};
	struct leat_arena a = {0};
	struct leat_gline main_line;
	if (p->n_steps == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "there are no steps to draw, only settings");
	if (!leat_gline_make(p, &a, &main_line))
		out->failed = true;
	else
		draws[format](p, &main_line, out);
	leat_arena_free(&a);
	return leat_buf_check(out, err);
}
