/* SPDX-License-Identifier: MIT */
/* A growing byte buffer that is always NUL-terminated; a failed growth is remembered, so callers check once. */
#ifndef LEAT_BASE_BUF_H
#define LEAT_BASE_BUF_H

#include "base/err.h"

struct leat_buf {
	char *data; /* owned; NULL while empty; data[len] == 0 otherwise */
	size_t len, cap;
	bool failed; /* an allocation failed: the content is incomplete */
};

void leat_buf_add(struct leat_buf *b, const void *data, size_t n);
void leat_buf_adds(struct leat_buf *b, const char *s);
void leat_buf_addc(struct leat_buf *b, char c);
void leat_buf_fill(struct leat_buf *b, char c, size_t n); /* c, n times */
void leat_buf_addf(struct leat_buf *b, const char *fmt, ...) LEAT_PRINTF(2, 3);
int leat_buf_reserve(struct leat_buf *b, size_t more); /* room for `more` bytes; -1 and failed set when not */
void leat_buf_clear(struct leat_buf *b); /* empty, memory kept */
void leat_buf_free(struct leat_buf *b); /* empty, memory released */

/*
 * Gives the text away (never NULL on success, to be freed by the caller) and empties b. NULL with *err set on
 * an earlier failure.
 */
char *leat_buf_detach(struct leat_buf *b, struct leat_err *err);

/* 0, or -1 with *err set (MEMORY) when any addition failed. */
int leat_buf_check(const struct leat_buf *b, struct leat_err *err);

#endif
