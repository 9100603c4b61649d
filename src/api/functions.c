/* SPDX-License-Identifier: MIT */
/* Functions by name: the list of them, and how a call travels to a worker process. See functions.h. */
#include "api/functions.h"

#include "api/many.h"
#include "base/mem.h"

enum { MOST = 256 };

/* Filled before the first worker is started, from one thread; only read after that. */
static struct {
	const char *name;
	leat_named_function *fn;
} functions[MOST];
static size_t n_functions;

const char leat_functions_program[] = "leat functions 1";

leat_named_function *leat_function_find(const char *name)
{
	if (strcmp(name, LEAT_MANY) == 0)
		return leat_many;
	for (size_t i = 0; i < n_functions; i++)
		if (strcmp(functions[i].name, name) == 0)
			return functions[i].fn;
	return NULL;
}

const char *leat_function_name(const char *name)
{
	if (strcmp(name, LEAT_MANY) == 0)
		return LEAT_MANY;
	for (size_t i = 0; i < n_functions; i++)
		if (strcmp(functions[i].name, name) == 0)
			return functions[i].name;
	return NULL;
}

int leat_register_function(const char *name, leat_named_function *fn, struct leat_err *err)
{
	if (!name[0] || strlen(name) > 200)
		return leat_fail(err, LEAT_CAUSE_USAGE, "the name of a function has 1 to 200 bytes");
	if (leat_function_find(name))
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is a function '%s' already", name);
	if (n_functions == MOST)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "there can be %d functions by name", (int)MOST);
	char *own = leat_strdup(name, err); /* lives as long as the process */
	if (!own)
		return -1;
	functions[n_functions].name = own;
	functions[n_functions++].fn = fn;
	return 0;
}

int leat_reply_add(struct leat_reply *r, const void *data, size_t n, struct leat_err *err)
{
	if (n > r->cap - r->len)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "a result of more than the %zu bytes that were allowed",
				 r->cap);
	memcpy(r->data + r->len, data, n);
	r->len += n;
	return 0;
}

static bool stopping(const struct leat_call *c)
{
	return leat_cancel_get(((const struct leat_worker *)c->own)->cancel) >= LEAT_STOP_ABORT;
}

struct leat_call leat_call_of(const struct leat_worker *w)
{
	return (struct leat_call){.worker = w->index, .team = w->team, .stopping = stopping, .own = w};
}

/* Where the input begins behind a name of n bytes and its zero. */
static size_t input_at(size_t n)
{
	return (n + LEAT_FUNCTION_ALIGN) / LEAT_FUNCTION_ALIGN * LEAT_FUNCTION_ALIGN;
}

size_t leat_function_pack_bytes(const char *name, size_t n)
{
	return leat_size_add(input_at(strlen(name)), n);
}

int leat_function_pack(const char *name, const void *in, size_t n, uint8_t *slab, size_t cap, size_t *len,
		       struct leat_err *err)
{
	size_t at = input_at(strlen(name));
	if (leat_size_add(at, n) > cap)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%zu bytes of input do not fit into the worker's memory", n);
	memset(slab, 0, at);
	memcpy(slab, name, strlen(name));
	if (n)
		memcpy(slab + at, in, n);
	*len = at + n;
	return 0;
}

int leat_function_run(const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		      size_t *out_len, struct leat_err *err)
{
	size_t n = strnlen((const char *)in, len), at = input_at(n);
	leat_named_function *fn = n < len && at <= len ? leat_function_find((const char *)in) : NULL;
	if (!fn)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "the worker knows no such function: register it before leat_worker_hook");
	struct leat_call call = leat_call_of(w);
	struct leat_reply reply = {.data = out, .cap = cap};
	int ok = fn(&call, in + at, len - at, &reply, err);
	*out_len = reply.len;
	if (ok < 0 && err->cause == LEAT_CAUSE_NONE)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "failed without saying why");
	return ok;
}
