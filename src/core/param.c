/* SPDX-License-Identifier: MIT */
/* Looking rows up in parameter tables. See param.h. */
#include "core/param.h"

#include <string.h>

size_t leat_param_count(const struct leat_param *table)
{
	size_t n = 0;
	while (table && table[n].type != LEAT_PT_END)
		n++;
	return n;
}

const struct leat_param *leat_param_find(const struct leat_param *table, const char *name)
{
	size_t n = leat_param_count(table);
	for (size_t i = 0; i < n; i++) {
		if (!(table[i].flags & LEAT_POSITIONAL) && strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}
