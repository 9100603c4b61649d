/* SPDX-License-Identifier: MIT */
/* The ledger, written. See ledger.h. */
#include "state/ledger.h"
#include "state/store.h"

enum statement {
	ITEM,
	DROP_OUTPUTS,
	OUTPUT,
	DROP_ROWS,
	ROW,
	RUN_ITEM,
	DROP_INTENT,
	KNOWN,
	RUN_KNOWN,
	TOUCH,
	GONE,
	RUN_GONE,
	FORGET,
	HASHED,
	N_STATEMENTS
};

/* clang-format off */
static const char *const texts[N_STATEMENTS] = {
	[ITEM] = "INSERT INTO item(path, size, mtime_ns, hash, work, state, cause, step, message, seconds, run,"
		 " failed_runs, failed_since, gone) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11, ?6 = 3,"
		 " iif(?6 = 3, ?11, 0), 0)"
		 " ON CONFLICT(path) DO UPDATE SET size=?2, mtime_ns=?3, hash=?4, work=?5, state=?6, cause=?7, step=?8,"
		 " message=?9, seconds=?10, run=?11, failed_runs=iif(?6 = 3, failed_runs + 1, 0),"
		 " failed_since=iif(?6 = 3, iif(failed_runs > 0, failed_since, ?11), 0), gone=0"
		 " RETURNING id, failed_runs",
	[DROP_OUTPUTS] = "DELETE FROM output WHERE item = ?",
	[OUTPUT] = "INSERT INTO output VALUES(?,?,?,?,?,?)",
	[DROP_ROWS] = "DELETE FROM item_row WHERE item = ?",
	[ROW] = "INSERT INTO item_row VALUES(?,?,?)",
	[RUN_ITEM] = "INSERT OR REPLACE INTO run_item VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	[DROP_INTENT] = "DELETE FROM intent WHERE path = ?",
	[KNOWN] = "UPDATE item SET failed_runs = failed_runs + 1, gone = 0 WHERE id = ?",
	[RUN_KNOWN] = "INSERT OR REPLACE INTO run_item SELECT ?2, ?3, path, 4, cause, step, message, 0, 0, 0,"
		      " failed_runs, 0 FROM item WHERE id = ?1",
	[TOUCH] = "UPDATE item SET size = ?2, mtime_ns = ?3, hash = ?4, gone = 0, state = coalesce(?5, state),"
		  " work = coalesce(?6, work) WHERE id = ?1",
	[GONE] = "UPDATE item SET gone = ?2 WHERE id = ?1 AND gone = 0",
	[RUN_GONE] = "INSERT OR IGNORE INTO run_gone SELECT ?2, path FROM item WHERE id = ?1",
	[FORGET] = "DELETE FROM item WHERE id = ?",
	[HASHED] = "UPDATE output SET sha256 = ?3 WHERE item = ?1 AND place = ?2",
};
/* clang-format on */

struct leat_ledger_writer {
	struct leat_state_file *s;
	sqlite3_stmt *q[N_STATEMENTS];
};

struct leat_ledger_writer *leat_ledger_writer_new(struct leat_state_file *s, struct leat_err *err)
{
	_Static_assert(LEAT_FAILED == 3 && LEAT_KNOWN_FAILED == 4, "they stand in the statements");
	struct leat_ledger_writer *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return NULL;
	w->s = s;
	for (int i = 0; i < N_STATEMENTS; i++) {
		w->q[i] = leat_store_prepare(s, texts[i], err);
		if (!w->q[i]) {
			leat_ledger_writer_free(&w);
			return NULL;
		}
	}
	return w;
}

