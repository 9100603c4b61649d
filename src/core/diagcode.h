/* SPDX-License-Identifier: MIT */
/* The codes of all diagnostics with their meaning: the one list (diagcodes.def) as a table. */
#ifndef LEAT_CORE_DIAGCODE_H
#define LEAT_CORE_DIAGCODE_H

#include "core/diag.h"

struct leat_diag_code {
	enum leat_severity severity;
	int code; /* 24 = E024; warnings 1 = W001 */
	const char *section; /* of the language: "6.3" */
	const char *meaning; /* one line, lower case, no full stop */
};

/* Errors by number, then warnings by number. Immutable. */
extern const struct leat_diag_code leat_diag_codes[];
extern const size_t leat_n_diag_codes;

/* The row of a code, or NULL. */
const struct leat_diag_code *leat_diag_code_find(enum leat_severity severity, int code);
/* The row of "E043", "W001" (letter in either case), or NULL. */
const struct leat_diag_code *leat_diag_code_named(const char *name);

#endif
