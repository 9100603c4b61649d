/* SPDX-License-Identifier: MIT */
/* Texts in reports. */
#include "base/text.h"
#include "report/tables.h"

#include <string.h>

void leat_report_escape(struct leat_buf *b, const char *s)
{
	size_t n = strlen(s);
	for (size_t i = 0; i < n;) {
		int32_t cp;
		size_t k = leat_utf8_next(s + i, n - i, &cp);
		bool control = (cp >= 0 && cp < 0x20 && !strchr("\t\n\r", cp)) || (cp >= 0x7f && cp < 0xa0);
		if (cp >= 0 && !control)
			leat_buf_add(b, s + i, k);
		for (size_t j = i; j < i + k && (cp < 0 || control); j++)
			leat_buf_addf(b, "\\x%02X", (unsigned)(unsigned char)s[j]);
		i += k;
	}
}
