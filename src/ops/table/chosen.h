/* SPDX-License-Identifier: MIT */
/* What keep-rows and drop-rows share. */
#ifndef LEAT_OPS_TABLE_CHOSEN_H
#define LEAT_OPS_TABLE_CHOSEN_H

#include "ops/array/whole.h"

/* Does the condition parse? 0, or -1 with *err (USAGE). */
int leat_chosen_check(const char *condition, struct leat_err *err);

/* The rows for which the condition holds, or those for which it does not: NaN does not. */
int leat_chosen_run(const struct leat_whole *w, const char *condition, bool holds, const struct leat_payload *in,
		    struct leat_payload *out, struct leat_err *err);

#endif
