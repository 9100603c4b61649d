/* SPDX-License-Identifier: MIT */
/* The message for a variable that is not set, with the likeliest reason. */
#include "lang/undefined.h"

/* Fields every item has, and those steps measure most: names that people write with '$' (language 6.5). */
static const char *const fields[] = {
	"path",      "dir",   "reldir", "name",  "stem",  "ext",      "format",   "suffix", "index", "branch",
	"date",      "time",  "host",   "hash",  "mtime", "url",      "width",    "height", "depth", "bytes_in",
	"bytes_out", "saved", "mean",   "phash", "key",   "url_host", "channels", "group",  "count",
};

static bool is_field(const char *name)
{
	for (size_t i = 0; i < LEAT_LEN(fields); i++)
		if (strcmp(fields[i], name) == 0)
			return true;
	return false;
}

static char *lower_case(struct leat_lang *l, const char *s)
{
	char *low = leat_arena_strndup(l->arena, s, strlen(s));
	for (char *c = low; c && *c; c++)
		*c = leat_is_letter(*c) ? (char)(*c | 0x20) : *c;
	return low;
}

/* $HOME: an environment variable, or the variable 'home' in capitals. */
static void capitals(struct leat_vars *v, struct leat_diag *g, const char *name)
{
	const char *low = lower_case(v->l, name);
	if (low && leat_names_get(&v->lets, low, strlen(low)))
		leat_say_label(v->l, g, "did you mean '$%s'?", low);
	else
		leat_say_help(v->l, g, "environment variables are read once, at the top: let %s = env %s",
			      low && leat_is_varname(low, strlen(low)) ? low : "name", name);
}

/* "$sizex$size": the longest variable that the name begins with. */
static void glued(struct leat_vars *v, struct leat_diag *g, const char *name)
{
	for (size_t n = strlen(name); n-- > 2;)
		if (leat_names_get(&v->lets, name, n)) {
			leat_say_help(v->l, g, "a name reaches as far as letters, digits and _ do; write ${%.*s}%s",
				      (int)n, name, name + n);
			return;
		}
}

/* All names that are set here: locals first. NULL when memory is out. */
static const char **known(struct leat_vars *v, const struct leat_scope *scope, size_t *count)
{
	size_t n = v->n_names;
	for (const struct leat_scope *s = scope; s; s = s->up)
		n += s->n;
	const char **all = leat_zalloc(n + 1, sizeof *all, NULL);
	*count = 0;
	if (!all)
		return NULL;
	for (const struct leat_scope *s = scope; s; s = s->up)
		for (size_t i = 0; i < s->n; i++)
			all[(*count)++] = s->vars[i].name;
	for (size_t i = 0; i < v->n_names; i++)
		all[(*count)++] = v->names[i];
	return all;
}

static void suggest(struct leat_vars *v, const struct leat_scope *scope, struct leat_diag *g, const char *name,
		    bool braces)
{
	size_t n;
	const char **all = known(v, scope, &n);
	const char *near = all ? leat_say_nearest(v->l, name, all, n) : NULL;
	if (near) {
		leat_say_label(v->l, g, "did you mean '$%s'?", near);
		if (braces)
			leat_say_fix(g, g->span, leat_arena_printf(v->l->arena, "${%s}", near));
	} else if (all && n) {
		leat_say_help(v->l, g, "variables that are set here: %s", leat_say_list(v->l, all, n));
	} else {
		leat_say_help(v->l, g, "a variable is set at the top: let %s = VALUE", name);
	}
	if (!braces)
		glued(v, g, name);
	free(all);
}

/* A let of the main file replaces that of an included one, where that stands. */
static void too_early(struct leat_vars *v, struct leat_diag *g, const char *name)
{
	leat_say_label(v->l, g, "not set yet where the included file sets '%s'", v->early->name);
	leat_say_second(g, v->early->name_at, "this value is replaced");
	leat_say_help(v->l, g, "move 'let %s' above the 'include'", name);
}

void leat_undefined(struct leat_vars *v, const struct leat_scope *scope, struct leat_span at,
		    const struct leat_piece *p)
{
	if (v->outside)
		return;
	const char *name = leat_say_brief(v->l, p->name, p->n_name);
	struct leat_diag *g = leat_say_error(v->l, 60, at, "the variable '$%s' is not set", name);
	if (!g)
		return;
	const struct leat_ast *below = leat_names_get(&v->texts, p->name, p->n_name);
	if (below && v->early)
		too_early(v, g, name);
	else if (below)
		leat_say_second(g, below->name_at, "set here, below its use");
	else if (is_field(name))
		leat_say_help(v->l, g, "per-file fields use braces: {%s}", name);
	else if (!leat_is_varname(p->name, p->n_name))
		capitals(v, g, name);
	else
		suggest(v, scope, g, name, at.text->data[at.start + 1] == '{');
}
