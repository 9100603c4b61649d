/* SPDX-License-Identifier: MIT */
/* Typed fields of an item: what steps have measured, by name. */
#ifndef LEAT_CORE_VALUE_H
#define LEAT_CORE_VALUE_H

#include "base/buf.h"

enum leat_vtype { LEAT_V_NONE, LEAT_V_INT, LEAT_V_REAL, LEAT_V_TEXT, LEAT_V_TIME };

/* One value. Text is bytes (a file name need not be UTF-8). Times are nanoseconds since the epoch. */
struct leat_value {
	enum leat_vtype type;
	union {
		int64_t i; /* LEAT_V_INT, LEAT_V_TIME */
		double r; /* LEAT_V_REAL */
		const char *s; /* LEAT_V_TEXT: owned by whoever holds the value; see each function */
	};
};

/* A small ordered map name -> value. Zero-initialised is empty. Not thread safe: one task owns it. */
struct leat_fields {
	struct leat_field *v;
	size_t n, cap;
};
struct leat_field {
	char *name; /* owned */
	struct leat_value value; /* text owned */
};

/* Set or replace. Names and texts are copied. 0, or -1 with *err set (MEMORY). */
int leat_fields_set_int(struct leat_fields *f, const char *name, int64_t v, struct leat_err *err);
int leat_fields_set_real(struct leat_fields *f, const char *name, double v, struct leat_err *err);
int leat_fields_set_time(struct leat_fields *f, const char *name, int64_t ns, struct leat_err *err);
int leat_fields_set_text(struct leat_fields *f, const char *name, const char *s, size_t n, struct leat_err *err);

/* Any of them, as `value` is. */
int leat_fields_set(struct leat_fields *f, const char *name, const struct leat_value *value, struct leat_err *err);

/* NULL when there is no such field. The pointer is good until the next set. */
const struct leat_value *leat_fields_get(const struct leat_fields *f, const char *name);

/* *to becomes an independent copy of *from (old content released). */
int leat_fields_copy(struct leat_fields *to, const struct leat_fields *from, struct leat_err *err);
void leat_fields_free(struct leat_fields *f);

/* Appends them as bytes, in host byte order; and adds those of such bytes to f. -1 with *err: CORRUPT, MEMORY. */
void leat_fields_pack(const struct leat_fields *f, struct leat_buf *b);
int leat_fields_unpack(const void *data, size_t n, struct leat_fields *f, struct leat_err *err);

/*
 * Appends the value as text: integers plain, reals with the fewest digits that read back equal, times as ISO
 * 8601 local with offset (2026-01-31T02:30:00+01:00).
 */
void leat_value_print(struct leat_buf *b, const struct leat_value *v);

#endif
