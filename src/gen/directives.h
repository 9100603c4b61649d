/* SPDX-License-Identifier: MIT */
/* The statements that are no steps, as rows for the manual, completion and editors. */
#ifndef LEAT_GEN_DIRECTIVES_H
#define LEAT_GEN_DIRECTIVES_H

#include "core/param.h"

struct leat_gen_directive {
	const char *word;
	const char *usage; /* "let NAME = VALUE" */
	const char *doc; /* one sentence, lower case start, no full stop */
	const struct leat_param *params; /* its options, or NULL */
	bool block; /* stands among the steps, not above them */
};

/* Ends with a NULL word. */
extern const struct leat_gen_directive leat_gen_directives[];

#endif
