/* SPDX-License-Identifier: MIT */
/* The ledger, read. See ledger.h; written by writer.c. */
#include "state/ledger.h"
#include "state/store.h"

/* What is asked of nearly all items comes with them; the rest of one that failed is fetched. */
#define ITEM "SELECT id, path, size, mtime_ns, hash, work, state, gone, seconds, run FROM item "
#define FAILURE "SELECT cause, step, message, failed_runs, failed_since FROM item WHERE id = ?"
#define OUTPUT "SELECT item, path, size, mtime_ns, sha256 FROM output "

static const char *column(sqlite3_stmt *q, int at)
{
	const char *s = (const char *)sqlite3_column_text(q, at);
	return s ? s : "";
}

/* A blob of n bytes, or NULL. */
static const uint8_t *blob(sqlite3_stmt *q, int at, int n)
{
	return sqlite3_column_bytes(q, at) == n ? sqlite3_column_blob(q, at) : NULL;
}

static int clamp(int v, int n)
{
	return v >= 0 && v < n ? v : 0;
}

static void read_item(sqlite3_stmt *q, struct leat_ledger_item *it)
{
	static const uint8_t none[LEAT_HASH];
	const uint8_t *work = blob(q, 5, LEAT_HASH);
	*it = (struct leat_ledger_item){.id = sqlite3_column_int64(q, 0),
					.path = column(q, 1),
					.size = (uint64_t)sqlite3_column_int64(q, 2),
					.mtime_ns = sqlite3_column_int64(q, 3),
					.hash = blob(q, 4, LEAT_HASH),
					.work = work ? work : none,
					.state = (enum leat_state)clamp(sqlite3_column_int(q, 6), LEAT_N_STATES),
					.gone = sqlite3_column_int64(q, 7),
					.seconds = sqlite3_column_double(q, 8),
					.run = sqlite3_column_int64(q, 9),
					.step = "",
					.text = ""};
}

/* Two walks side by side: items and outputs, both by the item's number. */
struct walk {
	struct leat_state_file *s;
	sqlite3_stmt *items, *outputs, *failure;
	bool more; /* `outputs` stands on a row */
	struct leat_ledger_output *v;
	size_t n, cap;
	struct leat_arena texts;
};

static int take_output(struct walk *w, struct leat_err *err)
{
	struct leat_ledger_output *v = leat_grow(w->v, &w->cap, w->n + 1, sizeof *v, err);
	if (!v)
		return -1;
	w->v = v;
	const uint8_t *sha = blob(w->outputs, 4, LEAT_SHA256);
	v[w->n] = (struct leat_ledger_output){.path = leat_store_column(w->outputs, 1, &w->texts),
					      .size = (uint64_t)sqlite3_column_int64(w->outputs, 2),
					      .mtime_ns = sqlite3_column_int64(w->outputs, 3)};
	if (sha)
		v[w->n].sha256 = (const uint8_t *)leat_arena_strndup(&w->texts, (const char *)sha, LEAT_SHA256);
	w->n++;
	return leat_arena_ok(&w->texts) ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
}

static int next_output(struct walk *w, struct leat_err *err)
{
	int more = leat_store_step(w->s, w->outputs, err);
	w->more = more > 0;
	return more < 0 ? -1 : 0;
}

/* Those of item `id`; of items that are not there any more, none can be left. */
static int outputs_of(struct walk *w, int64_t id, struct leat_err *err)
{
	w->n = 0;
	leat_arena_reset(&w->texts);
	while (w->more && sqlite3_column_int64(w->outputs, 0) <= id) {
		if (sqlite3_column_int64(w->outputs, 0) == id && take_output(w, err) < 0)
			return -1;
		if (next_output(w, err) < 0)
			return -1;
	}
	return 0;
}

/* Why it failed; what it points to is good until the next one. */
static int add_failure(struct walk *w, struct leat_ledger_item *it, struct leat_err *err)
{
	sqlite3_stmt *q = w->failure;
	sqlite3_reset(q);
	sqlite3_bind_int64(q, 1, it->id);
	int found = leat_store_step(w->s, q, err);
	if (found <= 0)
		return found;
	it->cause = (enum leat_cause)clamp(sqlite3_column_int(q, 0), LEAT_N_CAUSES);
	it->step = column(q, 1);
	it->text = column(q, 2);
	it->failed_runs = (uint64_t)sqlite3_column_int64(q, 3);
	it->failed_since = sqlite3_column_int64(q, 4);
	return 0;
}

