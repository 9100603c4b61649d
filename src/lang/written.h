/* SPDX-License-Identifier: MIT */
/*
 * Values as they are written. A value's *written text* is what stands between its quotes with the escapes resolved
 * and its variables kept: `$name` or `${name}` is a variable, `$$` a dollar sign, everything else is itself. It is
 * what the JSON form holds, and it makes values comparable whatever their quotes.
 */
#ifndef LEAT_LANG_WRITTEN_H
#define LEAT_LANG_WRITTEN_H

#include "lang/fmt.h"
#include "lang/lexer.h"

/* Appends the written text of a word without faults. */
void leat_written_text(const struct leat_text *t, const struct leat_lex_word *w, struct leat_buf *b);

/* Where a value stands: what it must not look like there. */
enum leat_written_place {
	LEAT_PLACE_VALUE, /* positional */
	LEAT_PLACE_CONDITION, /* in `expect`: KEY=VALUE is one condition */
	LEAT_PLACE_STEP_CONDITION, /* in `keep`, `drop`, ...: the same, but execution options are options */
	LEAT_PLACE_OPTION, /* behind KEY= */
	LEAT_PLACE_LET, /* behind let NAME = */
};

/*
 * Appends a written text as a word that reads back as it: bare where it may be, else in quotes. shell: without ' and
 * without a doubled backslash, so that the text passes through the single quotes of every shell, fish included.
 */
void leat_written_word(struct leat_buf *b, const char *s, size_t n, enum leat_written_place place, bool shell);

/* Appends a bare word as it is, in quotes that keep its meaning. */
void leat_written_quote(const struct leat_text *t, const struct leat_lex_word *w, struct leat_buf *b);

/*
 * "yes" or "no" when word w is a switch written true or false, else NULL. words: those behind the name of the
 * statement, w among them. style may be NULL.
 */
const char *leat_written_switch(const struct leat_text *t, const char *step, size_t n_step,
				const struct leat_lex_word *words, size_t n, const struct leat_lex_word *w,
				const struct leat_style *style);

#endif
