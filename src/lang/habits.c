/* SPDX-License-Identifier: MIT */
/*
 * Habits of word processors and shells that show in single characters. Those that show in words are
 * in habits_words.c.
 */
#include "lang/habits.h"

#include "lang/names.h"

#include <inttypes.h>

/* The command that repairs characters works on files, not on "<command line>". */
static bool is_file(struct leat_span at)
{
	return at.text->name[0] != '<';
}

static void typographic(struct leat_lang *l, struct leat_span at, enum leat_odd odd, int32_t cp)
{
	const char *shown = leat_say_brief(l, at.text->data + at.start, at.end - at.start);
	struct leat_diag *g = leat_say_error(l, 2, at, "typographic quote %s (U+%04" PRIX32 ")", shown, (uint32_t)cp);
	leat_say_label(l, g, "use the straight quote %c instead", odd == LEAT_ODD_DOUBLE ? '"' : '\'');
	leat_say_fix(g, at, odd == LEAT_ODD_DOUBLE ? "\"" : "'");
	if (is_file(at))
		leat_say_help(l, g,
			      "a word processor has changed the quotes; let the tool repair them: leat fmt "
			      "--fix-characters %s",
			      at.text->name);
}

static void wide_space(struct leat_lang *l, struct leat_span at, int32_t cp)
{
	struct leat_diag *g =
		leat_say_error(l, 4, at, "non-breaking space (U+%04" PRIX32 ") in the text", (uint32_t)cp);
	leat_say_label(l, g, "invisible character, often pasted from a web page or a word processor");
	leat_say_fix(g, at, " ");
	if (is_file(at))
		leat_say_help(l, g,
			      "replace it by an ordinary space, or let the tool do it: leat fmt --fix-characters %s",
			      at.text->name);
	else
		leat_say_help(l, g, "replace it by an ordinary space");
}

static void forbidden(struct leat_lang *l, struct leat_span at, enum leat_odd odd, int32_t cp)
{
	struct leat_diag *g;
	if (odd == LEAT_ODD_BYTE) {
		g = leat_say_error(l, 3, at, "the byte 0x%02X is not UTF-8 text",
				   (unsigned char)at.text->data[at.start]);
		leat_say_help(l, g, "save the file as UTF-8");
		leat_say_help(l, g,
			      "a file name with such bytes can be matched by '?' or '*', or come from a list: read "
			      "list=FILE");
		return;
	}
	const char *kind = odd == LEAT_ODD_INVISIBLE ? "zero-width character"
			   : odd == LEAT_ODD_BIDI    ? "bidirectional control character"
						     : "control character";
	g = leat_say_error(l, 3, at, "%s (U+%04" PRIX32 ") in the text", kind, (uint32_t)cp);
	leat_say_label(l, g, "invisible character: remove it");
	leat_say_fix(g, at, "");
	if (cp)
		leat_say_help(l, g, "where a text needs it, write it in double quotes as \\u{%" PRIx32 "}",
			      (uint32_t)cp);
	if (odd == LEAT_ODD_INVISIBLE && is_file(at))
		leat_say_help(l, g, "let the tool remove it: leat fmt --fix-characters %s", at.text->name);
}

void leat_habit_character(struct leat_lang *l, struct leat_span at, enum leat_odd odd, int32_t cp)
{
	if (odd == LEAT_ODD_DOUBLE || odd == LEAT_ODD_SINGLE)
		typographic(l, at, odd, cp);
	else if (odd == LEAT_ODD_SPACE)
		wide_space(l, at, cp);
	else
		forbidden(l, at, odd, cp);
}

void leat_habit_separator(struct leat_lang *l, struct leat_span at)
{
	const char *shown = leat_say_brief(l, at.text->data + at.start, at.end - at.start);
	struct leat_diag *g = leat_say_error(l, 11, at, "'%s' does not separate steps", shown);
	leat_say_label(l, g, "write '|' or start a new line");
	bool joined = at.start > 0 && !strchr(" \t\n", at.text->data[at.start - 1]);
	leat_say_fix(g, at, joined ? " |" : "|");
}

/* Where C:\data… begins in a value, how far its first folder goes; false when there is none. */
static bool windows_path(struct leat_span value, struct leat_span *path)
{
	const char *s = value.text->data;
	for (uint32_t i = value.start; i < value.end && i < value.start + 2; i++) {
		if (value.end - i < 3 || !leat_is_letter(s[i]) || s[i + 1] != ':' || s[i + 2] != '\\')
			continue;
		path->text = value.text;
		path->start = i;
		path->end = i + 3;
		while (path->end < value.end && s[path->end] != '\\' && s[path->end] != '"')
			path->end++;
		return true;
	}
	return false;
}

