/* SPDX-License-Identifier: MIT */
/* The value types of the language (6.4) as rows: what people read in place of a value, and what they may write. */
#ifndef LEAT_GEN_TYPES_H
#define LEAT_GEN_TYPES_H

#include "core/param.h"

struct leat_gen_type {
	const char *word; /* in a usage line: "WxH" */
	const char *name; /* "pixel size" */
	const char *accepts; /* one sentence, lower case start, no full stop */
	const char *example; /* values that work */
};

/* The row of a type; every type of a row has one. */
const struct leat_gen_type *leat_gen_type(enum leat_ptype t);
/* One line for each word that stands for a value, in order. Appended. */
void leat_gen_types(struct leat_buf *out);

#endif
