/* SPDX-License-Identifier: MIT */
/* Words, names and nodes for the parser. */
#include "lang/names.h"
#include "lang/parser.h"

bool leat_parser_first(struct leat_parser *p)
{
	bool first = !p->st.damaged;
	p->st.damaged = p->l->program->damaged = true;
	return first;
}

void leat_parser_incomplete(struct leat_parser *p, const char *what, const char *usage)
{
	struct leat_diag *g = LEAT_FIRST(p, 34, leat_at_span(p), "%s", what);
	leat_say_label(p->l, g, "write %s", usage);
	leat_say_fix(g, (struct leat_span){0}, NULL); /* it shows what is missing, by example */
}

void leat_parser_unexpected(struct leat_parser *p, const struct leat_lex_word *w, const char *why)
{
	struct leat_diag *g = LEAT_FIRST(p, 35, leat_word_span(p->t, w), "unexpected value '%s'", leat_at_shown(p, w));
	leat_say_label(p->l, g, "%s", why);
}

void leat_parser_words(struct leat_parser *p, struct leat_ast *a, size_t from)
{
	size_t n = from < p->st.n ? p->st.n - from : 0;
	a->words = leat_arena_alloc(p->l->arena, leat_size_mul(n, sizeof *a->words));
	a->n_words = a->words ? n : 0;
	if (a->n_words)
		memcpy(a->words, p->st.words + from, n * sizeof *a->words);
}

struct leat_ast *leat_parser_new(struct leat_parser *p, enum leat_ast_kind kind)
{
	struct leat_ast *a = leat_arena_alloc(p->l->arena, sizeof *a);
	if (!a) {
		p->l->failed = p->stop = true;
		return NULL;
	}
	a->kind = kind;
	a->span = leat_at_span(p);
	a->keyword_at = leat_word_span(p->t, leat_at_word(p, 0));
	a->name = "";
	a->damaged = p->st.damaged;
	return a;
}

const char *leat_parser_respell(struct leat_parser *p, const char *s, size_t n, bool variable)
{
	char *name = leat_arena_strndup(p->l->arena, s, n < 60 ? n : 0);
	for (char *c = name; c && *c; c++)
		*c = leat_is_letter(*c) ? (char)(*c | 0x20) : *c == '-' || *c == '_' ? (variable ? '_' : '-') : *c;
	size_t len = name ? strlen(name) : 0;
	return (variable ? leat_is_varname(name ? name : "", len) : leat_is_name(name ? name : "", len)) ? name : NULL;
}

void leat_parser_bad_name(struct leat_parser *p, struct leat_span at, const char *what, bool variable)
{
	const char *s = p->t->data + at.start;
	size_t n = at.end - at.start;
	const char *better = leat_parser_respell(p, s, n, variable);
	const char *shown = leat_say_brief(p->l, s, n);
	struct leat_diag *g = LEAT_FIRST(p, 32, at, "'%s' cannot be the name of a %s", shown, what);
	if (better)
		leat_say_label(p->l, g, "write %s", better);
	leat_say_help(p->l, g, "such a name begins with a small letter and goes on with small letters, digits and '%c'",
		      variable ? '_' : '-');
}

const char *leat_parser_name(struct leat_parser *p, size_t i, const char *what, bool variable, struct leat_span *at)
{
	const struct leat_lex_word *w = leat_at_word(p, i);
	*at = leat_word_span(p->t, w);
	const char *s = p->t->data + w->start;
	size_t n = w->end - w->start;
	bool quoted_branch = p->l->opts->canonical && w->quote && !leat_word_has_key(w) && !variable;
	if (quoted_branch)
		return ""; /* its text is found by expansion */
	if (variable ? leat_is_varname(s, n) : leat_is_name(s, n)) {
		const char *name = leat_arena_strndup(p->l->arena, s, n);
		return name ? name : "";
	}
	leat_parser_bad_name(p, *at, what, variable);
	return NULL;
}
