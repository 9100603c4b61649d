/* SPDX-License-Identifier: MIT */
/* What somebody may have meant (language 8.3): distance, unique prefix, then the words of other tools. */
#ifndef LEAT_PLAN_WORDS_H
#define LEAT_PLAN_WORDS_H

#include "plan/bind.h"

/* Reports E024 for a statement whose name no step has. */
void leat_plan_unknown_step(struct leat_planner *pl, const struct leat_stmt *st);

/* Reports E031 for an option that the statement of b does not know. */
void leat_plan_unknown_option(struct leat_planner *pl, const struct leat_binding *b, const struct leat_word *w);

/* "on=threads workers=4" for `threads=4` and its like; NULL for other options. */
const char *leat_plan_threads_instead(struct leat_planner *pl, const struct leat_word *w);

/* The execution option of `defaults` meant by `word`; NULL: no idea. */
const char *leat_plan_exec_guess(const char *word);

/* The field meant by `word` among the n candidates; NULL: no idea. */
const char *leat_plan_field_guess(const char *word, const char *const *fields, size_t n);

/*
 * `convert webp` wants to be `encode webp`: reports that (E024) and says true; `convert` alone is left to the
 * caller.
 */
bool leat_plan_is_encode(struct leat_planner *pl, const struct leat_stmt *st);

#endif
