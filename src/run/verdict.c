/* SPDX-License-Identifier: MIT */
/*
 * What is up to date: the inputs as they were listed, held against the ledger. An input that has the size and time of
 * then is the same; one that has not is read and hashed only where its size is the same. Its outputs must still be
 * there as they were made.
 */
#include "run/identity.h"
#include "run/run.h"
#include "state/ledger.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct looking {
	struct leat_facts *f;
	const struct leat_plan *p;
	const struct leat_redo *redo;
	struct leat_known *k;
	struct leat_state_file *s;
	struct leat_err *err;
	uint32_t *table; /* of the inputs by path: index + 1, 0: free */
	size_t mask;
	uint8_t members[LEAT_HASH]; /* of the last results of reductions */
	bool results; /* there are some, whole */
	struct leat_buf path;
	struct leat_buf folder; /* of the output looked at last */
	int folder_fd;
};

/* ---- inputs by path */

static int make_table(struct looking *l)
{
	const struct leat_listing *in = l->f->inputs;
	size_t all = in->n + in->left, size = 16;
	while (size < 2 * all)
		size *= 2;
	l->table = leat_zalloc(size, sizeof *l->table, l->err);
	if (!l->table || all >= UINT32_MAX)
		return leat_fail(l->err, LEAT_CAUSE_LIMIT, "too many inputs for a ledger");
	l->mask = size - 1;
	for (size_t i = 0; i < all; i++) {
		leat_entry_path(&in->v[i], &l->path);
		if (leat_buf_check(&l->path, l->err) < 0)
			return -1;
		size_t at = leat_hash_text(l->path.data) & l->mask;
		while (l->table[at])
			at = (at + 1) & l->mask;
		l->table[at] = (uint32_t)i + 1;
	}
	return 0;
}

/* Is this the path of that entry? Without making it. */
static bool is_path_of(const struct leat_entry *e, const char *path)
{
	size_t n = strlen(e->root);
	bool slash = n && e->root[n - 1] == '/';
	if (strncmp(path, e->root, n) != 0 || (!slash && path[n] != '/'))
		return false;
	return strcmp(path + n + !slash, e->rel) == 0;
}

/* Index of the input with this path, or -1. */
static int64_t find_input(const struct looking *l, const char *path)
{
	size_t at = leat_hash_text(path) & l->mask;
	for (; l->table[at]; at = (at + 1) & l->mask)
		if (is_path_of(&l->f->inputs->v[l->table[at] - 1], path))
			return l->table[at] - 1;
	return -1;
}

/* ---- one input */

static int hash_input(struct looking *l, const struct leat_entry *e, uint8_t hash[static LEAT_HASH])
{
	const struct leat_step *s = &l->p->steps[0];
	struct leat_bytes *b = NULL;
	struct leat_err ignored = {0}; /* the run will tell */
	if (s->source->fetch(s->params, e, &b, &ignored) < 0)
		return -1;
	leat_hash(b->data, b->len, hash);
	leat_bytes_unref(&b);
	return 0;
}

/* Is its content that of then? What is found out goes into *v. */
static bool same_content(struct looking *l, const struct leat_entry *e, const struct leat_ledger_item *it,
			 struct leat_known_input *v)
{
	if (it->hash) {
		v->hashed = true;
		memcpy(v->hash, it->hash, LEAT_HASH);
	}
	if (e->size == it->size && e->mtime_ns == it->mtime_ns)
		return true;
	uint8_t hash[LEAT_HASH];
	if (e->size != it->size || !it->hash || hash_input(l, e, hash) < 0)
		return false;
	v->touched = memcmp(hash, it->hash, LEAT_HASH) == 0;
	return v->touched;
}

/*
 * Was this input put there by a replacement that was under way when its run died? Only where that is all that the
 * recipe writes: another output may not have been made.
 */
