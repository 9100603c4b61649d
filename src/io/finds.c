/* SPDX-License-Identifier: MIT */
/* What `read` keeps of the names it finds: filters, problems, entries. */
#include "io/read.h"

#include "base/sys.h"

#include <fcntl.h>
#include <unistd.h>

static int open_excludes(struct leat_finds *f, struct leat_err *err)
{
	const struct leat_strs *x = &f->p->exclude;
	f->exclude = leat_zalloc(x->n, sizeof *f->exclude, err);
	f->exclude_flat = leat_zalloc(x->n, sizeof *f->exclude_flat, err);
	if (!f->exclude || !f->exclude_flat)
		return -1;
	unsigned flags = LEAT_GLOB_HIDDEN | (f->p->match_case ? 0 : LEAT_GLOB_NOCASE_EXT);
	for (size_t i = 0; i < x->n; i++) {
		const char *text = x->v[i][0] == '/' ? leat_clean_path(f, x->v[i], true, err) : x->v[i];
		f->exclude_flat[i] = !strchr(x->v[i], '/');
		f->exclude[i] = text ? leat_glob_new(text, strlen(text), flags, err) : NULL;
		if (!f->exclude[i])
			return -1;
		f->n_exclude++;
	}
	return 0;
}

int leat_finds_open(struct leat_finds *f, const struct leat_read *p, const struct leat_source_opts *o,
		    struct leat_listing *l, struct leat_err *err)
{
	*f = (struct leat_finds){.p = p, .o = o, .l = l, .now_ns = leat_wall_ns()};
	f->cwd = getcwd(NULL, 0);
	if (f->cwd && f->cwd[0] != '/') { /* "(unreachable)...": outside of this process's root */
		free(f->cwd);
		f->cwd = NULL;
	}
	return open_excludes(f, err);
}

void leat_finds_close(struct leat_finds *f)
{
	for (size_t i = 0; i < f->n_exclude; i++)
		leat_glob_free(&f->exclude[i]);
	free(f->exclude);
	free(f->exclude_flat);
	free(f->cwd);
	free(f->v);
	*f = (struct leat_finds){0};
}

const char *leat_finds_shown(const struct leat_finds *f, const char *abs)
{
	size_t n = f->cwd ? strlen(f->cwd) : 0;
	if (n < 2) /* in "/" everything would be relative: confusing */
		return abs;
	if (strncmp(abs, f->cwd, n) == 0 && abs[n] == '/' && abs[n + 1])
		return abs + n + 1;
	return abs;
}

const char *leat_finds_reldir(struct leat_finds *f, const char *base, const char *folder, size_t n,
			      struct leat_err *err)
{
	size_t b = strlen(base);
	b -= b == 1; /* "/" */
	const char *dir = "";
	if (n > b && memcmp(folder, base, b) == 0 && folder[b] == '/')
		dir = leat_arena_strndup(&f->l->arena, folder + b + 1, n - b - 1);
	if (!dir)
		leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	return dir;
}

bool leat_finds_excluded(const struct leat_finds *f, const char *abs, size_t n)
{
	for (size_t i = 0; i < f->n_exclude; i++) {
		const char *text = f->exclude_flat[i] ? strrchr(abs, '/') + 1 : abs;
		if (leat_glob_match(f->exclude[i], text, n - (size_t)(text - abs)))
			return true;
	}
	return false;
}

bool leat_finds_excludes_all(const struct leat_finds *f, const char *abs_folder, size_t n)
{
	for (size_t i = 0; i < f->n_exclude; i++)
		if (!f->exclude_flat[i] && leat_glob_covers(f->exclude[i], abs_folder, n))
			return true;
	return false;
}

void leat_finds_pass(struct leat_finds *f, enum leat_passed_why why, const char *abs, struct leat_seen *seen)
{
	struct leat_passed *p = &f->passed[why];
	if (p->n++ == 0) {
		const char *shown = leat_finds_shown(f, abs);
		p->first = leat_arena_strndup(&f->l->arena, shown, strlen(shown));
	}
	seen->passed++;
}

