/* SPDX-License-Identifier: MIT */
/*
 * What became of the items goes into the ledger of the job. One thread writes: it takes what has ended since the last
 * time, makes the files of it durable, and then calls all of it done in one transaction. So nothing is recorded that is
 * not there, and what was not recorded when a run dies is done again.
 */
#include "run/engine.h"
#include "run/identity.h"
#include "run/leftover.h"
#include "run/record_sync.h"
#include "state/ledger.h"

#include <time.h>

enum {
	BATCH = 256, /* items that are worth a transaction ... */
	MOST = 8192, /* and that may wait for one: more, and those who end them wait */
};
static const int64_t soon_ns = 500 * 1000 * 1000; /* ... or so long */

struct record {
	struct record *next;
	struct leat_arena arena; /* of what it points to */
	struct leat_ledger_item item;
	uint8_t hash[LEAT_HASH], work[LEAT_HASH];
};

struct leat_recorder {
	struct leat_run *run;
	struct leat_state_file *s; /* of the thread that writes, while it is there */
	struct leat_ledger_writer *w;
	struct leat_state_file *reader; /* of the main thread */
	pthread_mutex_t intents; /* of the next one */
	struct leat_state_file *intender;
	struct leat_record_sync sync;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t more, room;
	struct record *first, **last;
	size_t n;
	bool closing, running;
	struct leat_err broken; /* nothing is recorded any more */
	struct leat_arena results; /* what reductions gave */
	struct leat_ledger_output *results_v;
	size_t n_results, cap_results;
	uint8_t *left_out; /* by input: it is no member of the results */
	pthread_t thread;
};

/* ---- what is known before the first item */

/* A replacement that was under way when a run died: it counts as done by this one, with itself as its output. */
static int note_replaced(struct leat_recorder *c, const struct leat_entry *e, const char *path,
			 const struct leat_known_input *k, struct leat_err *err)
{
	uint8_t work[LEAT_HASH];
	struct leat_ledger_output self = {.path = path, .size = e->size, .mtime_ns = e->mtime_ns};
	leat_identity_of(&c->run->facts->known->identity, c->run->plan->registry, e, work);
	struct leat_ledger_item it = {.path = path,
				      .size = e->size,
				      .mtime_ns = e->mtime_ns,
				      .hash = k->hash,
				      .work = work,
				      .state = LEAT_DONE,
				      .run = c->run->kept,
				      .outputs = &self,
				      .n_outputs = 1,
				      .seq = e->seq,
				      .bytes_out = e->size};
	return leat_ledger_ended(c->w, &it, err);
}

static int note_touched(struct leat_recorder *c, const struct leat_entry *e, const struct leat_known_input *k,
			struct leat_err *err)
{
	struct leat_buf path = {0};
	struct leat_ledger_item it = {.id = k->id, .size = e->size, .mtime_ns = e->mtime_ns, .hash = k->hash};
	if (!k->done)
		return leat_ledger_touch(c->w, &it, err);
	leat_entry_path(e, &path);
	int ok = leat_buf_check(&path, err);
	if (ok == 0)
		ok = note_replaced(c, e, path.data, k, err);
	leat_buf_free(&path);
	return ok;
}

static int note_known(struct leat_recorder *c, struct leat_err *err)
{
	const struct leat_known *k = c->run->facts->known;
	const struct leat_listing *in = c->run->facts->inputs;
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < in->n; i++) {
		if (k->v[i].touched)
			ok = note_touched(c, &in->v[i], &k->v[i], err);
		if (ok == 0 && k->v[i].verdict == LEAT_POISON)
			ok = leat_ledger_known(c->w, k->v[i].id, c->run->kept, i, err);
	}
	for (size_t i = 0; ok == 0 && i < k->n_gone; i++)
		ok = leat_ledger_gone(c->w, k->gone[i].id, c->run->kept, k->gone[i].first, err);
	return ok;
}

/* ---- the thread */

static struct timespec after(int64_t ns)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	ns += t.tv_nsec;
	return (struct timespec){.tv_sec = t.tv_sec + ns / 1000000000, .tv_nsec = ns % 1000000000};
}

