/* SPDX-License-Identifier: MIT */
/*
 * What `leat plan` prints: what comes in and goes out, the steps with their segments in brackets, who runs
 * them and why. Names from files are shown so that a terminal obeys nothing in them.
 */
#include "plan/place.h"
#include "plan/print.h"

#include "base/num.h"
#include "base/text.h"

#include <stdio.h>

enum {
	MIN_TEXT = 30, /* the column of the steps' texts */
	MAX_TEXT = 62,
	MARGIN = 4, /* bracket and blank before a step */
};

size_t leat_print_width(const char *s)
{
	size_t w = 0, n = strlen(s);
	while (n > 0) {
		int32_t cp;
		size_t k = leat_utf8_next(s, n, &cp);
		w += cp < 0 ? 4 : (size_t)leat_utf8_width(cp);
		s += k;
		n -= k;
	}
	return w;
}

void leat_print_cell(struct leat_buf *out, const char *s, size_t col)
{
	size_t w = leat_print_width(s);
	leat_escape_terminal(out, s, strlen(s));
	leat_buf_fill(out, ' ', w < col ? col - w : 1);
}

void leat_print_label(const struct leat_printer *pr, const char *s)
{
	leat_print_cell(pr->out, s, LEAT_PRINT_LABEL);
}

void leat_print_escaped(struct leat_buf *out, const char *s)
{
	leat_escape_terminal(out, s, strlen(s));
}

static void budgets(struct leat_printer *pr)
{
	const struct leat_plan *p = pr->p;
	char peak[32], item[32], limit[32];
	leat_print_label(pr, "Memory");
	leat_human_size(p->job.memory, limit);
	if (p->peak_memory)
		leat_buf_addf(pr->out, "at most %s of %s; the largest item takes %s\n",
			      leat_human_size(p->peak_memory, peak), limit, leat_human_size(p->peak_item, item));
	else
		leat_buf_addf(pr->out, "the run keeps within %s\n", limit);
	leat_print_label(pr, "Cores");
	leat_buf_addf(pr->out, "%d\n", p->job.cores);
}

/* ---- the steps */

static size_t depth(const struct leat_stepinfo *in)
{
	size_t n = 0;
	for (const struct leat_scope *s = in->scope; s; s = s->up)
		n++;
	return n;
}

static void last_of_segments(const struct leat_printer *pr, int *last)
{
	for (size_t i = 0; i < pr->p->n_steps; i++)
		last[pr->p->steps[i].segment] = (int)i;
}

/* The bracket before step i: of its own segment, or dotted where another segment goes on around it. */
static const char *bracket(const struct leat_printer *pr, size_t i, const int *last)
{
	const struct leat_plan *p = pr->p;
	int seg = p->steps[i].segment, first = p->segments[seg].first;
	if (first == last[seg]) {
		for (size_t s = 0; s < p->n_segments; s++)
			if (p->segments[s].first < (int)i && last[s] > (int)i && p->segments[s].first != last[s])
				return " ╎  ";
		return "    ";
	}
	if ((int)i == first)
		return " ┌  ";
	return (int)i == last[seg] ? " └  " : " │  ";
}

static const struct leat_group *group_of(const struct leat_plan *p, size_t i)
{
	return &p->groups[p->segments[p->steps[i].segment].group];
}

/* "branch thumb-320" above its first step. */
static void branch_line(struct leat_printer *pr, size_t i, const char *margin, const struct leat_scope *before)
{
	const struct leat_scope *s = pr->info[i].scope;
	if (!s || s == before)
		return;
	for (const struct leat_scope *up = before; up; up = up->up)
		if (up == s)
			return; /* back in an outer branch */
	leat_buf_adds(pr->out, margin);
	leat_buf_fill(pr->out, ' ', 2 * (depth(&pr->info[i]) - 1));
	leat_buf_adds(pr->out, "branch ");
	leat_print_escaped(pr->out, s->branch->name);
	leat_buf_addc(pr->out, '\n');
}