static int keep(struct leat_finds *f, const struct leat_place *at, struct leat_entry *e, struct leat_seen *seen,
		struct leat_err *err)
{
	struct leat_find *v = leat_grow(f->v, &f->cap, f->n + 1, sizeof *v, err);
	if (!v)
		return -1;
	f->v = v;
	const char *abs = leat_arena_strndup(&f->l->arena, at->abs, strlen(at->abs));
	if (!abs)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	e->path = leat_finds_shown(f, abs);
	e->root = at->root;
	e->rel = abs + at->rel_at;
	e->reldir = at->reldir;
	e->named = at->named;
	f->v[f->n] = (struct leat_find){.e = *e, .abs = abs, .order = f->n};
	f->n++;
	seen->kept++;
	return 0;
}

int leat_finds_problem(struct leat_finds *f, const struct leat_place *at, enum leat_cause cause, const char *why,
		       struct leat_seen *seen, struct leat_err *err)
{
	if (!why)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot remember the names of the inputs");
	struct leat_entry e = {.problem = why, .problem_cause = cause};
	return keep(f, at, &e, seen, err);
}

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* LEAT_N_PASSED: it stays. */
static enum leat_passed_why passes(const struct leat_finds *f, uint64_t size, int64_t mtime_ns)
{
	const struct leat_read *p = f->p;
	if (p->min_age > 0 && mtime_ns > f->now_ns - p->min_age)
		return LEAT_PASSED_YOUNG;
	if (p->max_age > 0 && mtime_ns < f->now_ns - p->max_age)
		return LEAT_PASSED_OLD;
	if (size > 0 && size < p->min_size)
		return LEAT_PASSED_SMALL;
	if (p->max_size > 0 && size > p->max_size)
		return LEAT_PASSED_LARGE;
	return LEAT_N_PASSED;
}

int leat_finds_file(struct leat_finds *f, const struct leat_place *at, const struct stat *st, struct leat_seen *seen,
		    struct leat_err *err)
{
	uint64_t size = (uint64_t)st->st_size;
	enum leat_passed_why why = passes(f, size, ns_of(st->st_mtim));
	if (why == LEAT_N_PASSED && size == 0 && f->p->min_size > 1)
		why = LEAT_PASSED_SMALL;
	if (why != LEAT_N_PASSED) {
		leat_finds_pass(f, why, at->abs, seen);
		return 0;
	}
	struct leat_entry e = {
		.size = size,
		.mtime_ns = ns_of(st->st_mtim),
		.dev = (uint64_t)st->st_dev,
		.ino = (uint64_t)st->st_ino,
	};
	if (size == 0 && f->p->min_size == 1) {
		/* An upload that broke off leaves an empty file: that is not to vanish from the count. */
		e.problem = "is empty";
		e.problem_cause = LEAT_CAUSE_TRUNCATED;
	}
	return keep(f, at, &e, seen, err);
}

const char *leat_special_problem(mode_t mode)
{
	return S_ISREG(mode)    ? NULL
	       : S_ISDIR(mode)  ? "is a folder, not a file"
	       : S_ISFIFO(mode) ? "is a FIFO, not a file"
	       : S_ISSOCK(mode) ? "is a socket, not a file"
				: "is a device, not a file";
}

const char *leat_extension(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name ? dot + 1 : "";
}

static bool same_word(const char *a, const char *b, size_t n, bool match_case)
{
	for (size_t i = 0; i < n; i++) {
		bool upper = !match_case && b[i] >= 'A' && b[i] <= 'Z';
		if (a[i] != (upper ? b[i] + ('a' - 'A') : b[i]))
			return false;
	}
	return true;
}

bool leat_readable(const char *const *extensions, const char *ext, size_t n, bool match_case)
{
	for (; n > 0 && extensions && *extensions; extensions++)
		if (strlen(*extensions) == n && same_word(*extensions, ext, n, match_case))
			return true;
	return false;
}
