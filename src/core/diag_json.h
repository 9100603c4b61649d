/* SPDX-License-Identifier: MIT */
/* Diagnostics for programs: JSON, an object each, and SARIF 2.1.0 for what collects results (language 8.1). */
#ifndef LEAT_CORE_DIAG_JSON_H
#define LEAT_CORE_DIAG_JSON_H

#include "core/diag.h"

/*
 * Appends all, sorted as leat_diags_render does, one object a line:
 *
 *	{"code":"E031","severity":"error","file":"web.leat","line":3,"column":13,"endLine":3,"endColumn":19,
 *	 "message":"unknown option 'qualty' for 'encode'","label":"did you mean 'quality'?",
 *	 "notes":[{"file":...,"line":...,"column":...,"endLine":...,"endColumn":...,"message":"first time"}],
 *	 "help":["..."],"fix":{"range":{"file":...,"line":...,...,"endColumn":...},"text":"quality"}}
 *
 * Lines and columns count from 1, columns in characters; the end is behind the last character. What has no place has
 * null for them, and for the file where it belongs to none. notes: other places, and where an included file is
 * included. label and fix: null where there is none. In a recipe in JSON a place has no lines and columns but a further
 * member "pointer", the JSON pointer, and there are no fixes. Texts are as typed, control characters and all.
 */
void leat_diags_json(struct leat_diags *d, struct leat_buf *out);

/* One SARIF log: begin, the diagnostics of any number of programs, end. Its rules are all the codes there are. */
void leat_sarif_begin(struct leat_buf *out);
void leat_sarif_add(struct leat_diags *d, struct leat_buf *out);
void leat_sarif_end(struct leat_buf *out);

#endif
