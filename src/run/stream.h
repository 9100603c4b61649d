/* SPDX-License-Identifier: MIT */
/*
 * A large file of text whose rows are only measured need never be in memory as a whole. Its reader (a thread that reads
 * files) takes it piece by piece, cut behind rows; every piece is a task of its own for the executor that runs `parse`,
 * so it is looked at where all bytes from outside are; what the pieces measured is joined in their order.
 *
 * Where a file is cut depends on its bytes alone, never on workers or memory; so do all results.
 */
#ifndef LEAT_RUN_STREAM_H
#define LEAT_RUN_STREAM_H

#include "run/segment.h"

/*
 * leat_env.stream. Reads the item behind the source `step` in pieces, if its format and all steps behind it can be
 * served so, and it is large. 0: done, *last is the last step that was served and *f has what was measured until then;
 * 1: it is to be read as a whole; -1 with *err, *last: the step that failed.
 */
int leat_stream_item(void *item, int step, struct leat_fields *f, int *last, struct leat_notices *notes,
		     struct leat_err *err);

/* ---- one piece: what passes between the run and a worker, and the work on it (stream_piece.c) */

struct leat_stream_piece { /* borrowed */
	uint64_t source, codec; /* step; place in the registry */
	uint64_t offset,
		line; /* of its first byte in the file; line 0: not known, then a failure is told without one */
	uint64_t columns, shared_len, text_len;
	const uint8_t *shared, *text;
};
/* the beginning of a reply; behind it a byte for each column that has words, and the states */
struct leat_stream_told {
	uint64_t failed, cause;
	uint64_t rows, bad, lines;
	char text[sizeof((struct leat_err *)0)->text];
};
size_t leat_stream_piece_bound(const struct leat_stream_piece *p);
int leat_stream_piece_put(const struct leat_stream_piece *p, uint8_t *to, size_t cap, size_t *len,
			  struct leat_err *err);
/* Is it the message of a piece? Then it is read: -1 with *err for nonsense. 1: it is something else. */
int leat_stream_piece_get(const uint8_t *m, size_t len, struct leat_stream_piece *p, struct leat_err *err);
/* Bytes of a reply; of states alone: of all measures, for all columns. */
size_t leat_stream_reply_size(const struct leat_plan *plan, const struct leat_stream_way *way, size_t columns);
size_t leat_stream_states_size(const struct leat_plan *plan, const struct leat_stream_way *way, size_t columns);
/* Joins the states of a later piece, measure by measure. */
void leat_stream_merge(const struct leat_plan *plan, const struct leat_stream_way *way, size_t columns, void *states,
		       const void *later);
/* Works on a piece with so many threads. What is wrong with its text is in the reply; -1 with *err: no memory. */
int leat_stream_work(const struct leat_plan *plan, const struct leat_stream_piece *p, int team, uint8_t *reply,
		     size_t cap, size_t *len, struct leat_err *err);

#endif