/* "/mnt/c/data" for C:\data. */
static const char *mounted(struct leat_lang *l, struct leat_span path)
{
	struct leat_buf b = {0};
	const char *s = path.text->data;
	leat_buf_addf(&b, "/mnt/%c", s[path.start] | 0x20);
	for (uint32_t i = path.start + 2; i < path.end; i++)
		leat_buf_addc(&b, s[i] == '\\' ? '/' : s[i]);
	const char *shown = leat_say_brief(l, b.data ? b.data : "", b.len);
	leat_buf_free(&b);
	return shown;
}

void leat_habit_windows(struct leat_lang *l, struct leat_span word)
{
	struct leat_diag *g = leat_say_error(l, 18, word, "paths use '/'");
	if (g)
		leat_say_label(l, g, "on Windows' Linux side (WSL): %s", mounted(l, word));
}

void leat_habit_escape(struct leat_lang *l, struct leat_span at, struct leat_span value)
{
	const char *shown = leat_say_brief(l, at.text->data + at.start, at.end - at.start);
	struct leat_diag *g = leat_say_error(l, 12, at, "unknown escape '%s' in a double-quoted text", shown);
	struct leat_span path;
	if (g && windows_path(value, &path))
		leat_say_help(l, g, "paths use '/': on Windows' Linux side (WSL) %s is %s",
			      leat_say_brief(l, path.text->data + path.start, path.end - path.start), mounted(l, path));
	if (at.end - at.start > 2 && at.text->data[at.start + 1] == 'u')
		leat_say_help(l, g, "\\u{…} takes the one to six hexadecimal digits of a character: \\u{e9} is é");
	leat_say_help(l, g, "in single quotes a backslash is an ordinary character");
}

/* What the shell's substitution would be here. */
static void dollar_label(struct leat_lang *l, struct leat_diag *g, const char *s, size_t n)
{
	if ((n >= 6 && memcmp(s, "$(date", 6) == 0) || (n >= 5 && memcmp(s, "`date", 5) == 0)) {
		leat_say_label(l, g, "write {date}");
		return;
	}
	size_t name = 0;
	while (n > 2 && s[1] == '{' && 2 + name < n &&
	       (leat_is_letter(s[2 + name]) || leat_is_digit(s[2 + name]) || s[2 + name] == '_'))
		name++;
	if (leat_is_varname(s + 2, name))
		leat_say_label(l, g, "write ${%.*s}", (int)name, s + 2);
	else if (n == 1)
		leat_say_label(l, g, "write $$ for a dollar sign");
	if (n == 1)
		leat_say_fix(g, g->span, "$$");
}

void leat_habit_dollar(struct leat_lang *l, struct leat_span at)
{
	struct leat_diag *g = leat_say_error(l, 16, at, "no shell substitution");
	if (!g)
		return;
	dollar_label(l, g, at.text->data + at.start, at.end - at.start);
	leat_say_help(l, g, "{date} is the day of the run, 'let NAME = VALUE' sets a variable, $$ is a dollar sign");
}

size_t leat_habit_color(const char *s, size_t n)
{
	size_t end = 1;
	while (end < n && end < 10 && (leat_is_digit(s[end]) || ((s[end] | 0x20) >= 'a' && (s[end] | 0x20) <= 'f')))
		end++;
	bool word_end = end == n || s[end] == ' ' || s[end] == '\t' || s[end] == '|';
	return word_end && (end == 4 || end == 5 || end == 7 || end == 9) ? end : 0;
}

void leat_habit_comment(struct leat_lang *l, struct leat_span at, bool in_let)
{
	const char *s = at.text->data;
	uint32_t end = at.start + (uint32_t)leat_habit_color(s + at.start, at.end - at.start);
	if (end == at.start)
		return;
	struct leat_span color = {at.text, at.start, end};
	const char *shown = leat_say_brief(l, s + at.start, end - at.start);
	struct leat_diag *g = leat_say_warning(l, 1, color, "'%s' starts a comment here, it is not a color", shown);
	leat_say_label(l, g, "everything from here on is ignored");
	if (in_let)
		leat_say_help(l, g, "quote it: let NAME = \"%s\"", shown);
	else
		leat_say_help(l, g, "for a color write it with its option name, for example background=%s", shown);
	leat_say_help(l, g, "for a comment put a space after '#'");
}
