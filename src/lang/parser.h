/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the parser share: parser.c (blocks and steps), directives.c, include.c, parser_kit.c (words and
 * names).
 */
#ifndef LEAT_LANG_PARSER_H
#define LEAT_LANG_PARSER_H

#include "lang/syntax.h"

/* A block that is open: for its missing 'end' the indentation tells where it belongs. */
struct leat_block {
	struct leat_block *up;
	const struct leat_ast *opener;
	uint32_t indent;
	bool recipe;
	bool any; /* it has statements, good or bad */
	struct leat_span outdent; /* the first statement that stands no deeper than the block's first line */
	const struct leat_ast *inner; /* a block in it that was closed by an 'end' that by its indentation is ours */
	struct leat_span inner_end;
};

/* Where the next node of a list goes. */
struct leat_ast_list {
	struct leat_ast **tail;
};

/* Files read so far: each is included once. */
struct leat_files {
	const char **paths; /* absolute, without links */
	const struct leat_text **texts;
	size_t n, cap_paths, cap_texts;
	size_t statements, includes; /* of all of them */
};

/* What a text may hold. */
enum leat_text_kind { LEAT_TEXT_MAIN, LEAT_TEXT_INCLUDED, LEAT_TEXT_VARS };

struct leat_parser {
	const struct leat_parser *up; /* of the text that includes this one */
	unsigned includes; /* how many are around this text */
	enum leat_text_kind kind;
	struct leat_files *files;
	struct leat_lang *l;
	struct leat_lexer lx;
	const struct leat_text *t;
	struct leat_syntax *out;
	struct leat_ast_list directives;
	struct leat_block *open;
	unsigned depth; /* open branches */
	struct leat_lex_stmt st;
	bool held; /* st was put back: it ends a block that misses its 'end' */
	bool stop; /* nothing more can be read */
	struct leat_span first_step;
};

/* ---- the statement at hand ---- */

/* Word i of it, or NULL. */
static inline const struct leat_lex_word *leat_at_word(const struct leat_parser *p, size_t i)
{
	return i < p->st.n ? &p->st.words[i] : NULL;
}

static inline bool leat_at_is(const struct leat_parser *p, size_t i, const char *what)
{
	if (i == 0 && p->st.reads_as)
		return strcmp(p->st.reads_as, what) == 0;
	return i < p->st.n && leat_word_is(p->t, &p->st.words[i], what);
}

static inline struct leat_span leat_at_span(const struct leat_parser *p)
{
	return leat_lex_span(p->t, p->st.start, p->st.end);
}

/* A word as written, for a message. */
static inline const char *leat_at_shown(struct leat_parser *p, const struct leat_lex_word *w)
{
	return leat_say_brief(p->l, p->t->data + w->start, w->end - w->start);
}

static inline void leat_ast_append(struct leat_ast_list *list, struct leat_ast *a)
{
	*list->tail = a;
	list->tail = &a->next;
}

/* Marks the statement as damaged; true when it was not. */
bool leat_parser_first(struct leat_parser *p);

/* A structural error: only the first of a statement is reported. Arguments as for leat_say_error. */
#define LEAT_FIRST(p, ...) (leat_parser_first(p) ? leat_say_error((p)->l, __VA_ARGS__) : NULL)

/* "'branch' needs a name", with what to write. */
void leat_parser_incomplete(struct leat_parser *p, const char *what, const char *usage);

/* A value too many, with the reason why. */
void leat_parser_unexpected(struct leat_parser *p, const struct leat_lex_word *w, const char *why);

/* A tree node for the statement; NULL when memory is out. */
struct leat_ast *leat_parser_new(struct leat_parser *p, enum leat_ast_kind kind);

/* The words from `from` on, copied into the node. */
void leat_parser_words(struct leat_parser *p, struct leat_ast *a, size_t from);

/*
 * The name that word i (there is one) spells, and its place; NULL when it is none, which is reported. what: "branch".
 * variable: a VARNAME, else a NAME.
 */
const char *leat_parser_name(struct leat_parser *p, size_t i, const char *what, bool variable, struct leat_span *at);
void leat_parser_bad_name(struct leat_parser *p, struct leat_span at, const char *what, bool variable);

/* s[0 ... n) spelt as a name must be, or NULL when that would be another word. */
const char *leat_parser_respell(struct leat_parser *p, const char *s, size_t n, bool variable);

/* ---- directives.c ---- */

struct leat_directive_rule {
	const char *word;
	void (*parse)(struct leat_parser *p);
	enum leat_text_kind most; /* the strictest kind of text that may hold it */
};

/* The directive that the statement is, or NULL. */
const struct leat_directive_rule *leat_parser_directive(const struct leat_parser *p);

/* Reports a directive that stands behind or among steps. */
void leat_parser_misplaced(struct leat_parser *p);

/* "x = 3" without let, already reported: the name counts as set, so that its uses are no errors. */
void leat_parser_assigned(struct leat_parser *p);

/* ---- include.c ---- */

void leat_parser_include(struct leat_parser *p);

/* The file that text t was read from, so that it is not read again. False when memory is out. */
bool leat_parser_note_file(struct leat_parser *p, const char *path, const struct leat_text *t);

/* Reports a statement that this kind of text may not hold. */
void leat_parser_out_of_place(struct leat_parser *p);

/* ---- parser.c ---- */

/* Reads a text into the lists of p; p->l, p->t and p->files are set. */
void leat_parser_text(struct leat_parser *p, struct leat_ast_list *steps);

void leat_parser_recipe(struct leat_parser *p);

#endif
