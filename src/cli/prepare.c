/* SPDX-License-Identifier: MIT */
/* What every command that looks at a recipe begins with: open it, check or plan it, show what is wrong. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

struct leat_recipe *open_recipe(const struct leat_invocation *in, const char *file)
{
	struct leat_err err = {0};
	struct leat_load_options o = {.set = in->set, .vars = in->vars, .opt = in->opt};
	struct leat_recipe *r = in->words ? leat_load_words(in->args, in->n_args, &o, &err)
				: in->pipeline
					? leat_load_text("<command line>", in->pipeline, strlen(in->pipeline), &o, &err)
					: leat_load_file(file, &o, &err);
	if (!r)
		complain(&err, 0);
	return r;
}

int print_diagnostics(const struct leat_invocation *in, struct leat_recipe *r)
{
	struct leat_err err = {.text = "out of memory"};
	char *text = in->diagnostics ? leat_diagnostics_as(&r, 1, (enum leat_diag_format)in->diagnostics)
				     : leat_diagnostics(r, wants_color(stderr));
	return print_owned(stderr, text, &err, 0) == 0 ? 0 : -1;
}

int denied(const struct leat_invocation *in, const struct leat_recipe *r)
{
	size_t n = leat_warning_count(r);
	if (!in->deny_warnings || n == 0)
		return 0;
	fprintf(stderr, "leat: --deny-warnings: %zu warning%s\n", n, n == 1 ? "" : "s");
	return 2;
}

struct leat_recipe *plan_recipe(const struct leat_invocation *in, bool headers, int *status)
{
	struct leat_err err = {0};
	struct leat_plan_options o = {.cores = in->cores,
				      .input = in->input,
				      .only = in->only,
				      .limit = in->limit,
				      .redirect = in->redirect,
				      .force = in->force,
				      .retry_failed = in->retry_failed,
				      .headers = headers,
				      .allow_exec = in->allow_exec};
	struct leat_recipe *r = open_recipe(in, in->args ? in->args[0] : NULL);
	*status = r ? leat_plan(r, &o, &err) : 2;
	if (!r)
		return NULL;
	/* --quiet: a warning alone is no news; if the run goes wrong it is shown then. */
	if (!(in->quiet && *status == 0) && print_diagnostics(in, r) < 0)
		*status = 5;
	if (*status == 0)
		*status = denied(in, r);
	else if (err.cause != LEAT_CAUSE_NONE)
		complain(&err, *status);
	if (in->calls_back && *status >= 3) {
		struct leat_err late = {0};
		if (leat_no_run(r, *status, &late) < 0)
			*status = complain(&late, 5);
	}
	if (*status != 0)
		leat_free(&r);
	return r;
}

int worse(int a, int b)
{
	static const int order[] = {2, 75, 5, 130, 143, 6, 4, 3, 1, 0};
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a;
}