/* All that has ended, as soon as that is enough; NULL: it is over. */
static struct record *take_batch(struct leat_recorder *c)
{
	pthread_mutex_lock(&c->lock);
	while (!c->n && !c->closing)
		pthread_cond_wait(&c->more, &c->lock);
	struct timespec until = after(soon_ns);
	while (c->n < BATCH && !c->closing && pthread_cond_timedwait(&c->more, &c->lock, &until) == 0)
		;
	struct record *first = c->first;
	c->first = NULL;
	c->last = &c->first;
	c->n = 0;
	pthread_cond_broadcast(&c->room);
	pthread_mutex_unlock(&c->lock);
	return first;
}

static int write_batch(struct leat_recorder *c, const struct record *first, struct leat_err *err)
{
	if (c->run->plan->job.durability == LEAT_DURABLE_BATCH && leat_record_sync(&c->sync, err) < 0)
		return -1;
	if (leat_ledger_begin(c->w, err) < 0)
		return -1;
	int ok = 0;
	for (const struct record *q = first; ok == 0 && q; q = q->next)
		ok = leat_ledger_ended(c->w, &q->item, err);
	return leat_ledger_end(c->w, ok, err);
}

static void drop(struct record *first)
{
	while (first) {
		struct record *next = first->next;
		leat_arena_free(&first->arena);
		free(first);
		first = next;
	}
}

static void give_up(struct leat_recorder *c, const struct leat_err *e)
{
	pthread_mutex_lock(&c->lock);
	c->broken = *e;
	pthread_mutex_unlock(&c->lock);
	leat_run_fatal(c->run, e);
}

static void *write_all(void *ctx)
{
	struct leat_recorder *c = ctx;
	for (struct record *batch; (batch = take_batch(c)); drop(batch)) {
		struct leat_err e = {0};
		if (c->broken.cause == LEAT_CAUSE_NONE && write_batch(c, batch, &e) < 0)
			give_up(c, &e);
	}
	return NULL;
}

/* ---- open */

static int open_files(struct leat_recorder *c, struct leat_err *err)
{
	const char *path = c->run->plan->job.state;
	bool full = c->run->plan->job.durability != LEAT_DURABLE_NOT;
	if (leat_state_open(&c->s, path, true, err) < 0 || leat_state_open(&c->reader, path, true, err) < 0 ||
	    leat_state_open(&c->intender, path, true, err) < 0 ||
	    leat_ledger_durable(c->s, c->run->plan->job.durability == LEAT_DURABLE_FULL, err) < 0 ||
	    leat_ledger_durable(c->intender, full, err) < 0)
		return -1;
	leat_leftovers_remove(c->run, c->s);
	c->w = leat_ledger_writer_new(c->s, err);
	c->left_out = leat_zalloc(c->run->facts->inputs->n, 1, err);
	if (!c->w || !c->left_out || leat_ledger_begin(c->w, err) < 0)
		return -1;
	return leat_ledger_end(c->w, note_known(c, err), err);
}

int leat_record_open(struct leat_run *r, struct leat_err *err)
{
	if (!r->facts->known || !r->kept)
		return 0;
	struct leat_recorder *c = leat_zalloc(1, sizeof *c, err);
	pthread_condattr_t attr;
	if (!c)
		return -1;
	r->recorder = c;
	c->run = r;
	c->last = &c->first;
	pthread_mutex_init(&c->lock, NULL);
	pthread_mutex_init(&c->intents, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->more, &attr);
	pthread_cond_init(&c->room, NULL);
	pthread_condattr_destroy(&attr);
	leat_record_sync_init(&c->sync);
	if (open_files(c, err) < 0)
		return -1;
	if (pthread_create(&c->thread, NULL, write_all, c) != 0)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot start a thread");
	c->running = true;
	r->env.got = leat_record_got;
	return 0;
}

/* ---- what happens to the items */

void leat_record_got(void *item, const struct leat_bytes *b)
{
	struct leat_run_item *it = item;
	leat_hash(b->data, b->len, it->hash);
	it->hashed = true;
}

void leat_record_wrote(struct leat_run_item *it, struct leat_put_result *put)
{
	struct leat_err e = {0};
	if (!it->run->recorder || !put->path || !put->there)
		return;
	if (put->what != LEAT_PUT_SKIPPED)
		leat_record_sync_file(&it->run->recorder->sync, put->path, put->dev);
	pthread_mutex_lock(&it->lock);
	struct leat_put_result *v = leat_grow(it->outputs, &it->cap_outputs, it->n_outputs + 1, sizeof *v, &e);
	if (v) {
		it->outputs = v;
		v[it->n_outputs++] = *put;
		put->path = NULL;
	}
	pthread_mutex_unlock(&it->lock);
	if (!v)
		leat_run_internal(it->run, &e);
}

