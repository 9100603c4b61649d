/* SPDX-License-Identifier: MIT */
/* The little troff that the manual pages need. */
#ifndef LEAT_GEN_TROFF_H
#define LEAT_GEN_TROFF_H

#include "base/buf.h"

/* Text: backslashes, dashes, and dots and quotes at the beginning of a line, would be commands otherwise. */
void leat_troff_text(struct leat_buf *out, const char *text);
/* Lines as they are. */
void leat_troff_literal(struct leat_buf *out, const char *text);
/* .SH in capitals. */
void leat_troff_section(struct leat_buf *out, const char *title);
/* .TP with `term` in bold and `text` as a sentence below it. */
void leat_troff_term(struct leat_buf *out, const char *term, const char *text);

#endif
