/* SPDX-License-Identifier: MIT */
/* leat history, failures, show-item: what the ledger of a job tells. */
#include "cli.h"

static int print(char *text, const struct leat_err *err)
{
	if (text)
		return print_owned(stdout, text, err, 0);
	return complain(err, err->cause == LEAT_CAUSE_NOT_FOUND ? 3 : 5);
}

static int history(const struct leat_invocation *in, const char *state)
{
	struct leat_err err = {0};
	char *text = leat_history(state, in->json, &err);
	return print(text, &err);
}

static int failures(const struct leat_invocation *in, const char *state)
{
	struct leat_err err = {0};
	char *text = leat_failures(state, in->json, &err);
	return print(text, &err);
}

static int show_item(const struct leat_invocation *in, const char *state)
{
	struct leat_err err = {0};
	char *text = leat_show_item(state, in->args[1], in->json, &err);
	return print(text, &err);
}

int cmd_history(const struct leat_invocation *in)
{
	return with_state(in, history);
}

int cmd_failures(const struct leat_invocation *in)
{
	return with_state(in, failures);
}

int cmd_show_item(const struct leat_invocation *in)
{
	return with_state(in, show_item);
}
