/* SPDX-License-Identifier: MIT */
/* What travels with an item: references to bytes or images. See payload.h. */
#include "core/payload.h"

/*
 * No code can make a payload of kind ARRAY or TABLE yet: struct leat_array is only a name until the array steps
 * bring it with its own ref and unref, which then stand in the three functions below.
 */

void leat_payload_clear(struct leat_payload *p)
{
	if (p->kind == LEAT_FILE)
		leat_bytes_unref(&p->bytes);
	else if (p->kind == LEAT_IMAGE)
		leat_image_unref(&p->image);
	*p = (struct leat_payload){.kind = LEAT_NONE};
}

struct leat_payload leat_payload_ref(const struct leat_payload *p)
{
	if (p->kind == LEAT_FILE)
		leat_bytes_ref(p->bytes);
	else if (p->kind == LEAT_IMAGE)
		leat_image_ref(p->image);
	return *p;
}

size_t leat_payload_bytes(const struct leat_payload *p)
{
	if (p->kind == LEAT_FILE)
		return p->bytes ? p->bytes->cap : 0;
	if (p->kind == LEAT_IMAGE)
		return p->image && p->image->mem ? p->image->mem->cap : 0;
	return 0;
}
