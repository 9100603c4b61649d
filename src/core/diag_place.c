/* SPDX-License-Identifier: MIT */
/* Where a span is, for people: line and column, or the JSON pointer it came from. See diag.h. */
#include "core/diag.h"

const char *leat_text_pointer(struct leat_span s)
{
	if (!s.text || !s.text->places)
		return NULL;
	const struct leat_pointer *best = NULL;
	for (size_t i = 0; i < s.text->n_places; i++) {
		const struct leat_pointer *p = &s.text->places[i];
		if (p->start <= s.start && s.end <= p->end && (!best || p->end - p->start < best->end - best->start))
			best = p;
	}
	return best ? best->pointer : "";
}

void leat_text_where(struct leat_span s, struct leat_buf *out)
{
	const char *pointer = leat_text_pointer(s);
	unsigned line, column;
	if (pointer) {
		leat_buf_addf(out, "%s%s", *pointer ? ":" : "", pointer);
		return;
	}
	leat_text_place(s.text, s.start, &line, &column);
	leat_buf_addf(out, ":%u:%u", line, column);
}
