/* SPDX-License-Identifier: MIT */
/* Text from outside: UTF-8 decoding, display width, escaping for terminals and JSON, nearest words. */
#ifndef LEAT_BASE_TEXT_H
#define LEAT_BASE_TEXT_H

#include "base/buf.h"

/* Decodes one code point at s (n > 0 bytes available). Returns its length; on invalid UTF-8 returns 1 and
   *cp = -1. */
size_t leat_utf8_next(const char *s, size_t n, int32_t *cp);

/* Appends code point cp as UTF-8. */
void leat_utf8_add(struct leat_buf *b, int32_t cp);

/* Columns that a code point takes on a terminal: 0, 1 or 2. Its own table: the host's locale is not asked. */
int leat_utf8_width(int32_t cp);

/*
 * Appends n bytes with everything a terminal could obey or hide (controls, DEL, C1, invalid UTF-8, bidi
 * controls, zero-width blanks) written as \xE4 or \u{202E}.
 */
void leat_escape_terminal(struct leat_buf *b, const char *s, size_t n);

/*
 * Appends n bytes as a JSON string with its quotes; bytes that are no UTF-8 become the six characters \\xE4 (an
 * escaped backslash, x, hex).
 */
void leat_escape_json(struct leat_buf *b, const char *s, size_t n);

/*
 * Damerau-Levenshtein distance (with transpositions) over lower-cased bytes, '_' = '-'; INT_MAX for words
 * longer than 64.
 */
int leat_word_distance(const char *a, const char *b);

/* Distance 0, of words of any length. */
bool leat_same_word(const char *a, const char *b);

/*
 * The candidate nearest to `word` under the rules of language 8.3 (distance 1 up to 4 letters, 2 up to 8, 3
 * above; ties alphabetical; then a unique prefix of at least 3 letters), or NULL.
 */
const char *leat_nearest_word(const char *word, const char *const *candidates, size_t n);

#endif
