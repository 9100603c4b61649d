/* SPDX-License-Identifier: MIT */
/* Execution options: the defaults, and the checks of what cannot be. See exec.h. */
#include "plan/exec.h"
#include "plan/words.h"

const char *leat_plan_mode_name(unsigned mode)
{
	const char *const *names = leat_exec_params[LEAT_EXEC_ON].choices;
	for (size_t i = 1; names[i]; i++)
		if (leat_exec_mode(i) == mode)
			return names[i];
	return "auto";
}

bool leat_plan_is_exec(const struct leat_word *w)
{
	if (!w->key || !leat_param_find(leat_exec_params, w->key))
		return false;
	bool of_elements = strcmp(w->value, "c") == 0 || strcmp(w->value, "f") == 0;
	return !(of_elements && strcmp(w->key, "order") == 0);
}

/* Has the registry an executor for it? */
static bool built(const struct leat_planner *pl, unsigned mode)
{
	for (size_t i = 0; i < pl->reg->n_executors; i++)
		if (pl->reg->executors[i]->mode == mode)
			return true;
	return false;
}

static bool any_built(struct leat_planner *pl, const struct leat_word *w, unsigned mode)
{
	if (mode == 0 || built(pl, mode))
		return true;
	if (mode == LEAT_ON_PROCESSES)
		leat_plan_not_built(pl, w->span, "on=processes (the pool of worker processes)");
	else
		leat_plan_not_built(pl, w->span, "on=%s", leat_plan_mode_name(mode));
	return false;
}

/* E041 for words of other tools gets the nearest of ours. */
static bool on_error_hint(struct leat_planner *pl, const struct leat_word *w)
{
	static const struct {
		const char *word, *meant;
	} hints[] = {{"skip", "continue"}, {"ignore", "continue"}, {"fail", "stop"}, {"abort", "stop"}};
	for (size_t i = 0; i < LEAT_LEN(hints); i++) {
		if (strcmp(w->value, hints[i].word) != 0)
			continue;
		struct leat_diag *g = leat_plan_error(pl, 41, w->value_at, "'%s' is not a value of on-error", w->value);
		leat_plan_label(pl, g, "did you mean '%s'?", hints[i].meant);
		leat_plan_help(
			pl, g,
			"on-error is one of: continue, stop, quarantine; the item counts as failed in every case");
		return true;
	}
	return false;
}

static bool is_id(const char *s)
{
	if (*s < 'a' || *s > 'z')
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")] == 0;
}

/* One word over `to`; given[row] is set. */
static bool bind_one(struct leat_planner *pl, const struct leat_word *w, struct leat_exec_opts *to,
		     const struct leat_word **given)
{
	const struct leat_param *p = leat_param_find(leat_exec_params, w->key);
	size_t row = (size_t)(p - leat_exec_params);
	if (given[row]) {
		struct leat_diag *g = leat_plan_error(pl, 33, w->key_at, "'%s' is given twice", p->name);
		leat_plan_label(pl, g, "second time");
		leat_plan_second(g, given[row]->key_at, "first time");
		return false;
	}
	given[row] = w;
	if (w->unknown || (row == LEAT_EXEC_ON_ERROR && on_error_hint(pl, w)) || !leat_plan_value(pl, p, w, to))
		return false;
	if (row == LEAT_EXEC_ID && !is_id(to->id)) {
		leat_plan_label(pl, leat_plan_error(pl, 37, w->value_at, "'%s' cannot be the name of a step", w->value),
				"small letters, digits and '-', a letter first");
		return false;
	}
	if (row == LEAT_EXEC_ON_ERROR && to->on_error == LEAT_QUARANTINE && !pl->plan->job.quarantine &&
	    !pl->facts->redirect) {
		leat_plan_needs_state(pl, w, "quarantine=aside");
		return false;
	}
	return true;
}

