/* SPDX-License-Identifier: MIT */
/* Lines as text: words in order, columns aligned (language 9, rules 4 to 7 and 9 to 11). */
#include "lang/layout.h"

#include "base/text.h"
#include "core/execopts.h"
#include "lang/canon.h"
#include "lang/habits.h"
#include "lang/written.h"

enum { WIDEST = 60 }; /* columns of what stands left of an alignment; a group with more is not aligned */

struct writer {
	const struct leat_layout *ls;
	const struct leat_style *style;
	struct leat_buf *out;
	struct leat_buf left; /* scratch: what stands left of the alignment */
};

static const struct leat_lex_word *words_of(const struct writer *w, const struct leat_layout_line *line)
{
	return w->ls->words + line->first_word;
}

/* ---- words ---- */

/* In the order of their table; LEAT_EXEC_ROWS: none of them. Only steps have them. */
static size_t exec_row(const struct writer *w, const struct leat_layout_line *line, const struct leat_lex_word *word)
{
	bool asks = line->kind == LEAT_LINE_STEP && !w->ls->keep_order;
	return asks ? leat_canon_exec(w->ls->t->data + word->start, word->key_end - word->start) : LEAT_EXEC_ROWS;
}

static bool has_exec(const struct writer *w, const struct leat_layout_line *line)
{
	for (uint32_t i = 1; i < line->n_words; i++)
		if (exec_row(w, line, words_of(w, line) + i) < LEAT_EXEC_ROWS)
			return true;
	return false;
}

/*
 * A '#' that stood directly behind the '=' of a let would begin a comment; a '\' would be taken for the protection of
 * the one blank behind it.
 */
static bool changes_behind_blank(const char *s, const struct leat_lex_word *v, uint32_t i)
{
	return i > 0 && !v->quote && v->value < v->value_end && (s[v->start] == '#' || s[v->value_end - 1] == '\\');
}

static void add_word(const struct writer *w, const struct leat_layout_line *line, uint32_t i, struct leat_buf *b)
{
	const char *s = w->ls->t->data;
	const struct leat_lex_word *v = words_of(w, line) + i;
	const struct leat_lex_word *name = words_of(w, line);
	const char *other = leat_written_switch(w->ls->t, s + name->start, name->end - name->start, name + 1,
						line->n_words - 1, v, w->style);
	if (other) {
		leat_buf_add(b, s + v->start, v->value - v->start);
		leat_buf_adds(b, other);
	} else if (changes_behind_blank(s, v, i)) {
		leat_buf_add(b, s + v->start, v->value - v->start);
		leat_written_quote(w->ls->t, v, b);
	} else {
		leat_buf_add(b, s + v->start, v->end - v->start);
	}
}

/* The name of a let with all before it; of other statements all but the execution options. */
static void add_left(const struct writer *w, const struct leat_layout_line *line, struct leat_buf *b)
{
	uint32_t n = line->kind == LEAT_LINE_LET ? 2 : line->n_words;
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0 && exec_row(w, line, words_of(w, line) + i) < LEAT_EXEC_ROWS)
			continue;
		leat_buf_adds(b, i ? " " : "");
		add_word(w, line, i, b);
	}
}

static void add_right(const struct writer *w, const struct leat_layout_line *line, struct leat_buf *b)
{
	if (line->kind == LEAT_LINE_LET) {
		for (uint32_t i = 2; i < line->n_words; i++) {
			leat_buf_addc(b, ' ');
			add_word(w, line, i, b);
		}
		return;
	}
	const char *before = "  ";
	for (size_t row = 0; row < LEAT_EXEC_ROWS; row++)
		for (uint32_t i = 1; i < line->n_words; i++)
			if (exec_row(w, line, words_of(w, line) + i) == row) {
				leat_buf_adds(b, before);
				add_word(w, line, i, b);
				before = " ";
			}
}

/* ---- alignment ---- */

static size_t width(const struct leat_buf *b)
{
	size_t columns = 0;
	for (size_t i = 0; i < b->len;) {
		int32_t cp;
		i += leat_utf8_next(b->data + i, b->len - i, &cp);
		columns += (size_t)leat_utf8_width(cp);
	}
	return columns;
}

/* Columns left of the alignment of line i; 0 for lines that have nothing to align. */
static size_t left_width(struct writer *w, size_t i)
{
	const struct leat_layout_line *line = &w->ls->v[i];
	if (line->kind != LEAT_LINE_LET && !has_exec(w, line))
		return 0;
	leat_buf_clear(&w->left);
	add_left(w, line, &w->left);
	return width(&w->left);
}

/* Are line and the one below it in one group? */
static bool neighbors(const struct leat_layout_line *line)
{
	const struct leat_layout_line *below = line + 1;
	bool lets = line->kind == LEAT_LINE_LET && below->kind == LEAT_LINE_LET;
	bool steps = (line->kind == LEAT_LINE_STEP || line->kind == LEAT_LINE_USE) &&
		     (below->kind == LEAT_LINE_STEP || below->kind == LEAT_LINE_USE);
	return (lets || steps) && !below->blank && below->depth == line->depth;
}

/*
 * The column where the right parts of the group from line i on begin, 0 when it is not aligned; *end: behind the
 * group.
 */
static size_t column_of(struct writer *w, size_t i, size_t *end)
{
	size_t most = left_width(w, i);
	for (*end = i + 1; *end < w->ls->n && neighbors(&w->ls->v[*end - 1]); ++*end) {
		size_t next = left_width(w, *end);
		most = next > most ? next : most;
	}
	return most > WIDEST ? 0 : most;
}

/* ---- lines ---- */

static void add_comment(const struct writer *w, const struct leat_layout_line *line)
{
	const char *s = w->ls->t->data + line->comment;
	size_t n = line->comment_end - line->comment;
	bool touches = n > 1 && !strchr(" \t#!", s[1]);
	leat_buf_addc(w->out, '#');
	if (touches && !(line->color && leat_habit_color(s, n)))
		leat_buf_addc(w->out, ' ');
	leat_buf_add(w->out, s + 1, n - 1);
}

static void add_line(struct writer *w, const struct leat_layout_line *line, size_t column)
{
	if (line->blank)
		leat_buf_addc(w->out, '\n');
	leat_buf_fill(w->out, ' ', 2 * (size_t)line->depth);
	if (line->kind != LEAT_LINE_COMMENT) {
		leat_buf_clear(&w->left);
		add_left(w, line, &w->left);
		leat_buf_add(w->out, w->left.data, w->left.len);
		size_t used = line->kind == LEAT_LINE_LET || has_exec(w, line) ? width(&w->left) : column;
		if (column > used)
			leat_buf_fill(w->out, ' ', column - used);
		add_right(w, line, w->out);
	}
	if (line->comment_end > line->comment) {
		leat_buf_adds(w->out, line->kind == LEAT_LINE_COMMENT ? "" : "  ");
		add_comment(w, line);
	}
	leat_buf_addc(w->out, '\n');
}

void leat_layout_write(const struct leat_layout *ls, const struct leat_style *style, struct leat_buf *out)
{
	struct writer w = {.ls = ls, .style = style, .out = out};
	leat_buf_adds(&w.left, "");
	for (size_t i = 0, end; i < ls->n && !out->failed; i = end) {
		size_t column = column_of(&w, i, &end);
		for (size_t k = i; k < end; k++)
			add_line(&w, &ls->v[k], column);
	}
	out->failed = out->failed || w.left.failed;
	leat_buf_free(&w.left);
}
