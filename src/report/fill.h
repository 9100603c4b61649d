/* SPDX-License-Identifier: MIT */
/*
 * Fills a page template, the way of Mustache:
 *
 *	{{name}}                  the text or number; what HTML or an attribute could obey is escaped
 *	{{#name}} ... {{/name}}   once for every entry of an array; once where it is an object, true, or a text that
 *	                          is not empty; names are looked up inside of it first, then outside
 *	{{^name}} ... {{/name}}   where the other would not be there at all
 *	{{.}}                     the entry itself
 *
 * There is no way to insert anything unescaped.
 */
#ifndef LEAT_REPORT_FILL_H
#define LEAT_REPORT_FILL_H

#include "base/buf.h"

#include <jansson.h>

/* Appends it. -1 with *err (INTERNAL) when the template is wrong: a section that is not closed, a name of no value. */
int leat_fill(const char *page, size_t n, const json_t *values, struct leat_buf *out, struct leat_err *err);

#endif
