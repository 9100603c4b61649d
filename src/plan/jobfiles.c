/* SPDX-License-Identifier: MIT */
/* The files of the job line about a run: log=, metrics=, trace= (language 6.10). */
#include "core/jobopts.h"
#include "core/template.h"
#include "plan/exec.h"

/* One file for the whole run: nothing of an item can be in its name. */
static bool is_of_the_run(const char *field)
{
	static const char *const known[] = {"job", "date", "time", "host"};
	for (size_t i = 0; i < LEAT_LEN(known); i++)
		if (strcmp(known[i], field) == 0)
			return true;
	return false;
}

static bool check_fields(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w)
{
	const char *name;
	size_t offset;
	for (size_t i = 0; (name = leat_template_field(t->t, i, &offset)) != NULL; i++) {
		if (is_of_the_run(name))
			continue;
		size_t n = strcspn(t->text + offset, "}") + 1;
		const char *field = leat_plan_text(pl, "%.*s", (int)n, t->text + offset);
		struct leat_span at = field ? leat_plan_part(w, field, n) : w->value_at;
		struct leat_diag *g =
			leat_plan_error(pl, 51, at, "'{%s}' cannot be in the name of the %s", name, w->key);
		leat_plan_label(pl, g, "it is about all items");
		leat_plan_help(pl, g, "what can be in its name: {job}, {date}, {time}, {host}");
		return false;
	}
	return true;
}

static struct leat_template *file(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_binding *b,
				  const char *name)
{
	const struct leat_word *w = b->given[leat_param_find(leat_job_params, name) - leat_job_params];
	if (!w || !t->t || !check_fields(pl, t, w))
		return NULL;
	if (strcmp(t->shown, "-") == 0 || t->text[0] != '/') {
		struct leat_diag *g = leat_plan_error(pl, 38, w->value_at, "the %s needs a file of its own", name);
		leat_plan_help(pl, g, "write for example: %s=%s", name,
			       strcmp(name, "log") == 0       ? "nightly.log"
			       : strcmp(name, "metrics") == 0 ? "nightly.prom"
							      : "trace.json");
		return NULL;
	}
	return pl->facts->redirect ? NULL : t->t; /* results that are only looked at are no run of the job */
}

void leat_plan_job_files(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b)
{
	struct leat_job *job = &pl->plan->job;
	const struct {
		const struct leat_tmpl *from;
		struct leat_template **to;
		const char *name;
	} files[] = {{&o->log, &job->log, "log"},
		     {&o->metrics, &job->metrics, "metrics"},
		     {&o->trace, &job->trace, "trace"}};
	for (size_t i = 0; i < LEAT_LEN(files); i++)
		if (files[i].from->t)
			*files[i].to = file(pl, files[i].from, b, files[i].name);
}