/* Around a branch line there is no step: the bracket of the one before goes on. */
static const char *between(const struct leat_printer *pr, size_t i, const int *last)
{
	const struct leat_plan *p = pr->p;
	for (size_t s = 0; s < p->n_segments; s++)
		if (p->segments[s].first < (int)i && last[s] >= (int)i && p->segments[s].first != last[s])
			return p->steps[i].segment == (int)s ? " │  " : " ╎  ";
	return "    ";
}

enum { MEMORY = 9 };

static void memory_cell(struct leat_printer *pr, uint64_t bytes, bool last)
{
	char size[32];
	leat_buf_addf(pr->out, "%*s%s", MEMORY, bytes ? leat_human_size(bytes, size) : "", last ? "" : "  ");
}

static void step(struct leat_printer *pr, size_t i, const int *last)
{
	const struct leat_plan *p = pr->p;
	const struct leat_step *s = &p->steps[i];
	const struct leat_group *g = group_of(p, i);
	size_t indent = 2 * depth(&pr->info[i]);
	leat_buf_adds(pr->out, bracket(pr, i, last));
	leat_buf_fill(pr->out, ' ', indent);
	bool first = p->segments[s->segment].first == (int)i;
	bool last_cell = !first && s->role != LEAT_REDUCE && !(pr->memory && s->memory);
	if (last_cell)
		leat_print_escaped(pr->out, s->text);
	else
		leat_print_cell(pr->out, s->text, pr->col > indent ? pr->col - indent : 1);
	if (pr->memory && !last_cell)
		memory_cell(pr, s->memory, !first && s->role != LEAT_REDUCE);
	if (first) {
		leat_print_cell(pr->out, g->name, pr->name_col);
		leat_buf_addf(pr->out, "%s ×%d", g->type ? g->type->name : "?", g->workers);
	}
	if (s->role == LEAT_REDUCE)
		leat_buf_adds(pr->out, first ? ", waits for all items" : "waits for all items");
	leat_buf_addc(pr->out, '\n');
}

static void steps(struct leat_printer *pr)
{
	const struct leat_plan *p = pr->p;
	struct leat_err err = {0};
	int *last = leat_zalloc(p->n_segments, sizeof *last, &err);
	if (!last) {
		pr->out->failed = true;
		return;
	}
	last_of_segments(pr, last);
	leat_buf_addc(pr->out, '\n');
	leat_print_cell(pr->out, "Steps", MARGIN + pr->col);
	if (pr->memory)
		leat_buf_addf(pr->out, "%*s  ", MEMORY, "memory");
	leat_buf_adds(pr->out, "run by\n");
	for (size_t i = 0; i < p->n_steps; i++) {
		branch_line(pr, i, between(pr, i, last), i ? pr->info[i - 1].scope : NULL);
		step(pr, i, last);
	}
	free(last);
}

/* ---- who runs them */

/* "8 or 16 MiB": what may wait in a lane. */
static void lane_text(struct leat_buf *out, const struct leat_lane *l)
{
	char items[32], bytes[32];
	bool counted = l->items < 65536;
	if (counted)
		leat_buf_adds(out, leat_group_digits(l->items, items));
	if (l->bytes)
		leat_buf_addf(out, "%s%s", counted ? " or " : "", leat_human_size(l->bytes, bytes));
	if (l->in_order)
		leat_buf_adds(out, " in order");
}

/* Results depend on the number of BLAS threads: one, but where a team is at one item, or a host has set another. */
static void blas_text(struct leat_printer *pr, const struct leat_group *g)
{
	const struct leat_plan *p = pr->p;
	unsigned mode = g->type ? g->type->mode : 0;
	int asked = mode == LEAT_ON_OPENMP ? g->workers : 1, n = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		if (group_of(p, i) == g && p->steps[i].op && p->steps[i].op->blas)
			n = mode == LEAT_ON_PROCESSES ? 1 : p->steps[i].op->blas(asked);
	if (n == 0)
		return;
	leat_buf_addf(pr->out, "; BLAS with %d thread%s", n, n == 1 ? "" : "s");
	if (n > 1 && n != asked)
		leat_buf_adds(pr->out, ", as this program has set, one item at a time");
	else if (mode != LEAT_ON_OPENMP && g->workers > 1)
		leat_buf_adds(pr->out, " each");
}

