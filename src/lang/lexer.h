/* SPDX-License-Identifier: MIT */
/*
 * From characters to statements: words with their places. Everything about blanks, quotes,
 * comments, continuations and pipes is settled here (language 6.2); what the words mean is the
 * parser's question.
 */
#ifndef LEAT_LANG_LEXER_H
#define LEAT_LANG_LEXER_H

#include "lang/say.h"

/* One word as written. All places are bytes of the text. */
struct leat_lex_word {
	uint32_t start, end; /* the word with its quotes */
	uint32_t key_end; /* behind the KEY of KEY=VALUE; == start: no option */
	uint32_t value, value_end; /* the value without quotes */
	char quote; /* 0, '"' or '\'' */
	bool pieces; /* it has '$' or escapes to look at */
	bool bad; /* something in its value was reported: the value is unknown */
	bool dropped; /* taken out by the recovery from an error */
};

struct leat_lex_stmt {
	struct leat_lex_word *words; /* at least one; good until the next statement is read */
	size_t n;
	uint32_t start, end;
	uint32_t indent; /* bytes before it on its line, LEAT_NO_INDENT when it does not begin a line */
	bool damaged; /* its first structural error was reported */
	bool closes; /* a '}' that was reported and stands for 'end' */
	const char *reads_as; /* the reserved word that word 0 was meant to be, which was reported; or NULL */
	bool assigns; /* "x = 3" that was reported: word 0 (or its key) names a variable of unknown value */
};
enum { LEAT_NO_INDENT = INT32_MAX };

struct leat_lexer {
	struct leat_lang *lang;
	const struct leat_text *text;
	const char *s; /* text->data */
	uint32_t n, pos;
	uint32_t line, line_end; /* the line pos is on; line_end: before its break */
	bool line_bad; /* an error about the whole line was reported */
	struct leat_lex_word *words;
	size_t n_words, cap_words;
	enum { LEAT_LET_NO, LEAT_LET_NAME, LEAT_LET_VALUE } let; /* after `let` the first '=' is a word */
	bool any; /* a statement was read */
	bool after_pipe, pipe_said; /* since then: a '|' was seen, an empty step was reported */
	uint32_t pipe; /* the last '|' */
};

/* Starts at the beginning of a text (at most UINT32_MAX bytes). */
void leat_lex_start(struct leat_lexer *lx, struct leat_lang *l, const struct leat_text *text);

/* The next statement that has words; false at the end of the text. Reports lexical errors and recovers. */
bool leat_lex_next(struct leat_lexer *lx, struct leat_lex_stmt *st);
void leat_lex_end(struct leat_lexer *lx); /* releases its memory */

/* Places, for messages. */
struct leat_span leat_lex_span(const struct leat_text *t, uint32_t start, uint32_t end);
struct leat_span leat_word_span(const struct leat_text *t, const struct leat_lex_word *w);
/* The value; with its quotes when it is empty, so that there is something to point at. */
struct leat_span leat_value_span(const struct leat_text *t, const struct leat_lex_word *w);

static inline bool leat_word_has_key(const struct leat_lex_word *w)
{
	return w->key_end > w->start;
}

/* A bare word without key that is exactly this text. */
bool leat_word_is(const struct leat_text *t, const struct leat_lex_word *w, const char *text);

#endif
