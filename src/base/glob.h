/* SPDX-License-Identifier: MIT */
/*
 * Patterns of file names (language 6.4, 6.6).
 *
 *	*          any characters within one name, also none
 *	?          one character within a name
 *	[a-z] [!a-z] [^a-z]   one character of, or not of, a set; ']' first in it is itself; "[[]" is a literal '['
 *	{a,b}      one of these; they may hold wildcards, '/' and further braces
 *	**         alone between slashes: zero or more folders; at the end: everything below. Elsewhere it is a '*'
 *
 * Nothing escapes: a backslash is an ordinary character. Names are bytes; where they are UTF-8, one character
 * is one code point, and a byte that is not counts as one character. Matching takes time proportional to text
 * times pattern at worst: nothing is expanded, nothing is tried twice.
 */
#ifndef LEAT_BASE_GLOB_H
#define LEAT_BASE_GLOB_H

#include "base/err.h"

/* Flags of leat_glob_new. */
enum {
	LEAT_GLOB_NOCASE_EXT = 1, /* letters behind the last '.' of the last name match in either ASCII case */
	LEAT_GLOB_HIDDEN = 2, /* wildcards match a '.' at the beginning of a name too, not only a written '.' */
	LEAT_GLOB_FLAT = 4, /* '/' is an ordinary character, and "**" a '*': for texts that are no paths */
};

struct leat_glob; /* immutable once made: any thread may match with it */

/*
 * Compiles n bytes. NULL with *err set: USAGE when a bracket or brace is never closed or braces hold no ','
 * (texts say what to write), LIMIT over 4096 characters or 16 nested braces, MEMORY. Give to leat_glob_free.
 */
struct leat_glob *leat_glob_new(const char *pattern, size_t n, unsigned flags, struct leat_err *err);
void leat_glob_free(struct leat_glob **g);

/* Does the whole text of n bytes match? */
bool leat_glob_match(const struct leat_glob *g, const char *text, size_t n);

/*
 * For walking: `dir` is a folder with its '/' at the end ("a/b/"), or "" for the base. Could a path that begins
 * so match?
 */
bool leat_glob_enters(const struct leat_glob *g, const char *dir, size_t n);

/*
 * For excluding: does every path that begins so match? (Only "**" at the end of a pattern with LEAT_GLOB_HIDDEN
 * can say so.)
 */
bool leat_glob_covers(const struct leat_glob *g, const char *dir, size_t n);

/* Has the text any of * ? [ { ? */
bool leat_glob_magic(const char *pattern, size_t n);

/*
 * Length of the literal folder part: everything up to and with the last '/' before the first wildcard; 0: none.
 * n when there is no wildcard.
 */
size_t leat_glob_base(const char *pattern, size_t n);

#endif
