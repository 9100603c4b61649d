/* SPDX-License-Identifier: MIT */
/*
 * The JSON form of a program (language 10). Written from the tree; read by turning it into text, whose places know the
 * JSON pointers they came from, so that everything behind it, the messages included, is the same for both forms.
 *
 * A value that several words of one name share is an array: {"size": ["1", "2"]}. Settings that do not come in the
 * order of the members (an include below a let that it uses) stand in "settings", an array of objects with the same
 * members, which is read first.
 */
#ifndef LEAT_LANG_JSON_H
#define LEAT_LANG_JSON_H

#include "lang/fmt.h"
#include "lang/say.h"

/* Appends the JSON form of p (from leat_program_read, without any error), one step a line. style may be NULL. */
void leat_program_json(const struct leat_program *p, const struct leat_style *style, struct leat_buf *out);

/* Is this the JSON form? Its first character tells. */
bool leat_is_json(const char *s, size_t n);

/*
 * Reads the JSON form: fills the text t (name and dir are set) with what it says in the language, and its places.
 * False when that cannot be done: memory is out, or faults were reported.
 */
bool leat_json_to_text(struct leat_lang *l, struct leat_text *t, const char *s, size_t n);

#endif
