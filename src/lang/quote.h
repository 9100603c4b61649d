/* SPDX-License-Identifier: MIT */
/* Words written so that they read back the same. leat_word_quote itself is in program.h. */
#ifndef LEAT_LANG_QUOTE_H
#define LEAT_LANG_QUOTE_H

#include "lang/program.h"

/* True when the value reads back as itself, bare, wherever in a statement it stands. Says no when in doubt. */
bool leat_word_safe(const char *value);

/* Appends the value in quotes, whatever it is. */
void leat_word_quote_always(struct leat_buf *b, const char *value);

#endif
