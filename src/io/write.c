/* SPDX-License-Identifier: MIT */
/*
 * The sink `write`: bytes become a file under the name that the template says (language 6.6). The file is
 * written without a name or under a temporary one beside it, so that it is whole or not there (base/publish.h); its
 * folder is opened below the template's root without following links (io/target.h). The folder is looked up
 * anew for every file: that costs about a microsecond, and no file ever goes into a folder that was moved away
 * or deleted since.
 */
#include "base/beneath.h"
#include "base/nameset.h"
#include "base/publish.h"
#include "core/end.h"
#include "io/entry.h"
#include "io/idset.h"
#include "io/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

enum existing { OVERWRITE, SKIP, UPDATE, FAIL };
enum larger { LARGER_WRITE, LARGER_SKIP, LARGER_ORIGINAL };
enum verify_when { VERIFY_AUTO, VERIFY_YES, VERIFY_NO };
enum sync_when { SYNC_JOB, SYNC_YES, SYNC_NO };

static const char *const existing_words[] = {"overwrite", "skip", "update", "fail", NULL};
static const char *const larger_words[] = {"write", "skip", "original", NULL};
static const char *const fsync_words[] = {"job", "yes", "no", NULL};
static const char *const verify_words[] = {"auto", "yes", "no", NULL};
static const char default_mode[] = "0666-umask";

struct write {
	struct leat_tmpl to;
	int64_t existing, larger, fsync, verify;
	bool replace, keep_times;
	const char *mode, *backup;
};

static const struct leat_param params[] = {
	LEAT_P(struct write, to, struct leat_tmpl, LEAT_PT_TEMPLATE, "name", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED | LEAT_OWN_PATH,
	       "name of the file to write, with fields; - writes one item to standard output"),
	LEAT_P_CHOICE(
		struct write, existing, "existing", "overwrite", existing_words, 0,
		"what to do when the file is there already; update overwrites it only when it is older than the input"),
	LEAT_P_SWITCH(struct write, replace, "replace", "no", 0, "the file may be one that this run reads"),
	LEAT_P(struct write, backup, const char *, LEAT_PT_TEXT, "backup", "no", LEAT_PENDING_OPT,
	       "keep what is overwritten under this name"),
	LEAT_P_CHOICE(
		struct write, larger, "larger", "write", larger_words, 0,
		"what to do with a result larger than the input: write it, skip it, or write the input's own bytes"),
	LEAT_P(struct write, mode, const char *, LEAT_PT_TEXT, "mode", default_mode, 0,
	       "permissions of the file, octal; by default those of a new file, or those of the input it replaces"),
	LEAT_P_SWITCH(struct write, keep_times, "keep-times", "no", 0,
		      "the file gets the modification time of the input"),
	LEAT_P_CHOICE(struct write, fsync, "fsync", "job", fsync_words, LEAT_NOT_WORK,
		      "wait until the file is safe on the disk; job: as durability= of the job says"),
	LEAT_P_CHOICE(struct write, verify, "verify", "auto", verify_words, LEAT_NOT_WORK,
		      "decode what was encoded before it is written, and compare where nothing may be lost; auto: with "
		      "replace=yes"),
	LEAT_P_END,
};

struct sink {
	const struct write *p;
	const struct leat_listing *inputs;
	struct leat_target target;
	struct leat_idset ids;
	struct leat_nameset *names, *own_names;
	char *cwd;
	int tempfd; /* temp=, or -1 */
	bool to_stdout, sync;
	bool sync_replaced; /* what takes the place of an input is durable before that is gone */
	int (*intend)(void *ctx, const char *path, uint64_t size, const uint8_t hash[static LEAT_HASH],
		      struct leat_err *err);
	void *intend_ctx;
	mode_t mode;
	int64_t newest_ns; /* latest change of any input */
	atomic_bool stdout_taken;
};

/* ---- check ---- */

