/* SPDX-License-Identifier: MIT */
/* The options of one test: a few KEY=VALUE lines. */
#include "api/trial.h"

#include "api/texts.h"
#include "base/num.h"

#include <unistd.h>

enum { MOST = 256 }; /* lines of a kind */

struct reader {
	struct leat_trial_options *o;
	const char *path;
	size_t line, n_set, n_ignore;
	struct leat_err *err;
};

static int wrong(struct reader *r, const char *what)
{
	return leat_fail(r->err, LEAT_CAUSE_USAGE, "%s:%zu: %s", r->path, r->line, what);
}

static int number(struct reader *r, const char *value, double most, double *out)
{
	double v;
	if (!leat_parse_real(value, strlen(value), &v) || v < 0 || v > most)
		return wrong(r, "a number from 0 on belongs behind the '='");
	*out = v;
	return 0;
}

static int ignore(struct reader *r, const char *value)
{
	struct leat_err e = {0};
	if (r->n_ignore == MOST)
		return wrong(r, "too many lines with ignore=");
	struct leat_glob *g = leat_glob_new(value, strlen(value), LEAT_GLOB_HIDDEN, &e);
	if (!g)
		return wrong(r, e.text);
	r->o->ignore[r->n_ignore++] = g;
	return 0;
}

static int option(struct reader *r, const char *key, const char *value)
{
	double v = 0;
	if (strcmp(key, "max-diff") == 0)
		return number(r, value, 255, &r->o->max_diff);
	if (strcmp(key, "ignore") == 0)
		return ignore(r, value);
	if (strcmp(key, "status") == 0) {
		if (number(r, value, 255, &v) < 0)
			return -1;
		r->o->status = (int)v;
		return 0;
	}
	if (strcmp(key, "set") != 0)
		return wrong(r, "unknown option; a test knows: max-diff, ignore, set, status");
	if (r->n_set == MOST)
		return wrong(r, "too many lines with set=");
	r->o->set[r->n_set++] = value;
	return 0;
}

static int one_line(struct reader *r, char *line)
{
	line += strspn(line, " \t");
	size_t n = strlen(line);
	while (n > 0 && strchr(" \t\r", line[n - 1]))
		line[--n] = 0;
	if (!n || *line == '#')
		return 0;
	char *equals = strchr(line, '=');
	if (!equals)
		return wrong(r, "write KEY=VALUE, for example max-diff=2");
	*equals = 0;
	return option(r, line, equals + 1);
}

int leat_trial_options_read(const char *path, struct leat_trial_options *o, struct leat_err *err)
{
	struct leat_buf text = {0};
	*o = (struct leat_trial_options){.status = 0};
	struct reader r = {.o = o, .path = path, .err = err};
	o->set = leat_zalloc(MOST + 1, sizeof *o->set, err);
	o->ignore = leat_zalloc(MOST + 1, sizeof *o->ignore, err);
	if (!o->set || !o->ignore)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	int ok = leat_text_read(path, &text, err);
	char *copy = ok == 0 ? leat_arena_strndup(&o->arena, text.data ? text.data : "", text.len) : NULL;
	leat_buf_free(&text);
	if (ok == 0 && !copy)
		ok = leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	for (char *line = copy; ok == 0 && line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end = 0;
		r.line++;
		ok = one_line(&r, line);
		line = end ? end + 1 : NULL;
	}
	return ok;
}

void leat_trial_options_free(struct leat_trial_options *o)
{
	for (size_t i = 0; o->ignore && o->ignore[i]; i++)
		leat_glob_free(&o->ignore[i]);
	free(o->ignore);
	free(o->set);
	leat_arena_free(&o->arena);
}
