/* SPDX-License-Identifier: MIT */
/* Which files are inputs: see idset.h. Open addressing. */
#include "io/idset.h"

static size_t place_of(const struct leat_idset *s, uint64_t dev, uint64_t ino)
{
	uint64_t h = (ino ^ (dev << 32 | dev >> 32)) * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(h >> 24) & (s->size - 1);
	while (s->v[i].at && (s->v[i].dev != dev || s->v[i].ino != ino))
		i = (i + 1) & (s->size - 1);
	return i;
}

int leat_idset_make(struct leat_idset *s, const struct leat_listing *inputs, struct leat_err *err)
{
	size_t n = inputs ? inputs->n + inputs->left : 0;
	*s = (struct leat_idset){.size = 16};
	if (n >= UINT32_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "more than 4 billion inputs");
	while (s->size < 2 * n)
		s->size *= 2;
	s->v = leat_zalloc(s->size, sizeof *s->v, err);
	if (!s->v)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct leat_entry *e = &inputs->v[i];
		if (e->dev == 0 && e->ino == 0)
			continue; /* there is no file */
		size_t at = place_of(s, e->dev, e->ino);
		if (!s->v[at].at) /* of two names of one file the first stays */
			s->v[at] = (struct leat_file_id){.dev = e->dev, .ino = e->ino, .at = (uint32_t)i + 1};
	}
	return 0;
}

int64_t leat_idset_find(const struct leat_idset *s, const struct stat *st)
{
	return (int64_t)s->v[place_of(s, (uint64_t)st->st_dev, (uint64_t)st->st_ino)].at - 1;
}

void leat_idset_free(struct leat_idset *s)
{
	free(s->v);
	*s = (struct leat_idset){0};
}
