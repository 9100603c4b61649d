/* SPDX-License-Identifier: MIT */
/* A recipe as a picture. */
#include "api/recipe.h"

#include "gen/commands.h"
#include "plan/graph.h"

char *leat_graph(const struct leat_recipe *r, const char *format, struct leat_err *err)
{
	struct leat_buf out = {0};
	char *text = NULL;
	size_t i = 0;
	while (leat_graph_formats[i] && strcmp(leat_graph_formats[i], format) != 0)
		i++;
	if (!r->plan || r->diags.errors)
		leat_fail(err, LEAT_CAUSE_USAGE, "leat_graph needs a leat_check that found no errors");
	else if (!leat_graph_formats[i])
		leat_fail(err, LEAT_CAUSE_USAGE, "there is no picture format '%s': ascii, dot, mermaid or svg", format);
	else if (leat_plan_graph(r->plan, (enum leat_graph_format)i, &out, err) == 0)
		text = leat_buf_detach(&out, err);
	leat_buf_free(&out);
	return text;
}
