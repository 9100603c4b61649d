/* SPDX-License-Identifier: MIT */
/* Options of steps replaced from outside: --opt STEP.KEY=VALUE. */
#ifndef LEAT_LANG_OVERRIDE_H
#define LEAT_LANG_OVERRIDE_H

#include "lang/say.h"

/*
 * Applies l->opts->opt to the expanded steps. A step is addressed by its id, by its name, or by branch/step; a leading
 * '/' means the main line. An address that means no step or several is reported (E067).
 */
void leat_override(struct leat_lang *l);

#endif
