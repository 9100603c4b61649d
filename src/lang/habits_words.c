/* SPDX-License-Identifier: MIT */
/* Habits of other tools that show in the words of a statement. */
#include "lang/habits.h"

#include "lang/keywords.h"
#include "lang/names.h"

struct habits {
	struct leat_lang *l;
	const struct leat_text *t;
	struct leat_lex_stmt *st;
	bool let, condition, exec; /* what kind of statement: some habits mean something there */
};

/* ---- looking at words ---- */

static const struct leat_lex_word *word(const struct habits *h, size_t i)
{
	return &h->st->words[i];
}

static const char *text(const struct habits *h, size_t i)
{
	return h->t->data + word(h, i)->start;
}

static size_t length(const struct habits *h, size_t i)
{
	return word(h, i)->end - word(h, i)->start;
}

/* A word without quotes and without key that is still there. */
static bool plain(const struct habits *h, size_t i)
{
	return i < h->st->n && !word(h, i)->quote && !leat_word_has_key(word(h, i)) && !word(h, i)->dropped;
}

static bool is(const struct habits *h, size_t i, const char *what)
{
	return plain(h, i) && leat_word_is(h->t, word(h, i), what);
}

static bool is_any(const struct habits *h, size_t i, const char *const *list)
{
	for (; *list; list++)
		if (is(h, i, *list))
			return true;
	return false;
}

static struct leat_span span(const struct habits *h, size_t from, size_t to)
{
	return leat_lex_span(h->t, word(h, from)->start, word(h, to)->end);
}

/* The words from … to as written, for a message. */
static const char *shown(const struct habits *h, size_t from, size_t to)
{
	return leat_say_brief(h->l, text(h, from), word(h, to)->end - word(h, from)->start);
}

/* ---- taking words out ---- */

static void drop(struct habits *h, size_t from, size_t to)
{
	for (size_t i = from; i <= to && i < h->st->n; i++)
		h->st->words[i].dropped = true;
}

/* Only the first structural error of a statement is told; recovery goes on in silence. */
static bool first(struct habits *h)
{
	bool told = h->st->damaged;
	h->st->damaged = true;
	return !told;
}

#define SAY(h, ...) (first(h) ? leat_say_error((h)->l, __VA_ARGS__) : NULL)

/* What the label says to write takes the place of more than what is marked. */
static void cover(struct leat_diag *g, struct leat_span at)
{
	if (g && g->fix)
		g->fix_at = at;
}

/* ---- the habits: each tells whether word i showed it ---- */

static bool separator(struct habits *h, size_t i)
{
	static const char *const others[] = {"!", "&&", ";", "->", "=>", "\xef\xbd\x9c", NULL};
	if (h->let && i < 3)
		return false;
	if (is_any(h, i, others)) {
		if (first(h))
			leat_habit_separator(h->l, span(h, i, i));
		drop(h, i, h->st->n - 1);
		return true;
	}
	struct leat_lex_word *w = &h->st->words[i];
	if (w->quote || length(h, i) < 2 || text(h, i)[length(h, i) - 1] != ';')
		return false;
	if (first(h))
		leat_habit_separator(h->l, leat_lex_span(h->t, w->end - 1, w->end));
	w->end--;
	w->value_end -= w->value_end > w->value;
	drop(h, i + 1, h->st->n - 1);
	return true;
}

/* Bytes of the redirection operator that a word begins with. */
static size_t redirects(const char *s, size_t n)
{
	size_t i = n > 1 && ((s[0] >= '0' && s[0] <= '2') || s[0] == '&') ? 1 : 0;
	if (i == n || (s[i] != '>' && s[i] != '<'))
		return 0;
	return i + 1 < n && s[i + 1] == s[i] ? i + 2 : i + 1;
}