int leat_record_intend(void *ctx, const char *path, uint64_t size, const uint8_t hash[static LEAT_HASH],
		       struct leat_err *err)
{
	struct leat_recorder *c = ctx;
	pthread_mutex_lock(&c->intents);
	int ok = leat_ledger_intend(c->intender, path, size, hash, err);
	pthread_mutex_unlock(&c->intents);
	return ok;
}

/* The outputs, and what the input is now if one of them took its place. */
static void copy_outputs(struct record *q, const struct leat_run_item *it)
{
	struct leat_ledger_output *v = leat_arena_alloc(&q->arena, it->n_outputs * sizeof *v);
	for (size_t i = 0; v && i < it->n_outputs; i++) {
		const struct leat_put_result *p = &it->outputs[i];
		v[i] = (struct leat_ledger_output){.path = leat_arena_strndup(&q->arena, p->path, strlen(p->path)),
						   .size = p->size,
						   .mtime_ns = p->mtime_ns};
		q->item.bytes_out += p->bytes;
		if (!p->replaced || p->what == LEAT_PUT_SKIPPED)
			continue;
		q->item.size = p->size;
		q->item.mtime_ns = p->mtime_ns;
		memcpy(q->hash, p->hash, LEAT_HASH);
	}
	q->item.outputs = v;
	q->item.n_outputs = v ? it->n_outputs : 0;
}

static void copy_rows(struct record *q, const struct leat_run_item *it)
{
	const struct leat_plan *p = it->run->plan;
	struct leat_ledger_row *v = it->rows ? leat_arena_alloc(&q->arena, p->n_steps * sizeof *v) : NULL;
	for (size_t i = 0; v && i < p->n_steps; i++) {
		struct leat_buf b = {0};
		if (!it->rows[i].n)
			continue;
		leat_fields_pack(&it->rows[i], &b);
		v[q->item.n_rows++] = (struct leat_ledger_row){
			.step = (int)i, .fields = leat_arena_strndup(&q->arena, b.data, b.len), .bytes = b.len};
		q->arena.failed = q->arena.failed || b.failed;
		leat_buf_free(&b);
	}
	q->item.rows = v;
}

static void fill(struct record *q, const struct leat_run_item *it)
{
	const struct leat_run *r = it->run;
	const struct leat_entry *e = it->entry;
	struct leat_buf path = {0};
	leat_entry_path(e, &path);
	memcpy(q->hash, it->hash, LEAT_HASH);
	leat_identity_of(&r->facts->known->identity, r->plan->registry, e, q->work);
	q->item = (struct leat_ledger_item){.path = leat_arena_strndup(&q->arena, path.data, path.len),
					    .size = e->size,
					    .mtime_ns = e->mtime_ns,
					    .hash = it->hashed ? q->hash : NULL,
					    .work = q->work,
					    .state = it->state,
					    /* Of work: how long it waited behind others says nothing about it. */
					    .seconds = (double)it->worked_ns * 1e-9,
					    .run = r->kept,
					    .quarantined = it->quarantined,
					    .seq = it->seq};
	leat_buf_free(&path);
	copy_outputs(q, it);
	copy_rows(q, it);
	if (it->state != LEAT_FAILED)
		return;
	leat_identity_failed(q->work, r->facts->recipe);
	q->item.cause = it->err.cause;
	q->item.text = leat_arena_strndup(&q->arena, it->err.text, strlen(it->err.text));
	q->item.step = it->err_step >= 0 ? r->plan->steps[it->err_step].name : NULL;
}

/* What a reduction gave belongs to all of them. */
static void keep_result(struct leat_recorder *c, const struct leat_run_item *it)
{
	struct leat_err e = {0};
	pthread_mutex_lock(&c->lock);
	struct leat_ledger_output *v =
		leat_grow(c->results_v, &c->cap_results, c->n_results + it->n_outputs + 1, sizeof *v, &e);
	for (size_t i = 0; v && i < it->n_outputs; i++) {
		const struct leat_put_result *p = &it->outputs[i];
		v[c->n_results++] =
			(struct leat_ledger_output){.path = leat_arena_strndup(&c->results, p->path, strlen(p->path)),
						    .size = p->size,
						    .mtime_ns = p->mtime_ns};
	}
	c->results_v = v ? v : c->results_v;
	pthread_mutex_unlock(&c->lock);
	if (!v || !leat_arena_ok(&c->results))
		leat_run_internal(it->run, &e);
}

