/* SPDX-License-Identifier: MIT */
/*
 * What `leat plan` prints: what comes in and goes out, the steps with their segments in brackets, who runs
 * them and why. Names from files are shown so that a terminal obeys nothing in them.
 */
#include "plan/place.h"

#include "base/num.h"
#include "base/text.h"

#include <stdio.h>

enum {
	LABEL = 10, /* width of "Inputs    " */
	MIN_TEXT = 30, /* the column of the steps' texts */
	MAX_TEXT = 62,
	MARGIN = 4, /* bracket and blank before a step */
};

struct printer {
	const struct leat_plan *p;
	const struct leat_stepinfo *info;
	const struct leat_program *program;
	const struct leat_facts *f;
	struct leat_buf *out;
	size_t col; /* width of the steps' column */
	size_t name_col, type_col;
};

static size_t width(const char *s)
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

/* Appends s, made harmless, and blanks up to `col` columns. */
static void cell(struct leat_buf *out, const char *s, size_t col)
{
	size_t w = width(s);
	leat_escape_terminal(out, s, strlen(s));
	leat_buf_fill(out, ' ', w < col ? col - w : 1);
}

static void label(struct printer *pr, const char *s)
{
	cell(pr->out, s, LABEL);
}

static void escaped(struct leat_buf *out, const char *s)
{
	leat_escape_terminal(out, s, strlen(s));
}

/* ---- what comes in and goes out */

static void patterns(struct printer *pr)
{
	const struct leat_step *s = &pr->p->steps[0];
	size_t n = s->role == LEAT_SOURCE ? leat_param_count(s->source->params) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct leat_param *row = &s->source->params[i];
		if (row->type != LEAT_PT_PATTERNS || !(row->flags & LEAT_POSITIONAL))
			continue;
		const struct leat_strs *l = (const void *)((const char *)s->params + row->offset);
		for (size_t k = 0; k < l->n && k < 4; k++) {
			leat_buf_fill(pr->out, ' ', LABEL);
			escaped(pr->out, l->v[k]);
			leat_buf_addc(pr->out, '\n');
		}
		if (l->n > 4)
			leat_buf_addf(pr->out, "%*s… and %zu more\n", LABEL, "", l->n - 4);
	}
}

static void inputs(struct printer *pr)
{
	uint64_t n, bytes;
	char count[32], size[32], other[32];
	label(pr, "Inputs");
	if (!leat_plan_inputs(pr->f, &n, &bytes)) {
		leat_buf_adds(pr->out, "not listed\n");
		patterns(pr);
		return;
	}
	leat_buf_addf(pr->out, "%s file%s, %s", leat_group_digits(n, count), n == 1 ? "" : "s",
		      leat_human_size(bytes, size));
	if (pr->f->inputs->refused)
		leat_buf_addf(pr->out, "; %s of them cannot be read and will fail",
			      leat_group_digits(pr->f->inputs->refused, other));
	if (pr->f->inputs->ignored)
		leat_buf_addf(pr->out, "; %s other%s ignored: no readable format",
			      leat_group_digits(pr->f->inputs->ignored, other), pr->f->inputs->ignored == 1 ? "" : "s");
	leat_buf_addc(pr->out, '\n');
	patterns(pr);
	for (size_t i = 0; i < pr->f->inputs->warnings.n; i++) {
		leat_buf_fill(pr->out, ' ', LABEL);
		escaped(pr->out, pr->f->inputs->warnings.v[i]);
		leat_buf_addc(pr->out, '\n');
	}
}

static size_t names_shared(const struct leat_plan *p)
{
	size_t n = 0;
	for (size_t i = 1; i < p->n_outputs; i++)
		n += strcmp(p->outputs[i].path, p->outputs[i - 1].path) == 0;
	return n;
}

static void outputs(struct printer *pr)
{
	const struct leat_plan *p = pr->p;
	char n[32], old[32];
	label(pr, "Outputs");
	if (p->n_outputs == 0) {
		leat_buf_adds(pr->out, pr->f->inputs ? "their names depend on what the steps will measure\n"
						     : "not predicted\n");
		return;
	}
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	leat_buf_addf(pr->out, "%s%s file%s", own->outputs_possible ? "up to " : "", leat_group_digits(p->n_outputs, n),
		      p->n_outputs == 1 ? "" : "s");
	if (p->out_new + p->out_existing > 0) {
		leat_buf_addf(pr->out, ": %s new", leat_group_digits(p->out_new, n));
		if (p->out_existing)
			leat_buf_addf(pr->out, ", %s there already", leat_group_digits(p->out_existing, old));
	}
	size_t shared = names_shared(p);
	if (shared)
		leat_buf_addf(pr->out, "; %s with the name of another", leat_group_digits(shared, n));
	leat_buf_addc(pr->out, '\n');
}

