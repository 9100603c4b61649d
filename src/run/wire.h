/* SPDX-License-Identifier: MIT */
/*
 * What passes between a run and its worker processes: one segment's input for one item, and its results. Host byte
 * order, since both sides are the same program. The reader trusts nothing: every length is checked against what is
 * left, every enum against its range, and each value is copied once before it is looked at, because the other side
 * may still write.
 */
#ifndef LEAT_RUN_WIRE_H
#define LEAT_RUN_WIRE_H

#include "run/segment.h"

/* Upper bound of the packed size of an input, for the slab. */
size_t leat_wire_input_bound(const struct leat_segment_in *in);

/*
 * Packs `in` into p[0..cap). *len used; *late_at: where the content of a file that comes late (leat_bytes.late) has its
 * place, still to be filled; 0: none. -1 with *err when it does not fit.
 */
int leat_wire_put_input(const struct leat_segment_in *in, uint8_t *p, size_t cap, size_t *len, size_t *late_at,
			struct leat_err *err);

/*
 * Reads it back: texts live in `a`; bytes and elements of arrays stay in the slab and are good as long as it is, pixels
 * are copied. p: aligned to 64. fields: to be freed. -1 with *err: not what leat_wire_put_input makes.
 */
int leat_wire_get_input(const uint8_t *p, size_t len, struct leat_arena *a, struct leat_segment_in *in,
			struct leat_entry *entry, struct leat_fields *fields, struct leat_err *err);

/* A header, for the question of a worker: at most LEAT_WIRE_HEADER bytes. get: -1 with *err (CRASH) for nonsense. */
enum { LEAT_WIRE_HEADER = 256 };
size_t leat_wire_put_header(const struct leat_header *h, uint8_t p[static LEAT_WIRE_HEADER]);
int leat_wire_get_header(const uint8_t *p, size_t len, struct leat_header *h, struct leat_err *err);

/*
 * Packs results into p[0..cap). Large parts of them that lie in p[cap..whole) stay there; then *len is `whole`. -1 with
 * *err (MEMORY) when they do not fit; then *len is what they take, more than cap.
 */
int leat_wire_put_results(const struct leat_results *r, uint8_t *p, size_t cap, size_t whole, size_t *len,
			  struct leat_err *err);

/*
 * Reads results of a worker that ran segment `segment` of `plan`, all memory copied, but for one large file that is to
 * be written and takes *stay, where there is one (leat_task.stay; stay may be NULL): steps, types, kinds and
 * shapes are checked against the plan. -1 with *err (CRASH): the worker is at fault; *r is empty then.
 */
int leat_wire_get_results(const struct leat_plan *plan, int segment, const uint8_t *p, size_t len,
			  struct leat_stay **stay, struct leat_results *r, struct leat_err *err);

#endif
