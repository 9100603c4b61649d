/* SPDX-License-Identifier: MIT */
/* What travels with an item: references to bytes, images, arrays, tables. See payload.h. */
#include "core/payload.h"

void leat_payload_clear(struct leat_payload *p)
{
	if (p->kind == LEAT_FILE)
		leat_bytes_unref(&p->bytes);
	else if (p->kind == LEAT_IMAGE)
		leat_image_unref(&p->image);
	else if (p->kind == LEAT_ARRAY)
		leat_array_unref(&p->array);
	else if (p->kind == LEAT_TABLE)
		leat_table_unref(&p->table);
	*p = (struct leat_payload){.kind = LEAT_NONE};
}

struct leat_payload leat_payload_ref(const struct leat_payload *p)
{
	if (p->kind == LEAT_FILE)
		leat_bytes_ref(p->bytes);
	else if (p->kind == LEAT_IMAGE)
		leat_image_ref(p->image);
	else if (p->kind == LEAT_ARRAY)
		leat_array_ref(p->array);
	else if (p->kind == LEAT_TABLE)
		leat_table_ref(p->table);
	return *p;
}

size_t leat_payload_bytes(const struct leat_payload *p)
{
	if (p->kind == LEAT_FILE)
		return p->bytes ? p->bytes->cap : 0;
	if (p->kind == LEAT_IMAGE)
		return p->image && p->image->mem ? p->image->mem->cap : 0;
	if (p->kind == LEAT_ARRAY)
		return p->array && p->array->mem ? p->array->mem->cap : 0;
	if (p->kind == LEAT_TABLE)
		return p->table ? leat_table_bytes(p->table) : 0;
	return 0;
}

struct leat_array *leat_payload_numbers(const struct leat_payload *p)
{
	if (p->kind == LEAT_ARRAY)
		return p->array;
	return p->kind == LEAT_TABLE ? p->table->numbers : NULL;
}
