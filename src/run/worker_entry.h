/* SPDX-License-Identifier: MIT */
/* The worker's entry: what a process of the pool does with the program and the items it is sent. */
#ifndef LEAT_RUN_WORKER_ENTRY_H
#define LEAT_RUN_WORKER_ENTRY_H

#include "run/segment.h"

/*
 * The program of a run for the workers of group `group`, as opaque bytes for leat_executor_opts.program: the
 * recipe's canonical text, where its steps run, and the content of the files that its options name. Free with
 * leat_buf_free. 0, or -1 with *err.
 */
int leat_worker_program(const struct leat_program *prog, const struct leat_env *env, int group,
			const struct leat_resource *resources, struct leat_buf *out, struct leat_err *err);

/*
 * The worker's callbacks, see exec/processes/worker.h: bind the program, show that work can be done here, run
 * one item.
 */
int leat_worker_bind(void **ctx, const uint8_t *program, size_t len, struct leat_err *err);
/* leat_worker_program.team */
int leat_worker_team(int threads);
/* Loads the formats whose bits are set: leat_worker_program.load. */
void leat_worker_load(void *ctx, uint64_t wants);
int leat_worker_first(void *ctx, struct leat_err *err);
int leat_worker_run(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		    size_t *out_len, struct leat_err *err);

#endif
