/* SPDX-License-Identifier: MIT */
/* Two folders: the files that are in one only, and those that differ. */
#include "api/trial.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 64, SHOWN = 20 };

/* ---- one tree */

static int add_file(struct leat_tree *t, const char *path, struct leat_err *err)
{
	char **v = leat_grow(t->v, &t->cap, t->n + 1, sizeof *v, err);
	if (!v)
		return -1;
	t->v = v;
	v[t->n] = leat_strdup(path, err);
	return v[t->n] ? (t->n++, 0) : -1;
}

/* `rel` is "" or ends in '/'. Links are files here: what they lead to is compared. */
static int list_below(int fd, const char *rel, int depth, struct leat_tree *t, struct leat_err *err)
{
	DIR *dir = fdopendir(fd);
	if (!dir || depth > DEEPEST) {
		if (dir)
			(void)closedir(dir); /* only read */
		else
			(void)close(fd);
		return leat_fail_sys(err, LEAT_CAUSE_IO, depth > DEEPEST ? ELOOP : errno, "cannot read the folder '%s'",
				     rel);
	}
	int ok = 0;
	for (const struct dirent *e; ok == 0 && (e = readdir(dir)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		struct leat_buf path = {0};
		leat_buf_addf(&path, "%s%s", rel, e->d_name);
		int sub = openat(dirfd(dir), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (sub >= 0) {
			leat_buf_addc(&path, '/');
			ok = leat_buf_check(&path, err);
			ok = ok < 0 ? (close(sub), -1) : list_below(sub, path.data, depth + 1, t, err);
		} else {
			ok = leat_buf_check(&path, err) < 0 ? -1 : add_file(t, path.data, err);
		}
		leat_buf_free(&path);
	}
	(void)closedir(dir); /* only read */
	return ok;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int leat_tree_list(const char *folder, struct leat_tree *t, struct leat_err *err)
{
	*t = (struct leat_tree){.n = 0};
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return leat_fail_sys(err, LEAT_CAUSE_IO, errno, "cannot read the folder '%s'", folder);
	if (list_below(fd, "", 0, t, err) < 0)
		return -1;
	if (t->n)
		qsort(t->v, t->n, sizeof *t->v, by_bytes);
	return 0;
}

void leat_tree_free(struct leat_tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
	*t = (struct leat_tree){.n = 0};
}

static void remove_below(int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 && depth <= DEEPEST ? fdopendir(fd) : NULL;
	for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(dir), e->d_name, 0) < 0)
			remove_below(dirfd(dir), e->d_name, depth + 1);
	}
	if (dir)
		(void)closedir(dir); /* only read */
	else if (fd >= 0)
		(void)close(fd);
	(void)unlinkat(parent, name, AT_REMOVEDIR); /* what cannot be removed stays, as promised */
}

void leat_tree_remove(const char *folder)
{
	remove_below(AT_FDCWD, folder, 0);
}

/* ---- two of them */

static int read_all(const char *folder, const char *rel, struct leat_buf *b, struct leat_err *err)
{
	struct leat_buf path = {0};
	leat_buf_addf(&path, "%s/%s", folder, rel);
	FILE *f = leat_buf_check(&path, err) == 0 ? fopen(path.data, "rbe") : NULL;
	char part[16384];
	int failed = f ? 0 : errno;
	for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
		leat_buf_add(b, part, n);
	if (f && ferror(f))
		failed = errno;
	if (f)
		(void)fclose(f); /* only read */
	int ok = failed ? leat_fail_sys(err, LEAT_CAUSE_IO, failed, "cannot read '%s/%s'", folder, rel)
			: leat_buf_check(b, err);
	leat_buf_free(&path);
	return ok;
}

struct comparison {
	const char *want, *got;
	const struct leat_trial_options *o;
	uint64_t *files;
	struct leat_buf *out;
	size_t told;
	struct leat_err *err;
};

static void tell(struct comparison *c, const char *path, const char *what)
{
	if (c->told++ >= SHOWN)
		return;
	leat_escape_terminal(c->out, path, strlen(path));
	leat_buf_addf(c->out, ": %s\n", what);
}

static int compare_files(struct comparison *c, const char *path)
{
	struct leat_buf want = {0}, got = {0}, why = {0};
	int ok = read_all(c->want, path, &want, c->err);
	if (ok == 0)
		ok = read_all(c->got, path, &got, c->err);
	bool same = ok == 0 && want.len == got.len && (!want.len || memcmp(want.data, got.data, want.len) == 0);
	if (ok == 0 && !same && c->o->max_diff > 0)
		same = leat_images_alike(&want, &got, c->o->max_diff, &why);
	else if (ok == 0 && !same && want.len == got.len)
		leat_buf_adds(&why, "the bytes differ");
	else if (ok == 0 && !same)
		leat_buf_addf(&why, "%zu bytes instead of %zu", got.len, want.len);
	if (ok == 0 && !same)
		tell(c, path, why.data ? why.data : "differs");
	++*c->files;
	leat_buf_free(&want);
	leat_buf_free(&got);
	leat_buf_free(&why);
	return ok;
}

static bool ignored(const struct comparison *c, const char *path)
{
	for (size_t i = 0; c->o->ignore[i]; i++)
		if (leat_glob_match(c->o->ignore[i], path, strlen(path)))
			return true;
	return false;
}

/* Both lists are sorted: a walk along both. */
static int compare(struct comparison *c, const struct leat_tree *want, const struct leat_tree *got)
{
	for (size_t i = 0, k = 0; i < want->n || k < got->n;) {
		int d = i == want->n ? 1 : k == got->n ? -1 : strcmp(want->v[i], got->v[k]);
		const char *path = d <= 0 ? want->v[i] : got->v[k];
		bool skip = ignored(c, path);
		if (!skip && d < 0)
			tell(c, path, "was not written");
		else if (!skip && d > 0)
			tell(c, path, "was written, but is not expected");
		else if (!skip && compare_files(c, path) < 0)
			return -1;
		i += d <= 0;
		k += d >= 0;
	}
	if (c->told > SHOWN)
		leat_buf_addf(c->out, "… and %zu more\n", c->told - SHOWN);
	return 0;
}

int leat_trees_compare(const char *want, const char *got, const struct leat_trial_options *o, uint64_t *files,
		       struct leat_buf *out, struct leat_err *err)
{
	struct leat_tree a = {.n = 0}, b = {.n = 0};
	struct comparison c = {.want = want, .got = got, .o = o, .files = files, .out = out, .err = err};
	int ok = leat_tree_list(want, &a, err);
	if (ok == 0)
		ok = leat_tree_list(got, &b, err);
	if (ok == 0)
		ok = compare(&c, &a, &b);
	leat_tree_free(&a);
	leat_tree_free(&b);
	return ok;
}