static bool was_replaced(struct looking *l, const struct leat_entry *e, const char *path, struct leat_known_input *v)
{
	uint8_t want[LEAT_HASH], have[LEAT_HASH];
	if (l->k->identity.writes != 1 || leat_ledger_intended(l->s, path, e->size, want, l->err) != 0)
		return false;
	if (hash_input(l, e, have) < 0 || memcmp(want, have, LEAT_HASH) != 0)
		return false;
	v->touched = v->done = v->hashed = true;
	memcpy(v->hash, have, LEAT_HASH);
	return true;
}

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Outputs stand in few folders, one after the other: each is opened once, and names are looked up in it. */
static int look_up(struct looking *l, const char *path, struct stat *st)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash && slash > path ? (size_t)(slash - path) : 0;
	if (n == 0)
		return stat(path, st);
	if (l->folder.len != n || memcmp(l->folder.data, path, n) != 0) {
		if (l->folder_fd >= 0)
			(void)close(l->folder_fd); /* O_PATH */
		leat_buf_clear(&l->folder);
		leat_buf_add(&l->folder, path, n);
		l->folder_fd = l->folder.failed ? -1 : open(l->folder.data, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	return l->folder_fd < 0 ? -1 : fstatat(l->folder_fd, slash + 1, st, 0);
}

/* The first output that is not as it was made, or NULL. One that took the place of the input was looked at as that. */
static const char *changed_output(struct looking *l, const struct leat_ledger_item *it)
{
	for (size_t i = 0; i < it->n_outputs; i++) {
		const struct leat_ledger_output *o = &it->outputs[i];
		struct stat st;
		if (strcmp(o->path, it->path) == 0)
			continue;
		if (look_up(l, o->path, &st) < 0 || (uint64_t)st.st_size != o->size || ns_of(st.st_mtim) != o->mtime_ns)
			return o->path;
	}
	return NULL;
}

/* Causes that lie in the file (or in this program): they do not pass by themselves. */
static bool is_poison(enum leat_cause c)
{
	switch (c) {
	case LEAT_CAUSE_FORMAT:
	case LEAT_CAUSE_TRUNCATED:
	case LEAT_CAUSE_CORRUPT:
	case LEAT_CAUSE_UNSUPPORTED:
	case LEAT_CAUSE_LIMIT:
	case LEAT_CAUSE_TIMEOUT:
	case LEAT_CAUSE_CRASH:
	case LEAT_CAUSE_SANDBOX:
	case LEAT_CAUSE_MISMATCH:
		return true;
	default:
		return false;
	}
}

/* Was it listed as one that can only fail, for a reason that lies in it (it is empty) and that it had before? */
static bool lies_in_file(const struct leat_entry *e, const struct leat_ledger_item *it)
{
	return e->ino && it->state == LEAT_FAILED && it->cause == e->problem_cause && is_poison(e->problem_cause);
}

static const char *keep_text(struct looking *l, const char *fmt, const char *a, const char *b)
{
	const char *text = leat_arena_printf(&l->k->arena, fmt, a, b);
	return text ? text : "";
}

static void judge_failed(struct looking *l, const struct leat_ledger_item *it, bool same_work,
			 struct leat_known_input *v)
{
	v->cause = it->cause;
	v->step = it->step[0] ? keep_text(l, "%s%s", it->step, "") : NULL;
	v->more = keep_text(l, "%s%s", it->text, "");
	v->verdict = !same_work                                ? LEAT_TODO_WORK
		     : !is_poison(it->cause) || l->redo->retry ? LEAT_TODO_AGAIN
							       : LEAT_POISON;
}

static void judge_done(struct looking *l, const struct leat_ledger_item *it, bool same_work, struct leat_known_input *v)
{
	const struct leat_identity *id = &l->k->identity;
	if (!l->p->job.incremental || id->to_stdout)
		v->verdict = LEAT_TODO_FORCED;
	else if (!same_work)
		v->verdict = LEAT_TODO_WORK;
	else if (it->n_outputs == 0 && id->clock)
		v->verdict = LEAT_TODO_CLOCK;
	else {
		v->more = changed_output(l, it);
		v->verdict = v->more ? LEAT_TODO_OUTPUT : LEAT_UP_TO_DATE;
		v->more = v->more ? keep_text(l, "%s%s", v->more, "") : NULL;
	}
}

static void judge(struct looking *l, const struct leat_entry *e, const struct leat_ledger_item *it,
		  struct leat_known_input *v)
{
	uint8_t work[LEAT_HASH];
	v->id = it->id;
	v->failed_runs = it->state == LEAT_FAILED ? it->failed_runs : 0;
	if (e->problem && !lies_in_file(e, it)) {
		v->verdict = it->state == LEAT_FAILED ? LEAT_TODO_AGAIN : LEAT_TODO_INPUT;
		return;
	}
	if (l->redo->force) {
		v->verdict = LEAT_TODO_FORCED;
		return;
	}
	if (!same_content(l, e, it, v)) {
		v->hashed = false;
		v->verdict = was_replaced(l, e, it->path, v) ? LEAT_UP_TO_DATE : LEAT_TODO_INPUT;
		return;
	}
	leat_identity_of(&l->k->identity, l->p->registry, e, work);
	/* A failure may depend on how and where steps ran, too, and on every part of leat. */
	if (it->state == LEAT_FAILED)
		leat_identity_failed(work, l->f->recipe);
	bool same_work = memcmp(work, it->work, LEAT_HASH) == 0;
	if (it->state == LEAT_FAILED)
		judge_failed(l, it, same_work, v);
	else
		judge_done(l, it, same_work, v);
}

/* ---- what is gone */

static int add_gone(struct looking *l, const struct leat_ledger_item *it)
{
	struct leat_known *k = l->k;
	struct leat_gone *v = leat_grow(k->gone, &k->cap_gone, k->n_gone + 1, sizeof *v, l->err);
	if (!v)
		return -1;
	k->gone = v;
	struct leat_gone *g = &v[k->n_gone++];
	*g = (struct leat_gone){.id = it->id, .path = keep_text(l, "%s%s", it->path, ""), .first = it->gone == 0};
	g->outputs = leat_arena_alloc(&k->arena, it->n_outputs * sizeof *g->outputs);
	for (size_t i = 0; g->outputs && i < it->n_outputs; i++)
		g->outputs[g->n_outputs++] =
			(struct leat_gone_output){.path = keep_text(l, "%s%s", it->outputs[i].path, ""),
						  .size = it->outputs[i].size,
						  .mtime_ns = it->outputs[i].mtime_ns};
	return 0;
}

static int look_at(void *ctx, const struct leat_ledger_item *it)
{
	struct looking *l = ctx;
	l->k->outputs += it->n_outputs;
	if (it->path[0] != '/') { /* LEAT_LEDGER_RESULTS */
		l->results = it->hash && !changed_output(l, it) && memcmp(it->work, l->k->identity.all, LEAT_HASH) == 0;
		if (it->hash)
			memcpy(l->members, it->hash, LEAT_HASH);
		return 0;
	}
	int64_t i = find_input(l, it->path);
	if (i < 0)
		return l->k->complete ? add_gone(l, it) : 0;
	if ((size_t)i < l->f->inputs->n)
		judge(l, &l->f->inputs->v[i], it, &l->k->v[i]);
	return 0;
}

/* A replacement may have been under way before the ledger heard of its item. */
static void look_at_new(struct looking *l)
{
	const struct leat_listing *in = l->f->inputs;
	for (size_t i = 0; i < in->n; i++) {
		if (l->k->v[i].verdict != LEAT_TODO_NEW || in->v[i].problem || l->redo->force || !l->p->job.incremental)
			continue;
		leat_entry_path(&in->v[i], &l->path);
		if (was_replaced(l, &in->v[i], l->path.data, &l->k->v[i]))
			l->k->v[i].verdict = LEAT_UP_TO_DATE;
	}
}

/* ---- reductions: all of it, or nothing */

void leat_known_members(const struct leat_known *k, const struct leat_listing *in, const uint8_t *left_out,
			uint8_t out[static LEAT_HASH])
{
	struct leat_buf b = {0}, path = {0};
	for (size_t i = 0; i < in->n; i++) {
		if (left_out[i])
			continue;
		leat_entry_path(&in->v[i], &path);
		leat_buf_add(&b, path.data, path.len + 1);
		leat_buf_add(&b, k->v[i].hashed ? k->v[i].hash : (const uint8_t *)"no hash of this", LEAT_HASH);
		if (b.len > 1 << 16 && !b.failed) { /* so far */
			leat_hash(b.data, b.len, out);
			leat_buf_clear(&b);
			leat_buf_add(&b, out, LEAT_HASH);
		}
	}
	leat_hash(b.data, b.len, out);
	if (b.failed || path.failed)
		memset(out, 0, LEAT_HASH); /* equal to none */
	leat_buf_free(&b);
	leat_buf_free(&path);
}

static int judge_results(struct looking *l)
{
	const struct leat_listing *in = l->f->inputs;
	struct leat_known *k = l->k;
	bool any = false;
	uint8_t members[LEAT_HASH], *left_out = leat_zalloc(in->n, 1, l->err);
	if (!left_out)
		return -1;
	for (size_t i = 0; i < in->n; i++) {
		any = any || !leat_verdict_skips(k->v[i].verdict);
		left_out[i] = k->v[i].verdict == LEAT_POISON;
	}
	leat_known_members(k, in, left_out, members);
	if (any || !l->results || memcmp(members, l->members, LEAT_HASH) != 0)
		for (size_t i = 0; i < in->n; i++)
			if (k->v[i].verdict == LEAT_UP_TO_DATE)
				k->v[i].verdict = LEAT_TODO_RESULT;
	free(left_out);
	return 0;
}

static int judge_all(struct looking *l)
{
	int there = leat_state_open(&l->s, l->p->job.state, false, l->err);
	if (there != 0)
		return there < 0 ? -1 : 0; /* all are new */
	int ok = make_table(l);
	if (ok == 0)
		ok = leat_ledger_each(l->s, look_at, l, l->err);
	if (ok == 0)
		look_at_new(l);
	leat_state_close(&l->s);
	return ok == 0 && l->err->cause == LEAT_CAUSE_NONE ? 0 : -1;
}

int leat_facts_known(struct leat_facts *f, const struct leat_plan *p, const struct leat_redo *redo,
		     struct leat_err *err)
{
	if (!p->job.state)
		return 0;
	struct leat_known *k = f->known = leat_zalloc(1, sizeof *k, err);
	if (!k || leat_identity_make(&k->identity, p, err) < 0)
		return -1;
	struct looking l = {.f = f, .p = p, .redo = redo, .k = k, .err = err, .folder_fd = -1};
	k->v = leat_zalloc(f->inputs->n, sizeof *k->v, err);
	if (!k->v)
		return -1;
	k->complete = !f->partial && !redo->others && !f->inputs->left && !f->inputs->unread;
	int ok = judge_all(&l);
	if (ok == 0 && k->identity.reduces && p->job.incremental)
		ok = judge_results(&l);
	for (size_t i = 0; i < f->inputs->n; i++)
		k->counts[k->v[i].verdict]++;
	if (l.folder_fd >= 0)
		(void)close(l.folder_fd); /* O_PATH */
	free(l.table);
	leat_buf_free(&l.folder);
	leat_buf_free(&l.path);
	return ok == 0 && leat_arena_ok(&k->arena) ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
}
