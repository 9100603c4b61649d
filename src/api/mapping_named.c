/* SPDX-License-Identifier: MIT */
/* <leat/executor.h>: a function by name over many inputs, many of them to a task. */
#include "api/functions.h"
#include "api/futures.h"
#include "api/many.h"
#include "base/mem.h"

struct part { /* one task: inputs first ... first + n - 1 */
	struct leat_future *future; /* NULL: it could not be sent, for `why` */
	struct leat_err why;
	uint8_t *in, *out; /* one piece of memory, in's */
	size_t first, n;
	size_t given, at; /* of them; where the next one stands in `out` */
};

struct leat_named_mapping {
	struct leat_executor *ex;
	const char *name;
	const struct leat_named_input *in;
	size_t n, most_out, chunk, window; /* window: parts under way at most */
	size_t sent; /* inputs */
	struct part *ring; /* sent and not given out in full, in order */
	size_t head, count;
};

/* So many that a hand-off is shared by many, that every worker has several, and that they are not many bytes. */
static size_t usual_chunk(const struct leat_named_mapping *m)
{
	enum { MOST = 512, SHARES = 8 };
	size_t shares = SHARES * (size_t)leat_executor_workers(m->ex), chunk = (m->n + shares - 1) / shares;
	return chunk < 1 ? 1 : chunk > MOST ? MOST : chunk;
}

/* How many of the inputs that follow go together: the chunk, but not many bytes. */
static size_t next_n(const struct leat_named_mapping *m)
{
	enum { BYTES = 1 << 20 };
	size_t n = 0, bytes = 0;
	for (; n < m->chunk && m->sent + n < m->n; n++) {
		bytes = leat_size_add(bytes, leat_size_add(m->in[m->sent + n].n, m->most_out));
		if (n && bytes > BYTES)
			break;
	}
	return n;
}

static int prepare(const struct leat_named_mapping *m, struct part *p, struct leat_lent *l)
{
	const struct leat_named_input *v = m->in + p->first;
	l->n = leat_many_in_bytes(m->name, v, p->n);
	l->most_out = leat_many_out_bytes(p->n, m->most_out);
	size_t both = leat_size_add(l->n, l->most_out);
	if (both > SIZE_MAX / 2)
		return leat_fail(&p->why, LEAT_CAUSE_MEMORY, "the inputs and results are too large");
	p->in = leat_alloc_aligned(both, &p->why);
	if (!p->in)
		return -1;
	p->out = p->in + l->n;
	leat_many_put(m->name, v, p->n, m->most_out, p->in);
	l->in = p->in;
	l->out = p->out;
	return 0;
}

static void send_part(struct leat_named_mapping *m)
{
	struct part *p = &m->ring[(m->head + m->count++) % m->window];
	struct leat_lent l;
	*p = (struct part){.first = m->sent, .n = next_n(m)};
	m->sent += p->n;
	if (prepare(m, p, &l) == 0)
		p->future = leat_submit_lent(m->ex, LEAT_MANY, &l, &p->why);
}

static void fill_window(struct leat_named_mapping *m)
{
	while (m->sent < m->n && m->count < m->window)
		send_part(m);
}

struct leat_named_mapping *leat_map_named(struct leat_executor *ex, const char *name, const struct leat_named_input *in,
					  size_t n, size_t most_out, const struct leat_map_options *o,
					  struct leat_err *err)
{
	static const struct leat_map_options plain;
	o = o ? o : &plain;
	if (o->unordered) {
		leat_fail(err, LEAT_CAUSE_USAGE, "leat_map_named gives results in order only");
		return NULL;
	}
	if (!leat_function_name(name)) {
		leat_fail(err, LEAT_CAUSE_USAGE, "there is no function '%.200s': see leat_register_function", name);
		return NULL;
	}
	struct leat_named_mapping *m = leat_zalloc(1, sizeof *m, err);
	if (!m)
		return NULL;
	*m = (struct leat_named_mapping){
		.ex = ex, .name = leat_function_name(name), .in = in, .n = n, .most_out = most_out};
	m->chunk = o->chunk ? o->chunk : usual_chunk(m);
	m->window = o->window ? o->window / m->chunk : 4 * (size_t)leat_executor_workers(ex);
	m->window = m->window ? m->window : 1;
	m->ring = leat_zalloc(m->window, sizeof *m->ring, err);
	if (!m->ring) {
		free(m);
		return NULL;
	}
	fill_window(m);
	return m;
}

static void release(struct part *p)
{
	leat_future_free(&p->future);
	free(p->in);
	p->in = NULL;
}

/* The next one of a part that has ended. */
static int give(struct part *p, const void **out, size_t *n, struct leat_err *err)
{
	struct leat_err e = p->why, *to = err ? err : &e;
	size_t len = 0;
	if (p->future && leat_future_result(p->future, -1, &e) == 0) {
		const uint8_t *reply = leat_future_bytes(p->future, &len);
		return leat_many_get(reply, len, &p->at, out, n, to);
	}
	*to = e;
	return -1;
}

int leat_map_named_next(struct leat_named_mapping *m, int64_t timeout_ns, size_t *index, const void **out, size_t *n,
			struct leat_err *err)
{
	struct part *p = &m->ring[m->head];
	*out = NULL;
	*n = 0;
	if (m->count &&
	    p->given == p->n) { /* given out in full by the last call: its results are not needed any more */
		release(p);
		m->head = (m->head + 1) % m->window;
		m->count--;
		fill_window(m);
		p = &m->ring[m->head];
	}
	if (!m->count)
		return 1;
	if (p->future && !leat_future_wait(p->future, timeout_ns))
		return 2;
	*index = p->first + p->given++;
	return give(p, out, n, err);
}

void leat_map_named_free(struct leat_named_mapping **mp)
{
	struct leat_named_mapping *m = *mp;
	*mp = NULL;
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++) {
		struct part *p = &m->ring[(m->head + i) % m->window];
		if (p->future)
			(void)leat_future_cancel(p->future); /* what runs is waited for */
	}
	for (; m->count; m->count--, m->head = (m->head + 1) % m->window) {
		struct part *p = &m->ring[m->head];
		if (p->future)
			(void)leat_future_wait(p->future, -1);
		release(p);
	}
	free(m->ring);
	free(m);
}