static int walk(struct walk *w, leat_ledger_item_fn *fn, void *ctx, size_t *found, struct leat_err *err)
{
	int more = 0, told = 0;
	*found = 0;
	while (told == 0 && (more = leat_store_step(w->s, w->items, err)) > 0) {
		struct leat_ledger_item it;
		read_item(w->items, &it);
		if (outputs_of(w, it.id, err) < 0 || (it.state == LEAT_FAILED && add_failure(w, &it, err) < 0))
			return -1;
		it.outputs = w->v;
		it.n_outputs = w->n;
		++*found;
		told = fn(ctx, &it);
	}
	return more < 0 ? -1 : told;
}

static int walk_begin(struct walk *w, const char *items, const char *outputs, struct leat_err *err)
{
	w->items = leat_store_prepare(w->s, items, err);
	w->outputs = leat_store_prepare(w->s, outputs, err);
	w->failure = leat_store_prepare(w->s, FAILURE, err);
	return w->items && w->outputs && w->failure ? 0 : -1;
}

static void walk_end(struct walk *w)
{
	sqlite3_finalize(w->failure);
	sqlite3_finalize(w->items);
	sqlite3_finalize(w->outputs);
	leat_arena_free(&w->texts);
	free(w->v);
}

int leat_ledger_each(struct leat_state_file *s, leat_ledger_item_fn *fn, void *ctx, struct leat_err *err)
{
	size_t found;
	struct walk w = {.s = s};
	int r = walk_begin(&w, ITEM "ORDER BY id", OUTPUT "ORDER BY item, place", err);
	if (r == 0)
		r = next_output(&w, err);
	if (r == 0)
		r = walk(&w, fn, ctx, &found, err);
	walk_end(&w);
	return r;
}

int leat_ledger_find(struct leat_state_file *s, const char *path, leat_ledger_item_fn *fn, void *ctx,
		     struct leat_err *err)
{
	size_t found = 0;
	struct walk w = {.s = s};
	int r = walk_begin(&w, ITEM "WHERE path = ?",
			   OUTPUT "WHERE item = (SELECT id FROM item WHERE path = ?) ORDER BY item, place", err);
	if (r == 0) {
		leat_store_text(w.items, 1, path);
		leat_store_text(w.outputs, 1, path);
		r = next_output(&w, err);
	}
	if (r == 0)
		r = walk(&w, fn, ctx, &found, err);
	walk_end(&w);
	return r == 0 && !found ? 1 : r;
}

int leat_ledger_each_file(struct leat_state_file *s, leat_ledger_file_fn *fn, void *ctx, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s,
					     "SELECT o.item, o.place, o.path, o.size, o.mtime_ns, o.sha256 FROM output "
					     "o JOIN item i ON i.id = o.item"
					     " WHERE i.gone = 0 ORDER BY o.path",
					     err);
	int more = 0, told = 0;
	while (q && told == 0 && (more = leat_store_step(s, q, err)) > 0) {
		struct leat_ledger_file f = {.item = sqlite3_column_int64(q, 0),
					     .place = sqlite3_column_int(q, 1),
					     .output = {.path = column(q, 2),
							.size = (uint64_t)sqlite3_column_int64(q, 3),
							.mtime_ns = sqlite3_column_int64(q, 4),
							.sha256 = blob(q, 5, LEAT_SHA256)}};
		told = fn(ctx, &f);
	}
	sqlite3_finalize(q);
	return !q || more < 0 ? -1 : told;
}

int leat_ledger_get_row(struct leat_state_file *s, int64_t item, int step, struct leat_buf *out, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, "SELECT fields FROM item_row WHERE item = ? AND step = ?", err);
	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, item);
	sqlite3_bind_int(q, 2, step);
	int found = leat_store_step(s, q, err);
	if (found > 0)
		leat_buf_add(out, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
	sqlite3_finalize(q);
	return found < 0 || leat_buf_check(out, err) < 0 ? -1 : !found;
}

/* One blob of a row that is found by two values at most. */
static int get_blob(struct leat_state_file *s, sqlite3_stmt *q, uint8_t *out, int n, struct leat_err *err)
{
	int found = leat_store_step(s, q, err);
	const uint8_t *p = found > 0 ? blob(q, 0, n) : NULL;
	if (p)
		memcpy(out, p, (size_t)n);
	sqlite3_finalize(q);
	return found < 0 ? -1 : !p;
}

int leat_ledger_intended(struct leat_state_file *s, const char *path, uint64_t size, uint8_t hash[static LEAT_HASH],
			 struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, "SELECT hash FROM intent WHERE path = ? AND size = ?", err);
	if (!q)
		return -1;
	leat_store_text(q, 1, path);
	sqlite3_bind_int64(q, 2, (int64_t)size);
	return get_blob(s, q, hash, LEAT_HASH, err);
}
