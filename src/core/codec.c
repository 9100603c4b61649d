/* SPDX-License-Identifier: MIT */
/* Notices that codecs leave with an item. See codec.h. */
#include "core/codec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void leat_notice(struct leat_notices *n, const char *fmt, ...)
{
	if (!n || n->n >= (int)(sizeof n->text / sizeof n->text[0]))
		return;
	char *slot = n->text[n->n];
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(slot, sizeof n->text[0], fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	for (int i = 0; i < n->n; i++) {
		if (strcmp(n->text[i], slot) == 0)
			return; /* told already */
	}
	n->n++;
}

unsigned leat_codec_gives(const struct leat_codec *c)
{
	if (c->dec_open)
		return LEAT_IMAGE;
	return c->dec_run ? c->gives : 0;
}

bool leat_codec_writes(const struct leat_codec *c, unsigned kinds)
{
	return (c->enc_open || c->enc_run) && (c->kinds & kinds);
}
