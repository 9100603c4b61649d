/* SPDX-License-Identifier: MIT */
/* leat tune: which on= and workers= are the fastest on a sample, ready to paste. */
#include "cli.h"

#include <stdlib.h>

struct telling {
	bool on;
};

static void tell(void *ctx, const char *what)
{
	const struct telling *t = ctx;
	if (t->on)
		fprintf(stderr, "\rtrying %s\033[K", what);
}

static int tune(const struct leat_invocation *in, struct leat_recipe *r, const char *folder)
{
	struct leat_err err = {0};
	struct progress quiet = {.on = false};
	struct telling t = {.on = wants_color(stderr)};
	struct leat_tune_options o = {.cores = in->cores,
				      .input = in->input,
				      .only = in->only,
				      .sample = in->sample,
				      .seconds = in->seconds,
				      .allow_exec = in->allow_exec,
				      .temp = folder,
				      .tell = tell,
				      .ctx = &t};
	char *text = NULL;
	if (signals_begin(r, &quiet) < 0)
		return 5;
	int status = leat_tune(r, &o, &text, &err);
	signals_end();
	if (t.on)
		fputs("\r\033[K", stderr);
	if (text)
		return print_owned(stdout, text, &err, 0);
	if (print_diagnostics(in, r) < 0)
		return 5;
	return err.cause != LEAT_CAUSE_NONE ? complain(&err, status) : status;
}

int cmd_tune(const struct leat_invocation *in)
{
	char folder[4000];
	struct leat_recipe *r = open_recipe(in, in->args ? in->args[0] : NULL);
	if (!r)
		return 2;
	int status = 5;
	if (make_folder("leat-tune", folder, sizeof folder) == 0) {
		status = tune(in, r, folder);
		(void)drop_folder(folder);
	}
	leat_free(&r);
	return status;
}
