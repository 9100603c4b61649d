/* SPDX-License-Identifier: MIT */
/* <leat/executor.h>: submitting functions, and what became of them. */
#include "api/functions.h"
#include "api/futures.h"
#include "base/mem.h"

struct deed { /* one call of a host's function */
	struct leat_future future;
	leat_function *fn;
	void *arg;
	const char *name; /* instead of fn */
	leat_named_function *named;
	const uint8_t *in; /* a copy, aligned: it and the reply's room lie behind the deed; or the caller's, lent */
	size_t n_in;
	struct leat_reply reply;
	char stage[32];
};

/* A callback of the host's: freed when it was called. */
struct told {
	struct leat_ended ended;
	leat_callback *fn;
	void *ctx;
};

static struct deed *deed_of(struct leat_future *f)
{
	return (struct deed *)f; /* its first member */
}

static int said_nothing(int ok, struct leat_err *err)
{
	if (ok < 0 && err->cause == LEAT_CAUSE_NONE)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "failed without saying why");
	return ok;
}

static int run(struct leat_future *f, const struct leat_worker *w, struct leat_err *err)
{
	struct deed *d = deed_of(f);
	struct leat_call c = leat_call_of(w);
	if (d->fn)
		return said_nothing(d->fn(&c, d->arg, err), err);
	return said_nothing(d->named(&c, d->in, d->n_in, &d->reply, err), err);
}

static int pack(struct leat_future *f, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	struct deed *d = deed_of(f);
	return leat_function_pack(d->name, d->in, d->n_in, slab, cap, len, err);
}

/* Bytes out of another process: copied once, believed never. */
static int unpack(struct leat_future *f, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct deed *d = deed_of(f);
	d->reply.len = 0;
	return leat_reply_add(&d->reply, slab, len, err);
}

static void release(struct leat_future *f)
{
	free(deed_of(f));
}

static const struct leat_future_class here = {.run = run, .release = release};
static const struct leat_future_class anywhere = {.run = run, .pack = pack, .unpack = unpack, .release = release};

/* `behind`: bytes wanted behind it, in the same piece of memory: these come and go by the hundred thousand. */
static struct deed *deed_new(struct leat_executor *ex, const struct leat_future_class *cls, size_t behind,
			     struct leat_err *err)
{
	size_t bytes = leat_size_add(sizeof(struct deed), behind);
	struct deed *d = bytes < SIZE_MAX / 2 ? malloc(bytes) : NULL;
	if (!d) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory (%zu bytes)", bytes);
		return NULL;
	}
	memset(d, 0, sizeof *d);
	leat_future_init(&d->future, cls);
	memcpy(d->stage, leat_executor_name(ex), strlen(leat_executor_name(ex)) + 1); /* of the same size there */
	return d;
}

/* The future for the caller; NULL when the executor takes nothing any more. */
static struct leat_future *send(struct leat_executor *ex, struct deed *d, struct leat_err *err)
{
	struct leat_future *f = &d->future;
	if (leat_executor_refuses(ex)) {
		leat_fail(err, LEAT_CAUSE_CANCELLED, "the executor '%s' was shut down", leat_executor_name(ex));
		leat_future_unref(&f);
		return NULL;
	}
	leat_executor_submit(ex, f);
	return f;
}

struct leat_future *leat_submit(struct leat_executor *ex, leat_function *fn, void *arg, struct leat_err *err)
{
	if (leat_executor_type_of(ex)->mode == LEAT_ON_PROCESSES) {
		leat_fail(err, LEAT_CAUSE_USAGE,
			  "a worker process cannot call a function by its address: register it by "
			  "name and use leat_submit_named");
		return NULL;
	}
	struct deed *d = deed_new(ex, &here, 0, err);
	if (!d)
		return NULL;
	d->fn = fn;
	d->arg = arg;
	return send(ex, d, err);
}

/* Bytes behind the deed for what goes in and what comes back, wherever malloc puts it. */
static size_t behind(size_t n, size_t most_out)
{
	enum { ALIGN = LEAT_FUNCTION_ALIGN };
	return leat_size_add(leat_size_add(leat_size_add(n, ALIGN), ALIGN), most_out);
}

