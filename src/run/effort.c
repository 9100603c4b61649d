/* SPDX-License-Identifier: MIT */
/*
 * How much there is to do, in pixels. What a header told is exact; what was not read yet is guessed from its bytes, by
 * the pixels a byte that the inputs with the same extension had so far. An item costs as much as ITEM pixels beside its
 * own, so that many small ones are not taken for nothing.
 */
#include "run/engine.h"

enum { CLASSES = 64, ITEM = 1 << 14 };

struct class_of_inputs { /* with one extension */
	uint64_t key;
	uint64_t left, bytes_left; /* items whose header nobody has read */
	double bytes, pixels; /* of those that were */
};

struct leat_effort {
	struct class_of_inputs v[CLASSES]; /* the last one is for all others */
	size_t n;
	double bytes, pixels; /* of all whose header was read */
	double open; /* of those, what is under way */
	double done;
};

/* Up to eight bytes of the extension in lower case. */
static uint64_t key_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	uint64_t key = 0;
	for (int i = 1; dot && dot[i] && i <= 8; i++)
		key = key << 8 | (uint8_t)(dot[i] >= 'A' && dot[i] <= 'Z' ? dot[i] + 32 : dot[i]);
	return key;
}

static struct class_of_inputs *class_of(struct leat_effort *e, const char *path)
{
	uint64_t key = key_of(path);
	for (size_t i = 0; i < e->n; i++)
		if (e->v[i].key == key)
			return &e->v[i];
	if (e->n == CLASSES)
		return &e->v[CLASSES - 1];
	e->v[e->n].key = key;
	return &e->v[e->n++];
}

/* Pixels that a byte stands for. */
static double density(const struct leat_effort *e, const struct class_of_inputs *c)
{
	if (c->bytes > 0)
		return c->pixels / c->bytes;
	return e->bytes > 0 ? e->pixels / e->bytes : 1;
}

/* What is up to date, or known to fail, is no work. */
static bool is_left_alone(const struct leat_run *r, uint64_t seq)
{
	const struct leat_known *k = r->facts->known;
	return k && leat_verdict_skips(k->v[seq].verdict);
}

int leat_effort_begin(struct leat_run *r, struct leat_err *err)
{
	const struct leat_listing *l = r->facts->inputs;
	struct leat_effort *e = leat_zalloc(1, sizeof *e, err);
	for (size_t i = 0; e && i < l->n; i++) {
		if (is_left_alone(r, i))
			continue;
		struct class_of_inputs *c = class_of(e, l->v[i].path);
		c->left++;
		c->bytes_left += l->v[i].size;
	}
	pthread_mutex_lock(&r->lock); /* somebody may be asking already */
	r->effort = e;
	pthread_mutex_unlock(&r->lock);
	return e ? 0 : -1;
}

static void take_off(struct class_of_inputs *c, const struct leat_entry *entry)
{
	c->left--;
	c->bytes_left -= entry->size;
}

/* Of an image its pixels, of numbers their bytes. */
static uint64_t size_of(const struct leat_header *h, uint64_t bytes)
{
	if (h->shape.width > 0)
		return (uint64_t)h->shape.width * h->shape.height;
	return h->format ? bytes : 0;
}

void leat_effort_known(struct leat_run_item *it, const struct leat_header *h)
{
	struct leat_effort *e = it->run->effort;
	if (!e || it->work > 0 || !it->entry || it->stage != 0)
		return;
	uint64_t pixels = size_of(h, it->entry->size);
	if (pixels == 0) /* nobody could read it */
		return;
	struct class_of_inputs *c = class_of(e, it->entry->path);
	take_off(c, it->entry);
	c->bytes += (double)it->entry->size;
	c->pixels += (double)pixels;
	e->bytes += (double)it->entry->size;
	e->pixels += (double)pixels;
	it->pixels = h->shape.width > 0 ? pixels : 0;
	it->work = ITEM + (double)pixels;
	e->open += it->work;
}

/* What was left alone, or failed before anybody saw what it is, was no work. */
void leat_effort_ended(struct leat_run_item *it)
{
	struct leat_effort *e = it->run->effort;
	if (!e || !it->entry || it->stage != 0 || is_left_alone(it->run, it->seq))
		return;
	if (it->work > 0) {
		e->open -= it->work;
		e->done += it->work;
		return;
	}
	struct class_of_inputs *c = class_of(e, it->entry->path);
	take_off(c, it->entry);
	if (it->state == LEAT_DONE)
		e->done += ITEM + (double)it->entry->size * density(e, c);
}

void leat_effort_sum(struct leat_run *r)
{
	const struct leat_effort *e = r->effort;
	struct leat_counts *c = &r->summary->counts;
	if (!e)
		return;
	double left = e->open;
	for (size_t i = 0; i < e->n; i++)
		left += (double)e->v[i].left * ITEM + (double)e->v[i].bytes_left * density(e, &e->v[i]);
	c->work = e->done;
	c->work_total = e->done + left;
}