/* "644" or "0644"; false for anything else. */
static bool parse_mode(const char *s, mode_t *mode)
{
	size_t n = strspn(s, "01234567");
	*mode = 0;
	if (n < 3 || n > 4 || s[n])
		return false;
	for (size_t i = 0; i < n; i++)
		*mode = *mode * 8 + (mode_t)(s[i] - '0');
	return *mode <= 0777;
}

static bool default_of(const char *mode)
{
	return !mode || strcmp(mode, default_mode) == 0;
}

static int check(const void *v, const struct leat_param **which, struct leat_err *err)
{
	const struct write *p = v;
	mode_t mode;
	*which = leat_param_find(params, "mode");
	if (!default_of(p->mode) && !parse_mode(p->mode, &mode))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is no mode: write three or four octal digits up to 0777",
				 p->mode);
	*which = NULL;
	return 0;
}

/* ---- open ---- */

static int open_temp(struct sink *s, const char *temp, struct leat_err *err)
{
	struct stat a, b;
	s->tempfd = leat_make_root(temp, false);
	if (s->tempfd < 0)
		return leat_fail_sys(err, leat_target_cause(errno), errno,
				     "cannot use the folder '%.300s' of temp=", temp);
	if (s->target.rootfd < 0)
		return 0;
	if (fstat(s->tempfd, &a) < 0 || fstat(s->target.rootfd, &b) < 0)
		return leat_fail_sys(err, leat_target_cause(errno), errno, "cannot look at the folder '%.300s'", temp);
	if (a.st_dev != b.st_dev)
		return leat_fail(
			err, LEAT_CAUSE_USAGE,
			"temp=%.200s is on another file system than '%.200s': a file could not appear there whole",
			temp, s->target.root);
	return 0;
}

static int open_files(struct sink *s, const struct leat_sink_open *o, struct leat_err *err)
{
	if (leat_target_open(&s->target, &s->p->to, s->sync, err) < 0 || leat_idset_make(&s->ids, o->inputs, err) < 0)
		return -1;
	for (size_t i = 0; o->inputs && i < o->inputs->n; i++)
		if (o->inputs->v[i].mtime_ns > s->newest_ns)
			s->newest_ns = o->inputs->v[i].mtime_ns;
	if (o->names)
		s->names = o->names;
	else
		s->names = s->own_names = leat_nameset_new(err);
	if (!s->names)
		return -1;
	return o->temp ? open_temp(s, o->temp, err) : 0;
}

static int close_sink(void *state, bool aborted, struct leat_err *err)
{
	struct sink *s = state;
	(void)aborted; /* put() leaves nothing half done */
	(void)err;
	leat_target_close(&s->target);
	leat_idset_free(&s->ids);
	leat_nameset_free(&s->own_names);
	if (s->tempfd >= 0)
		(void)close(s->tempfd); /* O_PATH */
	free(s->cwd);
	free(s);
	return 0;
}

static int open_sink(const struct leat_sink_open *o, void **state, struct leat_err *err)
{
	struct sink *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	s->p = o->params;
	s->inputs = o->inputs;
	s->tempfd = s->target.rootfd = -1;
	s->to_stdout = strcmp(s->p->to.shown, "-") == 0;
	/* A batch is made durable by who keeps the ledger, before it calls any of it done. */
	s->sync = s->p->fsync == SYNC_YES || (s->p->fsync == SYNC_JOB && o->durability > 1);
	s->sync_replaced = s->sync || o->durability > 0;
	s->intend = o->intend;
	s->intend_ctx = o->intend_ctx;
	s->cwd = getcwd(NULL, 0);
	if (default_of(s->p->mode) || !parse_mode(s->p->mode, &s->mode))
		s->mode = 0666 & ~leat_umask();
	if (!s->to_stdout && open_files(s, o, err) < 0) {
		(void)close_sink(s, true, err); /* cannot fail */
		return -1;
	}
	*state = s;
	return 0;
}

/* ---- one file ---- */

