/* SPDX-License-Identifier: MIT */
/* From characters to statements. */
#include "lang/lexer.h"

#include "base/text.h"
#include "lang/habits.h"
#include "lang/limits.h"
#include "lang/names.h"
#include "lang/odd.h"
#include "lang/pieces.h"

struct leat_span leat_lex_span(const struct leat_text *t, uint32_t start, uint32_t end)
{
	return (struct leat_span){t, start, end};
}

struct leat_span leat_word_span(const struct leat_text *t, const struct leat_lex_word *w)
{
	return leat_lex_span(t, w->start, w->end);
}

struct leat_span leat_value_span(const struct leat_text *t, const struct leat_lex_word *w)
{
	bool empty = w->value == w->value_end && w->quote;
	return empty ? leat_lex_span(t, w->value - 1, w->end) : leat_lex_span(t, w->value, w->value_end);
}

bool leat_word_is(const struct leat_text *t, const struct leat_lex_word *w, const char *text)
{
	size_t n = strlen(text);
	return !w->quote && !leat_word_has_key(w) && w->end - w->start == n && memcmp(t->data + w->start, text, n) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The code point at pos; its length in bytes. */
static uint32_t char_at(const struct leat_lexer *lx, uint32_t pos, int32_t *cp)
{
	return (uint32_t)leat_utf8_next(lx->s + pos, lx->line_end - pos, cp);
}

/* ---- lines ---- */

/* Characters that are errors wherever they stand: the first of each line is reported. */
static void check_line(struct leat_lexer *lx)
{
	for (uint32_t i = lx->line; i < lx->line_end;) {
		i += (uint32_t)leat_plain_length(lx->s + i, lx->line_end - i);
		if (i == lx->line_end)
			return;
		int32_t cp;
		uint32_t len = char_at(lx, i, &cp);
		enum leat_odd odd = leat_odd_class(cp);
		bool raw = odd == LEAT_ODD_BYTE && lx->lang->opts->canonical;
		if (leat_odd_everywhere(odd) && !raw) {
			leat_habit_character(lx->lang, leat_lex_span(lx->text, i, i + len), odd, cp);
			lx->line_bad = true;
			return;
		}
		i += len;
	}
}

/* Called whenever pos stands at the beginning of a line. */
static void enter_line(struct leat_lexer *lx)
{
	const char *nl = lx->pos < lx->n ? memchr(lx->s + lx->pos, '\n', lx->n - lx->pos) : NULL;
	lx->line = lx->pos;
	lx->line_end = nl ? (uint32_t)(nl - lx->s) : lx->n;
	if (lx->line_end > lx->line && lx->s[lx->line_end - 1] == '\r')
		lx->line_end--;
	lx->line_bad = false;
	if (lx->line_end - lx->line > LEAT_MAX_LINE && !lx->lang->opts->canonical) {
		struct leat_diag *g = leat_say_error(lx->lang, 65, leat_lex_span(lx->text, lx->line, lx->line),
						     "this line is longer than %d KiB", LEAT_MAX_LINE / 1024);
		if (lx->text->places) /* a line that nobody has written */
			leat_say_label(lx->lang, g, "this is one line of the text form");
		else
			leat_say_help(lx->lang, g,
				      "a line ends with a blank and '\\' where its statement goes on in the next one");
		lx->pos = lx->line_end;
		lx->line_bad = lx->lang->program->damaged = true;
		return;
	}
	check_line(lx);
}

/* Goes over the line break at line_end; false at the end of the text. */
static bool leave_line(struct leat_lexer *lx)
{
	lx->pos = lx->line_end;
	if (lx->pos < lx->n && lx->s[lx->pos] == '\r')
		lx->pos++;
	if (lx->pos == lx->n) {
		lx->line_end = lx->n; /* a '\r' that ends the text is behind us: here is the end, for ever */
		return false;
	}
	lx->pos++;
	enter_line(lx);
	return true;
}

/* ---- between words ---- */

/* A lone '\' with nothing but blanks behind it on its line. */
static bool at_continuation(const struct leat_lexer *lx)
{
	if (lx->s[lx->pos] != '\\' || (lx->pos > lx->line && !is_blank(lx->s[lx->pos - 1])))
		return false;
	uint32_t i = lx->pos + 1;
	while (i < lx->line_end && is_blank(lx->s[i]))
		i++;
	return i == lx->line_end;
}

/* Over blanks and continuations. Tells in *bad when a line came in that is reported as a whole. */
static void skip_blanks(struct leat_lexer *lx, bool *bad)
{
	while (lx->pos < lx->line_end) {
		if (is_blank(lx->s[lx->pos])) {
			lx->pos++;
		} else if (at_continuation(lx)) {
			if (!leave_line(lx))
				return;
			*bad = *bad || lx->line_bad;
		} else {
			return;
		}
	}
}

static bool at_comment(const struct leat_lexer *lx)
{
	return lx->s[lx->pos] == '#' && (lx->pos == lx->line || is_blank(lx->s[lx->pos - 1]));
}

static void empty_step(struct leat_lexer *lx, uint32_t at)
{
	if (lx->pipe_said)
		return;
	struct leat_diag *g = leat_say_error(lx->lang, 6, leat_lex_span(lx->text, at, at + 1),
					     "empty step: nothing stands before this '|'");
	leat_say_help(lx->lang, g, "remove one '|', or write the missing step");
	lx->pipe_said = true;
	lx->lang->program->damaged = true;
}

/* One '|' between statements; `||` and `|>` of other languages count as one. */
static void take_pipe(struct leat_lexer *lx)
{
	uint32_t at = lx->pos++;
	char next = lx->pos < lx->line_end ? lx->s[lx->pos] : ' ';
	if (lx->any && !lx->after_pipe && (next == '|' || next == '>')) {
		lx->pos++;
		leat_habit_separator(lx->lang, leat_lex_span(lx->text, at, lx->pos));
	} else if (!lx->any || lx->after_pipe) {
		empty_step(lx, at);
	}
	lx->after_pipe = true;
	lx->pipe = at;
}

/* To the first word of the next statement. */
static bool to_statement(struct leat_lexer *lx)
{
	for (;;) {
		bool ignored = false;
		skip_blanks(lx, &ignored);
		if (lx->pos == lx->line_end || at_comment(lx)) {
			if (leave_line(lx))
				continue;
			break;
		}
		if (lx->s[lx->pos] != '|')
			return true;
		take_pipe(lx);
	}
	if (lx->after_pipe && !lx->pipe_said) {
		struct leat_diag *g = leat_say_error(lx->lang, 7, leat_lex_span(lx->text, lx->pipe, lx->pipe + 1),
						     "nothing follows the last '|'");
		leat_say_help(lx->lang, g, "remove it, or write the next step");
		lx->lang->program->damaged = true;
	}
	return false;
}

/* ---- words ---- */

/* The statement's first structural error: only then there is something to report. */
static bool first_error(struct leat_lex_stmt *st)
{
	bool first = !st->damaged;
	st->damaged = true;
	return first;
}

/* To the end of what cannot be read: the next '|' or the line end. */
static void skip_statement(struct leat_lexer *lx)
{
	while (lx->pos < lx->line_end && lx->s[lx->pos] != '|')
		lx->pos++;
}

/* A typographic quote or non-breaking blank in a bare word. False when the rest of the statement is lost. */
static bool odd_in_word(struct leat_lexer *lx, struct leat_lex_stmt *st, uint32_t len, enum leat_odd odd, int32_t cp)
{
	if (first_error(st))
		leat_habit_character(lx->lang, leat_lex_span(lx->text, lx->pos, lx->pos + len), odd, cp);
	if (odd == LEAT_ODD_SPACE)
		return true;
	skip_statement(lx);
	return false;
}

static void quote_in_word(struct leat_lexer *lx, struct leat_lex_stmt *st, const struct leat_lex_word *w)
{
	uint32_t at = lx->pos;
	while (lx->pos < lx->line_end && !is_blank(lx->s[lx->pos]) && lx->s[lx->pos] != '|')
		lx->pos++;
	if (!first_error(st))
		return;
	struct leat_span span = leat_lex_span(lx->text, at, at + 1);
	if (w->quote) {
		span.end = lx->pos;
		struct leat_diag *g = leat_say_error(lx->lang, 5, span, "text directly behind a closing quote");
		leat_say_label(lx->lang, g, "put a blank before it, or quote the whole value");
		return;
	}
	struct leat_diag *g = leat_say_error(lx->lang, 5, span, "a quote in the middle of a word");
	leat_say_label(lx->lang, g, "quote the whole value");
	if (lx->s[at] == '\'')
		leat_say_help(lx->lang, g, "a text with ' in it stands in double quotes: \"it's\"");
}

/* Bare text from pos to a blank, '|' or the line end. False when the statement is lost. */
static bool bare(struct leat_lexer *lx, struct leat_lex_stmt *st, struct leat_lex_word *w)
{
	w->value = w->value_end = lx->pos;
	bool split = lx->let == LEAT_LET_NAME;
	while (lx->pos < lx->line_end) {
		char c = lx->s[lx->pos];
		if (is_blank(c) || c == '|' || (split && c == '='))
			break;
		if (c == '"' || c == '\'') {
			quote_in_word(lx, st, w);
			w->bad = true;
			break;
		}
		uint32_t len = 1;
		if ((unsigned char)c >= 0x80) {
			int32_t cp;
			len = char_at(lx, lx->pos, &cp);
			enum leat_odd odd = leat_odd_class(cp);
			if (odd == LEAT_ODD_SPACE || odd == LEAT_ODD_DOUBLE || odd == LEAT_ODD_SINGLE) {
				w->value_end = w->end = lx->pos;
				bool more = odd_in_word(lx, st, len, odd, cp);
				lx->pos += more ? len : 0; /* like a blank */
				return more;
			}
		}
		w->pieces = w->pieces || c == '$';
		lx->pos += len;
	}
	w->value_end = w->end = lx->pos;
	return true;
}

/* Text in quotes; pos stands at the opening one. False when it is never closed. */
static bool quoted(struct leat_lexer *lx, struct leat_lex_stmt *st, struct leat_lex_word *w)
{
	uint32_t open = lx->pos++;
	w->quote = lx->s[open];
	w->value = lx->pos;
	while (lx->pos < lx->line_end && lx->s[lx->pos] != w->quote) {
		char c = lx->s[lx->pos++];
		if (w->quote == '"' && (c == '$' || c == '\\'))
			w->pieces = true;
		if (w->quote == '"' && c == '\\' && lx->pos < lx->line_end)
			lx->pos++;
	}
	w->value_end = lx->pos;
	if (lx->pos >= lx->line_end) {
		w->end = w->value_end = lx->pos = lx->line_end;
		w->bad = true;
		if (first_error(st)) {
			struct leat_diag *g = leat_say_error(lx->lang, 1, leat_lex_span(lx->text, open, open + 1),
							     "this quote is never closed");
			leat_say_label(lx->lang, g, "a text that starts with %c must end with %c on the same line",
				       w->quote, w->quote);
		}
		return false;
	}
	w->end = ++lx->pos;
	if (lx->pos < lx->line_end && !is_blank(lx->s[lx->pos]) && lx->s[lx->pos] != '|') {
		quote_in_word(lx, st, w);
		w->bad = true;
	}
	return true;
}

static bool at_quote(const struct leat_lexer *lx)
{
	return lx->pos < lx->line_end && (lx->s[lx->pos] == '"' || lx->s[lx->pos] == '\'');
}

/* Escapes and references that are wrong in themselves, wherever the word is used. */
static void check_pieces(struct leat_lexer *lx, struct leat_lex_word *w)
{
	const char *s = lx->s + w->value;
	size_t n = w->value_end - w->value;
	for (size_t at = 0; at < n;) {
		struct leat_piece p = leat_piece_at(s, n, at, w->quote == '"');
		struct leat_span span =
			leat_lex_span(lx->text, w->value + (uint32_t)p.start, w->value + (uint32_t)p.end);
		if (p.kind == LEAT_PIECE_BAD_ESCAPE)
			leat_habit_escape(lx->lang, span, leat_value_span(lx->text, w));
		else if (p.kind == LEAT_PIECE_BAD_DOLLAR)
			leat_habit_dollar(lx->lang, span);
		w->bad = w->bad || p.kind == LEAT_PIECE_BAD_ESCAPE || p.kind == LEAT_PIECE_BAD_DOLLAR;
		at = p.end;
	}
}

static bool add_word(struct leat_lexer *lx, struct leat_lex_word w)
{
	struct leat_lex_word *v = leat_grow(lx->words, &lx->cap_words, lx->n_words + 1, sizeof *v, NULL);
	if (!v) {
		lx->lang->failed = true;
		return false;
	}
	lx->words = v;
	v[lx->n_words++] = w;
	return true;
}

/* The "=" of a let, a word of its own; blanks around it or not. */
static bool let_equals(struct leat_lexer *lx, struct leat_lex_word *w)
{
	if (lx->let != LEAT_LET_NAME || lx->s[lx->pos] != '=')
		return false;
	lx->let = LEAT_LET_VALUE;
	w->value = w->start;
	w->value_end = w->end = ++lx->pos;
	return true;
}

/* In capitals, too: that is reported later, and then the rest should be right. */
static bool is_let(const struct leat_lexer *lx, const struct leat_lex_word *w)
{
	const char *s = lx->s + w->start;
	return w->end - w->start == 3 && !w->quote && (s[0] | 0x20) == 'l' && (s[1] | 0x20) == 'e' &&
	       (s[2] | 0x20) == 't';
}

/* The next word of the statement; false at its end. */
static bool next_word(struct leat_lexer *lx, struct leat_lex_stmt *st)
{
	skip_blanks(lx, &st->damaged);
	if (lx->pos == lx->line_end || lx->s[lx->pos] == '|')
		return false;
	if (at_comment(lx)) {
		leat_habit_comment(lx->lang, leat_lex_span(lx->text, lx->pos, lx->line_end), lx->let != LEAT_LET_NO);
		lx->pos = lx->line_end;
		return false;
	}
	struct leat_lex_word w = {.start = lx->pos, .key_end = lx->pos};
	if (let_equals(lx, &w))
		return add_word(lx, w);
	uint32_t key = lx->let == LEAT_LET_NO ? (uint32_t)leat_key_length(lx->s + lx->pos, lx->line_end - lx->pos) : 0;
	if (key) {
		w.key_end += key;
		lx->pos += key + 1;
	}
	bool more = at_quote(lx) ? quoted(lx, st, &w) : bare(lx, st, &w);
	if (w.end == w.start) /* nothing before an odd character */
		return more;
	if (w.pieces && more)
		check_pieces(lx, &w);
	if (!add_word(lx, w))
		return false;
	if (lx->n_words == 1 && is_let(lx, &w))
		lx->let = LEAT_LET_NAME;
	return more;
}

void leat_lex_start(struct leat_lexer *lx, struct leat_lang *l, const struct leat_text *text)
{
	*lx = (struct leat_lexer){.lang = l, .text = text, .s = text->data, .n = (uint32_t)text->len};
	enter_line(lx);
}

bool leat_lex_next(struct leat_lexer *lx, struct leat_lex_stmt *st)
{
	while (to_statement(lx)) {
		uint32_t i = lx->line;
		while (i < lx->pos && is_blank(lx->s[i]))
			i++;
		*st = (struct leat_lex_stmt){.damaged = lx->line_bad};
		st->indent = i == lx->pos ? lx->pos - lx->line : LEAT_NO_INDENT;
		lx->n_words = 0;
		lx->let = LEAT_LET_NO;
		lx->any = true;
		lx->after_pipe = lx->pipe_said = false;
		while (next_word(lx, st))
			;
		if (st->damaged)
			lx->lang->program->damaged = true;
		if (!lx->n_words)
			continue;
		st->words = lx->words;
		st->n = lx->n_words;
		st->start = lx->words[0].start;
		st->end = lx->words[lx->n_words - 1].end;
		return true;
	}
	return false;
}

void leat_lex_end(struct leat_lexer *lx)
{
	free(lx->words);
	lx->words = NULL;
}
