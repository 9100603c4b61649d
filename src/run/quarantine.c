/* SPDX-License-Identifier: MIT */
/* See quarantine.h. */
#include "run/quarantine.h"

#include "base/beneath.h"
#include "base/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { NAME = 256 };

/*
 * "1f2e3d4c-cat.jpg": of inputs with one name in many folders each has its own; the text's name is the same with ".txt"
 * behind it. Long names lose their beginning.
 */
static void make_name(const char *path, const char *behind, char name[static NAME])
{
	enum { MOST = 200 };
	const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
	size_t n = strlen(last);
	(void)snprintf(name, NAME, "%08x-%s%s", (unsigned)(leat_hash_text(path) & 0xffffffffu),
		       n > MOST ? last + n - MOST : last, behind); /* fits */
}

static int write_text(int folder, const char *name, const char *path, const char *step, const struct leat_err *why,
		      struct leat_err *err)
{
	struct leat_publish p;
	struct leat_buf text = {0};
	const struct leat_publish_opts o = {.mode = 0666 & ~leat_umask()};
	leat_buf_addf(&text, "%s\n%s: %s\n%s\n", path, step, why->text, leat_cause_name(why->cause));
	int ok = leat_buf_check(&text, err);
	if (ok == 0)
		ok = leat_publish_open(&p, folder, folder, err);
	if (ok == 0)
		ok = leat_publish_write(&p, text.data, text.len, err);
	if (ok == 0)
		ok = leat_publish_commit(&p, name, &o, err);
	leat_buf_free(&text);
	return ok;
}

static int put(const struct leat_run_item *it, const char *path, struct leat_err *err)
{
	const char *dir = it->run->plan->job.quarantine;
	char name[NAME];
	int folder = leat_make_root(dir, false);
	if (folder < 0)
		return leat_fail_sys(err, leat_target_cause(errno), errno,
				     "cannot use the folder '%.300s' of quarantine=", dir);
	make_name(path, "", name);
	int ok = symlinkat(path, folder, name) < 0 && errno != EEXIST
			 ? leat_fail_sys(err, leat_target_cause(errno), errno, "cannot make a link in '%.300s'", dir)
			 : 0;
	make_name(path, ".txt", name);
	if (ok == 0)
		ok = write_text(folder, name, path, it->run->plan->steps[it->err_step].name, &it->err, err);
	(void)close(folder); /* O_PATH */
	return ok;
}

bool leat_quarantine_put(struct leat_run_item *it)
{
	const struct leat_plan *p = it->run->plan;
	struct leat_err e = {0};
	struct leat_buf path = {0};
	if (it->state != LEAT_FAILED || it->err_step < 0 || !it->entry || !p->job.quarantine ||
	    p->steps[it->err_step].on_error != LEAT_QUARANTINE)
		return false;
	leat_entry_path(it->entry, &path);
	int ok = leat_buf_check(&path, &e);
	if (ok == 0)
		ok = put(it, path.data, &e);
	leat_buf_free(&path);
	if (ok < 0)
		leat_run_fatal(it->run, &e);
	return ok == 0;
}

void leat_quarantine_take(struct leat_run_item *it)
{
	const struct leat_known *k = it->run->facts->known;
	const char *dir = it->run->plan->job.quarantine;
	struct leat_buf path = {0};
	char name[NAME];
	if (!dir || !k || !it->entry || !k->v[it->seq].failed_runs)
		return;
	int folder = leat_open_long(dir, O_PATH | O_DIRECTORY);
	leat_entry_path(it->entry, &path);
	if (folder >= 0 && !path.failed) {
		make_name(path.data, "", name);
		(void)unlinkat(folder, name, 0); /* it may never have been there */
		make_name(path.data, ".txt", name);
		(void)unlinkat(folder, name, 0);
	}
	if (folder >= 0)
		(void)close(folder); /* O_PATH */
	leat_buf_free(&path);
}
