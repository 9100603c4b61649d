/* SPDX-License-Identifier: MIT */
/* <leat/executor.h>: several futures at once. */
#include "api/futures.h"
#include "base/mem.h"
#include "base/sys.h"

struct leat_completion {
	struct leat_gather *gather;
};

static bool enough(enum leat_wait_for what, struct leat_future *f)
{
	if (what == LEAT_WAIT_FIRST)
		return true;
	return what == LEAT_WAIT_FIRST_ERROR && leat_future_state(f) != LEAT_FUTURE_DONE;
}

static int64_t count_ended(struct leat_future *const *v, size_t n)
{
	int64_t ended = 0;
	for (size_t i = 0; i < n; i++)
		ended += leat_future_ended(v[i]);
	return ended;
}

static int64_t left_of(int64_t until)
{
	int64_t left = until - leat_now_ns();
	return left > 0 ? left : 0;
}

int64_t leat_wait(struct leat_future *const *v, size_t n, enum leat_wait_for what, int64_t timeout_ns,
		  struct leat_err *err)
{
	int64_t until = timeout_ns < 0 ? -1 : leat_now_ns() + timeout_ns;
	struct leat_gather *g = leat_gather_new(v, n, err);
	if (!g)
		return -1;
	struct leat_future *f = NULL;
	size_t left = n;
	do
		f = leat_gather_next(g, timeout_ns < 0 ? -1 : left_of(until), &left);
	while (f && left && !enough(what, f));
	bool late = !f && left;
	leat_gather_free(&g);
	if (late)
		return leat_fail(err, LEAT_CAUSE_TIMEOUT, "%zu of %zu had not ended in time", left, n);
	return count_ended(v, n);
}

struct leat_completion *leat_as_completed(struct leat_future *const *v, size_t n, struct leat_err *err)
{
	struct leat_completion *c = leat_zalloc(1, sizeof *c, err);
	if (!c)
		return NULL;
	c->gather = leat_gather_new(v, n, err);
	if (!c->gather) {
		free(c);
		return NULL;
	}
	return c;
}

struct leat_future *leat_completion_next(struct leat_completion *c, int64_t timeout_ns, size_t *left)
{
	return leat_gather_next(c->gather, timeout_ns, left);
}

void leat_completion_free(struct leat_completion **c)
{
	if (*c) {
		leat_gather_free(&(*c)->gather);
		free(*c);
	}
	*c = NULL;
}
