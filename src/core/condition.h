/* SPDX-License-Identifier: MIT */
/* Conditions of keep, drop and expect: FIELD OP VALUE (language 6.4). */
#ifndef LEAT_CORE_CONDITION_H
#define LEAT_CORE_CONDITION_H

#include "core/item.h"

struct leat_condition; /* immutable once made: any thread may evaluate it */

/* Compiles text. NULL with *err set (USAGE): no operator, a value that cannot be compared so. */
struct leat_condition *leat_condition_new(const char *text, struct leat_err *err);
void leat_condition_free(struct leat_condition **c);

/* Field i it reads (the left side, then a field on the right), or NULL. A right side is a field when it names a known one at check time. */
const char *leat_condition_field(const struct leat_condition *c, size_t i);

/* Marks the right side as a field name instead of a literal: called by plan when such a field exists there. */
void leat_condition_right_is_field(struct leat_condition *c);

/* True when it holds. A missing field makes it false. `tmp` is scratch. */
bool leat_condition_holds(const struct leat_condition *c, const struct leat_view *v, struct leat_buf *tmp);

#endif
