/* SPDX-License-Identifier: MIT */
/* The pages of `leat explain`: one for every code of a diagnostic, with an example that gives it and its cure. */
#ifndef LEAT_GEN_EXPLAIN_H
#define LEAT_GEN_EXPLAIN_H

#include "core/diagcode.h"

struct leat_explanation {
	const struct leat_diag_code *code;
	const char *text; /* paragraphs, a line break between two */
	/*
	 * A recipe that gives the code, and the same without the mistake or NULL. Both end with a line break; one
	 * that begins with "$ " is a command line.
	 */
	const char *wrong, *right;
};

/* The page of row i of leat_diag_codes; all rows have one, or this room does not compile. */
struct leat_explanation leat_explanation_at(size_t i);

/*
 * Appends the page of a code ("E043", "w001", "43"), or, with NULL, the list of all. json: as one object, or an
 * array of all. -1 with *err (USAGE) when there is no such code.
 */
int leat_gen_explain(const char *code, bool json, struct leat_buf *out, struct leat_err *err);

#endif
