/* SPDX-License-Identifier: MIT */
/* Where lines stand: indentation and blank lines (language 9, rules 3 and 8). */
#include "lang/layout.h"

/* Blocks that are open around every statement; a comment stands like the statement below it. */
static void set_depths(struct leat_layout *ls)
{
	unsigned depth = 0;
	for (size_t i = 0; i < ls->n; i++) {
		struct leat_layout_line *line = &ls->v[i];
		depth -= line->kind == LEAT_LINE_END && depth > 0;
		line->depth = depth;
		depth += line->kind == LEAT_LINE_BLOCK;
	}
	depth = 0;
	for (size_t i = ls->n; i-- > 0;) {
		if (ls->v[i].kind == LEAT_LINE_COMMENT)
			ls->v[i].depth = depth;
		depth = ls->v[i].depth;
	}
}

static bool is_setting(const struct leat_layout_line *line)
{
	return line->kind == LEAT_LINE_LET || line->kind == LEAT_LINE_SETTING ||
	       (line->kind == LEAT_LINE_BLOCK && line->recipe);
}

static bool is_step(const struct leat_layout_line *line)
{
	return line->kind == LEAT_LINE_STEP || line->kind == LEAT_LINE_USE;
}

/* The next line behind i that is no comment, or NULL. */
static const struct leat_layout_line *next_statement(const struct leat_layout *ls, size_t i)
{
	for (i++; i < ls->n; i++)
		if (ls->v[i].kind != LEAT_LINE_COMMENT)
			return &ls->v[i];
	return NULL;
}

/* The first of the comment lines that stand directly above line i, or i. */
static size_t attached(const struct leat_layout *ls, size_t i)
{
	while (i > 0 && !ls->v[i].blank && ls->v[i - 1].kind == LEAT_LINE_COMMENT)
		i--;
	return i;
}

/* Must a blank line stand before statement `line`? before: the statement before it, or NULL. */
static bool wants_blank(const struct leat_layout_line *line, const struct leat_layout_line *before)
{
	if (line->kind == LEAT_LINE_BLOCK)
		return true;
	return before && line->depth == 0 && is_step(line) && is_setting(before);
}

void leat_layout_arrange(struct leat_layout *ls)
{
	const struct leat_layout_line *before = NULL;
	set_depths(ls);
	for (size_t i = 0; i < ls->n; i++) {
		struct leat_layout_line *line = &ls->v[i];
		const struct leat_layout_line *up = i ? line - 1 : NULL;
		const struct leat_layout_line *next = line->kind == LEAT_LINE_COMMENT ? next_statement(ls, i) : line;
		if (!up || up->kind == LEAT_LINE_BLOCK || line->kind == LEAT_LINE_END)
			line->blank = false;
		else if (up->kind == LEAT_LINE_END && (!next || next->kind != LEAT_LINE_END))
			line->blank = true;
		if (line->kind == LEAT_LINE_COMMENT)
			continue;
		size_t top = attached(ls, i);
		if (top > 0 && ls->v[top - 1].kind != LEAT_LINE_BLOCK && wants_blank(line, before))
			ls->v[top].blank = true;
		before = line;
	}
}
