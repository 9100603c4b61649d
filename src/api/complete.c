/* SPDX-License-Identifier: MIT */
/* The TAB key, through the public door: with the text of the recipe that the line names. */
#include <leat/leat.h>

#include "api/recipe.h"
#include "gen/complete.h"

char *leat_complete(const char *const *words, size_t n, struct leat_err *err)
{
	struct leat_buf out = {0};
	struct leat_err ignored = {0}; /* a line that is being written may name what is not there */
	size_t file = leat_gen_complete_file(words, n);
	struct leat_recipe *r = file < n ? leat_load_file(words[file], NULL, &ignored) : NULL;
	leat_gen_complete(leat_registry_default(), words, n, r ? r->text : NULL, &out);
	if (r)
		leat_free(&r);
	return leat_buf_detach(&out, err);
}
