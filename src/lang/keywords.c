/* SPDX-License-Identifier: MIT */
/* The reserved words, and words that were meant as one. See keywords.h. */
#include "lang/keywords.h"

#include "base/text.h"
#include "lang/names.h"

static const char *const words[] = {"version", "include", "let",    "job", "schedule", "defaults",
				    "expect",  "recipe",  "branch", "use", "end"};
enum { DIRECTIVES = 7, LONGEST = 12 };

static bool plain(const struct leat_lex_stmt *st, size_t i)
{
	return i < st->n && !st->words[i].quote && !leat_word_has_key(&st->words[i]);
}

/*
 * The first value behind the word, or 0. The order of options and values is not looked at: nobody who brings them into
 * another order (leat fmt, show) shall make another statement of it.
 */
static size_t first_value(const struct leat_lex_stmt *st, size_t from)
{
	for (size_t i = from; i < st->n; i++)
		if (!leat_word_has_key(&st->words[i]))
			return i;
	return 0;
}

/* NAME and nothing else, or NAME for ... */
static bool like_branch(const struct leat_text *t, const struct leat_lex_stmt *st)
{
	size_t name = first_value(st, 1), next = name ? first_value(st, name + 1) : 0;
	const struct leat_lex_word *w = &st->words[name];
	return name && !w->quote && leat_is_name(t->data + w->start, w->end - w->start) &&
	       (st->n == 2 || (next && leat_word_is(t, &st->words[next], "for")));
}

/* x50: a height. Nobody names a recipe so, and `resize x50` is a step. */
static bool like_size(const char *s, size_t n)
{
	if (n < 2 || s[0] != 'x')
		return false;
	for (size_t i = 1; i < n; i++)
		if (!leat_is_digit(s[i]))
			return false;
	return true;
}

/* NAME and parameters. */
static bool like_recipe(const struct leat_text *t, const struct leat_lex_stmt *st)
{
	size_t name = first_value(st, 1);
	for (size_t i = 1; i < st->n; i++) {
		const struct leat_lex_word *w = &st->words[i];
		uint32_t end = leat_word_has_key(w) ? w->key_end : w->end;
		bool good = i == name ? leat_is_name(t->data + w->start, end - w->start)
				      : leat_is_varname(t->data + w->start, end - w->start);
		if (!good || w->quote || like_size(t->data + w->start, end - w->start))
			return false;
	}
	return name > 0;
}

static bool like_let(const struct leat_text *t, const struct leat_lex_stmt *st)
{
	return st->n > 2 && plain(st, 1) && leat_word_is(t, &st->words[2], "=");
}

/* ASCII, whatever the locale. */
static bool same_letters(const char *a, const char *b)
{
	while (*a && (leat_is_letter(*a) ? *a | 0x20 : *a) == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const char *leat_keyword_meant(const struct leat_text *t, const struct leat_lex_stmt *st)
{
	const struct leat_lex_word *w = &st->words[0];
	char word[LONGEST + 1];
	size_t n = w->end - w->start;
	if (!plain(st, 0) || n < 2 || n > LONGEST)
		return NULL;
	memcpy(word, t->data + w->start, n);
	word[n] = 0;
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (same_letters(word, words[i]))
			return strcmp(word, words[i]) == 0 ? NULL : words[i];
	/* Length and shape first: this is asked of every statement, and a distance costs more. */
	bool six = n >= 4 && n <= 8;
	if (six && like_branch(t, st) && leat_word_distance(word, "branch") <= 2)
		return "branch";
	if (six && like_recipe(t, st) && leat_word_distance(word, "recipe") <= 2)
		return "recipe";
	if (like_let(t, st) && leat_word_distance(word, "let") <= 1)
		return "let";
	/* "edn", "ends"; but `send` may well be somebody's own step. */
	bool end = st->n == 1 && n < 5 && (n < 4 || word[0] == 'e') && leat_word_distance(word, "end") <= 1;
	return end ? "end" : NULL;
}

bool leat_keyword_near_directive(const char *word)
{
	return leat_nearest_word(word, words, DIRECTIVES) != NULL;
}