static bool redirection(struct habits *h, size_t i)
{
	size_t op = plain(h, i) && !h->let && !h->condition ? redirects(text(h, i), length(h, i)) : 0;
	if (!op)
		return false;
	bool joined = length(h, i) > op, next = i + 1 < h->st->n;
	const char *file = joined ? leat_say_brief(h->l, text(h, i) + op, length(h, i) - op)
			   : next ? shown(h, i + 1, i + 1)
				  : "FILE";
	size_t n = strlen(file);
	bool table = n > 4 && strcmp(file + n - 4, ".csv") == 0;
	const char *step = text(h, i)[op - 1] == '<'                        ? "read "
			   : table || (op > 1 && text(h, i)[op - 2] == '>') ? "report csv="
									    : "write ";
	struct leat_diag *g = SAY(h, 15, span(h, i, i), "no redirection");
	if (text(h, i)[0] == '>' || text(h, i)[0] == '<')
		leat_say_label(h->l, g, "use a step of its own: %s%s", step, file);
	else
		leat_say_label(h->l, g, "what leat prints is redirected where it is started");
	drop(h, i, h->st->n - 1);
	return true;
}

/* "- resize 800x" and "-resize 800x". */
static bool list_dash(struct habits *h, size_t i)
{
	if (i != 0 || !plain(h, 0) || text(h, 0)[0] != '-')
		return false;
	struct leat_lex_word *w = &h->st->words[0];
	size_t dashes = 0;
	while (dashes < length(h, 0) && text(h, 0)[dashes] == '-')
		dashes++;
	if (dashes == length(h, 0) ? h->st->n == 1 : !leat_is_name(text(h, 0) + dashes, length(h, 0) - dashes))
		return false;
	struct leat_span at = leat_lex_span(h->t, w->start, w->start + (uint32_t)dashes);
	struct leat_diag *g = SAY(h, 14, at, "a step starts with its name");
	leat_say_label(h->l, g, "remove '%.*s'", (int)(dashes < 8 ? dashes : 8), text(h, 0));
	leat_say_fix(g, at, "");
	w->dropped = dashes == length(h, 0);
	w->start = w->key_end = w->value = w->start + (uint32_t)dashes;
	return true;
}

/* "resize: 800x" and "quality: 80". */
static bool colon(struct habits *h, size_t i)
{
	size_t n = plain(h, i) ? length(h, i) : 0;
	bool next = i + 1 < h->st->n;
	if (n < 2 || text(h, i)[n - 1] != ':' || !leat_is_name(text(h, i), n - 1) || h->exec || (h->let && i != 1) ||
	    (i && !next))
		return false;
	struct leat_lex_word *w = &h->st->words[i];
	struct leat_diag *g = SAY(h, 13, span(h, i, i), "no ':'");
	const char *name = leat_say_brief(h->l, text(h, i), n - 1);
	if (i == 0) {
		leat_say_label(h->l, g, "write %s%s%s", name, next ? " " : "", next ? shown(h, 1, h->st->n - 1) : "");
		leat_say_fix(g, span(h, 0, 0), name);
		w->end = --w->value_end;
		return true;
	}
	if (!h->let) {
		leat_say_label(h->l, g, "write %s=%s", name, shown(h, i + 1, i + 1));
		cover(g, span(h, i, i + 1));
		drop(h, i, i + 1);
		return true;
	}
	leat_say_label(h->l, g, "write let %s = %s", name, shown(h, i + 1, h->st->n - 1));
	cover(g, span(h, 0, h->st->n - 1));
	drop(h, 0, h->st->n - 1);
	w->dropped = false;
	w->end = --w->value_end;
	h->st->assigns = true;
	return true;
}

/* "resize(800, 600)". */
static bool call(struct habits *h, size_t i)
{
	const char *open = i == 0 && plain(h, 0) ? memchr(text(h, 0), '(', length(h, 0)) : NULL;
	if (!open || !leat_is_name(text(h, 0), (size_t)(open - text(h, 0))))
		return false;
	struct leat_lex_word *w = &h->st->words[0];
	struct leat_buf b = {0};
	const char *end = h->t->data + h->st->end;
	for (const char *p = open + 1; p < end && *p != ')'; p++)
		if (*p != ',')
			leat_buf_addc(&b, *p);
		else if (p + 1 < end && p[1] != ' ')
			leat_buf_addc(&b, ' ');
	struct leat_diag *g = SAY(h, 19, leat_lex_span(h->t, h->st->start, h->st->end), "no parentheses around values");
	const char *name = leat_say_brief(h->l, text(h, 0), (size_t)(open - text(h, 0)));
	leat_say_label(h->l, g, "write %s%s%s", name, b.len ? " " : "",
		       b.len ? leat_say_brief(h->l, b.data, b.len) : "");
	leat_buf_free(&b);
	w->end = w->value_end = (uint32_t)(open - h->t->data);
	drop(h, 1, h->st->n - 1);
	return true;
}

