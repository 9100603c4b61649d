/* SPDX-License-Identifier: MIT */
/* Short texts inside image files, brought to clean UTF-8. */
#ifndef LEAT_FORMATS_WORDS_H
#define LEAT_FORMATS_WORDS_H

#include "base/err.h"

/*
 * n bytes as UTF-8: taken as UTF-8 when they are valid and `latin1` is false, else as Latin-1.
 * Control characters become blanks, blanks at the ends go, at most LEAT_LIMIT_COPYRIGHT bytes are
 * read. Malloced; NULL when nothing is left or with *err set.
 */
char *leat_words(const uint8_t *s, size_t n, bool latin1, struct leat_err *err);

#endif