/* What put() works on. */
struct job {
	struct sink *s;
	const struct leat_view *v;
	struct leat_spot spot;
	struct leat_standing standing;
	const struct leat_bytes *bytes; /* what is to be written */
	struct leat_bytes *original; /* larger=original */
	int64_t replaces; /* index of the input whose place it takes, -1: none */
	struct stat made;
	struct leat_put_result *res;
};

/* The output's name for messages: from the current folder, and not longer than a message bears. */
static const char *shown(const struct job *j)
{
	const char *path = j->spot.path, *cwd = j->s->cwd;
	size_t n = cwd ? strlen(cwd) : 0;
	if (n > 1 && strncmp(path, cwd, n) == 0 && path[n] == '/')
		path += n + 1;
	size_t len = strlen(path);
	return len > 300 ? path + len - 300 : path;
}

/* The error of publish knows the last part of the name only. */
static int fail_as(const struct job *j, const struct leat_err *e, struct leat_err *err)
{
	if (e->sys)
		return leat_fail_sys(err, e->cause, e->sys, "cannot write '%s'", shown(j));
	return leat_fail(err, e->cause, "%s", e->text);
}

/* No two items of a run write one name. A second attempt of the same item is no conflict. */
static int claim(struct job *j, struct leat_err *err)
{
	const struct leat_entry *e = j->v->entry;
	const struct leat_listing *l = j->s->inputs;
	/* Results of reductions are numbered by themselves. */
	const void *who = e ? (const void *)j->s : (const void *)&j->s->names;
	uint64_t other = 0;
	int r = leat_nameset_claim(j->s->names, j->spot.path, who, e ? e->seq : j->v->index, &other, err);
	if (r <= 0)
		return r;
	if (e && l && other < l->n && other != e->seq)
		return leat_fail(err, LEAT_CAUSE_CONFLICT, "'%s' is also the output of '%.150s'", shown(j),
				 l->v[other].path);
	return leat_fail(err, LEAT_CAUSE_CONFLICT, "'%s' was already written by this run", shown(j));
}

/*
 * An input is never overwritten unless the recipe says so: not by its name, not by a link to it, not by another
 * name of it.
 */
static int check_input(struct job *j, struct leat_err *err)
{
	const struct leat_standing *t = &j->standing;
	int64_t i = leat_idset_find(&j->s->ids, &t->self);
	if (i < 0)
		i = leat_idset_find(&j->s->ids, &t->target);
	if (i < 0)
		return 0;
	if (!j->s->p->replace)
		return leat_fail(err, LEAT_CAUSE_CONFLICT,
				 "'%s' is an input of this run (%.100s); replace=yes would overwrite it", shown(j),
				 j->s->inputs->v[i].path);
	if (t->link)
		return leat_fail(err, LEAT_CAUSE_SPECIAL, "'%s' is a link to an input: it is not replaced by a file",
				 shown(j));
	j->replaces = i;
	return 0;
}

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* existing=: 0 write, 1 leave, -1. */
static int check_existing(const struct job *j, struct leat_err *err)
{
	int64_t input = j->v->entry ? j->v->entry->mtime_ns : j->s->newest_ns;
	if (!j->standing.there || j->replaces >= 0)
		return 0;
	switch (j->s->p->existing) {
	case SKIP:
		return 1;
	case UPDATE:
		return ns_of(j->standing.target.st_mtim) >= input;
	case FAIL:
		return leat_fail(err, LEAT_CAUSE_CONFLICT, "'%s' is there already (existing=fail)", shown(j));
	default:
		return 0;
	}
}

static const char *extension(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
	return dot ? dot : "";
}

