/* SPDX-License-Identifier: MIT */
/* Columns of text of a table: cells one behind the other, and where each ends. */
#ifndef LEAT_CORE_TEXTS_H
#define LEAT_CORE_TEXTS_H

#include "base/buf.h"
#include "core/bytes.h"

#include <stdatomic.h>

/* Set in `ends` where a cell is missing: it has no text, not even an empty one. */
#define LEAT_TEXT_MISSING (UINT64_C(1) << 63)

struct leat_text_column {
	char *name; /* UTF-8 */
	size_t place; /* among all columns of the table, those of numbers included */
	struct leat_buf text; /* all cells, UTF-8 */
	uint64_t *ends; /* [rows] of the whole: where in `text` the cell ends; it begins where the one before ends */
};

/* Shared by reference; never written into once a table has it. */
struct leat_texts {
	atomic_int refs;
	uint64_t rows;
	size_t n; /* in the order of their places */
	struct leat_text_column *column;
};

/* n columns without names, all cells without text yet. NULL with *err (MEMORY). */
struct leat_texts *leat_texts_new(uint64_t rows, size_t n, struct leat_err *err);
struct leat_texts *leat_texts_ref(struct leat_texts *t); /* one more; accepts and returns NULL */
void leat_texts_unref(struct leat_texts **t); /* drops it, clears *t; accepts NULL in it */
size_t leat_texts_bytes(const struct leat_texts *t); /* memory it holds; of NULL 0 */

/* Cell `row` of a column whose cells before it are set; s NULL: it is missing. Out of memory shows in c->text. */
void leat_text_set(struct leat_text_column *c, uint64_t row, const char *s, size_t n);
/* Its text, not ended by a NUL, and its length; NULL: missing. */
const char *leat_text_get(const struct leat_text_column *c, uint64_t row, size_t *n);
/* The column `name`, or NULL. t may be NULL. */
const struct leat_text_column *leat_texts_find(const struct leat_texts *t, const char *name);

/*
 * All of a column that came from elsewhere and is not trusted: its name, an uint64_t for the end of each cell, its
 * text. -1: it is none, or *err (MEMORY).
 */
int leat_text_put(struct leat_text_column *c, uint64_t rows, const char *name, const struct leat_bytes *ends,
		  const struct leat_bytes *text, struct leat_err *err);

/* These rows, in this order, of all columns. NULL with *err (MEMORY), and of NULL. */
struct leat_texts *leat_texts_take(const struct leat_texts *t, const uint64_t *rows, uint64_t n, struct leat_err *err);
/* A copy of one column with another name and place, as *to. -1 with *err (MEMORY). */
int leat_text_copy(const struct leat_text_column *from, uint64_t rows, const char *name, size_t place,
		   struct leat_text_column *to, struct leat_err *err);

#endif
