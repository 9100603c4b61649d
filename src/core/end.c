/* SPDX-License-Identifier: MIT */
#include "core/end.h"

void leat_listing_free(struct leat_listing *l)
{
	leat_arena_free(&l->arena);
	*l = (struct leat_listing){0};
}
