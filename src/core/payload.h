/* SPDX-License-Identifier: MIT */
/* What travels with an item, and the shape by which it is known before it is there. */
#ifndef LEAT_CORE_PAYLOAD_H
#define LEAT_CORE_PAYLOAD_H

#include "core/image.h"

struct leat_array; /* its struct and functions come with the array steps; carried here by reference like an image */

struct leat_payload {
	enum leat_kind kind; /* LEAT_NONE: empty */
	const char *format; /* LEAT_FILE: codec name of the bytes ("jpeg"), or NULL when not known; static text */
	union {
		struct leat_bytes *bytes;
		struct leat_image *image;
		struct leat_array *array;
	};
};
void leat_payload_clear(struct leat_payload *p); /* drops its reference; LEAT_NONE after it */
struct leat_payload leat_payload_ref(const struct leat_payload *p); /* a second reference to the same content */
size_t leat_payload_bytes(const struct leat_payload *p); /* memory it holds, for budgets */

/* The shape of an array. */
enum { LEAT_MAX_DIMS = 8 };
struct leat_array_shape {
	char dtype[4]; /* NumPy type string without byte order: "f8", "u1" */
	int ndim;
	uint64_t dim[LEAT_MAX_DIMS];
	bool fortran; /* column-major */
};

/* The shape of a payload as the header tells it. */
struct leat_shape {
	enum leat_kind kind;
	struct leat_image_shape image; /* when kind is LEAT_IMAGE */
	struct leat_array_shape array; /* when kind is LEAT_ARRAY or LEAT_TABLE */
};

#endif
