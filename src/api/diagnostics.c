/* SPDX-License-Identifier: MIT */
/* Diagnostics of recipes, for people and for programs. */
#include "api/recipe.h"
#include "core/diag_json.h"

static char *given(struct leat_buf *out)
{
	char *text = leat_buf_detach(out, NULL);
	leat_buf_free(out);
	return text;
}

char *leat_diagnostics(const struct leat_recipe *r, bool color)
{
	struct leat_buf out = {0};
	leat_diags_render((struct leat_diags *)(uintptr_t)&r->diags, &out, color);
	return given(&out);
}

static void add(struct leat_diags *d, enum leat_diag_format format, struct leat_buf *out)
{
	if (format == LEAT_DIAG_SARIF)
		leat_sarif_add(d, out);
	else if (format == LEAT_DIAG_JSON)
		leat_diags_json(d, out);
	else
		leat_diags_render(d, out, false);
}

char *leat_diagnostics_as(struct leat_recipe *const *recipes, size_t n, enum leat_diag_format format)
{
	struct leat_buf out = {0};
	bool sarif = format == LEAT_DIAG_SARIF;
	leat_buf_adds(&out, "");
	if (sarif)
		leat_sarif_begin(&out);
	for (size_t i = 0; i < n; i++)
		add(&recipes[i]->diags, format, &out);
	if (sarif)
		leat_sarif_end(&out);
	return given(&out);
}
