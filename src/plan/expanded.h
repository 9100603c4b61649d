/* SPDX-License-Identifier: MIT */
/* What a recipe comes to: `leat show --expanded`. */
#ifndef LEAT_PLAN_EXPANDED_H
#define LEAT_PLAN_EXPANDED_H

#include "plan/plan.h"

/*
 * Appends the program with its recipes, loops and variables replaced, one statement a line, not laid out, and the
 * execution options of `defaults` on every step that takes them. The `defaults` line itself stays only where there are
 * implied steps, which it is for, too. For plans without errors.
 */
void leat_plan_print_expanded(const struct leat_plan *p, const struct leat_program *program, struct leat_buf *out);

#endif
