/* SPDX-License-Identifier: MIT */
/*
 * The options of the job line about how a run goes: deadline=, max-errors=, temp=, nice=, on-finish= (language 6.10).
 */
#include "core/jobopts.h"
#include "core/paramvalue.h"
#include "plan/exec.h"

#include "base/num.h"

static const struct leat_word *given(const struct leat_binding *b, const char *name)
{
	return b->given[leat_param_find(leat_job_params, name) - leat_job_params];
}

/* Does the text parse as this type? The message for those that do not is the caller's. */
static bool parses(struct leat_planner *pl, const struct leat_param *p, const char *text, int64_t *out)
{
	struct leat_value_error e = {0};
	return leat_param_parse(p, text, out, &pl->plan->arena, &e) == 0;
}

/* "06:00" or "4h". */
static void deadline(struct leat_planner *pl, const struct leat_word *w, const char *text)
{
	static const struct leat_param clock = {.name = "deadline", .type = LEAT_PT_TIMEOFDAY};
	static const struct leat_param length = {.name = "deadline", .type = LEAT_PT_DURATION, .imin = 1000000000};
	struct leat_job *job = &pl->plan->job;
	if (!w)
		return;
	if (parses(pl, &clock, text, &job->deadline_at)) {
		job->deadline_ns = 0;
	} else if (!parses(pl, &length, text, &job->deadline_ns)) {
		struct leat_diag *g = leat_plan_error(pl, 46, w->value_at,
						      "'%s' is neither a time of day nor a time from 1s on", text);
		leat_plan_help(pl, g, "write for example deadline=06:00 or deadline=4h");
		return;
	}
	job->deadline = text;
}

/* "500" or "5%". */
static void max_errors(struct leat_planner *pl, const struct leat_word *w, const char *text)
{
	struct leat_job *job = &pl->plan->job;
	size_t n = w ? strlen(text) : 0;
	if (!w)
		return;
	job->max_share = 0;
	bool percent = n > 1 && text[n - 1] == '%';
	bool ok = percent ? leat_parse_real(text, n - 1, &job->max_share) && job->max_share > 0 && job->max_share <= 100
			  : leat_parse_int(text, n, &job->max_failed) && job->max_failed >= 0;
	if (!ok) {
		struct leat_diag *g = leat_plan_error(pl, percent ? 43 : 42, w->value_at,
						      "'%s' is no number of items and no percentage of them", text);
		leat_plan_help(pl, g, "write for example max-errors=500 or max-errors=5%%");
		job->max_share = 0;
		return;
	}
	job->max_share /= 100;
	job->max_errors = true;
}

/* E069: who runs programs must be allowed to on the command line, for a file cannot allow itself anything. */
void leat_plan_runs_programs(struct leat_planner *pl, struct leat_span at, const char *what)
{
	pl->plan->runs_programs = true;
	if (!pl->facts->refuse_exec) {
		leat_plan_note(pl, "programs are run: leat run needs --allow-exec");
		return;
	}
	struct leat_diag *g = leat_plan_error(pl, 69, at, "%s runs a program, and that is not allowed", what);
	leat_plan_help(pl, g, "read what it runs; if you trust it, start leat with --allow-exec");
}

static void command(struct leat_planner *pl, const struct leat_word *w, const char *text, const char **out)
{
	if (!w)
		return;
	if (!*text) {
		leat_plan_error(pl, 36, w->value_at, "the command of '%s=' is empty", w->key);
		return;
	}
	leat_plan_runs_programs(pl, w->span, leat_plan_text(pl, "'%s='", w->key));
	*out = text;
}

/* What the job writes, besides its outputs. */
static void note_paths(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b)
{
	struct leat_plan *p = pl->plan;
	size_t n = leat_param_count(leat_job_params);
	const char **v = leat_plan_alloc(pl, p->n_job_paths + n, sizeof *v);
	for (size_t i = 0; v && i < p->n_job_paths; i++)
		v[i] = p->job_paths[i];
	for (size_t i = 0; v && i < n; i++) {
		const void *value = (const char *)o + leat_job_params[i].offset;
		const char *path = NULL;
		if (b->given[i] && leat_job_params[i].type == LEAT_PT_PATH)
			path = *(const char *const *)value;
		else if (b->given[i] && leat_job_params[i].type == LEAT_PT_TEMPLATE)
			path = ((const struct leat_tmpl *)value)->text;
		if (path && *path == '/')
			v[p->n_job_paths++] = path;
	}
	if (v)
		p->job_paths = v;
}

void leat_plan_job_run(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b)
{
	struct leat_job *job = &pl->plan->job;
	note_paths(pl, o, b);
	deadline(pl, given(b, "deadline"), o->deadline);
	max_errors(pl, given(b, "max-errors"), o->max_errors);
	if (given(b, "nice"))
		job->nice = (int)o->nice;
	if (given(b, "ionice"))
		job->ionice = (enum leat_ionice)o->ionice;
	if (pl->facts->redirect) /* results elsewhere, which are only looked at: nobody is told, nothing stands by */
		return;
	if (given(b, "temp"))
		job->temp = o->temp;
	command(pl, given(b, "on-finish"), o->on_finish, &job->on_finish);
	command(pl, given(b, "on-failure"), o->on_failure, &job->on_failure);
}
