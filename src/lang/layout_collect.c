/* SPDX-License-Identifier: MIT */
/* Text to lines: the words from the lexer, the comments and blank lines from what stands between them. */
#include "lang/layout.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct leat_layout_line *add_line(struct leat_layout *ls, enum leat_layout_kind kind)
{
	struct leat_layout_line *v = leat_grow(ls->v, &ls->cap, ls->n + 1, sizeof *v, NULL);
	if (!v) {
		ls->failed = true;
		return NULL;
	}
	ls->v = v;
	v[ls->n] = (struct leat_layout_line){.kind = kind};
	return &v[ls->n++];
}

/* ---- between statements ---- */

/* What stands between two statements: blanks, '|', continuations, line breaks, comments. */
struct gap {
	struct leat_layout *ls;
	const char *s;
	uint32_t at, end;
	bool behind; /* still on the line of the statement before */
	bool piped; /* a '|' was seen on it */
	bool used; /* this line holds something */
	bool blank; /* a blank line was seen that no line has taken yet */
};

static void comment(struct gap *g)
{
	const char *nl = memchr(g->s + g->at, '\n', g->end - g->at);
	uint32_t from = g->at, to = nl ? (uint32_t)(nl - g->s) : g->end;
	g->at = to;
	while (to > from && (is_blank(g->s[to - 1]) || g->s[to - 1] == '\r'))
		to--;
	struct leat_layout_line *line = g->behind ? &g->ls->v[g->ls->n - 1] : add_line(g->ls, LEAT_LINE_COMMENT);
	if (!line)
		return;
	line->comment = from;
	line->comment_end = to;
	if (g->behind) {
		line->color = !g->piped;
	} else {
		line->blank = g->blank;
		g->blank = false;
	}
	g->used = true;
}

static void line_break(struct gap *g)
{
	g->blank = g->blank || (!g->used && !g->behind);
	g->used = g->behind = false;
	g->at++;
}

/* The '\' that joins the next line: that line belongs to this one. */
static void continuation(struct gap *g)
{
	const char *nl = memchr(g->s + g->at, '\n', g->end - g->at);
	g->at = nl ? (uint32_t)(nl - g->s) + 1 : g->end;
	g->used = true;
}

/* Reads bytes [at, end) behind the last statement, if there is one. True when a blank line is left over. */
static bool gap(struct leat_layout *ls, uint32_t at, uint32_t end)
{
	struct gap g = {.ls = ls, .s = ls->t->data, .at = at, .end = end, .behind = ls->n > 0};
	while (g.at < g.end && !ls->failed) {
		char c = g.s[g.at];
		if (c == '#') {
			comment(&g);
		} else if (c == '\n') {
			line_break(&g);
		} else if (c == '\\') {
			continuation(&g);
		} else {
			g.piped = g.piped || c == '|';
			g.used = g.used || c == '|';
			g.at++;
		}
	}
	return g.blank;
}

/* ---- statements ---- */

static enum leat_layout_kind kind_of(const struct leat_text *t, const struct leat_lex_stmt *st)
{
	static const struct {
		const char *word;
		enum leat_layout_kind kind;
	} rules[] = {
		{"end", LEAT_LINE_END},        {"use", LEAT_LINE_USE},          {"branch", LEAT_LINE_BLOCK},
		{"recipe", LEAT_LINE_BLOCK},   {"version", LEAT_LINE_SETTING},  {"include", LEAT_LINE_SETTING},
		{"job", LEAT_LINE_SETTING},    {"schedule", LEAT_LINE_SETTING}, {"defaults", LEAT_LINE_SETTING},
		{"expect", LEAT_LINE_SETTING},
	};
	if (leat_word_is(t, &st->words[0], "let"))
		return st->n > 3 && leat_word_is(t, &st->words[2], "=") ? LEAT_LINE_LET : LEAT_LINE_SETTING;
	for (size_t i = 0; i < LEAT_LEN(rules); i++)
		if (leat_word_is(t, &st->words[0], rules[i].word))
			return rules[i].kind;
	return LEAT_LINE_STEP;
}

static void statement(struct leat_layout *ls, const struct leat_lex_stmt *st, bool blank)
{
	size_t n = ls->n_words + st->n;
	struct leat_lex_word *words = leat_grow(ls->words, &ls->cap_words, n, sizeof *words, NULL);
	struct leat_layout_line *line = words ? add_line(ls, kind_of(ls->t, st)) : NULL;
	if (!line) {
		ls->failed = true;
		return;
	}
	ls->words = words;
	memcpy(words + ls->n_words, st->words, st->n * sizeof *words);
	line->first_word = (uint32_t)ls->n_words;
	line->n_words = (uint32_t)st->n;
	line->recipe = leat_word_is(ls->t, &st->words[0], "recipe");
	line->blank = blank;
	ls->n_words = n;
}

void leat_layout_collect(struct leat_layout *ls, const struct leat_text *t)
{
	static const struct leat_program_opts none = {0};
	struct leat_diags ignored = {0}; /* what there is to say was said when the text was read */
	struct leat_program nobody = {0};
	struct leat_lang l = {.program = &nobody, .arena = &nobody.arena, .diags = &ignored, .opts = &none};
	struct leat_lexer lx;
	struct leat_lex_stmt st;
	uint32_t at = 0;
	*ls = (struct leat_layout){.t = t};
	leat_lex_start(&lx, &l, t);
	while (!ls->failed && leat_lex_next(&lx, &st)) {
		statement(ls, &st, gap(ls, at, st.start));
		at = st.end;
	}
	ls->failed = ls->failed || l.failed;
	gap(ls, at, (uint32_t)t->len);
	leat_lex_end(&lx);
	leat_arena_free(&nobody.arena);
	leat_diags_free(&ignored);
	free(l.said);
}

void leat_layout_free(struct leat_layout *ls)
{
	free(ls->v);
	free(ls->words);
	*ls = (struct leat_layout){0};
}
