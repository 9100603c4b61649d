/* SPDX-License-Identifier: MIT */
/* See prune.h. */
#include "run/prune.h"

#include "base/beneath.h"
#include "base/num.h"
#include "state/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <stdio.h>
#include <unistd.h>

/* The folder of a path, opened; *name: what stands in it. -1 with errno. */
static int open_folder(const char *path, const char **name)
{
	struct leat_err ignored = {0};
	const char *slash = strrchr(path, '/');
	char *folder = leat_strndup(path, slash > path ? (size_t)(slash - path) : 1, &ignored);
	int fd = folder ? leat_open_long(folder, O_PATH | O_DIRECTORY) : -1;
	free(folder);
	*name = slash + 1;
	return fd;
}

/* A file of leat's making, as it was made? */
static bool is_ours(int folder, const char *name, const struct leat_gone_output *o)
{
	struct stat st;
	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == o->size &&
	       (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec == o->mtime_ns;
}

struct pruning {
	struct leat_run *run;
	struct leat_nameset *taken; /* by inputs that are there: their outputs, and they themselves */
	struct leat_err *err;
	uint64_t orphans, removed;
	const char *first;
};

static int take(struct pruning *p, const char *path)
{
	uint64_t other;
	return leat_nameset_claim(p->taken, path, p, 0, &other, p->err) < 0 ? -1 : 0;
}

static int take_item(void *ctx, const struct leat_ledger_item *it)
{
	struct pruning *p = ctx;
	int ok = it->gone ? 0 : take(p, it->path);
	for (size_t i = 0; ok == 0 && !it->gone && i < it->n_outputs; i++)
		ok = take(p, it->outputs[i].path);
	return ok;
}

/* 0: somebody has that name; 1: it is an orphan's; -1. */
static int is_free(struct pruning *p, const char *path)
{
	uint64_t other;
	int r = leat_nameset_claim(p->taken, path, p->run, 0, &other, p->err);
	return r < 0 ? -1 : r == 0;
}

/* Looks at one output of an input that is gone; removes it, where that is meant. 1: it was removed or is not there. */
static int one(struct pruning *p, const struct leat_gone_output *o, bool remove)
{
	const char *name;
	int fd = open_folder(o->path, &name);
	if (fd < 0)
		return 1;
	int gone = 0;
	if (!is_ours(fd, name, o)) {
		gone = 1; /* or another file: none of ours */
	} else {
		int ours = is_free(p, o->path);
		p->orphans += !remove && ours > 0;
		if (ours > 0 && !p->first)
			p->first = o->path;
		gone = ours == 0 || (remove && ours > 0 && unlinkat(fd, name, 0) == 0);
		p->removed += remove && ours > 0 && gone;
	}
	(void)close(fd); /* O_PATH */
	return gone;
}

static int each(struct pruning *p, struct leat_ledger_writer *w, bool remove)
{
	const struct leat_known *k = p->run->facts->known;
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < k->n_gone; i++) {
		bool all = true;
		for (size_t n = 0; n < k->gone[i].n_outputs; n++)
			all = one(p, &k->gone[i].outputs[n], remove) && all;
		if (remove && all)
			ok = leat_ledger_forget(w, k->gone[i].id, p->err);
		if (p->err->cause != LEAT_CAUSE_NONE)
			ok = -1;
	}
	return ok;
}

static void tell(struct pruning *p, bool too_many)
{
	const struct leat_job *job = &p->run->plan->job;
	struct leat_buf b = {0};
	char n[32], all[32];
	struct leat_err ignored = {0};
	const char *some = leat_group_digits(p->orphans, n);
	if (p->removed)
		leat_buf_addf(&b, "prune: %s outputs removed whose inputs are gone; the first: %s",
			      leat_group_digits(p->removed, all), p->first);
	else if (too_many)
		leat_buf_addf(
			&b,
			"prune: nothing removed: %s of %s outputs have no input any more, and prune-limit= allows "
			"%.4g%%; the first: %s",
			some, leat_group_digits(p->run->facts->known->outputs, all), job->prune_limit * 100, p->first);
	else
		leat_buf_addf(&b, "prune: outputs whose inputs are gone: %s; the first: %s", some, p->first);
	if (!b.failed)
		(void)leat_summary_notice(p->run->summary, b.data, &ignored);
	leat_buf_free(&b);
}

/* First a look at all of them: how many would go? */
static int prune(struct pruning *p, struct leat_state_file *s)
{
	const struct leat_job *job = &p->run->plan->job;
	if (leat_ledger_each(s, take_item, p, p->err) != 0 || each(p, NULL, false) < 0)
		return -1;
	bool too_many = (double)p->orphans > job->prune_limit * (double)p->run->facts->known->outputs;
	int ok = 0;
	if (job->prune == LEAT_PRUNE_DELETE && p->orphans && !too_many) {
		struct leat_ledger_writer *w = leat_ledger_writer_new(s, p->err);
		ok = w ? leat_ledger_begin(w, p->err) : -1;
		if (ok == 0)
			ok = leat_ledger_end(w, each(p, w, true), p->err);
		leat_ledger_writer_free(&w);
	}
	if (p->orphans)
		tell(p, job->prune == LEAT_PRUNE_DELETE && too_many);
	return ok;
}

int leat_prune(struct leat_run *r, struct leat_err *err)
{
	const struct leat_known *k = r->facts->known;
	struct leat_state_file *s = NULL;
	if (!k || !r->kept || r->plan->job.prune == LEAT_PRUNE_NO || !k->n_gone ||
	    leat_cancel_get(&r->cancel) != LEAT_STOP_NO || r->target_broken)
		return 0;
	struct pruning p = {.run = r, .err = err};
	p.taken = leat_nameset_new(err);
	int ok = p.taken ? leat_state_open(&s, r->plan->job.state, true, err) : -1;
	if (ok == 0)
		ok = prune(&p, s);
	leat_state_close(&s);
	leat_nameset_free(&p.taken);
	return ok;
}