static void give(struct leat_recorder *c, struct record *q)
{
	pthread_mutex_lock(&c->lock);
	while (c->n >= MOST)
		pthread_cond_wait(&c->room, &c->lock);
	*c->last = q;
	c->last = &q->next;
	c->n++;
	if (c->n == 1 || c->n == BATCH)
		pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
}

void leat_record_ended(struct leat_run_item *it)
{
	struct leat_recorder *c = it->run->recorder;
	struct leat_err e = {0};
	if (!c)
		return;
	if (it->stage != 0) {
		keep_result(c, it);
		return;
	}
	c->left_out[it->seq] = it->state != LEAT_DONE && it->state != LEAT_SKIPPED;
	if (it->state != LEAT_DONE && it->state != LEAT_FAILED)
		return;
	struct leat_known_input *k = &it->run->facts->known->v[it->seq];
	k->hashed = k->hashed || it->hashed;
	if (it->hashed)
		memcpy(k->hash, it->hash, LEAT_HASH);
	struct record *q = leat_zalloc(1, sizeof *q, &e);
	if (q)
		fill(q, it);
	if (q && leat_arena_ok(&q->arena)) {
		give(c, q);
		return;
	}
	drop(q);
	leat_fail(&e, LEAT_CAUSE_MEMORY, "out of memory");
	leat_run_internal(it->run, &e);
}

int leat_record_rows(struct leat_run_item *it, struct leat_err *err)
{
	const struct leat_plan *p = it->run->plan;
	const struct leat_recorder *c = it->run->recorder;
	struct leat_buf b = {0};
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < p->n_steps; i++) {
		if (p->steps[i].role != LEAT_ROWSINK || !leat_fed_by(p, (int)i, -1))
			continue;
		if (!it->rows)
			it->rows = leat_zalloc(p->n_steps, sizeof *it->rows, err);
		leat_buf_clear(&b);
		ok = it->rows ? leat_ledger_get_row(c->reader, it->run->facts->known->v[it->seq].id, (int)i, &b, err)
			      : -1;
		if (ok == 0)
			ok = leat_fields_unpack(b.data, b.len, &it->rows[i], err);
		ok = ok > 0 ? 0 : ok; /* it was dropped before it came there */
	}
	leat_buf_free(&b);
	return ok;
}

/* ---- close */

/* What the results of reductions are made of, where they were made, all of them. */
static int write_results(struct leat_recorder *c, struct leat_err *err)
{
	const struct leat_run *r = c->run;
	const struct leat_known *k = r->facts->known;
	uint8_t members[LEAT_HASH];
	if (!k->identity.reduces || !r->summary->results || r->summary->results_failed ||
	    leat_cancel_get(&r->cancel) != LEAT_STOP_NO)
		return 0;
	leat_known_members(k, r->facts->inputs, c->left_out, members);
	struct record all = {.item = {.path = LEAT_LEDGER_RESULTS,
				      .hash = members,
				      .work = k->identity.all,
				      .state = LEAT_DONE,
				      .run = r->kept,
				      .seq = r->facts->inputs->n,
				      .outputs = c->results_v,
				      .n_outputs = c->n_results}};
	return write_batch(c, &all, err);
}

int leat_record_close(struct leat_run *r, struct leat_err *err)
{
	struct leat_recorder *c = r->recorder;
	r->recorder = NULL;
	if (!c)
		return 0;
	pthread_mutex_lock(&c->lock);
	c->closing = true;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	if (c->running)
		pthread_join(c->thread, NULL);
	drop(c->first);
	int ok = c->broken.cause == LEAT_CAUSE_NONE ? 0 : -1;
	if (ok < 0)
		*err = c->broken;
	if (ok == 0 && c->running)
		ok = write_results(c, err);
	leat_ledger_writer_free(&c->w);
	leat_state_close(&c->s);
	leat_state_close(&c->reader);
	leat_state_close(&c->intender);
	leat_record_sync_free(&c->sync);
	leat_arena_free(&c->results);
	free(c->results_v);
	free(c->left_out);
	pthread_mutex_destroy(&c->lock);
	pthread_mutex_destroy(&c->intents);
	pthread_cond_destroy(&c->more);
	pthread_cond_destroy(&c->room);
	free(c);
	return ok;
}
