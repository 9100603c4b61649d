/* SPDX-License-Identifier: MIT */
/* A program as it is written, in its other forms (language 7, `show`; the JSON form: section 10). */
#ifndef LEAT_LANG_SHOW_H
#define LEAT_LANG_SHOW_H

#include "lang/fmt.h"

/*
 * Appends the canonical text of p (from leat_program_read, without faults that leat_fmt_refuses), statement by
 * statement in canonical order (canon.h), without comments, each value bare where it may be. Programs that differ
 * only in layout, comments, kinds of quotes and that order show alike, from text and from JSON. line: in one line
 * with " | ", fit to stand in single quotes in every shell; else one statement a line, not indented (leat_fmt lays
 * it out). style may be NULL.
 */
void leat_program_show(const struct leat_program *p, const struct leat_style *style, bool line, struct leat_buf *out);

#endif
