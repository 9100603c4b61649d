/* SPDX-License-Identifier: MIT */
/* Conditions of keep, drop and expect: FIELD OP VALUE (language 6.4). */
#ifndef LEAT_CORE_CONDITION_H
#define LEAT_CORE_CONDITION_H

#include "core/item.h"

struct leat_condition; /* immutable once made: any thread may evaluate it */

/*
 * Compiles text: FIELD OP VALUE, OP one of = != < <= > >= ~. VALUE: a number, size (1MiB), duration (7d),
 * percentage, date (2026-01-31), text or pattern; lists with commas for = != ~. NULL with *err set (USAGE): no
 * operator, an operator of another language, a pattern that is none, or a value that cannot be compared with
 * this always-there field.
 */
struct leat_condition *leat_condition_new(const char *text, struct leat_err *err);
void leat_condition_free(struct leat_condition **c);

/*
 * Field i that it reads: 0 the left side; 1 the right side when it could be the name of a field (one word of
 * letters, digits and _), whether or not it is marked as one. NULL otherwise.
 */
const char *leat_condition_field(const struct leat_condition *c, size_t i);

/* As it was written: FIELD OP VALUE. */
const char *leat_condition_text(const struct leat_condition *c);

/* Marks the right side as a field name instead of a literal: called by plan when such a field exists there. */
void leat_condition_right_is_field(struct leat_condition *c);

/*
 * Can the right side be compared with a field of this type? 0, or -1 with *err (USAGE) saying what to write.
 * Durations go with age and seconds, sizes with bytes_in and bytes_out, percentages with saved and the counts
 * of expect. For plan, which knows the types.
 */
int leat_condition_check(const struct leat_condition *c, enum leat_vtype type, struct leat_err *err);

/*
 * How values compare: numbers as numbers, texts by bytes, times with the whole day or minute that was written
 * (mtime=2026-01-31 is all of that day, mtime<=2026-01-31 too and before). A percentage of done skipped failed
 * known_failed quarantined not_reached is of the field matched. Patterns see '/' as an ordinary character, but
 * in path, dir and reldir as a folder's end; case counts.
 *
 * True when it holds. A missing field makes it false. `tmp` is scratch.
 */
bool leat_condition_holds(const struct leat_condition *c, const struct leat_view *v, struct leat_buf *tmp);

#endif
