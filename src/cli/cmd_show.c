/* SPDX-License-Identifier: MIT */
/* leat show: a recipe in another of its forms. */
#include "cli.h"

static int form_of(const struct leat_invocation *in, enum leat_form *form)
{
	struct leat_err err = {.text = "--oneline, --expanded and --json are three forms: choose one"};
	if (in->oneline + in->expanded + in->json > 1)
		return complain(&err, 2);
	*form = in->oneline    ? LEAT_FORM_LINE
		: in->expanded ? LEAT_FORM_EXPANDED
		: in->json     ? LEAT_FORM_JSON
			       : LEAT_FORM_TEXT;
	return 0;
}

int cmd_show(const struct leat_invocation *in)
{
	struct leat_err err = {0};
	enum leat_form form = LEAT_FORM_TEXT;
	char *text = NULL;
	int status = form_of(in, &form);
	struct leat_recipe *r = status == 0 ? open_recipe(in, in->args ? in->args[0] : NULL) : NULL;
	if (!r)
		return 2;
	status = leat_show(r, form, &text, &err);
	if (print_diagnostics(in, r) < 0)
		status = 5;
	if (text)
		status = print_owned(stdout, text, &err, status);
	else if (status == 5)
		complain(&err, 5);
	leat_free(&r);
	return status;
}
