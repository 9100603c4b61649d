/* SPDX-License-Identifier: MIT */
/* Syntax highlighting for editors, from the tables. */
#ifndef LEAT_GEN_SYNTAX_H
#define LEAT_GEN_SYNTAX_H

#include "registry/registry.h"

/* A syntax file of vim. Appended. */
void leat_gen_vim(const struct leat_registry *r, struct leat_buf *out);
/* A TextMate grammar as JSON. Appended. */
void leat_gen_textmate(const struct leat_registry *r, struct leat_buf *out);

#endif
