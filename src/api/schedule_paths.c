/* SPDX-License-Identifier: MIT */
/* Which folders a recipe reads and writes: from the values of its parameters, whatever steps they belong to. */
#include "api/schedule.h"

#include <sys/stat.h>

enum { MOST = 64 };

struct finder {
	struct leat_touched *t;
	const char *reads[MOST], *writes[MOST];
	size_t n_reads, n_writes;
};

/* Is `path` the folder itself or below it? */
static bool within(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	while (n && folder[n - 1] == '/')
		n--;
	return strncmp(path, folder, n) == 0 && (path[n] == '/' || !path[n]);
}

/* Adds a folder, unless one of those that are there holds it; those that it holds go. */
static void add(const char **v, size_t *n, const char *folder)
{
	size_t k = 0;
	for (size_t i = 0; i < *n; i++)
		if (within(folder, v[i]))
			return;
	for (size_t i = 0; i < *n; i++)
		if (!within(v[i], folder))
			v[k++] = v[i];
	*n = k;
	if (*n < MOST)
		v[(*n)++] = folder;
}

/* The nearest folder that exists, of the fixed beginning of a pattern, template or path. */
static const char *nearest(struct finder *f, const char *path, const char *stops)
{
	struct stat st;
	char *folder = leat_arena_strndup(&f->t->arena, path, strcspn(path, stops));
	while (folder && folder[0] && folder[1] && !(stat(folder, &st) == 0 && S_ISDIR(st.st_mode))) {
		char *slash = strrchr(folder, '/');
		slash[slash == folder] = 0;
	}
	return folder;
}

static void note(struct finder *f, const char *path, const char *stops, bool written)
{
	const char *folder = path && *path == '/' ? nearest(f, path, stops) : NULL;
	if (folder && written)
		add(f->writes, &f->n_writes, folder);
	else if (folder)
		add(f->reads, &f->n_reads, folder);
}

/* A template that begins with a field writes beside what is read. */
static void note_template(struct finder *f, const struct leat_tmpl *t, bool written)
{
	if (t->text && *t->text == '/') {
		note(f, t->text, "{", written);
	} else if (t->text && *t->text == '{') {
		for (size_t i = 0; written && i < f->n_reads; i++)
			add(f->writes, &f->n_writes, f->reads[i]);
	}
}

static void note_values(struct finder *f, const struct leat_param *table, const void *values, bool written)
{
	for (const struct leat_param *p = table; p && values && p->name; p++) {
		const void *v = (const char *)values + p->offset;
		if (p->type == LEAT_PT_PATH)
			note(f, *(const char *const *)v, "{", written);
		else if (p->type == LEAT_PT_FILE)
			note(f, ((const struct leat_fileref *)v)->path, "", false);
		else if (p->type == LEAT_PT_TEMPLATE && (p->flags & LEAT_OWN_PATH))
			note_template(f, v, written);
		for (size_t i = 0; p->type == LEAT_PT_PATTERNS && i < ((const struct leat_strs *)v)->n; i++)
			note(f, ((const struct leat_strs *)v)->v[i], "*?[{", false);
	}
}

static struct leat_strs keep(struct leat_touched *t, const char *const *v, size_t n)
{
	struct leat_strs s = {.v = leat_arena_alloc(&t->arena, (n + 1) * sizeof *s.v)};
	for (size_t i = 0; s.v && i < n; i++)
		s.v[s.n++] = v[i];
	return s;
}

int leat_touched_find(const struct leat_recipe *r, struct leat_touched *t, struct leat_err *err)
{
	const struct leat_plan *p = r->plan;
	struct finder f = {.t = t};
	*t = (struct leat_touched){0};
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		if (s->source)
			note_values(&f, s->source->params, s->params, false);
		if (s->op)
			note_values(&f, s->op->params, s->params, false);
	}
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].sink)
			note_values(&f, p->steps[i].sink->params, p->steps[i].params, true);
	for (size_t i = 0; i < p->n_job_paths; i++)
		note(&f, p->job_paths[i], "{", true);
	note(&f, p->job.state, "", true);
	note(&f, r->path, "", false);
	size_t only = 0;
	for (size_t i = 0; i < f.n_reads; i++) { /* what may be written may be read */
		bool written = false;
		for (size_t k = 0; k < f.n_writes; k++)
			written = written || within(f.reads[i], f.writes[k]);
		if (!written)
			f.reads[only++] = f.reads[i];
	}
	f.n_reads = only;
	t->writes = keep(t, f.writes, f.n_writes);
	t->reads = keep(t, f.reads, f.n_reads);
	if (leat_arena_ok(&t->arena))
		return 0;
	leat_arena_free(&t->arena);
	return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
}
