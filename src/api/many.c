/* SPDX-License-Identifier: MIT */
/* See many.h. */
#include "api/many.h"

#include "api/functions.h"
#include "base/mem.h"

#include <stdalign.h>

enum { ALIGN = 16, TEXT = 112 }; /* TEXT: of an error, in the place of a result */

struct head { /* of the input; the name and its zero follow, then each input behind its length */
	uint64_t calls, most_out, name;
};
struct result { /* before each */
	uint32_t cause;
	int32_t sys;
	uint64_t len;
};
_Static_assert(sizeof(struct result) == ALIGN && ALIGN >= alignof(max_align_t), "what follows is aligned");

static size_t aligned(size_t n)
{
	return leat_size_add(n, ALIGN - 1) / ALIGN * ALIGN;
}

static size_t inputs_at(size_t name)
{
	return aligned(sizeof(struct head) + name + 1);
}

size_t leat_many_in_bytes(const char *name, const struct leat_named_input *v, size_t n)
{
	size_t bytes = inputs_at(strlen(name));
	for (size_t i = 0; i < n; i++)
		bytes = leat_size_add(leat_size_add(bytes, ALIGN), aligned(v[i].n));
	return bytes;
}

void leat_many_put(const char *name, const struct leat_named_input *v, size_t n, size_t most_out, uint8_t *to)
{
	struct head h = {.calls = n, .most_out = most_out, .name = strlen(name)};
	memcpy(to, &h, sizeof h);
	memcpy(to + sizeof h, name, h.name + 1);
	to += inputs_at(h.name);
	for (size_t i = 0; i < n; i++) {
		uint64_t len = v[i].n;
		memcpy(to, &len, sizeof len);
		if (len)
			memcpy(to + ALIGN, v[i].data, len);
		to += ALIGN + aligned(len);
	}
}

/* The place of one result: an error's text fits in any. */
static size_t room_of(size_t most_out)
{
	return leat_size_add(sizeof(struct result), aligned(most_out > TEXT ? most_out : TEXT));
}

size_t leat_many_out_bytes(size_t n, size_t most_out)
{
	return leat_size_mul(n, room_of(most_out));
}

/* One call; its result, or its error, behind what is there. The room was counted before. */
static void call_one(leat_named_function *fn, const struct leat_call *c, const uint8_t *in, size_t n, size_t most_out,
		     struct leat_reply *out)
{
	struct leat_err e = {0};
	uint8_t *place = out->data + out->len;
	struct leat_reply one = {.data = place + sizeof(struct result), .cap = most_out};
	struct result r = {0};
	if (fn(c, in, n, &one, &e) < 0) {
		if (e.cause == LEAT_CAUSE_NONE)
			leat_fail(&e, LEAT_CAUSE_INTERNAL, "failed without saying why");
		r.cause = e.cause;
		r.sys = e.sys;
		one.len = strnlen(e.text, TEXT - 1);
		memcpy(one.data, e.text, one.len);
	}
	r.len = one.len;
	memcpy(place, &r, sizeof r);
	out->len += sizeof r + aligned(one.len);
}

int leat_many(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	struct head h = {0};
	const uint8_t *p = in;
	if (n >= sizeof h)
		memcpy(&h, p, sizeof h);
	size_t at = h.name < n ? inputs_at(h.name) : SIZE_MAX;
	leat_named_function *fn = at <= n ? leat_function_find((const char *)p + sizeof h) : NULL;
	if (!fn || fn == leat_many)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "the worker knows no such function: register it before leat_worker_hook");
	if (leat_many_out_bytes(h.calls, h.most_out) > out->cap)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "no room for %llu results", (unsigned long long)h.calls);
	for (uint64_t i = 0; i < h.calls; i++) {
		uint64_t len = UINT64_MAX;
		if (n - at >= ALIGN)
			memcpy(&len, p + at, sizeof len);
		if (len > n - at - ALIGN)
			return leat_fail(err, LEAT_CAUSE_INTERNAL, "the inputs are cut short");
		call_one(fn, c, p + at + ALIGN, len, h.most_out, out);
		at += ALIGN + aligned(len);
	}
	return 0;
}

int leat_many_get(const uint8_t *reply, size_t len, size_t *at, const void **data, size_t *n, struct leat_err *err)
{
	struct result r;
	if (len - *at < sizeof r)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a worker's results are cut short");
	memcpy(&r, reply + *at, sizeof r);
	*data = reply + *at + sizeof r;
	if (r.len > len - *at - sizeof r)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a worker's results are cut short");
	*n = r.len;
	*at += sizeof r + aligned(r.len);
	if (*at > len)
		*at = len;
	if (r.cause == LEAT_CAUSE_NONE)
		return 0;
	bool known = r.cause < LEAT_N_CAUSES;
	leat_fail(err, known ? (enum leat_cause)r.cause : LEAT_CAUSE_INTERNAL, "%.*s", (int)(*n < TEXT ? *n : TEXT),
		  (const char *)*data);
	err->sys = known ? r.sys : 0;
	*n = 0;
	return -1;
}