/* "branch x {" and "}". */
static bool brace(struct habits *h, size_t i)
{
	if (i == 0 && is(h, 0, "}")) {
		struct leat_diag *g = SAY(h, 19, span(h, 0, 0), "no braces around steps");
		leat_say_label(h->l, g, "write end");
		h->st->closes = true;
		return true;
	}
	if (i == 0 || i + 1 < h->st->n || h->let || h->exec || !is(h, i, "{"))
		return false;
	struct leat_diag *g = SAY(h, 19, span(h, i, i), "no braces around steps");
	leat_say_label(h->l, g, "write %s, its steps, and a line with end", shown(h, 0, i - 1));
	leat_say_fix(g, leat_lex_span(h->t, word(h, i - 1)->end, word(h, i)->end), "");
	drop(h, i, i);
	return true;
}

/* A name as a variable of ours would be called. */
static const char *as_variable(struct habits *h, const char *s, size_t n)
{
	char *name = leat_arena_strndup(h->l->arena, s, n < 40 ? n : 40);
	for (char *p = name; p && *p; p++)
		*p = *p == '-' ? '_' : leat_is_letter(*p) ? (char)(*p | 0x20) : *p;
	return name && leat_is_varname(name, strlen(name)) ? name : "NAME";
}

static void say_let(struct habits *h, const char *name, const char *value)
{
	struct leat_diag *g = SAY(h, 19, span(h, 0, h->st->n - 1), "a variable is set with 'let'");
	leat_say_label(h->l, g, "write let %s = %s", name, value);
	h->st->assigns = true;
}

/* An indented line that begins with an option: its step stands on the line above. */
static bool stray_option(struct habits *h, size_t i)
{
	if (i != 0 || !leat_word_has_key(word(h, 0)) || !h->st->indent || h->st->indent == LEAT_NO_INDENT)
		return false;
	struct leat_diag *g = SAY(h, 14, span(h, 0, 0), "a step starts with its name");
	leat_say_label(h->l, g, "an option stands on the line of its step");
	leat_say_help(h->l, g, "a line that ends with a blank and '\\' goes on in the next one");
	drop(h, 0, h->st->n - 1);
	return true;
}

/* "x = 3", "x=3", "export X=3", "export X". */
static bool assignment(struct habits *h, size_t i)
{
	if (i != 0 || h->let)
		return false;
	size_t at = is(h, 0, "export") && h->st->n > 1 ? 1 : 0;
	const struct leat_lex_word *w = word(h, at);
	if (leat_word_has_key(w)) {
		const char *value =
			w->value == w->value_end && !w->quote
				? "\"\""
				: leat_say_brief(h->l, h->t->data + w->key_end + 1, w->end - w->key_end - 1);
		say_let(h, as_variable(h, text(h, at), w->key_end - w->start), value);
	} else if (plain(h, at) && plain(h, at + 1) && text(h, at + 1)[0] == '=') {
		bool joined = length(h, at + 1) > 1;
		const char *value = joined ? leat_say_brief(h->l, text(h, at + 1) + 1, length(h, at + 1) - 1)
				    : at + 2 < h->st->n ? shown(h, at + 2, h->st->n - 1)
							: "\"\"";
		say_let(h, as_variable(h, text(h, at), length(h, at)), value);
	} else if (at == 1 && plain(h, 1)) {
		const char *env = leat_is_envname(text(h, 1), length(h, 1)) ? shown(h, 1, 1) : "NAME";
		say_let(h, as_variable(h, text(h, 1), length(h, 1)), leat_arena_printf(h->l->arena, "env %s", env));
	} else {
		return false;
	}
	drop(h, 0, h->st->n - 1);
	h->st->words[at].dropped = false;
	return true;
}

