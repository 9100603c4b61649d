/* SPDX-License-Identifier: MIT */
/* The message for a variable that is not set, with the likeliest reason (language 8.4, cases 26, 41, 42). */
#ifndef LEAT_LANG_UNDEFINED_H
#define LEAT_LANG_UNDEFINED_H

#include "lang/pieces.h"
#include "lang/vars.h"

/* Reports E060 for the reference p at this place. */
void leat_undefined(struct leat_vars *v, const struct leat_scope *scope, struct leat_span at,
		    const struct leat_piece *p);

#endif