static void unknown_default(struct leat_planner *pl, const struct leat_directive *d, const struct leat_word *w)
{
	struct leat_diag *g;
	if (w->key) {
		g = leat_plan_error(pl, 31, w->key_at, "unknown option '%s' for 'defaults'", w->key);
		const char *near = leat_plan_is_exec(w) ? NULL : leat_plan_exec_guess(w->key);
		const char *threads = near ? NULL : leat_plan_threads_instead(pl, w);
		if (near)
			leat_plan_label(pl, g, "did you mean '%s'?", near);
		else if (threads)
			leat_plan_label(pl, g, "write %s", threads);
		if (threads)
			leat_plan_fix(pl, g, w->span, threads);
		leat_plan_help(pl, g,
			       "'defaults' sets execution options only: on, workers, queue, order, retries, "
			       "retry-wait, timeout, on-error");
	} else {
		g = leat_plan_error(pl, 35, w->span, "unexpected value '%s'", w->value);
		leat_plan_label(pl, g, "'defaults' takes no value");
	}
	(void)d;
}

void leat_plan_defaults(struct leat_planner *pl)
{
	const struct leat_program *p = pl->program;
	for (size_t i = 0; i < LEAT_EXEC_ROWS; i++)
		if (i != LEAT_EXEC_TIMEOUT) /* 0: the segment's own default counts */
			(void)leat_plan_default(pl, &leat_exec_params[i], &pl->defaults);
	for (size_t i = 0; i < p->n_defaults; i++) {
		const struct leat_directive *d = &p->defaults[i];
		const struct leat_word *given[LEAT_EXEC_ROWS] = {NULL};
		for (size_t k = 0; k < d->n_words; k++) {
			const struct leat_word *w = &d->words[k];
			if (!leat_plan_is_exec(w) || strcmp(w->key, "id") == 0)
				unknown_default(pl, d, w);
			else if (bind_one(pl, w, &pl->defaults, given) && given[LEAT_EXEC_ON] == w)
				any_built(pl, w, leat_exec_mode((size_t)pl->defaults.on));
		}
	}
}

/* "auto, inline, threads, async" */
static const char *modes_text(struct leat_planner *pl, unsigned mask)
{
	struct leat_buf b = {0};
	const char *const *names = leat_exec_params[LEAT_EXEC_ON].choices;
	leat_buf_adds(&b, names[0]);
	for (size_t i = 1; names[i]; i++)
		if (mask & leat_exec_mode(i))
			leat_buf_addf(&b, ", %s", names[i]);
	const char *s = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return s ? s : "";
}

static void wrong_mode(struct leat_planner *pl, const char *step, const struct leat_word *w, unsigned mode,
		       unsigned can)
{
	struct leat_diag *g =
		leat_plan_error(pl, 61, w->span, "'%s' cannot run on=%s", step, leat_plan_mode_name(mode));
	leat_plan_help(pl, g, "'%s' runs on: %s", step, modes_text(pl, can));
	bool waits = (can & LEAT_ON_ASYNC) != 0;
	if (mode == LEAT_ON_OPENMP && waits)
		leat_plan_help(
			pl, g,
			"openmp is for number crunching inside one item; this step waits for a disk or a network");
	else if (mode == LEAT_ON_OPENMP)
		leat_plan_help(pl, g,
			       "openmp is for number crunching inside one item; this step has no rows to share out");
	else if (mode == LEAT_ON_ASYNC)
		leat_plan_help(pl, g, "async is for thousands of transfers that wait at once; this step computes");
	else if (mode == LEAT_ON_PROCESSES && waits)
		leat_plan_help(pl, g, "processes are for bytes from outside; this step waits for a disk or a network");
}

static void inline_has_none(struct leat_planner *pl, const struct leat_word *on, const struct leat_word *w)
{
	struct leat_diag *g = leat_plan_error(pl, 62, w->span, "on=inline has no %s of its own", w->key);
	leat_plan_label(pl, g, "remove this, or choose on=threads or on=processes");
	leat_plan_second(g, on->span, "inline: runs inside the step before it");
}