/* A copy of the input there, and room for the reply. */
static struct leat_lent furnish(struct deed *d, const void *in, size_t n, size_t most_out)
{
	enum { ALIGN = LEAT_FUNCTION_ALIGN };
	uintptr_t end = (uintptr_t)(d + 1), from = (end + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);
	uint8_t *to = (uint8_t *)(d + 1) + (from - end);
	if (n)
		memcpy(to, in, n);
	return (struct leat_lent){
		.in = to, .n = n, .out = to + ((n + ALIGN - 1) & ~(size_t)(ALIGN - 1)), .most_out = most_out};
}

static void fill(struct deed *d, leat_named_function *fn, const char *name, const struct leat_lent *l)
{
	d->named = fn;
	d->name = leat_function_name(name);
	d->in = l->in;
	d->n_in = l->n;
	d->reply.data = l->out;
	d->reply.cap = l->most_out;
	d->future.task.pack_bytes = leat_function_pack_bytes(d->name, l->n);
	d->future.task.reply_bytes = l->most_out;
	d->future.task.bytes = l->n;
}

static leat_named_function *function_of(const char *name, struct leat_err *err)
{
	leat_named_function *fn = leat_function_find(name);
	if (!fn)
		leat_fail(err, LEAT_CAUSE_USAGE, "there is no function '%.200s': see leat_register_function", name);
	return fn;
}

struct leat_future *leat_submit_named(struct leat_executor *ex, const char *name, const void *in, size_t n,
				      size_t most_out, struct leat_err *err)
{
	leat_named_function *fn = function_of(name, err);
	struct deed *d = fn ? deed_new(ex, &anywhere, behind(n, most_out), err) : NULL;
	if (!d)
		return NULL;
	struct leat_lent l = furnish(d, in, n, most_out);
	fill(d, fn, name, &l);
	return send(ex, d, err);
}

struct leat_future *leat_submit_lent(struct leat_executor *ex, const char *name, const struct leat_lent *l,
				     struct leat_err *err)
{
	leat_named_function *fn = function_of(name, err);
	struct deed *d = fn ? deed_new(ex, &anywhere, 0, err) : NULL;
	if (!d)
		return NULL;
	fill(d, fn, name, l);
	return send(ex, d, err);
}

int leat_future_result(struct leat_future *f, int64_t timeout_ns, struct leat_err *err)
{
	if (!leat_future_wait(f, timeout_ns))
		return 1;
	if (leat_future_state(f) == LEAT_FUTURE_DONE)
		return 0;
	if (err && err->cause == LEAT_CAUSE_NONE)
		*err = f->err;
	return -1;
}

const void *leat_future_bytes(struct leat_future *f, size_t *n)
{
	struct deed *d = deed_of(f);
	bool there = d->name && leat_future_ended(f) && leat_future_state(f) == LEAT_FUTURE_DONE;
	*n = there ? d->reply.len : 0;
	return there ? d->reply.data : NULL;
}

bool leat_future_error(struct leat_future *f, struct leat_failure *out)
{
	if (!leat_future_ended(f) || leat_future_state(f) == LEAT_FUTURE_DONE)
		return false;
	*out = (struct leat_failure){
		.stage = deed_of(f)->stage,
		.cause = f->err.cause,
		.sys = f->err.sys,
		.signal = f->err.signal,
		.exit_status = f->err.cause == LEAT_CAUSE_CRASH && !f->err.signal ? f->err.exit_status : -1,
		.text = f->err.text,
	};
	return true;
}

bool leat_future_done(struct leat_future *f)
{
	return leat_future_ended(f);
}

bool leat_future_running(struct leat_future *f)
{
	return leat_future_state(f) == LEAT_FUTURE_RUNNING;
}

bool leat_future_cancel(struct leat_future *f)
{
	return leat_future_withdraw(f);
}

bool leat_future_cancelled(struct leat_future *f)
{
	return leat_future_ended(f) && leat_future_state(f) == LEAT_FUTURE_CANCELLED;
}

static void tell(struct leat_future *f, void *ctx)
{
	struct told *t = ctx;
	t->fn(f, t->ctx);
	free(t);
}

int leat_future_add_callback(struct leat_future *f, leat_callback *fn, void *ctx, struct leat_err *err)
{
	struct told *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return -1;
	*t = (struct told){.fn = fn, .ctx = ctx};
	t->ended = (struct leat_ended){.fn = tell, .ctx = t};
	leat_future_when_ended(f, &t->ended);
	return 0;
}

void leat_future_free(struct leat_future **f)
{
	leat_future_unref(f);
}
