/* SPDX-License-Identifier: MIT */
/* What a value is made of: literal text, escapes, variable references (language 6.2, rules 6 and 8). */
#ifndef LEAT_LANG_PIECES_H
#define LEAT_LANG_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum leat_piece_kind {
	LEAT_PIECE_TEXT, /* s[start … end) as it is */
	LEAT_PIECE_CHAR, /* one code point: an escape or $$ */
	LEAT_PIECE_VARIABLE, /* a reference to `name` */
	LEAT_PIECE_BAD_ESCAPE,
	LEAT_PIECE_BAD_DOLLAR,
};

struct leat_piece {
	enum leat_piece_kind kind;
	size_t start, end; /* as written */
	int32_t cp; /* CHAR */
	const char *name; /* VARIABLE: borrowed from s, perhaps no VARNAME ($HOME) */
	size_t n_name;
};

/*
 * The piece at `at` (< n) of the value s[0 … n) as it stands in the text, without its quotes.
 * escapes: inside double quotes. Text in single quotes has no pieces.
 */
struct leat_piece leat_piece_at(const char *s, size_t n, size_t at, bool escapes);

/* The end of the entry of a list that begins at `from`: the next comma that stands in no {}, or n. */
size_t leat_list_entry_end(const char *s, size_t n, size_t from);

#endif
