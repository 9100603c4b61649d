/* SPDX-License-Identifier: MIT */
/* drop: ends an item, done, when all its conditions hold. There is no kernel: the engine evaluates the conditions. */
#include "core/condition.h"
#include "core/op.h"

struct drop {
	struct leat_conditions conditions;
};

static const struct leat_param params[] = {
	LEAT_P(struct drop, conditions, struct leat_conditions, LEAT_PT_CONDITIONS, "condition", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED,
	       "what must hold for an item to end here, as FIELD=VALUE, !=, <, <=, >, >= or ~; of several, all; a "
	       "missing field makes a condition false"),
	LEAT_P_END,
};

const struct leat_op leat_op_drop = {
	.name = "drop",
	.group = "item",
	.summary = "drop the items for which all conditions hold",
	.example = "drop 'width<32'",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct drop),
	.in = LEAT_ANY,
	.out = 0,
	.modes = LEAT_ON_INLINE | LEAT_ON_THREADS,
	.shape = leat_shape_same,
};
