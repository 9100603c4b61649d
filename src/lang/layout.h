/* SPDX-License-Identifier: MIT */
/* A text as lines: statements, comments, blank lines. What the formatter collects, arranges and writes. */
#ifndef LEAT_LANG_LAYOUT_H
#define LEAT_LANG_LAYOUT_H

#include "lang/fmt.h"
#include "lang/lexer.h"

enum leat_layout_kind {
	LEAT_LINE_COMMENT, /* a comment alone */
	LEAT_LINE_LET, /* let NAME = ... */
	LEAT_LINE_SETTING, /* every other directive */
	LEAT_LINE_BLOCK, /* branch, recipe: opens a block */
	LEAT_LINE_END,
	LEAT_LINE_USE,
	LEAT_LINE_STEP,
};

struct leat_layout_line {
	enum leat_layout_kind kind;
	bool recipe; /* BLOCK: a setting, not a step */
	bool blank; /* a blank line before it: first as written, then as it will be */
	bool color; /* its comment looks like a color and is warned about: stays as it is */
	unsigned depth; /* open blocks around it */
	uint32_t first_word, n_words; /* index into leat_lines.words */
	uint32_t comment, comment_end; /* bytes of the text with the '#'; equal: none */
};

struct leat_layout {
	const struct leat_text *t;
	struct leat_layout_line *v;
	size_t n, cap;
	struct leat_lex_word *words; /* of all statements */
	size_t n_words, cap_words;
	bool keep_order; /* execution options stay where they are */
	bool failed; /* memory is out */
};

/* Collects the lines of a text that has been read without errors in its words. */
void leat_layout_collect(struct leat_layout *ls, const struct leat_text *t);
void leat_layout_free(struct leat_layout *ls);

/* Sets depth and blank of all lines as they will be. */
void leat_layout_arrange(struct leat_layout *ls);

/* Appends the lines, aligned. */
void leat_layout_write(const struct leat_layout *ls, const struct leat_style *style, struct leat_buf *out);

#endif
