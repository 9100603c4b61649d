/* SPDX-License-Identifier: MIT */
/* What a recipe comes to. See expanded.h. */
#include "plan/expanded.h"

#include "core/execopts.h"
#include "lang/canon.h"
#include "lang/written.h"
#include "plan/planner.h"

struct printer {
	const struct leat_plan *plan;
	const struct leat_program *program;
	struct leat_buf *out;
	const struct leat_word *defaults[LEAT_EXEC_ROWS]; /* the last of each */
};

static void add_word(struct leat_buf *b, const char *name, const struct leat_word *w)
{
	struct leat_buf text = {0};
	leat_buf_adds(&text, "");
	for (const char *s = w->value; *s; s++)
		leat_buf_add(&text, *s == '$' ? "$$" : s, *s == '$' ? 2 : 1);
	leat_buf_addc(b, ' ');
	if (w->key)
		leat_buf_addf(b, "%s=", w->key);
	enum leat_written_place place = w->key                           ? LEAT_PLACE_OPTION
					: !leat_canon_is_condition(name) ? LEAT_PLACE_VALUE
					: strcmp(name, "expect") == 0    ? LEAT_PLACE_CONDITION
									 : LEAT_PLACE_STEP_CONDITION;
	if (!text.failed)
		leat_written_word(b, text.data, text.len, place, false);
	b->failed = b->failed || text.failed;
	leat_buf_free(&text);
}

static void add_words(struct leat_buf *b, const char *name, const struct leat_word *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_word(b, name, &v[i]);
}

static void add_lines(struct leat_buf *b, const char *name, const struct leat_directive *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		leat_buf_adds(b, name);
		add_words(b, name, v[i].words, v[i].n_words);
		leat_buf_addc(b, '\n');
	}
}

/* Where the step of a statement is told to run; 0: not at all. */
static unsigned mode_of(const struct printer *p, const struct leat_stmt *st)
{
	for (size_t i = 0; i < p->plan->n_steps; i++) {
		const struct leat_step *s = &p->plan->steps[i];
		if (!s->implied && leat_span_equal(s->span, st->span))
			return s->on;
	}
	return 0;
}

static bool gives(const struct leat_stmt *st, size_t row)
{
	for (size_t i = 0; i < st->n_words; i++)
		if (st->words[i].key && strcmp(st->words[i].key, leat_exec_params[row].name) == 0)
			return true;
	return false;
}

/* The defaults that this step takes: not where it cannot run, no workers where it has none of its own. */
static void add_defaults(struct printer *p, const struct leat_stmt *st)
{
	unsigned mode = mode_of(p, st);
	for (size_t row = 0; row < LEAT_EXEC_ROWS; row++) {
		bool takes = row == LEAT_EXEC_ON ? mode != 0 : row != LEAT_EXEC_WORKERS || mode != LEAT_ON_INLINE;
		if (p->defaults[row] && takes && !gives(st, row))
			add_word(p->out, st->name, p->defaults[row]);
	}
}

/* Recursion is as deep as branches may be. */
static void add_steps(struct printer *p, const struct leat_stmt *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		leat_buf_addf(p->out, "%s%s", v[i].kind == LEAT_STAGE ? "" : "branch ", v[i].name);
		add_words(p->out, v[i].name, v[i].words, v[i].n_words);
		if (v[i].kind == LEAT_STAGE)
			add_defaults(p, &v[i]);
		leat_buf_addc(p->out, '\n');
		if (v[i].kind == LEAT_STAGE)
			continue;
		add_steps(p, v[i].body, v[i].n_body);
		leat_buf_adds(p->out, "end\n");
	}
}

static bool has_implied(const struct leat_plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].implied)
			return true;
	return false;
}

void leat_plan_print_expanded(const struct leat_plan *plan, const struct leat_program *program, struct leat_buf *out)
{
	struct printer p = {.plan = plan, .program = program, .out = out};
	for (size_t i = 0; i < program->n_defaults; i++)
		for (size_t k = 0; k < program->defaults[i].n_words; k++) {
			const struct leat_word *w = &program->defaults[i].words[k];
			size_t row = w->key ? leat_canon_exec(w->key, strlen(w->key)) : LEAT_EXEC_ROWS;
			if (row < LEAT_EXEC_ROWS)
				p.defaults[row] = w;
		}
	leat_buf_adds(out, "version 1\n\n");
	add_lines(out, "job", program->jobs, program->n_jobs);
	add_lines(out, "schedule", program->schedules, program->n_schedules);
	if (has_implied(plan))
		add_lines(out, "defaults", program->defaults, program->n_defaults);
	add_lines(out, "expect", program->expects, program->n_expects);
	add_steps(&p, program->steps, program->n_steps);
}