static void group(struct leat_printer *pr, const struct leat_group *g)
{
	struct leat_buf text = {0};
	for (int i = 0; i < g->n_lanes; i++) {
		leat_buf_adds(&text, i ? ", then " : "queue ");
		lane_text(&text, &g->lanes[i]);
	}
	leat_buf_fill(pr->out, ' ', MARGIN);
	leat_print_cell(pr->out, g->name, pr->name_col);
	char who[64];
	(void)snprintf(who, sizeof who, "%s ×%d", g->type ? g->type->name : "?", g->workers);
	leat_print_cell(pr->out, who, pr->type_col);
	leat_print_cell(pr->out, text.data ? text.data : "", 24);
	pr->out->failed = pr->out->failed || text.failed;
	leat_buf_free(&text);
	leat_print_escaped(pr->out, g->reason ? g->reason : "");
	if (g->workers_reason && (!g->io || g->learned) && strcmp(g->workers_reason, g->reason ? g->reason : "") != 0)
		leat_buf_addf(pr->out, "; %s", g->workers_reason);
	blas_text(pr, g);
	leat_buf_addc(pr->out, '\n');
}

static void groups(struct leat_printer *pr)
{
	leat_buf_adds(pr->out, "\nWorkers\n");
	for (size_t i = 0; i < pr->p->n_groups; i++)
		group(pr, &pr->p->groups[i]);
}

static void notes(struct leat_printer *pr)
{
	if (pr->p->n_notes == 0)
		return;
	leat_buf_adds(pr->out, "\nNotes\n");
	for (size_t i = 0; i < pr->p->n_notes; i++) {
		leat_buf_adds(pr->out, "  - ");
		leat_print_escaped(pr->out, pr->p->notes[i]);
		leat_buf_addc(pr->out, '\n');
	}
}

static void measure(struct leat_printer *pr)
{
	const struct leat_plan *p = pr->p;
	size_t most = MIN_TEXT;
	for (size_t i = 0; i < p->n_steps; i++) {
		size_t w = 2 * depth(&pr->info[i]) + leat_print_width(p->steps[i].text) + 2;
		pr->memory = pr->memory || p->steps[i].memory;
		if ((p->segments[p->steps[i].segment].first == (int)i || p->steps[i].memory ||
		     p->steps[i].role == LEAT_REDUCE) &&
		    w > most)
			most = w;
	}
	pr->col = most < MAX_TEXT ? most : MAX_TEXT;
	pr->name_col = pr->type_col = 8;
	for (size_t i = 0; i < p->n_groups; i++) {
		size_t w = leat_print_width(p->groups[i].name) + 2;
		pr->name_col = w > pr->name_col ? w : pr->name_col;
		w = p->groups[i].type ? strlen(p->groups[i].type->name) + 6 : 0;
		pr->type_col = w > pr->type_col ? w : pr->type_col;
	}
}

void leat_plan_print(const struct leat_plan *p, const struct leat_facts *f, struct leat_buf *out)
{
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	struct leat_printer pr = {.p = p, .info = own->info, .program = own->program, .f = f, .out = out};
	if (p->n_steps == 0 || p->n_groups == 0) {
		leat_buf_adds(out, p->n_steps ? "no plan: the recipe has errors\n" : "no steps: settings only\n");
		return;
	}
	measure(&pr);
	leat_print_inputs(&pr);
	leat_print_outputs(&pr);
	leat_print_disks(&pr);
	budgets(&pr);
	steps(&pr);
	groups(&pr);
	notes(&pr);
}
