/* SPDX-License-Identifier: MIT */
/* What the segments of a plan need of their surroundings, the same in the run and in its worker processes. */
#include "core/condition.h"
#include "run/segment.h"

/* Does any template, condition or field list of the recipe name field `name`? */
static bool names_field(const struct leat_step *s, const struct leat_param *table, const void *params, const char *name)
{
	for (const struct leat_param *p = table; p && p->name; p++) {
		const void *at = (const char *)params + p->offset;
		const struct leat_template *t = p->type == LEAT_PT_TEMPLATE ? ((const struct leat_tmpl *)at)->t : NULL;
		for (size_t i = 0; t && leat_template_field(t, i, NULL); i++)
			if (strcmp(leat_template_field(t, i, NULL), name) == 0)
				return true;
		const struct leat_strs *l = p->type == LEAT_PT_FIELDS ? at : NULL;
		for (size_t i = 0; l && i < l->n; i++)
			if (strcmp(l->v[i], name) == 0)
				return true;
	}
	for (size_t i = 0; i < s->conditions.n; i++)
		for (size_t k = 0; leat_condition_field(s->conditions.v[i], k); k++)
			if (strcmp(leat_condition_field(s->conditions.v[i], k), name) == 0)
				return true;
	return false;
}

bool leat_plan_names_field(const struct leat_plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		const struct leat_param *table = s->op ? s->op->params : s->sink ? s->sink->params : NULL;
		if (names_field(s, table, s->params, name))
			return true;
	}
	return false;
}

void leat_env_fill(struct leat_env *env, const struct leat_plan *p, const struct leat_runinfo *info,
		   uint32_t strip_rows)
{
	static const char *const names[LEAT_ADAPTERS] = {"to-srgb", "flatten", "convert", "orient", "quantize"};
	env->plan = p;
	env->info = info;
	env->strip_rows = strip_rows;
	env->hash_input = leat_plan_names_field(p, "hash");
	for (int i = 0; i < LEAT_ADAPTERS; i++)
		env->adapter[i] = leat_registry_op(p->registry, names[i]);
}
