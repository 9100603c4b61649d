/* SPDX-License-Identifier: MIT */
#include "base/stash.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * What a thread keeps lies in its own storage. The key has one task: to call back when a thread that keeps something
 * ends. It holds the stash's address then.
 */
struct stash {
	struct {
		const struct leat_stash_kind *kind;
		void *object;
	} kept[LEAT_STASH_ROOM];
	unsigned n;
	bool watched; /* the end of this thread will be told */
};

static _Thread_local struct stash mine;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_end;
static bool have_key; /* written once, before any thread gets past `once`; again when the library is unloaded */

static void clear(struct stash *s)
{
	while (s->n > 0) {
		s->n--;
		s->kept[s->n].kind->destroy(s->kept[s->n].object);
	}
}

static void thread_ends(void *stash)
{
	struct stash *s = stash;
	s->watched = false; /* other destructors may still put something: then it is told again */
	clear(s);
}

static void make_key(void)
{
	have_key = pthread_key_create(&at_end, thread_ends) == 0;
}

/*
 * The thread that ends the program does not end as a thread. And where only the library goes, no thread that ends
 * later may call what is no longer there.
 */
__attribute__((destructor)) static void library_ends(void)
{
	clear(&mine);
	if (have_key)
		(void)pthread_key_delete(at_end); /* fails for keys that do not exist */
	have_key = false;
}

/* Will somebody destroy what is kept now? */
static bool watch(struct stash *s)
{
	(void)pthread_once(&once, make_key); /* cannot fail with these arguments */
	if (!s->watched)
		s->watched = have_key && pthread_setspecific(at_end, s) == 0;
	return s->watched;
}

void *leat_stash_take(const struct leat_stash_kind *kind)
{
	struct stash *s = &mine;
	for (unsigned i = s->n; i-- > 0;) {
		if (s->kept[i].kind != kind)
			continue;
		void *object = s->kept[i].object;
		s->n--;
		memmove(&s->kept[i], &s->kept[i + 1], (s->n - i) * sizeof s->kept[0]);
		return object;
	}
	return NULL;
}

void leat_stash_put(const struct leat_stash_kind *kind, void *object)
{
	struct stash *s = &mine;
	unsigned same = 0;
	if (!object)
		return;
	for (unsigned i = 0; i < s->n; i++)
		same += s->kept[i].kind == kind;
	if (same >= kind->most || s->n >= LEAT_STASH_ROOM || !watch(s)) {
		kind->destroy(object);
		return;
	}
	s->kept[s->n].kind = kind;
	s->kept[s->n].object = object;
	s->n++;
}

void leat_stash_clear(void)
{
	clear(&mine);
}
