/* SPDX-License-Identifier: MIT */
#include "formats/notes.h"

#include "base/mem.h"

static int count(const struct leat_notices *n)
{
	int room = (int)LEAT_LEN(n->text);
	return n->n < room ? n->n : room;
}

void leat_note_once(struct leat_notices *n, const char *text)
{
	/* Notices are cut to their room, so only that much is compared. */
	for (int i = 0; i < count(n); i++)
		if (strncmp(n->text[i], text, sizeof n->text[i] - 1) == 0)
			return;
	leat_notice(n, "%s", text);
}

void leat_notes_move(struct leat_notices *to, struct leat_notices *from)
{
	for (int i = 0; to && i < count(from); i++)
		leat_note_once(to, from->text[i]);
	from->n = 0;
}

void leat_note_tail(struct leat_notices *n, size_t bytes)
{
	if (bytes)
		leat_notice(n, "%zu %s after the end of the image ignored", bytes, bytes == 1 ? "byte" : "bytes");
}
