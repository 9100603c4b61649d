/* SPDX-License-Identifier: MIT */
/*
 * Names that are taken, and by whom: so that two inputs of a run never write one file.
 *
 * Properties: about 40 bytes a name beside its text; nothing is ever taken out.
 * Safety:     claim() from any thread; one mutex, held for one look-up.
 */
#ifndef LEAT_BASE_NAMESET_H
#define LEAT_BASE_NAMESET_H

#include "base/err.h"

struct leat_nameset;
struct leat_nameset *leat_nameset_new(struct leat_err *err);

/*
 * Takes `name` (copied) for the owner (who, id). 0: it is the owner's now, or was already (a second attempt of
 * the same item); 1: somebody else has it, *other is its id; -1 with *err: out of memory.
 */
int leat_nameset_claim(struct leat_nameset *s, const char *name, const void *who, uint64_t id, uint64_t *other,
		       struct leat_err *err);
/* Is the name taken? Then *id is its owner's. */
bool leat_nameset_has(struct leat_nameset *s, const char *name, uint64_t *id);
void leat_nameset_free(struct leat_nameset **s);

#endif
