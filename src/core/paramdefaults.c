/* SPDX-License-Identifier: MIT */
/* Defaults of a whole table, for steps that nobody wrote: help pages, the engine's own conversions. */
#include "core/paramvalue.h"

int leat_param_defaults(const struct leat_param *table, void *params, struct leat_arena *a, struct leat_err *err)
{
	for (const struct leat_param *p = table; p && p->name; p++) {
		struct leat_value_error e = {0};
		if (!p->dflt || !leat_param_parses(p->type))
			continue;
		if (leat_param_parse(p, p->dflt, params, a, &e) < 0)
			return leat_fail(err, LEAT_CAUSE_INTERNAL, "default %s=%s: %s", p->name, p->dflt,
					 e.message ? e.message : "out of memory");
	}
	return 0;
}
