/* SPDX-License-Identifier: MIT */
/* A program that offers itself as a worker: what leat does, and what a host with steps of its own does. */
#include <leat/worker.h>

#include "api/functions.h"
#include "api/worker.h"
#include "base/mem.h"
#include "exec/processes/worker.h"
#include "run/worker_entry.h"

/* A worker serves a recipe or, without one, functions by name. */
struct served {
	bool functions;
	void *recipe;
};

static int bind(void **ctx, const uint8_t *program, size_t len, struct leat_err *err)
{
	struct served *s = leat_zalloc(1, sizeof *s, err);
	*ctx = s;
	if (!s)
		return -1;
	s->functions = len == LEAT_FUNCTIONS_PROGRAM && memcmp(program, leat_functions_program, len) == 0;
	return s->functions ? 0 : leat_worker_bind(&s->recipe, program, len, err);
}

static int first(void *ctx, struct leat_err *err)
{
	struct served *s = ctx;
	return s->functions ? 0 : leat_worker_first(s->recipe, err);
}

static void load(void *ctx, uint64_t wants)
{
	struct served *s = ctx;
	if (!s->functions)
		leat_worker_load(s->recipe, wants);
}

static int run(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
	       size_t *out_len, struct leat_err *err)
{
	struct served *s = ctx;
	return s->functions ? leat_function_run(w, in, len, out, cap, out_len, err)
			    : leat_worker_run(s->recipe, w, in, len, out, cap, out_len, err);
}

int leat_worker_hook(int argc, char **argv)
{
	static const struct leat_worker_program program = {
		.bind = bind,
		.load = load,
		.first = first,
		.team = leat_worker_team,
		.run = run,
	};
	int fd;
	if (leat_worker_wanted(argc, argv, &fd))
		return leat_worker_main(fd, &program);
	leat_worker_hooked();
	return -1;
}
