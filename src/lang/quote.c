/* SPDX-License-Identifier: MIT */
/* Words written so that they read back the same. */
#include "lang/quote.h"

#include "base/text.h"
#include "lang/names.h"
#include "lang/odd.h"

#include <inttypes.h>

/* ASCII that no rule of the language and no habit looks at, wherever in a word it stands. */
static bool harmless(char c)
{
	return leat_is_letter(c) || leat_is_digit(c) || (c && strchr("_./,%+@~^*?{}[]-=:", c));
}

bool leat_word_safe(const char *value)
{
	size_t n = strlen(value);
	if (!n || leat_key_length(value, n) || strchr("-=:#~", value[0]) || strchr("=:", value[n - 1]))
		return n > 1 && value[0] == '-' && leat_is_digit(value[1]) && leat_is_digit(value[n - 1]) &&
		       strlen(value) < 32 && strspn(value, "-.0123456789") == n;
	if (n == 1 && strchr("{}", value[0]))
		return false;
	for (size_t i = 0; i < n;) {
		int32_t cp;
		size_t len = leat_utf8_next(value + i, n - i, &cp);
		if (cp < 0x80 ? cp < 0 || !harmless(value[i]) : leat_odd_class(cp) != LEAT_ODD_NO || cp == 0xff5c)
			return false;
		i += len;
	}
	return true;
}

bool leat_word_bare(const char *s, bool option)
{
	size_t n = strlen(s);
	if (!option && (!n || s[0] == '#'))
		return false;
	for (size_t i = 0, len; i < n; i += len) {
		int32_t cp;
		len = leat_utf8_next(s + i, n - i, &cp);
		if (cp >= 0x80 ? leat_odd_class(cp) != LEAT_ODD_NO : cp <= 0x20 || cp == 0x7f || strchr("|\"'$\\", cp))
			return false;
	}
	return true;
}

/*
 * What single quotes can hold: anything but themselves, line breaks and characters that are errors
 * everywhere.
 */
static bool fits_single(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		int32_t cp;
		i += leat_utf8_next(s + i, n - i, &cp);
		enum leat_odd odd = leat_odd_class(cp);
		if (cp == '\'' || (leat_odd_everywhere(odd) && odd != LEAT_ODD_BYTE))
			return false;
	}
	return true;
}

static void add_escaped(struct leat_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		int32_t cp;
		size_t len = leat_utf8_next(s + i, n - i, &cp);
		enum leat_odd odd = leat_odd_class(cp);
		if (cp == '"' || cp == '\\' || cp == '$') {
			leat_buf_addc(b, '\\');
			leat_buf_addc(b, s[i]);
		} else if (cp == '\n' || cp == '\t') {
			leat_buf_adds(b, cp == '\n' ? "\\n" : "\\t");
		} else if (leat_odd_everywhere(odd) && odd != LEAT_ODD_BYTE) {
			leat_buf_addf(b, "\\u{%" PRIx32 "}", (uint32_t)cp);
		} else {
			leat_buf_add(b, s + i, len);
		}
		i += len;
	}
}

void leat_word_quote_always(struct leat_buf *b, const char *value)
{
	size_t n = strlen(value);
	char quote = strpbrk(value, "\"\\$") && fits_single(value, n) ? '\'' : '"';
	leat_buf_addc(b, quote);
	if (quote == '"')
		add_escaped(b, value, n);
	else
		leat_buf_add(b, value, n);
	leat_buf_addc(b, quote);
}

void leat_word_quote(struct leat_buf *b, const char *value)
{
	if (leat_word_safe(value))
		leat_buf_adds(b, value);
	else
		leat_word_quote_always(b, value);
}
