/* SPDX-License-Identifier: MIT */
/* keep: lets an item pass when all its conditions hold. There is no kernel: the engine evaluates the conditions. */
#include "core/condition.h"
#include "core/op.h"

struct keep {
	struct leat_conditions conditions;
};

static const struct leat_param params[] = {
	LEAT_P(struct keep, conditions, struct leat_conditions, LEAT_PT_CONDITIONS, "condition", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED,
	       "what must hold for an item to go on, as FIELD=VALUE, !=, <, <=, >, >= or ~; of several, all; a "
	       "missing field makes a condition false"),
	LEAT_P_END,
};

const struct leat_op leat_op_keep = {
	.name = "keep",
	.group = "item",
	.summary = "keep only the items for which all conditions hold",
	.example = "keep 'width>=800' format=png,jpeg",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct keep),
	.in = LEAT_ANY,
	.out = 0,
	.modes = LEAT_ON_INLINE | LEAT_ON_THREADS,
	.shape = leat_shape_same,
};
