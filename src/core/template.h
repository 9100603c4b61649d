/* SPDX-License-Identifier: MIT */
/* Templates: text with {field:format} (language 6.2 rule 9, 6.5). */
#ifndef LEAT_CORE_TEMPLATE_H
#define LEAT_CORE_TEMPLATE_H

#include "core/item.h"

struct leat_template; /* immutable once made: any thread may expand it */

/*
 * {field} or {field:FORMAT}; {{ and }} are braces. FORMAT, by the type of the value:
 *
 *	04        a whole number with at least 4 digits, zeros in front (the leading 0 is the sign of this format)
 *	8         the first 8 characters of a text
 *	.1        a number with 1 digit behind the point
 *	%Y-%m     a time by parts: %Y %y %m %d %H %M %S %j %V %G %u %s %F %T %%; for mtime, date, time and
 *	          measured times
 *
 * Compiles text. NULL with *err set (USAGE) and *at = byte offset of the offence on a bad brace or format. Give
 * to leat_template_free.
 */
struct leat_template *leat_template_new(const char *text, size_t *at, struct leat_err *err);
void leat_template_free(struct leat_template **t);

/* Field i's name and its byte offset in the text; NULL when i is past the last. For checks and collision analysis. */
const char *leat_template_field(const struct leat_template *t, size_t i, size_t *offset);

/* The literal beginning up to the first field (not NUL-terminated: *n bytes). */
const char *leat_template_literal(const struct leat_template *t, size_t *n);

/*
 * Appends the expansion. Field values are copied byte for byte and never read again. -1 with *err set when a
 * field is missing.
 */
int leat_template_expand(const struct leat_template *t, const struct leat_view *v, struct leat_buf *out,
			 struct leat_err *err);

/*
 * As expand, for paths: an empty {reldir} does not leave "//" behind, and a field value that would climb ("..",
 * absolute, NUL, or a '/' in a field other than reldir/dir/path) is an error (USAGE): output names stay below
 * their root. A {path} or {dir} at the very beginning is that root itself and may be absolute or hold "..". A
 * name that comes out empty is an error too.
 */
int leat_template_expand_path(const struct leat_template *t, const struct leat_view *v, struct leat_buf *out,
			      struct leat_err *err);

#endif
