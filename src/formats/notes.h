/* SPDX-License-Identifier: MIT */
/* Helpers around struct leat_notices for decoders, which meet things worth telling while nobody listens. */
#ifndef LEAT_FORMATS_NOTES_H
#define LEAT_FORMATS_NOTES_H

#include "core/codec.h"

/* Moves what `from` holds to `to` (may be NULL: dropped). */
void leat_notes_move(struct leat_notices *to, struct leat_notices *from);

/* "N bytes after the end of the image are ignored" when there are any. */
void leat_note_tail(struct leat_notices *n, size_t bytes);

#endif
