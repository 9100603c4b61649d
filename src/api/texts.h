/* SPDX-License-Identifier: MIT */
/* Recipes as files: read whole, and those they include. */
#ifndef LEAT_API_TEXTS_H
#define LEAT_API_TEXTS_H

#include "lang/program.h"

/*
 * Appends the bytes of a file, or of standard input ("-"), at most one more than a text of the language may have. 0, or
 * -1 with *err.
 */
int leat_text_read(const char *path, struct leat_buf *text, struct leat_err *err);

/* The absolute path of a file without links, to be freed; NULL with *err when there is none. */
char *leat_text_path(const char *path, struct leat_err *err);

/* For leat_program_opts.include. ctx: not used. */
leat_include_fn leat_text_include;

#endif
