/* SPDX-License-Identifier: MIT */
#include "formats/notes.h"

void leat_notes_move(struct leat_notices *to, struct leat_notices *from)
{
	for (int i = 0; to && i < from->n; i++)
		leat_notice(to, "%s", from->text[i]);
	from->n = 0;
}

void leat_note_tail(struct leat_notices *n, size_t bytes)
{
	if (bytes)
		leat_notice(n, "%zu %s after the end of the image ignored", bytes, bytes == 1 ? "byte" : "bytes");
}
