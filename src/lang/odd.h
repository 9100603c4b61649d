/* SPDX-License-Identifier: MIT */
/* Characters that a pipeline text does not take as they are (language 6.2, rules 1 and 11). */
#ifndef LEAT_LANG_ODD_H
#define LEAT_LANG_ODD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum leat_odd {
	LEAT_ODD_NO,
	LEAT_ODD_DOUBLE, /* typographic quotes for " ... */
	LEAT_ODD_SINGLE, /* ... and for ': errors in bare words */
	LEAT_ODD_SPACE, /* non-breaking blanks: errors in bare words */
	LEAT_ODD_CONTROL, /* control characters but TAB, line and paragraph separators: errors everywhere */
	LEAT_ODD_INVISIBLE, /* zero-width characters: errors everywhere */
	LEAT_ODD_BIDI, /* bidirectional controls: errors everywhere */
	LEAT_ODD_BYTE, /* no UTF-8: error everywhere */
};

/* The class of a code point; -1 (from leat_utf8_next) is LEAT_ODD_BYTE. Line breaks count as controls here. */
enum leat_odd leat_odd_class(int32_t cp);

/* True for the classes that are errors wherever they stand. */
bool leat_odd_everywhere(enum leat_odd o);

/* Length of the printable ASCII (and TAB) that s[0 … n) begins with: the fast way over ordinary text. */
size_t leat_plain_length(const char *s, size_t n);

#endif
