/* SPDX-License-Identifier: MIT */
/*
 * Writing JSON, member by member. A comma is put where the text so far asks for one, so the order of calls is all there
 * is to get right:
 *
 *	leat_json_open(b, NULL, '{');
 *	leat_json_text(b, "name", "web");
 *	leat_json_open(b, "steps", '[');
 *	leat_json_text(b, NULL, "read");
 *	leat_json_close(b, ']');
 *	leat_json_close(b, '}');
 *
 * name: the key, or NULL inside an array and at the top. A failed allocation is the buffer's (leat_buf_check).
 */
#ifndef LEAT_BASE_JSON_H
#define LEAT_BASE_JSON_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

void leat_json_open(struct leat_buf *b, const char *name, char bracket); /* '{' or '[' */
void leat_json_close(struct leat_buf *b, char bracket); /* '}' or ']' */
/* NULL is null. Bytes that are no UTF-8 are written as leat_escape_json does. */
void leat_json_text(struct leat_buf *b, const char *name, const char *s);
void leat_json_uint(struct leat_buf *b, const char *name, uint64_t v);
void leat_json_int(struct leat_buf *b, const char *name, int64_t v);
void leat_json_bool(struct leat_buf *b, const char *name, bool v);
void leat_json_null(struct leat_buf *b, const char *name);
/* Rounded to so many digits behind the point (0 to 9), without trailing zeros; null when not finite. */
void leat_json_real(struct leat_buf *b, const char *name, double v, int digits);

/*
 * Appends JSON (n bytes, well formed) in lines: an object or array that does not fit into so many columns has each of
 * its members on a line of its own, two blanks deeper. A line break at the end.
 */
void leat_json_lines(const char *s, size_t n, size_t width, struct leat_buf *out);

#endif
