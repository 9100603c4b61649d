/* SPDX-License-Identifier: MIT */
#include "formats/words.h"

#include "base/text.h"
#include "formats/limits.h"

static bool valid_utf8(const uint8_t *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		int32_t cp;
		i += leat_utf8_next((const char *)s + i, n - i, &cp);
		if (cp < 0)
			return false;
	}
	return true;
}

static bool control(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

char *leat_words(const uint8_t *s, size_t n, bool latin1, struct leat_err *err)
{
	if (n > LEAT_LIMIT_COPYRIGHT)
		n = LEAT_LIMIT_COPYRIGHT;
	bool utf8 = !latin1 && valid_utf8(s, n);
	struct leat_buf b = {0};
	for (size_t i = 0; i < n;) {
		int32_t cp = s[i];
		i += utf8 ? leat_utf8_next((const char *)s + i, n - i, &cp) : 1;
		if (control(cp))
			cp = ' ';
		if (cp != ' ' || b.len)
			leat_utf8_add(&b, cp);
	}
	while (b.len && b.data[b.len - 1] == ' ')
		b.len--;
	char *out = b.len || b.failed ? leat_buf_detach(&b, err) : NULL;
	leat_buf_free(&b);
	return out;
}