/* Bytes of the operator at the beginning (or the end) of a word. Outside of conditions there is only '='. */
static size_t operator_at(const struct habits *h, size_t i, bool at_end)
{
	if (!plain(h, i))
		return 0;
	size_t n = 0, len = length(h, i);
	for (; n < len && n < 2; n++) {
		char c = text(h, i)[at_end ? len - 1 - n : n];
		bool compares = c == '<' || c == '>' || c == '~' || (c == '!' && (n == 1) == at_end);
		if (c != '=' && !(h->condition && compares))
			break;
	}
	return n;
}

static void say_joined(struct habits *h, size_t from, size_t to, const char *op)
{
	struct leat_buf b = {0};
	for (size_t k = from; k <= to; k++)
		leat_buf_add(&b, text(h, k), length(h, k));
	struct leat_diag *g = SAY(h, 8, span(h, from, to), "no spaces around '%s'", op);
	if (b.len)
		leat_say_label(h->l, g, "write %s", leat_say_brief(h->l, b.data, b.len));
	leat_buf_free(&b);
	drop(h, from, to);
}

static void say_no_value(struct habits *h, size_t from, size_t to, const char *key)
{
	struct leat_diag *g = leat_say_error(h->l, 9, span(h, from, to), "'%s=' has no value", key);
	leat_say_help(h->l, g, "an empty text is written %s=\"\"", key);
	if (h->t->name[0] == '<')
		leat_say_help(h->l, g,
			      "if you wrote $%s inside \"double quotes\" on a command line, your shell has "
			      "removed it: use single quotes around the pipeline",
			      key);
}

/* "fit= cover", and "quality=" with nothing behind it. */
static bool empty_option(struct habits *h, size_t i)
{
	struct leat_lex_word *w = &h->st->words[i];
	if (!leat_word_has_key(w) || w->quote || w->value != w->value_end || w->dropped)
		return false;
	const char *key = leat_say_brief(h->l, text(h, i), w->key_end - w->start);
	if (plain(h, i + 1) && !operator_at(h, i + 1, false)) {
		say_joined(h, i, i + 1, "=");
	} else {
		say_no_value(h, i, i, key);
		w->bad = true;
	}
	return true;
}

/* "fit = cover", "fit =cover"; in conditions "width >= 800" and its like. */
static bool spaced_operator(struct habits *h, size_t i)
{
	if (h->let || h->exec)
		return false;
	if (empty_option(h, i))
		return true;
	size_t op = i ? operator_at(h, i, false) : 0;
	bool alone = op && op == length(h, i), next = i + 1 < h->st->n;
	const char *sign = leat_say_brief(h->l, op ? text(h, i) : "=", op ? op : 1);
	if (op && i > 1 && plain(h, i - 1) && (next || !alone)) {
		say_joined(h, i - 1, alone ? i + 1 : i, sign);
		return true;
	}
	if (alone && !next && i > 1 && plain(h, i - 1) && op == 1 && sign[0] == '=') {
		say_no_value(h, i - 1, i, shown(h, i - 1, i - 1));
		h->st->damaged = true;
		drop(h, i - 1, i);
		return true;
	}
	op = i && next && !op ? operator_at(h, i, true) : 0;
	if (!op || !h->condition)
		return false;
	say_joined(h, i, i + 1, leat_say_brief(h->l, text(h, i) + length(h, i) - op, op));
	return true;
}

/* "-fit cover", "--quality=82", "--lossless". Numbers and '-' alone are values. */
static bool dash(struct habits *h, size_t i)
{
	if (i == 0 || h->let || h->exec || !plain(h, i) || text(h, i)[0] != '-')
		return false;
	size_t skip = length(h, i) > 1 && text(h, i)[1] == '-' ? 2 : 1;
	const char *s = text(h, i) + skip;
	size_t n = length(h, i) - skip;
	if (!n || !leat_is_letter(s[0]))
		return false;
	struct leat_diag *g = SAY(h, 10, span(h, i, i), "options have no dashes");
	size_t key = leat_key_length(s, n), name = 0;
	while (name < n && (leat_is_letter(s[name]) || leat_is_digit(s[name]) || s[name] == '-' || s[name] == '_'))
		name++;
	const char *rest = leat_say_brief(h->l, s, n);
	bool takes_next = name == n && plain(h, i + 1) &&
			  (text(h, i + 1)[0] != '-' || leat_is_digit(text(h, i + 1)[length(h, i + 1) > 1]));
	if (key)
		leat_say_label(h->l, g, "write %s", rest);
	else if (name < n)
		leat_say_label(h->l, g, "a value that begins with '-' needs quotes");
	else if (n == 1)
		leat_say_label(h->l, g, "write NAME=VALUE");
	else
		leat_say_label(h->l, g, "write %s=%s", rest, takes_next ? shown(h, i + 1, i + 1) : "yes");
	if (!key && n == 1)
		leat_say_fix(g, (struct leat_span){0}, NULL);
	else
		cover(g, span(h, i, takes_next ? i + 1 : i));
	drop(h, i, takes_next ? i + 1 : i);
	return true;
}

