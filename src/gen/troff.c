/* SPDX-License-Identifier: MIT */
#include "gen/troff.h"

void leat_troff_text(struct leat_buf *out, const char *text)
{
	for (const char *s = text; *s; s++) {
		bool first = s == text ? !out->len || out->data[out->len - 1] == '\n' : s[-1] == '\n';
		if (first && (*s == '.' || *s == '\''))
			leat_buf_adds(out, "\\&");
		if (*s == '\\')
			leat_buf_adds(out, "\\e");
		else if (*s == '-')
			leat_buf_adds(out, "\\-");
		else if (*s == '\'') /* otherwise typographic */
			leat_buf_adds(out, "\\(aq");
		else if (*s == '`')
			leat_buf_adds(out, "\\(ga");
		else if (*s == '^')
			leat_buf_adds(out, "\\(ha");
		else if (*s == '~')
			leat_buf_adds(out, "\\(ti");
		else if (*s == '|') /* a line may be broken between choices */
			leat_buf_adds(out, "|\\:");
		else
			leat_buf_addc(out, *s);
	}
}

void leat_troff_literal(struct leat_buf *out, const char *text)
{
	leat_buf_adds(out, ".nf\n");
	leat_troff_text(out, text);
	leat_buf_adds(out, ".fi\n");
}

void leat_troff_section(struct leat_buf *out, const char *title)
{
	leat_buf_adds(out, ".SH \"");
	for (const char *s = title; *s; s++)
		leat_buf_addc(out, (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s));
	leat_buf_adds(out, "\"\n");
}

void leat_troff_term(struct leat_buf *out, const char *term, const char *text)
{
	leat_buf_adds(out, ".TP\n.B ");
	leat_troff_text(out, term);
	leat_buf_addc(out, '\n');
	leat_troff_text(out, text);
	leat_buf_adds(out, *text ? ".\n" : "\n");
}
