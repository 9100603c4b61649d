/* SPDX-License-Identifier: MIT */
/* The texts of a program: copied into it, so that places in them stay good as long as it lives. */
#ifndef LEAT_LANG_TEXTS_H
#define LEAT_LANG_TEXTS_H

#include "lang/say.h"

/*
 * Copies a text, without its byte order mark; the JSON form becomes text of the language. included: the statement that
 * names it, or none. NULL when it is too large, which is reported, or memory is out.
 */
const struct leat_text *leat_texts_add(struct leat_lang *l, const char *name, const char *dir, const char *data,
				       size_t len, struct leat_span included);

/* The name of a file that is written as `file` in text t, as messages show it: by the same beginning as t itself. */
const char *leat_texts_shown(struct leat_lang *l, const struct leat_text *t, const char *file);

#endif
