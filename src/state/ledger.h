/* SPDX-License-Identifier: MIT */
/*
 * The ledger: the latest that is known of every input of a job, by its absolute path, and of what came of it.
 *
 * Operation:  a run reads all of it once (leat_ledger_each), and writes what became of its items in batches, each one
 *             transaction: what is called done there is durable before.
 * Safety:     as the state file: one thread at a time.
 */
#ifndef LEAT_STATE_LEDGER_H
#define LEAT_STATE_LEDGER_H

#include "base/hash.h"
#include "state/state.h"

#define LEAT_LEDGER_RESULTS "(reductions)"

enum {
	LEAT_SHA256 = 32, /* bytes */
};

/* A file that came of an item. */
struct leat_ledger_output {
	const char *path; /* absolute */
	uint64_t size;
	int64_t mtime_ns;
	const uint8_t *sha256; /* LEAT_SHA256 bytes, or NULL: not known */
};

/* Fields of an item at a report. */
struct leat_ledger_row {
	int step;
	const void *fields; /* as the writer packed them */
	size_t bytes;
};

struct leat_ledger_item {
	int64_t id; /* 0: a new one */
	const char *path; /* absolute; LEAT_LEDGER_RESULTS: what the reductions of the recipe gave, all of it */
	uint64_t size; /* these three: the input that was worked on */
	int64_t mtime_ns;
	const uint8_t *hash; /* LEAT_HASH bytes, or NULL: not known */
	const uint8_t *work; /* LEAT_HASH bytes: what was done */
	enum leat_state state; /* DONE, or FAILED with the rest */
	enum leat_cause cause;
	const char *step, *text;
	double seconds;
	int64_t run; /* that did it */
	uint64_t failed_runs; /* on end; read only */
	int64_t failed_since; /* the first of them: its number; read only */
	int64_t gone; /* the run that found it vanished; 0: it is there; read only */
	const struct leat_ledger_output *outputs; /* of a failed one: those of the time when it was done */
	size_t n_outputs;
	const struct leat_ledger_row *rows; /* only written here; read by leat_ledger_row */
	size_t n_rows;
	/* Of this run alone: */
	uint64_t seq, bytes_out;
	bool quarantined;
};

/* Good until it returns; must not use the state file. Anything but 0 ends the walk and is returned. */
typedef int leat_ledger_item_fn(void *ctx, const struct leat_ledger_item *it);

/* All items with their outputs, in no special order. 0, what fn returned, or -1 with *err. */
int leat_ledger_each(struct leat_state_file *s, leat_ledger_item_fn *fn, void *ctx, struct leat_err *err);
/* The item with this path alone: 0 fn was called and returned 0, what it returned, 1 there is none, -1 with *err. */
int leat_ledger_find(struct leat_state_file *s, const char *path, leat_ledger_item_fn *fn, void *ctx,
		     struct leat_err *err);
/* An output of an input that is there. Good until fn returns, which must not use the state file. */
struct leat_ledger_file {
	int64_t item;
	int place;
	struct leat_ledger_output output;
};
typedef int leat_ledger_file_fn(void *ctx, const struct leat_ledger_file *f);
/* All of them, by path. 0, what fn returned, or -1 with *err. */
int leat_ledger_each_file(struct leat_state_file *s, leat_ledger_file_fn *fn, void *ctx, struct leat_err *err);
/* The packed fields of an item at a report step, appended. 0; 1: none; -1 with *err. */
int leat_ledger_get_row(struct leat_state_file *s, int64_t item, int step, struct leat_buf *out, struct leat_err *err);

/* Statements that write, prepared once. */
struct leat_ledger_writer;
struct leat_ledger_writer *leat_ledger_writer_new(struct leat_state_file *s, struct leat_err *err);
void leat_ledger_writer_free(struct leat_ledger_writer **w); /* before the file is closed; accepts NULL in it */

/* Around everything below. end: commits, or takes all back where ok < 0; returns ok, or -1 with *err. */
int leat_ledger_begin(struct leat_ledger_writer *w, struct leat_err *err);
int leat_ledger_end(struct leat_ledger_writer *w, int ok, struct leat_err *err);

/* An item that `run` worked on has ended, done or failed. What was intended for its path is done with. */
int leat_ledger_ended(struct leat_ledger_writer *w, const struct leat_ledger_item *it, struct leat_err *err);
/* One that was left alone because it had failed before. */
int leat_ledger_known(struct leat_ledger_writer *w, int64_t item, int64_t run, uint64_t seq, struct leat_err *err);
/* Another size or time, but the same content, or a replacement that is known again: work NULL leaves it. */
int leat_ledger_touch(struct leat_ledger_writer *w, const struct leat_ledger_item *it, struct leat_err *err);
/* `run` did not find it any more; false `first`: an earlier one had missed it already. */
int leat_ledger_gone(struct leat_ledger_writer *w, int64_t item, int64_t run, bool first, struct leat_err *err);
/* What an output holds. */
int leat_ledger_hashed(struct leat_ledger_writer *w, const struct leat_ledger_file *f,
		       const uint8_t sha256[static LEAT_SHA256], struct leat_err *err);
/* It is forgotten, with its outputs. */
int leat_ledger_forget(struct leat_ledger_writer *w, int64_t item, struct leat_err *err);

/*
 * The file `path` is about to be replaced by `size` bytes with this hash: durable when it returns, unless the file is
 * opened without (leat_ledger_durable). A transaction of its own.
 */
int leat_ledger_intend(struct leat_state_file *s, const char *path, uint64_t size, const uint8_t hash[static LEAT_HASH],
		       struct leat_err *err);
/* Was it? 0: hash filled; 1: nothing of this size was intended for that path; -1 with *err. */
int leat_ledger_intended(struct leat_state_file *s, const char *path, uint64_t size, uint8_t hash[static LEAT_HASH],
			 struct leat_err *err);
/* From now on transactions are durable when they are committed (full), or soon after. */
int leat_ledger_durable(struct leat_state_file *s, bool full, struct leat_err *err);

#endif