void leat_ledger_writer_free(struct leat_ledger_writer **wp)
{
	struct leat_ledger_writer *w = *wp;
	*wp = NULL;
	if (!w)
		return;
	for (int i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(w->q[i]);
	free(w);
}

int leat_ledger_begin(struct leat_ledger_writer *w, struct leat_err *err)
{
	return leat_store_begin(w->s, err);
}

int leat_ledger_end(struct leat_ledger_writer *w, int ok, struct leat_err *err)
{
	return leat_store_end(w->s, ok, err);
}

/* Steps a statement that gives no row, and makes it ready for the next time. */
static int run(struct leat_ledger_writer *w, enum statement which, struct leat_err *err)
{
	int r = leat_store_step(w->s, w->q[which], err);
	sqlite3_reset(w->q[which]);
	sqlite3_clear_bindings(w->q[which]);
	return r < 0 ? -1 : 0;
}

static int run_for(struct leat_ledger_writer *w, enum statement which, int64_t item, struct leat_err *err)
{
	sqlite3_bind_int64(w->q[which], 1, item);
	return run(w, which, err);
}

static void bind_hash(sqlite3_stmt *q, int at, const uint8_t *hash, size_t n)
{
	if (hash)
		leat_store_bytes(q, at, hash, n);
	else
		sqlite3_bind_null(q, at);
}

/* The row of the item: its number, and how often it has failed on end. */
static int put_item(struct leat_ledger_writer *w, const struct leat_ledger_item *it, int64_t *id, uint64_t *failed,
		    struct leat_err *err)
{
	sqlite3_stmt *q = w->q[ITEM];
	leat_store_text(q, 1, it->path);
	sqlite3_bind_int64(q, 2, (int64_t)it->size);
	sqlite3_bind_int64(q, 3, it->mtime_ns);
	bind_hash(q, 4, it->hash, LEAT_HASH);
	bind_hash(q, 5, it->work, LEAT_HASH);
	sqlite3_bind_int(q, 6, (int)it->state);
	sqlite3_bind_int(q, 7, (int)it->cause);
	leat_store_text(q, 8, it->step);
	leat_store_text(q, 9, it->text);
	sqlite3_bind_double(q, 10, it->seconds);
	sqlite3_bind_int64(q, 11, it->run);
	int r = leat_store_step(w->s, q, err);
	if (r > 0) {
		*id = sqlite3_column_int64(q, 0);
		*failed = (uint64_t)sqlite3_column_int64(q, 1);
	}
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
	return r < 0 ? -1 : r > 0 ? 0 : leat_fail(err, LEAT_CAUSE_INTERNAL, "the ledger gave no number");
}

static int put_outputs(struct leat_ledger_writer *w, int64_t id, const struct leat_ledger_item *it,
		       struct leat_err *err)
{
	int ok = run_for(w, DROP_OUTPUTS, id, err);
	for (size_t i = 0; ok == 0 && i < it->n_outputs; i++) {
		const struct leat_ledger_output *o = &it->outputs[i];
		sqlite3_stmt *q = w->q[OUTPUT];
		sqlite3_bind_int64(q, 1, id);
		sqlite3_bind_int64(q, 2, (int64_t)i);
		leat_store_text(q, 3, o->path);
		sqlite3_bind_int64(q, 4, (int64_t)o->size);
		sqlite3_bind_int64(q, 5, o->mtime_ns);
		bind_hash(q, 6, o->sha256, LEAT_SHA256);
		ok = run(w, OUTPUT, err);
	}
	return ok;
}

static int put_rows(struct leat_ledger_writer *w, int64_t id, const struct leat_ledger_item *it, struct leat_err *err)
{
	int ok = run_for(w, DROP_ROWS, id, err);
	for (size_t i = 0; ok == 0 && i < it->n_rows; i++) {
		sqlite3_bind_int64(w->q[ROW], 1, id);
		sqlite3_bind_int(w->q[ROW], 2, it->rows[i].step);
		leat_store_bytes(w->q[ROW], 3, it->rows[i].fields, it->rows[i].bytes);
		ok = run(w, ROW, err);
	}
	return ok;
}

static int put_run_item(struct leat_ledger_writer *w, const struct leat_ledger_item *it, uint64_t failed,
			struct leat_err *err)
{
	sqlite3_stmt *q = w->q[RUN_ITEM];
	sqlite3_bind_int64(q, 1, it->run);
	sqlite3_bind_int64(q, 2, (int64_t)it->seq);
	leat_store_text(q, 3, it->path);
	sqlite3_bind_int(q, 4, (int)it->state);
	sqlite3_bind_int(q, 5, (int)it->cause);
	leat_store_text(q, 6, it->step);
	leat_store_text(q, 7, it->text);
	sqlite3_bind_double(q, 8, it->seconds);
	sqlite3_bind_int64(q, 9, (int64_t)it->size);
	sqlite3_bind_int64(q, 10, (int64_t)it->bytes_out);
	sqlite3_bind_int64(q, 11, (int64_t)failed);
	sqlite3_bind_int(q, 12, it->quarantined);
	return run(w, RUN_ITEM, err);
}

int leat_ledger_ended(struct leat_ledger_writer *w, const struct leat_ledger_item *it, struct leat_err *err)
{
	int64_t id = 0;
	uint64_t failed = 0;
	int ok = put_item(w, it, &id, &failed, err);
	if (ok == 0 && it->state == LEAT_DONE) /* what a failed one had written before stays known */
		ok = put_outputs(w, id, it, err);
	if (ok == 0)
		ok = put_rows(w, id, it, err);
	if (ok == 0)
		ok = put_run_item(w, it, failed, err);
	if (ok == 0) {
		leat_store_text(w->q[DROP_INTENT], 1, it->path);
		ok = run(w, DROP_INTENT, err);
	}
	return ok;
}

int leat_ledger_known(struct leat_ledger_writer *w, int64_t item, int64_t r, uint64_t seq, struct leat_err *err)
{
	if (run_for(w, KNOWN, item, err) < 0)
		return -1;
	sqlite3_bind_int64(w->q[RUN_KNOWN], 2, r);
	sqlite3_bind_int64(w->q[RUN_KNOWN], 3, (int64_t)seq);
	return run_for(w, RUN_KNOWN, item, err);
}

int leat_ledger_touch(struct leat_ledger_writer *w, const struct leat_ledger_item *it, struct leat_err *err)
{
	sqlite3_stmt *q = w->q[TOUCH];
	sqlite3_bind_int64(q, 2, (int64_t)it->size);
	sqlite3_bind_int64(q, 3, it->mtime_ns);
	bind_hash(q, 4, it->hash, LEAT_HASH);
	if (it->work)
		sqlite3_bind_int(q, 5, (int)it->state);
	bind_hash(q, 6, it->work, LEAT_HASH);
	return run_for(w, TOUCH, it->id, err);
}

int leat_ledger_gone(struct leat_ledger_writer *w, int64_t item, int64_t r, bool first, struct leat_err *err)
{
	if (!first)
		return 0;
	sqlite3_bind_int64(w->q[GONE], 2, r);
	if (run_for(w, GONE, item, err) < 0)
		return -1;
	sqlite3_bind_int64(w->q[RUN_GONE], 2, r);
	return run_for(w, RUN_GONE, item, err);
}

int leat_ledger_hashed(struct leat_ledger_writer *w, const struct leat_ledger_file *f,
		       const uint8_t sha256[static LEAT_SHA256], struct leat_err *err)
{
	sqlite3_bind_int(w->q[HASHED], 2, f->place);
	leat_store_bytes(w->q[HASHED], 3, sha256, LEAT_SHA256);
	return run_for(w, HASHED, f->item, err);
}

int leat_ledger_forget(struct leat_ledger_writer *w, int64_t item, struct leat_err *err)
{
	int ok = run_for(w, DROP_OUTPUTS, item, err);
	if (ok == 0)
		ok = run_for(w, DROP_ROWS, item, err);
	return ok == 0 ? run_for(w, FORGET, item, err) : -1;
}

int leat_ledger_intend(struct leat_state_file *s, const char *path, uint64_t size, const uint8_t hash[static LEAT_HASH],
		       struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, "INSERT OR REPLACE INTO intent VALUES(?,?,?)", err);
	if (!q)
		return -1;
	leat_store_text(q, 1, path);
	sqlite3_bind_int64(q, 2, (int64_t)size);
	leat_store_bytes(q, 3, hash, LEAT_HASH);
	int ok = leat_store_step(s, q, err);
	sqlite3_finalize(q);
	return ok;
}

int leat_ledger_durable(struct leat_state_file *s, bool full, struct leat_err *err)
{
	return leat_store_exec(s, full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", err);
}