/* larger=: 0 write, 1 leave, -1. */
static int check_larger(struct job *j, struct leat_err *err)
{
	const struct leat_entry *e = j->v->entry;
	if (j->s->p->larger == LARGER_WRITE)
		return 0;
	if (!e)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "larger= compares with an input, and behind a reduction there is none");
	if (j->bytes->len <= e->size)
		return 0;
	if (j->s->p->larger == LARGER_SKIP)
		return 1;
	if (strcasecmp(extension(j->spot.path), extension(e->path)) != 0)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "larger=original cannot write the bytes of '%.150s' as '%s'",
				 e->path, shown(j));
	if (leat_entry_read(e, true, &j->original, err) < 0)
		return -1;
	j->bytes = j->original;
	return 0;
}

/* Tells the ledger what will stand in the place of an input, before it does. */
static int intend(struct job *j, struct leat_err *err)
{
	const struct leat_entry *e = &j->s->inputs->v[j->replaces];
	struct leat_buf path = {0};
	leat_hash(j->bytes->data, j->bytes->len, j->res->hash);
	j->res->replaced = j->v->entry && e->seq == j->v->entry->seq;
	if (!j->s->intend)
		return 0;
	leat_entry_path(e, &path);
	int ok = leat_buf_check(&path, err);
	if (ok == 0)
		ok = j->s->intend(j->s->intend_ctx, path.data, j->bytes->len, j->res->hash, err);
	leat_buf_free(&path);
	return ok;
}

static int publish(struct job *j, struct leat_err *err)
{
	const struct sink *s = j->s;
	const struct leat_entry *e = j->v->entry;
	struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {0}};
	struct leat_publish_opts o = {
		.mode = s->mode,
		.keep = j->replaces < 0 && (s->p->existing == SKIP || s->p->existing == FAIL),
		.sync = j->replaces < 0 ? s->sync : s->sync_replaced,
		.made = &j->made,
	};
	if (s->p->keep_times && !e)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "keep-times= keeps those of an input, and behind a reduction there is none");
	if (s->p->keep_times) {
		times[1] = (struct timespec){.tv_sec = e->mtime_ns / 1000000000, .tv_nsec = e->mtime_ns % 1000000000};
		if (times[1].tv_nsec < 0) {
			times[1].tv_nsec += 1000000000;
			times[1].tv_sec--;
		}
		o.times = times;
	}
	if (j->replaces >= 0 && default_of(s->p->mode)) { /* a private file stays private */
		o.mode = j->standing.self.st_mode & 07777;
		o.owner = &j->standing.self;
	}
	struct leat_publish p;
	struct leat_err own = {0};
	if (j->replaces >= 0 && intend(j, err) < 0)
		return -1;
	int r = j->standing.there || s->tempfd >= 0
			? leat_publish_open(&p, j->spot.dirfd, s->tempfd >= 0 ? s->tempfd : j->spot.dirfd, &own)
			: leat_publish_open_new(&p, j->spot.dirfd, &own);
	if (r == 0)
		r = leat_publish_write(&p, j->bytes->data, j->bytes->len, &own);
	if (r == 0)
		r = leat_publish_commit(&p, j->spot.name, &o, &own);
	if (r < 0)
		return fail_as(j, &own, err);
	if (r == 1 && s->p->existing == FAIL)
		return leat_fail(err, LEAT_CAUSE_CONFLICT, "'%s' is there already (existing=fail)", shown(j));
	return r;
}

/* 0 written, 1 left alone, -1. */
static int put_file(struct job *j, struct leat_err *err)
{
	struct leat_err own = {0};
	if (leat_target_spot(&j->s->target, j->v, &j->spot, err) < 0 || claim(j, err) < 0)
		return -1;
	int r = check_larger(j, err);
	if (r != 0)
		return r;
	if (leat_spot_open(&j->s->target, &j->spot, err) < 0)
		return -1;
	if (leat_publish_look(j->spot.dirfd, j->spot.name, &j->standing, &own) < 0)
		return fail_as(j, &own, err);
	if (j->standing.there && check_input(j, err) < 0)
		return -1;
	r = check_existing(j, err);
	return r != 0 ? r : publish(j, err);
}