/* What was written on the step itself must be possible; what comes from the defaults is passed over where it is not. */
static void check_mode(struct leat_planner *pl, struct leat_step *s, const struct leat_stepinfo *in, unsigned can)
{
	if (!in->on) {
		s->on = can & s->on;
		return;
	}
	if (s->on && can && !(s->on & can)) {
		wrong_mode(pl, s->name, in->on, s->on, can);
		s->on = 0;
	} else if (!any_built(pl, in->on, s->on)) {
		s->on = 0;
	} else if (s->on == LEAT_ON_INLINE) {
		if (in->workers)
			inline_has_none(pl, in->on, in->workers);
		if (in->queue && s->role != LEAT_SOURCE) /* that of a source stands behind it */
			inline_has_none(pl, in->on, in->queue);
	}
}

static void set_all(struct leat_step *s, const struct leat_exec_opts *o)
{
	s->on = leat_exec_mode((size_t)o->on);
	s->workers = o->workers;
	s->queue = o->queue;
	s->keep_order = o->order == 1;
	s->retries = o->retries;
	s->retry_wait_ns = o->retry_wait;
	s->timeout_ns = o->timeout;
	s->on_error = (enum leat_on_error)o->on_error;
	s->id = o->id;
}

/* E032: two steps with one name. Branches of one loop share their text, and so their names. */
static void check_id(struct leat_planner *pl, const struct leat_step *s, const struct leat_word *w)
{
	size_t n = strlen(s->id), self = (size_t)(s - pl->plan->steps);
	uintptr_t first = (uintptr_t)leat_names_get(&pl->ids, s->id, n);
	if (!first && leat_names_add(&pl->ids, s->id, n, (void *)(self + 1), NULL) < 0)
		pl->failed = true;
	if (!first || leat_span_equal(pl->plan->steps[first - 1].span, s->span))
		return;
	struct leat_diag *g = leat_plan_error(pl, 32, w->value_at, "two steps have the id '%s'", s->id);
	leat_plan_second(g, pl->plan->steps[first - 1].span, "the first one");
}

void leat_plan_exec(struct leat_planner *pl, struct leat_step *s, struct leat_stepinfo *in, const struct leat_stmt *st,
		    unsigned can)
{
	struct leat_exec_opts o = pl->defaults;
	const struct leat_word *given[LEAT_EXEC_ROWS] = {NULL};
	bool ok = true;
	for (size_t i = 0; i < st->n_words; i++)
		if (leat_plan_is_exec(&st->words[i]))
			ok = bind_one(pl, &st->words[i], &o, given) && ok;
	in->on = given[LEAT_EXEC_ON];
	in->workers = given[LEAT_EXEC_WORKERS];
	in->queue = given[LEAT_EXEC_QUEUE];
	in->order = given[LEAT_EXEC_ORDER];
	in->timeout = given[LEAT_EXEC_TIMEOUT];
	set_all(s, &o);
	if (ok)
		check_mode(pl, s, in, can);
	if (ok && s->id && given[LEAT_EXEC_ID])
		check_id(pl, s, given[LEAT_EXEC_ID]);
}

void leat_plan_exec_implied(struct leat_planner *pl, struct leat_step *s, struct leat_stepinfo *in, unsigned can)
{
	set_all(s, &pl->defaults);
	s->id = NULL;
	check_mode(pl, s, in, can);
}

void leat_plan_exec_like(struct leat_step *s, struct leat_stepinfo *in, const struct leat_step *of,
			 const struct leat_stepinfo *of_info, unsigned can)
{
	if (of_info->on && (of->on & can)) {
		s->on = of->on;
		in->on = of_info->on;
	}
	if (of_info->workers && (!of_info->on || (of->on & can))) {
		s->workers = of->workers;
		in->workers = of_info->workers;
	}
}