static void budgets(struct printer *pr)
{
	const struct leat_plan *p = pr->p;
	char peak[32], item[32], limit[32];
	label(pr, "Memory");
	leat_human_size(p->job.memory, limit);
	if (p->peak_memory)
		leat_buf_addf(pr->out, "at most %s of %s; the largest item takes %s\n",
			      leat_human_size(p->peak_memory, peak), limit, leat_human_size(p->peak_item, item));
	else
		leat_buf_addf(pr->out, "the run keeps within %s\n", limit);
	label(pr, "Cores");
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

static void last_of_segments(const struct printer *pr, int *last)
{
	for (size_t i = 0; i < pr->p->n_steps; i++)
		last[pr->p->steps[i].segment] = (int)i;
}

/* The bracket before step i: of its own segment, or dotted where another segment goes on around it. */
static const char *bracket(const struct printer *pr, size_t i, const int *last)
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
static void branch_line(struct printer *pr, size_t i, const char *margin, const struct leat_scope *before)
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
	escaped(pr->out, s->branch->name);
	leat_buf_addc(pr->out, '\n');
}

/* Around a branch line there is no step: the bracket of the one before goes on. */
static const char *between(const struct printer *pr, size_t i, const int *last)
{
	const struct leat_plan *p = pr->p;
	for (size_t s = 0; s < p->n_segments; s++)
		if (p->segments[s].first < (int)i && last[s] >= (int)i && p->segments[s].first != last[s])
			return p->steps[i].segment == (int)s ? " │  " : " ╎  ";
	return "    ";
}

static void step(struct printer *pr, size_t i, const int *last)
{
	const struct leat_plan *p = pr->p;
	const struct leat_step *s = &p->steps[i];
	const struct leat_group *g = group_of(p, i);
	size_t indent = 2 * depth(&pr->info[i]);
	leat_buf_adds(pr->out, bracket(pr, i, last));
	leat_buf_fill(pr->out, ' ', indent);
	if (p->segments[s->segment].first != (int)i) {
		escaped(pr->out, s->text);
		leat_buf_addc(pr->out, '\n');
		return;
	}
	cell(pr->out, s->text, pr->col > indent ? pr->col - indent : 1);
	cell(pr->out, g->name, pr->name_col);
	leat_buf_addf(pr->out, "%s ×%d\n", g->type ? g->type->name : "?", g->workers);
}

static void steps(struct printer *pr)
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
	cell(pr->out, "Steps", MARGIN + pr->col);
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

static void group(struct printer *pr, const struct leat_group *g)
{
	struct leat_buf text = {0};
	for (int i = 0; i < g->n_lanes; i++) {
		leat_buf_adds(&text, i ? ", then " : "queue ");
		lane_text(&text, &g->lanes[i]);
	}
	leat_buf_fill(pr->out, ' ', MARGIN);
	cell(pr->out, g->name, pr->name_col);
	char who[64];
	(void)snprintf(who, sizeof who, "%s ×%d", g->type ? g->type->name : "?", g->workers);
	cell(pr->out, who, pr->type_col);
	cell(pr->out, text.data ? text.data : "", 24);
	pr->out->failed = pr->out->failed || text.failed;
	leat_buf_free(&text);
	escaped(pr->out, g->reason ? g->reason : "");
	if (g->workers_reason && !g->io && strcmp(g->workers_reason, g->reason ? g->reason : "") != 0)
		leat_buf_addf(pr->out, "; %s", g->workers_reason);
	leat_buf_addc(pr->out, '\n');
}

static void groups(struct printer *pr)
{
	leat_buf_adds(pr->out, "\nWorkers\n");
	for (size_t i = 0; i < pr->p->n_groups; i++)
		group(pr, &pr->p->groups[i]);
}

static void notes(struct printer *pr)
{
	if (pr->p->n_notes == 0)
		return;
	leat_buf_adds(pr->out, "\nNotes\n");
	for (size_t i = 0; i < pr->p->n_notes; i++) {
		leat_buf_adds(pr->out, "  - ");
		escaped(pr->out, pr->p->notes[i]);
		leat_buf_addc(pr->out, '\n');
	}
}

static void measure(struct printer *pr)
{
	const struct leat_plan *p = pr->p;
	size_t most = MIN_TEXT;
	for (size_t i = 0; i < p->n_steps; i++) {
		size_t w = 2 * depth(&pr->info[i]) + width(p->steps[i].text) + 2;
		if (p->segments[p->steps[i].segment].first == (int)i && w > most)
			most = w;
	}
	pr->col = most < MAX_TEXT ? most : MAX_TEXT;
	pr->name_col = pr->type_col = 8;
	for (size_t i = 0; i < p->n_groups; i++) {
		size_t w = width(p->groups[i].name) + 2;
		pr->name_col = w > pr->name_col ? w : pr->name_col;
		w = p->groups[i].type ? strlen(p->groups[i].type->name) + 6 : 0;
		pr->type_col = w > pr->type_col ? w : pr->type_col;
	}
}

void leat_plan_print(const struct leat_plan *p, const struct leat_facts *f, struct leat_buf *out)
{
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	struct printer pr = {.p = p, .info = own->info, .program = own->program, .f = f, .out = out};
	if (p->n_steps == 0 || p->n_groups == 0) {
		leat_buf_adds(out, p->n_steps ? "no plan: the recipe has errors\n" : "no steps: settings only\n");
		return;
	}
	measure(&pr);
	inputs(&pr);
	outputs(&pr);
	budgets(&pr);
	steps(&pr);
	groups(&pr);
	notes(&pr);
}
