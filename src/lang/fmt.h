/* SPDX-License-Identifier: MIT */
/* `leat fmt`: one layout for every text (language 9), and the repair of characters that programs and pages put in. */
#ifndef LEAT_LANG_FMT_H
#define LEAT_LANG_FMT_H

#include "lang/program.h"

/* What the formatter cannot know by itself: lang knows no steps. */
struct leat_style {
	/*
	 * Is this option of a step (or of `job`) a switch, whose true and false are written yes and no? value: the
	 * step's first positional value ("webp" of encode), or NULL; names are not NUL-terminated. NULL: never.
	 */
	bool (*is_switch)(const void *ctx, const char *step, size_t n_step, const char *value, size_t n_value,
			  const char *key, size_t n_key);
	const void *ctx;
};

/*
 * True when what was reported (by leat_program_read) forbids to format or to show the text: faults of characters,
 * words and blocks. Unknown names and wrong values do not.
 */
bool leat_fmt_refuses(const struct leat_diags *d);

/*
 * Appends the text of p, read without such faults, as section 9 wants it. The result reads as the same program,
 * which is checked here. 0; 1 when its errors do not let it: what is meant would change with the layout; -1 with
 * *err: out of memory, or (USAGE) the result would be over a limit of the language.
 */
int leat_fmt(const struct leat_program *p, const struct leat_style *style, struct leat_buf *out, struct leat_err *err);

/*
 * Appends the text with typographic quotes, non-breaking blanks, zero-width characters and full-width '|' and '='
 * replaced where they are errors: text in straight quotes keeps them, but for zero-width characters. Never makes the
 * text longer than six times its size.
 */
void leat_fix_characters(const char *s, size_t n, struct leat_buf *out);

#endif
