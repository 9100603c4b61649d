/* SPDX-License-Identifier: MIT */
/* leat_describe_why: what is done with every input, and why. */
#include "api/recipe.h"

#include "base/text.h"

static void add_input(struct leat_buf *b, const struct leat_entry *e, const struct leat_known_input *k)
{
	leat_escape_terminal(b, e->path, strlen(e->path));
	leat_buf_addf(b, ": %s", leat_verdict_text(k->verdict));
	if (k->touched)
		leat_buf_adds(b, k->done ? " (replaced by a run that was cut short)"
					 : " (another time, the same content)");
	if (k->more) {
		leat_buf_addf(b, " (%s%s", k->step ? k->step : "", k->step ? ": " : "");
		leat_escape_terminal(b, k->more, strlen(k->more));
		if (k->failed_runs > 1)
			leat_buf_addf(b, ", %llu runs on end", (unsigned long long)k->failed_runs);
		leat_buf_addc(b, ')');
	}
	leat_buf_addc(b, '\n');
}

char *leat_describe_why(const struct leat_recipe *r, struct leat_err *err)
{
	const struct leat_known *k = r->facts.known;
	struct leat_buf b = {0};
	leat_buf_adds(&b, "");
	for (size_t i = 0; r->planned && k && i < r->facts.inputs->n; i++)
		add_input(&b, &r->facts.inputs->v[i], &k->v[i]);
	char *text = b.len || b.failed ? leat_buf_detach(&b, err) : leat_strdup("", err);
	leat_buf_free(&b);
	return text;
}