static int put_stdout(struct sink *s, const struct leat_bytes *b, struct leat_put_result *res, struct leat_err *err)
{
	if (atomic_exchange(&s->stdout_taken, true))
		return leat_fail(err, LEAT_CAUSE_CONFLICT, "'write -' takes one item, and one was already written");
	if (leat_write_all(STDOUT_FILENO, b->data, b->len) < 0)
		return leat_fail_sys(err, leat_target_cause(errno), errno, "cannot write to standard output");
	*res = (struct leat_put_result){.what = LEAT_PUT_NEW, .bytes = b->len};
	return 0;
}

static int verifies(const void *params_)
{
	const struct write *p = params_;
	if (p->verify == VERIFY_AUTO)
		return p->replace ? 1 : 0;
	return p->verify == VERIFY_YES ? 2 : 0;
}

/* What became of it; r as of put_file. Takes the name out of *j. */
static void tell(struct job *j, int r, struct leat_put_result *res)
{
	const struct stat *st = r == 0 ? &j->made : &j->standing.target;
	res->path = j->spot.path;
	res->bytes = r ? 0 : j->bytes->len;
	res->what = r ? LEAT_PUT_SKIPPED : j->standing.there ? LEAT_PUT_OVERWRITTEN : LEAT_PUT_NEW;
	res->there = r == 0 || j->standing.file;
	res->size = (uint64_t)st->st_size;
	res->dev = st->st_dev;
	res->mtime_ns = ns_of(st->st_mtim);
	j->spot.path = NULL;
}

static int put(void *state, const struct leat_view *v, const struct leat_payload *in, struct leat_put_result *res,
	       struct leat_err *err)
{
	struct sink *s = state;
	*res = (struct leat_put_result){0};
	if (in->kind != LEAT_FILE)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "'write' was given data that are no bytes");
	if (s->to_stdout)
		return put_stdout(s, in->bytes, res, err);
	struct job j = {
		.s = s, .v = v, .bytes = in->bytes, .spot = {.rootfd = -1, .dirfd = -1}, .replaces = -1, .res = res};
	int r = put_file(&j, err);
	if (r >= 0)
		tell(&j, r, res);
	leat_bytes_unref(&j.original);
	leat_spot_free(&j.spot);
	return r < 0 ? -1 : 0;
}

/* A file stands there that is no input, and is to be left. What is wrong with the name is told when it is written. */
static bool is_left(struct job *j, bool as_it_is)
{
	struct leat_err ignored = {0};
	if (leat_target_spot(&j->s->target, j->v, &j->spot, &ignored) < 0 ||
	    leat_spot_find(&j->s->target, &j->spot, &ignored) != 0 ||
	    leat_publish_look(j->spot.dirfd, j->spot.name, &j->standing, &ignored) < 0 || !j->standing.file)
		return false;
	if (!as_it_is && (check_input(j, &ignored) < 0 || check_existing(j, &ignored) != 1))
		return false;
	return claim(j, &ignored) == 0;
}

static bool leaves(void *state, const struct leat_view *v, bool as_it_is, struct leat_put_result *res)
{
	struct sink *s = state;
	*res = (struct leat_put_result){0};
	if (s->to_stdout || (!as_it_is && s->p->existing != SKIP && s->p->existing != UPDATE))
		return false;
	struct job j = {.s = s, .v = v, .spot = {.rootfd = -1, .dirfd = -1}, .replaces = -1, .res = res};
	bool left = is_left(&j, as_it_is);
	if (left)
		tell(&j, 1, res);
	leat_spot_free(&j.spot);
	return left;
}

const struct leat_sink leat_sink_write = {
	.name = "write",
	.group = "sink",
	.summary = "write each item to a file",
	.example = "write out/{reldir}/{stem}.jpg",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct write),
	.in = LEAT_FILE,
	.modes = LEAT_ON_IO,
	.check = check,
	.open = open_sink,
	.verifies = verifies,
	.put = put,
	.leaves = leaves,
	.close = close_sink,
};