static bool is_dashed(const struct habits *h, size_t i)
{
	return plain(h, i) && length(h, i) > 1 && text(h, i)[0] == '-' && leat_is_letter(text(h, i)[1]);
}

/* The options of ImageMagick that are steps here, in their order: " | resize 50x50 | flip". */
static void add_steps(const struct habits *h, struct leat_buf *b)
{
	static const char *const with_value[] = {"-resize", "-rotate", NULL};
	static const char *const alone[] = {"-flip", "-flop", "-negate", "-strip", NULL};
	for (size_t i = 1; i < h->st->n; i++) {
		if (is_any(h, i, alone))
			leat_buf_addf(b, " | %.*s", (int)length(h, i) - 1, text(h, i) + 1);
		else if (is_any(h, i, with_value) && plain(h, i + 1))
			leat_buf_addf(b, " | %.*s %.*s", (int)length(h, i) - 1, text(h, i) + 1,
				      (int)strcspn(text(h, i + 1), "><!^@ \t\r\n|"), text(h, i + 1));
	}
}

/* A word that can stand in a recipe as the name of a file: nothing of the shell is in it. */
static bool names_file(const struct habits *h, size_t i)
{
	return plain(h, i) && !is_dashed(h, i) && !memchr(text(h, i), '$', length(h, i)) &&
	       !memchr(text(h, i), ')', length(h, i));
}

/* "convert a.png -resize 50x50 b.png": a whole command of another program. */
static bool command(struct habits *h, size_t i)
{
	static const char *const programs[] = {"convert", "magick", "mogrify", NULL};
	size_t last = h->st->n - 1;
	if (i > 0 || !is_any(h, 0, programs))
		return false;
	bool foreign = plain(h, 1) && memchr(text(h, 1), '.', length(h, 1));
	for (size_t k = 1; k <= last && !foreign; k++)
		foreign = is_dashed(h, k);
	if (!foreign)
		return false;
	struct leat_buf b = {0};
	bool in = names_file(h, 1), out = last > 1 && names_file(h, last);
	leat_buf_addf(&b, "read %.*s", in ? (int)length(h, 1) : 5, in ? text(h, 1) : "a.png");
	add_steps(h, &b);
	leat_buf_addf(&b, " | write %.*s", out ? (int)length(h, last) : 14, out ? text(h, last) : "out/{stem}.png");
	struct leat_diag *g = SAY(h, 24, span(h, 0, 0), "the command line of another program ('%s')", shown(h, 0, 0));
	leat_say_label(h->l, g, "write for example: %s", b.data ? leat_say_brief(h->l, b.data, b.len) : "");
	leat_say_fix(g, (struct leat_span){0}, NULL);
	leat_say_help(h->l, g, "a step does one thing to the image that comes from the step before it");
	leat_buf_free(&b);
	drop(h, 0, last);
	return true;
}

static bool windows(struct habits *h, size_t i)
{
	struct leat_lex_word *w = &h->st->words[i];
	const char *s = h->t->data + w->value;
	if (w->quote || w->value_end - w->value < 3 || !leat_is_letter(s[0]) || s[1] != ':' || s[2] != '\\')
		return false;
	leat_habit_windows(h->l, leat_value_span(h->t, w));
	w->bad = true;
	return true;
}

/* A '\' that ends its line but for a comment, or stands between words. */
static void lone_backslash(struct habits *h, size_t i)
{
	bool last = i + 1 == h->st->n;
	struct leat_diag *g = SAY(h, 17, span(h, i, i), "a '\\' alone joins the next line only at the end of its line");
	leat_say_label(h->l, g, last ? "nothing may follow it, no comment either" : "remove it, or quote it");
	drop(h, i, i);
}

