/* SPDX-License-Identifier: MIT */
/* Words written so that they read back the same. leat_word_quote itself is in program.h. */
#ifndef LEAT_LANG_QUOTE_H
#define LEAT_LANG_QUOTE_H

#include "lang/program.h"

/* True when the value reads back as itself, bare, wherever in a statement it stands. Says no when in doubt. */
bool leat_word_safe(const char *value);

/*
 * True when the characters of s are one bare word that stands for itself: no quotes, variables or backslashes. Whether
 * the words around it or a habit make something else of it is not asked. option: it stands behind KEY=, may be empty.
 */
bool leat_word_bare(const char *s, bool option);

/* Appends the value in quotes, whatever it is. */
void leat_word_quote_always(struct leat_buf *b, const char *value);

#endif
