/* SPDX-License-Identifier: MIT */
/* What a value is made of: literal text, escapes, variable references. */
#include "lang/pieces.h"

#include "base/text.h"
#include "lang/names.h"

static int hex_digit(char c)
{
	if (leat_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \u{1F4F7}: one to six digits, a character that exists, not NUL. */
static void unicode_escape(const char *s, size_t n, struct leat_piece *p)
{
	size_t i = p->start + 3;
	int32_t cp = 0;
	size_t digits = 0;
	for (; i < n && hex_digit(s[i]) >= 0 && digits < 7; i++, digits++)
		cp = digits < 6 ? cp * 16 + hex_digit(s[i]) : INT32_MAX;
	bool closed = i < n && s[i] == '}';
	p->end = closed ? i + 1 : i;
	if (!closed || !digits || cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return;
	p->kind = LEAT_PIECE_CHAR;
	p->cp = cp;
}

static void escape(const char *s, size_t n, struct leat_piece *p)
{
	p->kind = LEAT_PIECE_BAD_ESCAPE;
	p->end = p->start + 1;
	if (p->end == n)
		return;
	char c = s[p->end];
	if (c == 'u' && p->end + 1 < n && s[p->end + 1] == '{') {
		unicode_escape(s, n, p);
		return;
	}
	int32_t cp;
	p->end += leat_utf8_next(s + p->end, n - p->end, &cp);
	if (c != '"' && c != '\\' && c != '$' && c != 'n' && c != 't')
		return;
	p->kind = LEAT_PIECE_CHAR;
	p->cp = c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

static bool continues(char c)
{
	return leat_is_letter(c) || leat_is_digit(c) || c == '_';
}

/*
 * A name in lower case ends where the grammar says; one that begins otherwise ($HOME, $_x) is taken
 * whole, so that it can be named in the message.
 */
static size_t name_end(const char *s, size_t n, size_t from)
{
	size_t i = from;
	if (i == n || (!leat_is_letter(s[i]) && s[i] != '_'))
		return from;
	bool lower = leat_is_lower(s[i]);
	while (i < n && continues(s[i]) && !(lower && leat_is_letter(s[i]) && !leat_is_lower(s[i])))
		i++;
	return i;
}

static void braced(const char *s, size_t n, struct leat_piece *p)
{
	size_t from = p->start + 2, to = from;
	while (to < n && continues(s[to]))
		to++;
	bool named = to > from && !leat_is_digit(s[from]);
	if (named && to < n && s[to] == '}') {
		*p = (struct leat_piece){.kind = LEAT_PIECE_VARIABLE,
					 .start = p->start,
					 .end = to + 1,
					 .name = s + from,
					 .n_name = to - from};
		return;
	}
	while (to < n && s[to] != '}')
		to++;
	p->end = to < n ? to + 1 : n;
}

/* How much of a shell substitution belongs in its message. */
static size_t substitution_end(const char *s, size_t n, size_t at)
{
	size_t i = at + 1;
	if (i == n)
		return i;
	if (s[i] != '(')
		return leat_is_digit(s[i]) || s[i] == '@' || s[i] == '*' || s[i] == '?' || s[i] == '#' ? i + 1 : i;
	while (i < n && s[i] != ')')
		i++;
	return i < n ? i + 1 : n;
}

static void dollar(const char *s, size_t n, struct leat_piece *p)
{
	size_t next = p->start + 1;
	p->kind = LEAT_PIECE_BAD_DOLLAR;
	if (next < n && s[next] == '$') {
		*p = (struct leat_piece){.kind = LEAT_PIECE_CHAR, .start = p->start, .end = next + 1, .cp = '$'};
		return;
	}
	if (next < n && s[next] == '{') {
		braced(s, n, p);
		return;
	}
	p->end = name_end(s, n, next);
	if (p->end == next) {
		p->end = substitution_end(s, n, p->start);
		return;
	}
	p->kind = LEAT_PIECE_VARIABLE;
	p->name = s + next;
	p->n_name = p->end - next;
}

struct leat_piece leat_piece_at(const char *s, size_t n, size_t at, bool escapes)
{
	struct leat_piece p = {.kind = LEAT_PIECE_TEXT, .start = at, .end = at};
	if (s[at] == '$') {
		dollar(s, n, &p);
	} else if (escapes && s[at] == '\\') {
		escape(s, n, &p);
	} else {
		while (p.end < n && s[p.end] != '$' && !(escapes && s[p.end] == '\\'))
			p.end++;
	}
	return p;
}

size_t leat_list_entry_end(const char *s, size_t n, size_t from)
{
	size_t depth = 0, i = from;
	for (; i < n && (depth || s[i] != ','); i++)
		if (s[i] == '{')
			depth++;
		else if (s[i] == '}' && depth)
			depth--;
	return i;
}
