/* SPDX-License-Identifier: MIT */
/*
 * Outputs somewhere else: what `leat try` and `leat test` do. Names are changed here, where they are bound, so
 * everything behind (collisions, what stands there already, the writing itself) is about the new names only.
 */
#include "plan/bind.h"

/*
 * "a/b/../c" is "a/c", by the text alone: it only decides where in the other folder a file lands. A ".." that leads
 * out becomes a folder "up" there.
 */
static const char *without_climbing(struct leat_planner *pl, const char *path)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, "");
	size_t ups = 0; /* bytes of "up/up/" at the beginning */
	for (const char *part = path; *part;) {
		size_t n = strcspn(part, "/");
		bool up = n == 2 && part[0] == '.' && part[1] == '.', here = n == 1 && part[0] == '.';
		if (up && b.len > ups) {
			do
				b.len--;
			while (b.len > ups && b.data[b.len - 1] != '/');
		} else if (up) {
			leat_buf_adds(&b, "up/");
			ups = b.len;
		} else if (n > 0 && !here) {
			leat_buf_add(&b, part, n);
			if (part[n] == '/')
				leat_buf_addc(&b, '/');
		}
		part += n + strspn(part + n, "/");
	}
	const char *text = b.failed ? NULL : leat_plan_text(pl, "%.*s", (int)b.len, b.data);
	pl->failed = pl->failed || b.failed;
	leat_buf_free(&b);
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

const char *leat_plan_redirected(struct leat_planner *pl, const char *text, const char *absolute)
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
	bool relative = text[0] != '/' && text[0] != '~';
	const char *rest = without_climbing(pl, relative ? text : absolute);
	return rest ? leat_plan_text(pl, "%s/%s", folder, rest) : NULL;
}
