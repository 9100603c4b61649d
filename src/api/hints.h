/* SPDX-License-Identifier: MIT */
/* What somebody may have meant who gave the program something that is no command and no recipe. */
#ifndef LEAT_API_HINTS_H
#define LEAT_API_HINTS_H

#include "base/buf.h"
#include "gen/commands.h"

/* Each returns -1 with *err (USAGE). */
int leat_hint_command(const char *word, struct leat_err *err); /* `leat WORD` */
/* an option that the command does not have; word: as typed, "-q", "--jobs=4" */
int leat_hint_option(const struct leat_command *c, const char *word, struct leat_err *err);
int leat_hint_open(const char *path, int sys, struct leat_err *err); /* a recipe that cannot be opened or read */

/* Is this the text of a recipe and not an image, a table, UTF-16? 0, or -1 with *err (USAGE) that says what it is. */
int leat_hint_text(const char *path, const struct leat_buf *text, struct leat_err *err);

#endif
