/* SPDX-License-Identifier: MIT */
/* From the tree as written to the program: variables replaced, loops and recipes expanded. */
#ifndef LEAT_LANG_EXPAND_H
#define LEAT_LANG_EXPAND_H

#include "lang/syntax.h"

/* Fills l->program's directives and steps. Work, memory and recursion are bounded by limits.h. */
void leat_expand(struct leat_lang *l, const struct leat_syntax *syntax);

#endif
