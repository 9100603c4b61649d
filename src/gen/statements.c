/* SPDX-License-Identifier: MIT */
/* The statements of a text that is being written. No grammar: what is half there must be read too. See offers.h. */
#include "gen/offers.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Behind the word at s. A quote at its beginning or behind KEY= goes on to its end. */
static const char *word_end(const char *s)
{
	const char *start = s;
	while (*s && !is_blank(*s) && *s != '\n' && *s != '|') {
		bool opens = (*s == '"' || *s == '\'') && (s == start || s[-1] == '=');
		if (!opens) {
			s++;
			continue;
		}
		char quote = *s++;
		while (*s && *s != quote && *s != '\n')
			s += *s == '\\' && quote == '"' && s[1] ? 2 : 1;
		if (*s == quote)
			s++;
	}
	return s;
}

static bool continues(const char *s)
{
	if (*s != '\\')
		return false;
	for (s++; is_blank(*s); s++)
		;
	return *s == '\n';
}

static void add(struct leat_pieces *p, const char *s, const char *end)
{
	if (p->n < LEAT_PIECES)
		p->v[p->n++] = (struct leat_piece){s, (size_t)(end - s)};
	else /* the last one is what counts */
		p->v[LEAT_PIECES - 1] = (struct leat_piece){s, (size_t)(end - s)};
}

bool leat_next_statement(const char **at, struct leat_pieces *p)
{
	const char *s = *at;
	*p = (struct leat_pieces){.n = 0};
	if (!s)
		return false;
	for (;;) {
		while (is_blank(*s))
			s++;
		if (*s == '#') {
			s += strcspn(s, "\n");
			p->comment = *s == 0;
		} else if (continues(s)) {
			s += strcspn(s, "\n") + 1;
		} else if (*s == 0 || *s == '\n' || *s == '|') {
			break;
		} else {
			const char *end = word_end(s);
			add(p, s, end);
			s = end;
		}
	}
	bool fresh = p->n == 0 || s != p->v[p->n - 1].s + p->v[p->n - 1].n;
	if (*s == 0 && fresh)
		add(p, s, s);
	*at = *s ? s + 1 : NULL;
	return true;
}

bool leat_piece_is(const struct leat_piece *p, const char *word)
{
	return strlen(word) == p->n && memcmp(p->s, word, p->n) == 0;
}
