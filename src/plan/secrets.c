/* SPDX-License-Identifier: MIT */
/* Where secrets may stand (language 6.5): E068 for all other places. */
#include "plan/exec.h"

bool leat_plan_keeps_secrets(const char *name, const char *key)
{
	static const char *const places[][2] = {{"fetch", "header"}, {"exec", "env"}};
	for (size_t i = 0; key && i < LEAT_LEN(places); i++)
		if (strcmp(name, places[i][0]) == 0 && strcmp(key, places[i][1]) == 0)
			return true;
	return false;
}

static void check_words(struct leat_planner *pl, const char *name, const struct leat_word *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!w[i].secret || leat_plan_keeps_secrets(name, w[i].key))
			continue;
		struct leat_diag *g = leat_plan_error(pl, 68, w[i].value_at, "a secret cannot stand here");
		if (w[i].variable)
			leat_plan_label(pl, g, "the value of $%s is secret", w[i].variable);
		leat_plan_help(
			pl, g,
			"it may stand in header= of fetch and env= of exec only: elsewhere a file name, a report or "
			"a log would show it");
	}
}

static void check_directives(struct leat_planner *pl, const struct leat_directive *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_words(pl, "", d[i].words, d[i].n_words);
}

/* Recursion is as deep as branches may be. */
static void check_steps(struct leat_planner *pl, const struct leat_stmt *st, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		check_words(pl, st[i].name, st[i].words, st[i].n_words);
		check_steps(pl, st[i].body, st[i].n_body);
	}
}

void leat_plan_secrets(struct leat_planner *pl)
{
	const struct leat_program *p = pl->program;
	check_directives(pl, p->jobs, p->n_jobs);
	check_directives(pl, p->schedules, p->n_schedules);
	check_directives(pl, p->defaults, p->n_defaults);
	check_directives(pl, p->expects, p->n_expects);
	check_steps(pl, p->steps, p->n_steps);
}
