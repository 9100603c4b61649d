/* SPDX-License-Identifier: MIT */
/* Lines and columns of many places: each text is looked through for its lines once. */
#ifndef LEAT_CORE_PLACES_H
#define LEAT_CORE_PLACES_H

#include "core/diag.h"

/* Zero-initialised is empty. Borrows the texts. */
struct leat_places {
	struct leat_lines *v; /* one per text met so far */
	size_t n, cap;
	bool failed; /* memory is out: answers are 1:1 */
};

/* As leat_text_place: line and column of byte `at`, from 1, in characters. */
void leat_place_of(struct leat_places *p, const struct leat_text *t, size_t at, unsigned *line, unsigned *column);
void leat_places_free(struct leat_places *p);

#endif
