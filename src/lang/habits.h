/* SPDX-License-Identifier: MIT */
/*
 * Habits of shells, word processors and other tools: each is recognized, named, and answered with
 * what to write here (language 8.4, cases 5 to 8, 12 to 14, 31, 32, 44).
 */
#ifndef LEAT_LANG_HABITS_H
#define LEAT_LANG_HABITS_H

#include "lang/lexer.h"
#include "lang/odd.h"

/* A character that may not stand there: E002, E003, E004. */
void leat_habit_character(struct leat_lang *l, struct leat_span at, enum leat_odd odd, int32_t cp);

/* A separator of another language, "!" or "&&": E011. */
void leat_habit_separator(struct leat_lang *l, struct leat_span at);

/* An unknown escape; value: the whole text, in which a Windows path may be found: E012. */
void leat_habit_escape(struct leat_lang *l, struct leat_span at, struct leat_span value);

/* A '$' that begins no variable, or a command in backquotes: E016. */
void leat_habit_dollar(struct leat_lang *l, struct leat_span at);

/* A path with a drive letter in a bare word: E018. */
void leat_habit_windows(struct leat_lang *l, struct leat_span value);

/* Bytes of the color that a comment s[0 … n) begins with ("#fff"), 0 when it does not look like one. */
size_t leat_habit_color(const char *s, size_t n);

/* A comment behind a statement that looks like a color: W001. */
void leat_habit_comment(struct leat_lang *l, struct leat_span at, bool in_let);

/*
 * Habits that show in the words of a statement: E008, E010, E011, E013, E014, E015, E017, E018,
 * E019. Words that cannot be used are taken out; the rest is fit to be parsed. When none is left, n
 * is 0.
 */
void leat_habit_statement(struct leat_lang *l, const struct leat_text *t, struct leat_lex_stmt *st);

#endif
