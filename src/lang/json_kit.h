/* SPDX-License-Identifier: MIT */
/* What reading the JSON form is made of: where we are, what is wrong there, names and values as text. See json.h. */
#ifndef LEAT_LANG_JSON_KIT_H
#define LEAT_LANG_JSON_KIT_H

#include "lang/say.h"
#include "lang/written.h"

#include <jansson.h>

enum { LEAT_JSON_SYNTAX = 80, LEAT_JSON_SHAPE = 81 };

struct leat_json {
	struct leat_lang *l;
	const struct leat_text *t; /* what it becomes: name, folder, where it was included */
	struct leat_buf out; /* the text of the language */
	struct leat_buf path; /* the JSON pointer of what is being read */
	struct leat_pointer *places;
	size_t n_places, cap_places;
	unsigned depth; /* open blocks */
	bool faulty; /* something was reported */
};

/* The members of an object one by one, as jansson's iterators; NULL: no more (or no object). */
static inline void *leat_json_first(const json_t *v)
{
	return json_object_iter((json_t *)(uintptr_t)v);
}

static inline void *leat_json_next(const json_t *v, void *member)
{
	return json_object_iter_next((json_t *)(uintptr_t)v, member);
}

/* Goes down to a member or an entry; the result is for leat_json_up, which goes back. */
size_t leat_json_down(struct leat_json *r, const char *member);
size_t leat_json_down_to(struct leat_json *r, size_t index);
void leat_json_up(struct leat_json *r, size_t at);

/* The text from byte `from` on comes from where we are. */
void leat_json_mark(struct leat_json *r, size_t from);

/* A fault of what is being read; and: something else than should be there. The text is only used when there is none. */
struct leat_diag *leat_json_fault(struct leat_json *r, const char *what);
void leat_json_wrong(struct leat_json *r, const json_t *v, const char *expected);

/* The text that v is and its size, or NULL, which is reported. */
const char *leat_json_text_of(struct leat_json *r, const json_t *v, size_t *n);

/* Is s a plain word that can be the name of such a thing ("step", "variable", ...)? If not, it is reported. */
bool leat_json_check_name(struct leat_json *r, const char *s, const char *what);
/* Appends the name that v is, as it is. False when it is none, which is reported. */
bool leat_json_add_name(struct leat_json *r, const json_t *v, const char *what);

/* Append a blank and a value, KEY=VALUE with a key; an array of values; an option or several of one name; options. */
void leat_json_add_value(struct leat_json *r, const char *key, const json_t *v, enum leat_written_place place);
void leat_json_add_args(struct leat_json *r, const json_t *v, enum leat_written_place place);
void leat_json_add_option(struct leat_json *r, const char *key, const json_t *v);
void leat_json_add_options(struct leat_json *r, const json_t *v);

/* Every entry of an array. What stands alone where an array may stand is its only entry. */
void leat_json_each(struct leat_json *r, const json_t *v, void (*take)(struct leat_json *r, const json_t *v, void *ctx),
		    void *ctx);

/* Reports a member that is none of the known ones (NULL-terminated), with a further help or NULL; all such members. */
void leat_json_unknown(struct leat_json *r, const char *key, const char *const *known, const char *help);
void leat_json_check(struct leat_json *r, const json_t *v, const char *const *known);

/* ---- json_steps.c ---- */

/* An array of steps. */
void leat_json_steps(struct leat_json *r, const json_t *v);

/* A branch or a recipe: the member `kind` with its name, the member `extra` as add_extra reads it, its steps. */
void leat_json_block(struct leat_json *r, const json_t *v, const char *kind, const char *extra,
		     void (*add_extra)(struct leat_json *r, const json_t *v));

#endif
