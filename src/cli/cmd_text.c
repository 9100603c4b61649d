/* SPDX-License-Identifier: MIT */
/* The commands that only print: help, explain, version, manual, complete. */
#include "cli.h"

int cmd_help(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	char topic[256] = "";
	for (size_t i = 0, at = 0; i < in->n_args && at < sizeof topic; i++)
		at += (size_t)snprintf(topic + at, sizeof topic - at, "%s%s", i ? " " : "", in->args[i]);
	const char *about = topic[0] ? topic : NULL;
	char *text = in->json ? leat_help_json(about, &err) : leat_help(about, &err);
	return text ? print_owned(stdout, text, &err, 0) : complain(&err, 2);
}

int cmd_explain(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	char *text = leat_explain(in->n_args ? in->args[0] : NULL, in->json, &err);
	return text ? print_owned(stdout, text, &err, 0) : complain(&err, 2);
}

int cmd_version(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	(void)in;
	return print_owned(stdout, leat_version_text(&err), &err, 0);
}

int cmd_manual(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	char *text = leat_manual(in->n_args ? in->args[0] : NULL, &err);
	return text ? print_owned(stdout, text, &err, 0) : complain(&err, 2);
}

int cmd_syntax(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	char *text = leat_syntax(in->args[0], &err);
	return text ? print_owned(stdout, text, &err, 0) : complain(&err, 2);
}

int cmd_complete(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	return print_owned(stdout, leat_complete(in->args, in->n_args, &err), &err, 0);
}
