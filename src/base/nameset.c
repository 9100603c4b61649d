/* SPDX-License-Identifier: MIT */
/* Names that are taken: see nameset.h. Open addressing over an array of slots, texts in an arena. */
#include "base/nameset.h"

#include "base/mem.h"

#include <pthread.h>

struct slot {
	const char *name; /* NULL: free */
	const void *who;
	uint64_t id, hash;
};

struct leat_nameset {
	pthread_mutex_t lock;
	struct leat_arena texts;
	struct slot *slots;
	size_t n, size; /* size is a power of two, at least twice n */
};

enum { FIRST_SIZE = 64 };

struct leat_nameset *leat_nameset_new(struct leat_err *err)
{
	struct leat_nameset *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return NULL;
	s->slots = leat_zalloc(FIRST_SIZE, sizeof *s->slots, err);
	if (!s->slots || pthread_mutex_init(&s->lock, NULL) != 0) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "cannot make a lock");
		free(s->slots);
		free(s);
		return NULL;
	}
	s->size = FIRST_SIZE;
	return s;
}

static uint64_t hash_of(const char *name)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a, then mixed so that the low bits are good */
	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 1099511628211u;
	h ^= h >> 32;
	return h * 0x9e3779b97f4a7c15u;
}

/* The slot that holds the name, or the free one where it belongs. */
static struct slot *find(struct slot *slots, size_t size, uint64_t hash, const char *name)
{
	size_t i = (size_t)(hash >> 20) & (size - 1);
	while (slots[i].name && (slots[i].hash != hash || strcmp(slots[i].name, name) != 0))
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static int grow(struct leat_nameset *s, struct leat_err *err)
{
	size_t size = leat_size_mul(s->size, 2);
	struct slot *slots = leat_zalloc(size, sizeof *slots, err);
	if (!slots)
		return -1;
	for (size_t i = 0; i < s->size; i++)
		if (s->slots[i].name)
			*find(slots, size, s->slots[i].hash, s->slots[i].name) = s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->size = size;
	return 0;
}

static int claim(struct leat_nameset *s, const char *name, const void *who, uint64_t id, uint64_t *other,
		 struct leat_err *err)
{
	uint64_t hash = hash_of(name);
	struct slot *t = find(s->slots, s->size, hash, name);
	if (t->name) {
		*other = t->id;
		return t->who == who && t->id == id ? 0 : 1;
	}
	if (s->n >= s->size / 2) {
		if (grow(s, err) < 0)
			return -1;
		t = find(s->slots, s->size, hash, name);
	}
	const char *copy = leat_arena_strndup(&s->texts, name, strlen(name));
	if (!copy)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember one more output name");
	*t = (struct slot){.name = copy, .who = who, .id = id, .hash = hash};
	s->n++;
	return 0;
}

int leat_nameset_claim(struct leat_nameset *s, const char *name, const void *who, uint64_t id, uint64_t *other,
		       struct leat_err *err)
{
	pthread_mutex_lock(&s->lock);
	int r = claim(s, name, who, id, other, err);
	pthread_mutex_unlock(&s->lock);
	return r;
}

bool leat_nameset_has(struct leat_nameset *s, const char *name, uint64_t *id)
{
	pthread_mutex_lock(&s->lock);
	const struct slot *t = find(s->slots, s->size, hash_of(name), name);
	if (t->name)
		*id = t->id;
	bool has = t->name != NULL;
	pthread_mutex_unlock(&s->lock);
	return has;
}

void leat_nameset_free(struct leat_nameset **s)
{
	if (!*s)
		return;
	pthread_mutex_destroy(&(*s)->lock);
	leat_arena_free(&(*s)->texts);
	free((*s)->slots);
	free(*s);
	*s = NULL;
}
