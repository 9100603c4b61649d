/* SPDX-License-Identifier: MIT */
/*
 * Outputs somewhere else: what `leat try` and `leat test` do. Names are changed here, where they are bound, so everything
 * behind (collisions, what stands there already, the writing itself) is about the new names only.
 */
#include "plan/bind.h"

/* "/a/b/../c" is "/a/c", by the text alone: it only decides where in the other folder a file lands. */
static char *without_climbing(struct leat_planner *pl, const char *path)
{
	char *text = leat_plan_text(pl, "%s", path), *to = text;
	for (const char *part = text; part && *part;) {
		size_t n = strcspn(part, "/");
		const char *next = part + n + strspn(part + n, "/");
		bool slash = part[n] == '/';
		if (n == 2 && part[0] == '.' && part[1] == '.') {
			while (to > text && *--to == '/')
				;
			while (to > text && to[-1] != '/')
				to--;
		} else if (n > 0 && !(n == 1 && part[0] == '.')) {
			memmove(to, part, n);
			to += n;
			if (slash)
				*to++ = '/';
		}
		part = next;
	}
	if (to)
		*to = 0;
	return text;
}

/* A literal folder as the beginning of a template. */
static const char *in_template(struct leat_planner *pl, const char *folder)
{
	struct leat_buf b = {0};
	for (const char *s = folder; *s; s++) {
		leat_buf_addc(&b, *s);
		if (*s == '{' || *s == '}')
			leat_buf_addc(&b, *s);
	}
	const char *text = b.failed ? NULL : leat_plan_text(pl, "%s", b.data ? b.data : "");
	pl->failed = pl->failed || b.failed;
	leat_buf_free(&b);
	return text;
}

/* The path below the recipe's folder, or below the root. */
static const char *below(struct leat_planner *pl, const char *text)
{
	const char *dir = pl->program->n_texts ? pl->program->texts[0]->dir : "/";
	const char *home = in_template(pl, dir);
	size_t n = home ? strlen(home) : 0;
	char *path = without_climbing(pl, text + 1);
	if (!path || !home)
		return NULL;
	if (n > 1 && strncmp(path, home + 1, n - 1) == 0 && path[n - 1] == '/')
		return path + n;
	return path;
}

const char *leat_plan_redirected(struct leat_planner *pl, const char *text)
{
	const char *folder = in_template(pl, pl->facts->redirect);
	if (!folder)
		return NULL;
	if (strcmp(text, "-") == 0)
		return leat_plan_text(pl, "%s/standard-output/{stem}.{suffix}", folder);
	if (strncmp(text, "{path}", 6) == 0)
		return leat_plan_text(pl, "%s/{reldir}/{name}%s", folder, text + 6);
	if (strncmp(text, "{dir}", 5) == 0)
		return leat_plan_text(pl, "%s/{reldir}%s", folder, text + 5);
	const char *rest = below(pl, text);
	return rest ? leat_plan_text(pl, "%s/%s", folder, rest) : NULL;
}
