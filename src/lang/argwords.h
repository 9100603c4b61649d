/* SPDX-License-Identifier: MIT */
/* A pipeline as words of a command line: `leat run -- read 'a b.jpg' then resize 800x then write out/{stem}.png`. */
#ifndef LEAT_LANG_ARGWORDS_H
#define LEAT_LANG_ARGWORDS_H

#include "base/buf.h"

/*
 * Appends the pipeline as text of one line: each word is one word of the language and stands for itself (no quotes,
 * '$' or '#' mean anything in it), KEY=VALUE is an option, `then` separates steps. -1 with *err (USAGE) when there is
 * a step missing before or behind a `then`, or memory is out.
 */
int leat_argwords_to_text(const char *const *words, size_t n, struct leat_buf *out, struct leat_err *err);

#endif
