/* SPDX-License-Identifier: MIT */
/* How many bytes an input takes at most in the form of wire.c. */
#include "run/wire.h"

enum { FIXED = 4096, PER_FIELD = 64 };

static size_t meta_bound(const struct leat_meta *m)
{
	const struct leat_bytes *const blobs[] = {m->icc, m->exif, m->xmp, m->iptc};
	size_t n = FIXED + (m->copyright ? strlen(m->copyright) : 0);
	for (size_t i = 0; i < LEAT_LEN(blobs); i++)
		n = leat_size_add(n, blobs[i] ? blobs[i]->len : 0);
	return n;
}

/* Lengths, and what goes before large parts. */
static size_t table_bound(const struct leat_table *t)
{
	size_t texts = t->texts ? t->texts->n : 0;
	return leat_size_add(leat_size_mul(t->n_columns, sizeof(uint64_t)), leat_size_mul(texts, FIXED));
}

size_t leat_wire_input_bound(const struct leat_segment_in *in)
{
	size_t n = FIXED;
	if (in->entry)
		n += strlen(in->entry->path) + strlen(in->entry->root) + strlen(in->entry->rel) +
		     strlen(in->entry->reldir);
	for (size_t i = 0; i < in->fields->n; i++)
		n += PER_FIELD + strlen(in->fields->v[i].name) +
		     (in->fields->v[i].value.type == LEAT_V_TEXT ? strlen(in->fields->v[i].value.s) : 0);
	if (in->payload.kind == LEAT_IMAGE)
		n = leat_size_add(n, meta_bound(in->payload.image->meta));
	if (in->payload.kind == LEAT_TABLE)
		n = leat_size_add(n, table_bound(in->payload.table));
	if (in->payload.kind == LEAT_FILE)
		n = leat_size_add(n, in->payload.bytes->late);
	return leat_size_add(n, leat_payload_bytes(&in->payload));
}
