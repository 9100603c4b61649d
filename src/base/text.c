/* SPDX-License-Identifier: MIT */
/* UTF-8 and escaping: see text.h. */
#include "base/text.h"

size_t leat_utf8_next(const char *s, size_t n, int32_t *cp)
{
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const unsigned char *)s;
	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	size_t len = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
	int32_t v = u[0] & (0xFF >> (len + 1));
	*cp = -1;
	if (u[0] < 0xC2 || u[0] > 0xF4 || len > n)
		return 1;
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return 1;
		v = v << 6 | (u[i] & 0x3F);
	}
	if (v < least[len] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return 1;
	*cp = v;
	return len;
}

void leat_utf8_add(struct leat_buf *b, int32_t cp)
{
	if (cp < 0x80) {
		leat_buf_addc(b, (char)cp);
		return;
	}
	char out[4];
	int len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (int i = len - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3F));
	out[0] = (char)((0xF0 << (4 - len)) | cp);
	leat_buf_add(b, out, (size_t)len);
}

/* Characters that steer a terminal, change the reading direction, break lines or cannot be seen at all. */
static bool unsafe(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x61C || cp == 0x200B || cp == 0x200E || cp == 0x200F ||
	       (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x2069) || cp == 0xFEFF ||
	       (cp >= 0xE0000 && cp <= 0xE0FFF);
}

/* The escape and two digits of the byte. */
static void add_byte(struct leat_buf *b, const char *escape, char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	leat_buf_adds(b, escape);
	leat_buf_addc(b, digits[(unsigned char)byte >> 4]);
	leat_buf_addc(b, digits[byte & 15]);
}

void leat_escape_terminal(struct leat_buf *b, const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		int32_t cp;
		len = leat_utf8_next(s + i, n - i, &cp);
		if (cp >= 0 && !unsafe(cp))
			leat_buf_add(b, s + i, len);
		else if (cp >= 0x80)
			leat_buf_addf(b, "\\u{%04X}", (unsigned)cp);
		else
			add_byte(b, "\\x", s[i]);
	}
}

static void json_char(struct leat_buf *b, int32_t cp)
{
	static const char letters[] = "btn\0fr"; /* of the characters 8 to 13 */
	if (cp == '"' || cp == '\\')
		leat_buf_addf(b, "\\%c", (int)cp);
	else if (cp >= 8 && cp <= 13 && letters[cp - 8])
		leat_buf_addf(b, "\\%c", letters[cp - 8]);
	else
		leat_buf_addf(b, "\\u%04X", (unsigned)cp);
}

void leat_escape_json(struct leat_buf *b, const char *s, size_t n)
{
	leat_buf_addc(b, '"');
	for (size_t i = 0, len; i < n; i += len) {
		int32_t cp;
		len = leat_utf8_next(s + i, n - i, &cp);
		if (cp < 0)
			add_byte(b, "\\\\x", s[i]);
		else if (cp == '"' || cp == '\\' || cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 ||
			 cp == 0x2029)
			json_char(b, cp);
		else
			leat_buf_add(b, s + i, len);
	}
	leat_buf_addc(b, '"');
}
