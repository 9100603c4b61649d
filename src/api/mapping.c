/* SPDX-License-Identifier: MIT */
/* <leat/executor.h>: a function over many arguments, with a bounded number of them under way. */
#include "api/functions.h"
#include "api/futures.h"
#include "base/mem.h"
#include "base/sys.h"

struct part { /* one task: arguments first ... first + n - 1 */
	struct leat_future future;
	struct leat_mapping *map;
	size_t first, n;
	size_t given; /* of them */
	struct leat_err *errs; /* n; cause NONE: done */
};

struct leat_mapping {
	struct leat_executor *ex;
	leat_function *fn;
	void *const *args;
	size_t n, chunk, window; /* window: parts under way at most */
	size_t sent; /* arguments */
	struct leat_gather *gather; /* unordered */
	struct part **ring; /* parts sent and not given out in full; ordered: in order */
	size_t head, count;
	struct part *current; /* being given out */
};

static int run(struct leat_future *f, const struct leat_worker *w, struct leat_err *err)
{
	struct part *p = (struct part *)f;
	struct leat_call c = leat_call_of(w);
	(void)err; /* each argument has its own */
	for (size_t i = 0; i < p->n; i++)
		if (p->map->fn(&c, p->map->args[p->first + i], &p->errs[i]) < 0 && p->errs[i].cause == LEAT_CAUSE_NONE)
			leat_fail(&p->errs[i], LEAT_CAUSE_INTERNAL, "failed without saying why");
	return 0;
}

static void release(struct leat_future *f)
{
	struct part *p = (struct part *)f;
	free(p->errs);
	free(p);
}

static const struct leat_future_class parts = {.run = run, .release = release};

static int send_part(struct leat_mapping *m, struct leat_err *err)
{
	struct part *p = leat_zalloc(1, sizeof *p, err);
	if (!p)
		return -1;
	leat_future_init(&p->future, &parts);
	struct leat_future *f = &p->future;
	p->map = m;
	p->first = m->sent;
	p->n = m->n - m->sent < m->chunk ? m->n - m->sent : m->chunk;
	p->errs = leat_zalloc(p->n, sizeof *p->errs, err);
	if (!p->errs || (m->gather && leat_gather_add(m->gather, f, err) < 0)) {
		leat_future_unref(&f);
		return -1;
	}
	m->ring[(m->head + m->count++) % m->window] = p;
	m->sent += p->n;
	leat_executor_submit(m->ex, f);
	return 0;
}

static int fill_window(struct leat_mapping *m, struct leat_err *err)
{
	while (m->sent < m->n && m->count < m->window)
		if (send_part(m, err) < 0)
			return -1;
	return 0;
}

struct leat_mapping *leat_map(struct leat_executor *ex, leat_function *fn, void *const *args, size_t n,
			      const struct leat_map_options *o, struct leat_err *err)
{
	static const struct leat_map_options plain;
	if (leat_executor_type_of(ex)->mode == LEAT_ON_PROCESSES) {
		leat_fail(err, LEAT_CAUSE_USAGE,
			  "a worker process cannot call a function by its address: register it by "
			  "name and use leat_submit_named");
		return NULL;
	}
	struct leat_mapping *m = leat_zalloc(1, sizeof *m, err);
	if (!m)
		return NULL;
	o = o ? o : &plain;
	*m = (struct leat_mapping){.ex = ex, .fn = fn, .args = args, .n = n, .chunk = o->chunk ? o->chunk : 1};
	size_t ahead = o->window ? o->window : leat_size_mul(4 * (size_t)leat_executor_workers(ex), m->chunk);
	m->window = ahead / m->chunk > 0 ? ahead / m->chunk : 1;
	m->ring = leat_zalloc(m->window, sizeof *m->ring, err);
	m->gather = o->unordered ? leat_gather_new(NULL, 0, err) : NULL;
	if (m->ring && (m->gather || !o->unordered) && fill_window(m, err) == 0)
		return m;
	leat_map_free(&m);
	return NULL;
}

/* Takes the part out of the ring, wherever it stands in it. */
static void unring(struct leat_mapping *m, const struct part *p)
{
	size_t at = 0;
	while (m->ring[(m->head + at) % m->window] != p)
		at++;
	for (; at > 0; at--)
		m->ring[(m->head + at) % m->window] = m->ring[(m->head + at - 1) % m->window];
	m->head = (m->head + 1) % m->window;
	m->count--;
}

/* The next ended part becomes current. 0; 2 none in time. */
static int take_part(struct leat_mapping *m, int64_t timeout_ns)
{
	struct leat_future *f = m->gather ? leat_gather_next(m->gather, timeout_ns, NULL) : &m->ring[m->head]->future;
	if (!f || (!m->gather && !leat_future_wait(f, timeout_ns)))
		return 2;
	m->current = (struct part *)f;
	unring(m, m->current);
	return 0;
}

static int give(struct leat_mapping *m, size_t *index, struct leat_err *err)
{
	struct part *p = m->current;
	struct leat_err own = leat_future_state(&p->future) == LEAT_FUTURE_DONE ? p->errs[p->given] : p->future.err;
	*index = p->first + p->given++;
	if (p->given == p->n) {
		struct leat_future *f = &p->future;
		m->current = NULL;
		leat_future_unref(&f);
	}
	if (own.cause == LEAT_CAUSE_NONE)
		return 0;
	if (err)
		*err = own;
	return -1;
}

int leat_map_next(struct leat_mapping *m, int64_t timeout_ns, size_t *index, struct leat_err *err)
{
	if (!m->current) {
		struct leat_err failed = {0};
		if (fill_window(m, &failed) < 0 && !m->count) { /* out of memory, and nothing under way to wait for */
			*index = m->sent;
			m->sent = m->n;
			if (err)
				*err = failed;
			return -1;
		}
		if (!m->count)
			return 1;
		if (take_part(m, timeout_ns) != 0)
			return 2;
	}
	return give(m, index, err);
}

void leat_map_free(struct leat_mapping **mp)
{
	struct leat_mapping *m = *mp;
	*mp = NULL;
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		(void)leat_future_cancel(&m->ring[(m->head + i) % m->window]->future); /* what runs is waited for */
	for (; m->count; m->count--, m->head = (m->head + 1) % m->window) {
		struct leat_future *f = &m->ring[m->head]->future;
		(void)leat_future_wait(f, -1);
		leat_future_unref(&f);
	}
	struct leat_future *f = m->current ? &m->current->future : NULL;
	leat_future_unref(&f);
	leat_gather_free(&m->gather);
	free(m->ring);
	free(m);
}
