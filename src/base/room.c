/* SPDX-License-Identifier: MIT */
/* See room.h. */
#include "base/room.h"

#include <stdbool.h>
#include <stdint.h>

enum { MOST = 16, ALIGN = 64 };

struct room {
	uint8_t *base;
	size_t end; /* of the room; where objects begin is object[n - 1].at */
	int n, shut;
	struct {
		size_t at;
		bool used;
	} object[MOST];
};

static _Thread_local struct room mine;

static size_t begin(const struct room *r)
{
	return r->n ? r->object[r->n - 1].at : r->end;
}

void leat_room_lend(void *p, size_t n)
{
	mine = (struct room){.base = p, .end = n & ~(size_t)(ALIGN - 1)};
}

void *leat_room_take(size_t bytes)
{
	struct room *r = &mine;
	size_t free = r->base && !r->shut && r->n < MOST ? begin(r) : 0;
	if (bytes > free)
		return NULL;
	r->object[r->n].at = (free - bytes) & ~(size_t)(ALIGN - 1);
	r->object[r->n].used = true;
	return r->base + r->object[r->n++].at;
}

void leat_room_give(void *p)
{
	struct room *r = &mine;
	for (int i = 0; i < r->n; i++)
		if (r->base + r->object[i].at == p)
			r->object[i].used = false;
	while (r->n && !r->object[r->n - 1].used)
		r->n--;
}

void *leat_room_begin(void)
{
	return mine.base ? mine.base + begin(&mine) : NULL;
}

int leat_room_shut(int shut)
{
	int before = mine.shut;
	mine.shut = shut;
	return before;
}
