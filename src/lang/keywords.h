/* SPDX-License-Identifier: MIT */
/* The reserved words, and words that were meant as one (language 6.2, rule 10). */
#ifndef LEAT_LANG_KEYWORDS_H
#define LEAT_LANG_KEYWORDS_H

#include "lang/lexer.h"

/*
 * The reserved word that the first word of the statement was meant to be: in capitals, or misspelt in a statement of
 * its shape, so that what belongs to it is not mistaken, too. NULL: it is one, or something else.
 */
const char *leat_keyword_meant(const struct leat_text *t, const struct leat_lex_stmt *st);

/* Is the word so near a directive's that it is hardly a step? */
bool leat_keyword_near_directive(const char *word);

#endif
