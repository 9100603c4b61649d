/* SPDX-License-Identifier: MIT */
/* leat status: what a running job is at. */
#include "cli.h"

#include <stdlib.h>

static int tell(const struct leat_invocation *in, const char *state)
{
	struct leat_err err = {0};
	char *text = leat_status_of(state, in->json, &err);
	if (text)
		return print_owned(stdout, text, &err, 0);
	return complain(&err, err.cause == LEAT_CAUSE_NOT_FOUND ? 3 : 5);
}

int cmd_status(const struct leat_invocation *in)
{
	return with_state(in, tell);
}
