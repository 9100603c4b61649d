/* SPDX-License-Identifier: MIT */
/* Names: which spellings are one (language 6.3), and a map from names to things. */
#ifndef LEAT_LANG_NAMES_H
#define LEAT_LANG_NAMES_H

#include "base/err.h"

#include <stddef.h>

/* The whole of s[0 … n) is a NAME (steps, branches, recipes), VARNAME, ENVNAME. */
bool leat_is_name(const char *s, size_t n);
bool leat_is_varname(const char *s, size_t n);
bool leat_is_envname(const char *s, size_t n);

/* Bytes of the KEY that s[0 … n) begins with when '=' follows it; 0 when it does not look like an option. */
size_t leat_key_length(const char *s, size_t n);

/* ASCII only, whatever the locale. */
bool leat_is_lower(char c);
bool leat_is_letter(char c);
bool leat_is_digit(char c);

/* Open addressing, doubled at half full. Zero-initialised is empty. Keys are borrowed and must stay. */
struct leat_names {
	struct leat_name_slot {
		const char *s; /* NULL: free */
		size_t n;
		void *value;
	} * slots;
	size_t cap, n;
};

/* The value of a name, or NULL. */
void *leat_names_get(const struct leat_names *m, const char *s, size_t n);

/* Sets a name that is not there yet. 0, or -1 with *err set (MEMORY). value: not NULL. */
int leat_names_add(struct leat_names *m, const char *s, size_t n, void *value, struct leat_err *err);
void leat_names_free(struct leat_names *m);

#endif
