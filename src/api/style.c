/* SPDX-License-Identifier: MIT */
/* Which options are switches. See style.h. */
#include "api/style.h"

#include "core/jobopts.h"
#include "registry/registry.h"

#include <stdio.h>

/* A name that fits the buffer, NUL-terminated; names that do not fit are none of ours. */
static const char *name_of(char buf[static 64], const char *s, size_t n)
{
	snprintf(buf, 64, "%.*s", n < 64 ? (int)n : 0, s);
	return buf;
}

/* The rows of a step; value: its first positional value. NULL: there is no such step. */
static const struct leat_param *rows_of(const struct leat_registry *r, const char *step, const char *value)
{
	const struct leat_op *op = leat_registry_op(r, step);
	const struct leat_source *source = leat_registry_source(r, step);
	const struct leat_sink *sink = leat_registry_sink(r, step);
	if (strcmp(step, "job") == 0)
		return leat_job_params;
	if (strcmp(step, "decode") == 0)
		return leat_decode_params;
	if (strcmp(step, "encode") == 0) {
		const struct leat_codec *codec = leat_registry_codec(r, value);
		return codec ? codec->params : NULL;
	}
	return op ? op->params : source ? source->params : sink ? sink->params : NULL;
}

static bool is_switch(const void *ctx, const char *step, size_t n_step, const char *value, size_t n_value,
		      const char *key, size_t n_key)
{
	char step_name[64], value_name[64], key_name[64];
	const struct leat_param *rows =
		rows_of(ctx, name_of(step_name, step, n_step), name_of(value_name, value ? value : "", n_value));
	const struct leat_param *row = rows ? leat_param_find(rows, name_of(key_name, key, n_key)) : NULL;
	return row && row->type == LEAT_PT_SWITCH;
}

struct leat_style leat_recipe_style(void)
{
	return (struct leat_style){.is_switch = is_switch, .ctx = leat_registry_default()};
}
