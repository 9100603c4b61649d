/* SPDX-License-Identifier: MIT */
/*
 * A stash for each thread of objects that are dear to make and can be used again: inflate states, compressors, large
 * tables. Who needs one takes it, or makes one where there is none; who is done puts it back.
 *
 *	static const struct leat_stash_kind inflaters = {.destroy = inflater_free, .most = 4};
 *	struct inflater *i = leat_stash_take(&inflaters);
 *	if (!i)
 *		i = inflater_new(err);
 *	... inflater_reset(i) ...
 *	leat_stash_put(&inflaters, i);
 *
 * Properties: what is taken is gone from the stash and belongs to the taker alone, so nested use and fibers that give
 *         way in between each get an object of their own. It comes as it was put: taker or putter resets it. A thread
 *         keeps at most `most` objects of a kind and LEAT_STASH_ROOM of all kinds; what is put beyond that is
 *         destroyed at once. The last one put is the first one taken.
 * Lifetime: objects are destroyed when their thread ends; those of the thread that ends the program, or unloads the
 *         library, then.
 * Safety: any thread, without locks; an object may be put in another thread than it was taken in and then stays
 *         there. destroy runs in the thread that has the object.
 */
#ifndef LEAT_BASE_STASH_H
#define LEAT_BASE_STASH_H

enum { LEAT_STASH_ROOM = 32 };

/* Of static storage: its address is what tells kinds apart. */
struct leat_stash_kind {
	void (*destroy)(void *object); /* may not take or put */
	unsigned most; /* objects of this kind that a thread keeps */
};

/* An object of this kind, now the caller's; NULL when this thread keeps none. */
void *leat_stash_take(const struct leat_stash_kind *kind);
/* Keeps the object for this thread, or destroys it when it has enough of them. NULL does nothing. */
void leat_stash_put(const struct leat_stash_kind *kind, void *object);
/* Destroys what this thread keeps, of all kinds. */
void leat_stash_clear(void);

#endif