/* "My\ Pics/a\ b.jpg". */
static bool backslash(struct habits *h, size_t i)
{
	struct leat_lex_word *w = &h->st->words[i];
	/* Canonical text has one blank between all words; where two stood, the backslash was meant. */
	if (h->l->opts->canonical || w->quote || w->dropped || text(h, i)[length(h, i) - 1] != '\\')
		return false;
	if (is(h, i, "\\")) {
		lone_backslash(h, i);
		return true;
	}
	size_t last = i;
	struct leat_buf b = {0};
	leat_buf_add(&b, h->t->data + w->value, w->value_end - w->value);
	while (!b.failed && plain(h, last + 1) && b.data[b.len - 1] == '\\' &&
	       (i == 0 || word(h, last)->end + 1 == word(h, last + 1)->start)) {
		b.data[b.len - 1] = ' ';
		last++;
		leat_buf_add(&b, text(h, last), length(h, last));
	}
	if (last > i && !b.failed) {
		struct leat_diag *g = SAY(h, 17, leat_lex_span(h->t, w->value, word(h, last)->end),
					  "a backslash does not protect a blank");
		struct leat_buf value = {0};
		leat_word_quote(&value, b.data);
		leat_say_label(h->l, g, "quote the value: %s",
			       value.data ? leat_say_brief(h->l, value.data, value.len) : "");
		leat_buf_free(&value);
		w->bad = true;
		drop(h, i + 1, last);
	}
	leat_buf_free(&b);
	return last > i;
}

/* "Branch x", "brnch x", "edn": read as what was meant, so that what follows is no mistake. */
static void misspelt(struct habits *h)
{
	struct leat_diag *g = leat_say_error(h->l, 24, span(h, 0, 0), "unknown step '%s'", shown(h, 0, 0));
	leat_say_label(h->l, g, "did you mean '%s'?", h->st->reads_as);
}

/* `date`: another way of the shell to put in what a command prints. */
static bool backquotes(struct habits *h, size_t i)
{
	struct leat_lex_word *w = &h->st->words[i];
	const char *s = h->t->data;
	if (w->quote || w->dropped || w->value_end - w->value < 2 || s[w->value] != '`')
		return false;
	size_t last = i;
	while (last + 1 < h->st->n && s[word(h, last)->end - 1] != '`')
		last++;
	if (s[word(h, last)->end - 1] != '`')
		return false;
	leat_habit_dollar(h->l, leat_lex_span(h->t, w->value, word(h, last)->end));
	w->bad = true;
	drop(h, i + 1, last);
	return true;
}

static void compact(struct leat_lex_stmt *st)
{
	size_t n = 0;
	for (size_t i = 0; i < st->n; i++)
		if (!st->words[i].dropped)
			st->words[n++] = st->words[i];
	st->n = n;
	if (n) {
		st->start = st->words[0].start;
		st->end = st->words[n - 1].end;
	}
}

void leat_habit_statement(struct leat_lang *l, const struct leat_text *t, struct leat_lex_stmt *st)
{
	static bool (*const habits[])(struct habits *, size_t) = {
		command,      separator,  redirection,     list_dash, colon,   call,      brace,
		stray_option, assignment, spaced_operator, dash,      windows, backslash, backquotes,
	};
	static const char *const conditions[] = {"keep", "drop", "keep-rows", "drop-rows", "expect", NULL};
	struct habits h = {.l = l, .t = t, .st = st};
	st->reads_as = l->opts->canonical ? NULL : leat_keyword_meant(t, st);
	if (st->reads_as)
		misspelt(&h);
	h.let = is(&h, 0, "let") || (st->reads_as && strcmp(st->reads_as, "let") == 0);
	h.exec = is(&h, 0, "exec");
	h.condition = is_any(&h, 0, conditions);
	bool found = false;
	for (size_t i = 0; i < st->n; i++)
		for (size_t k = 0; k < LEAT_LEN(habits) && !st->words[i].dropped; k++)
			if (habits[k](&h, i)) {
				found = true;
				break;
			}
	if (st->damaged)
		l->program->damaged = true;
	if (found)
		compact(st);
}
