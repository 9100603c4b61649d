/* SPDX-License-Identifier: MIT */
/* leat try: one file through a whole recipe, with time and size behind every step. The results land in a new folder. */
#include "cli.h"

static int run_traced(struct leat_recipe *r, const char *folder)
{
	struct leat_err err = {0};
	struct progress quiet = {.on = false};
	struct traced rows = {.n = 0};
	struct leat_run_options o = {.event = traced_event, .event_ctx = &rows, .trace = true};
	if (signals_begin(r, &quiet) < 0)
		return 5;
	int status = leat_run(r, &o, &err);
	signals_end();
	traced_print(stdout, &rows);
	traced_free(&rows);
	if (err.cause != LEAT_CAUSE_NONE)
		complain(&err, status);
	if (drop_folder(folder))
		printf("\nnothing was written\n");
	else
		printf("\nthe results are in %s; nothing else was changed\n", folder);
	return fflush(stdout) == 0 ? status : 5;
}

int cmd_try(const struct leat_invocation *in)
{
	char folder[4096];
	const char *input[] = {in->args[in->n_args - 1], NULL};
	struct leat_invocation one = *in;
	one.input = input;
	one.limit = 1;
	if (make_folder("leat-try", folder, sizeof folder) < 0)
		return 5;
	one.redirect = folder;
	int status;
	struct leat_recipe *r = plan_recipe(&one, true, &status);
	if (!r) {
		(void)drop_folder(folder);
		return status;
	}
	status = run_traced(r, folder);
	leat_free(&r);
	return status;
}
