/* SPDX-License-Identifier: MIT */
/*
 * Memory that is lent to a thread for its large results: a worker process lends the part of its slab in which the
 * answer will lie, so that what is made there need not be copied.
 *
 *	leat_room_lend(slab + 4096, n);
 *	... large arrays of this thread lie there, as long as there is room ...
 *	leat_room_lend(NULL, 0);
 *
 * Properties: given out from the end towards the beginning, so that what lies before leat_room_begin() is free. What is
 *             given back is given out again once nothing lies before it.
 * Safety:     each thread has its own; what was taken is given back by the same thread while the room is lent.
 */
#ifndef LEAT_BASE_ROOM_H
#define LEAT_BASE_ROOM_H

#include <stddef.h>

enum { LEAT_ROOM_LEAST = 1 << 20 }; /* bytes: what is smaller is not worth it */

/* Replaces what was lent before, of which nothing may be in use. NULL: nothing is lent. p: 64-byte aligned. */
void leat_room_lend(void *p, size_t n);
/* Uninitialized, 64-byte aligned; NULL: no room, or nothing is lent. */
void *leat_room_take(size_t bytes);
void leat_room_give(void *p);
/* Where the first object that is taken lies, or the end; NULL: nothing is lent. */
void *leat_room_begin(void);
/* Nothing is given out until the same call with what this one returned: for what outlives the room. */
int leat_room_shut(int shut);

#endif
