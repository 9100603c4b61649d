/* SPDX-License-Identifier: MIT */
/* What travels with an item, and the shape by which it is known before it is there. */
#ifndef LEAT_CORE_PAYLOAD_H
#define LEAT_CORE_PAYLOAD_H

#include "core/image.h"
#include "core/table.h"

struct leat_payload {
	enum leat_kind kind; /* LEAT_NONE: empty */
	const char *format; /* LEAT_FILE: codec name of the bytes ("jpeg"), or NULL when not known; static text */
	union {
		struct leat_bytes *bytes;
		struct leat_image *image;
		struct leat_array *array;
		struct leat_table *table;
	};
};
void leat_payload_clear(struct leat_payload *p); /* drops its reference; LEAT_NONE after it */
struct leat_payload leat_payload_ref(const struct leat_payload *p); /* a second reference to the same content */
size_t leat_payload_bytes(const struct leat_payload *p); /* memory it holds, for budgets */
/* The numbers of an array or a table, borrowed; NULL for other kinds. */
struct leat_array *leat_payload_numbers(const struct leat_payload *p);

/* The shape of a payload as the header tells it. */
struct leat_shape {
	enum leat_kind kind;
	struct leat_image_shape image; /* when kind is LEAT_IMAGE */
	struct leat_array_shape array; /* when kind is LEAT_ARRAY, or LEAT_TABLE: of its numbers */
};

#endif
