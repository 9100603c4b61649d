/* SPDX-License-Identifier: MIT */
/* Values that need more than their text: paths belong to a folder, templates and conditions are compiled and kept. */
#include "base/num.h"
#include "base/sys.h"
#include "core/condition.h"
#include "core/template.h"
#include "plan/bind.h"

/* Keeps a template or condition until the plan is freed. */
static bool own(struct leat_planner *pl, struct leat_template *t, struct leat_condition *c)
{
	struct leat_plan_owned *o = leat_plan_alloc(pl, 1, sizeof *o);
	if (!o) {
		leat_template_free(&t);
		leat_condition_free(&c);
		return false;
	}
	*o = (struct leat_plan_owned){.next = pl->own->owned, .t = t, .c = c};
	pl->own->owned = o;
	return true;
}

/* Room for one more: the arena's vectors double whenever their length is a power of two. */
static void *one_more(struct leat_planner *pl, void *v, size_t n, size_t size)
{
	if (n & (n - 1))
		return v;
	void *bigger = leat_plan_alloc(pl, n ? 2 * n : 1, size);
	if (bigger && n)
		memcpy(bigger, v, n * size);
	return bigger;
}

static bool push_text(struct leat_planner *pl, struct leat_strs *to, const char *s)
{
	const char **v = one_more(pl, to->v, to->n, sizeof *v);
	if (!v || !s)
		return false;
	to->v = v;
	to->v[to->n++] = s;
	return true;
}

enum quoting { AS_IS, AS_PATTERN, AS_TEMPLATE };

/* A folder's name in front of a pattern or template: there its own wildcards and braces mean themselves. */
static const char *quote_folder(struct leat_planner *pl, const char *dir, enum quoting q)
{
	struct leat_buf b = {0};
	for (const char *s = dir; *s; s++) {
		if (q == AS_PATTERN && strchr("*?[{", *s))
			leat_buf_addf(&b, "[%c]", *s);
		else if (q == AS_TEMPLATE && (*s == '{' || *s == '}'))
			leat_buf_addf(&b, "%c%c", *s, *s);
		else
			leat_buf_addc(&b, *s);
	}
	const char *text = b.failed ? NULL : leat_plan_text(pl, "%s", b.data ? b.data : "");
	pl->failed = pl->failed || b.failed;
	leat_buf_free(&b);
	return text;
}

static const char *below(struct leat_planner *pl, const char *dir, const char *rel, enum quoting q)
{
	dir = quote_folder(pl, dir, q);
	if (!dir)
		return NULL;
	bool slash = dir[0] && dir[strlen(dir) - 1] == '/';
	if (!*rel)
		return dir;
	return leat_plan_text(pl, "%s%s%s", dir, slash ? "" : "/", rel);
}

/* `rel` below dir, a real path without links, so that ".." at the beginning of rel is the folder around it. */
static const char *climb(struct leat_planner *pl, const char *dir, const char *rel, enum quoting q)
{
	size_t n = strlen(dir);
	while (rel[0] == '.' && rel[1] == '.' && (rel[2] == '/' || !rel[2])) {
		while (n > 0 && dir[n - 1] == '/')
			n--;
		while (n > 0 && dir[n - 1] != '/')
			n--;
		rel += 2;
		while (*rel == '/' || (rel[0] == '.' && (rel[1] == '/' || !rel[1])))
			rel++;
	}
	while (n > 1 && dir[n - 1] == '/')
		n--;
	const char *from = leat_plan_text(pl, "%.*s", (int)n, n ? dir : "");
	return from ? below(pl, *from ? from : "/", rel, q) : NULL;
}

/* `value` as an absolute path, by the folder where it was written. NULL with a report when it cannot be. */
static const char *absolute(struct leat_planner *pl, const struct leat_word *w, const char *value, enum quoting q)
{
	if (*value == '/' || strcmp(value, "-") == 0)
		return value;
	if (*value == '~' && (value[1] == '/' || !value[1])) {
		struct leat_err err = {0};
		char *dir = leat_home_folder(&err);
		const char *path = dir ? below(pl, dir, value[1] ? value + 2 : "", q) : NULL;
		if (!dir)
			leat_plan_error(pl, 55, w->value_at, "%s", err.text);
		free(dir);
		return path;
	}
	if (*value == '~') {
		struct leat_diag *g =
			leat_plan_error(pl, 55, w->value_at, "'%s' begins with another user's folder", value);
		leat_plan_help(pl, g, "'~/' is your own home folder; write other folders out: /home/NAME/...");
		leat_plan_help(pl, g, "a name that begins with '~' is written ./%s", value);
		return NULL;
	}
	while (value[0] == '.' && value[1] == '/')
		value += 2 + strspn(value + 2, "/");
	if (strcmp(value, ".") == 0)
		value = "";
	return climb(pl, w->dir ? w->dir : "/", value, q);
}

static bool set_path(struct leat_planner *pl, const struct leat_word *w, const char **to)
{
	*to = absolute(pl, w, w->value, AS_IS);
	return *to != NULL;
}

/* One read serves all parameters that name the same file. */
static bool set_file(struct leat_planner *pl, const struct leat_word *w, struct leat_fileref *to)
{
	struct leat_plan *p = pl->plan;
	bool told = pl->facts->files && p->n_file_uses < pl->facts->n_files;
	to->path = told ? pl->facts->files[p->n_file_uses] : absolute(pl, w, w->value, AS_IS);
	if (!to->path)
		return false;
	size_t i = 0;
	while (i < p->n_files && strcmp(p->files[i], to->path) != 0)
		i++;
	to->resource = (int)i;
	int *uses = leat_plan_more(pl, p->file_uses, p->n_file_uses, &pl->own->cap_uses, sizeof *uses);
	const char **v = leat_plan_more(pl, p->files, p->n_files, &pl->own->cap_files, sizeof *v);
	if (!v || !uses)
		return false;
	p->file_uses = uses;
	p->file_uses[p->n_file_uses++] = (int)i;
	p->files = v;
	p->files[i] = to->path;
	p->n_files += i == p->n_files;
	return true;
}

static bool set_by_table(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w, void *params);

/* One of the words that stand for themselves, or a path: what has neither a dot nor a slash is meant as a word. */
static bool set_word_or_file(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w,
			     struct leat_fileref *to)
{
	int64_t choice = 0;
	struct leat_param words = {
		.name = p->name, .type = LEAT_PT_CHOICE, .choices = p->choices, .flags = p->flags, .doc = p->doc};
	if (strpbrk(w->value, "./"))
		return set_file(pl, w, to);
	if (!set_by_table(pl, &words, w, &choice))
		return false;
	*to = (struct leat_fileref){.resource = -1, .word = 1 + (int)choice};
	return true;
}

/* A list, or a path: what has other signs than numbers have is meant as a path. */
static bool set_numbers_or_file(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w,
				struct leat_fileref *to)
{
	struct leat_param list = {.name = p->name, .type = LEAT_PT_NUMBERS, .flags = p->flags, .doc = p->doc};
	if (!w->value[0] || w->value[strspn(w->value, "0123456789+-.,eE")])
		return set_file(pl, w, to);
	*to = (struct leat_fileref){.resource = -1};
	return set_by_table(pl, &list, w, &to->numbers);
}

/* Other tools take names from standard input under this one. */
static bool is_stdin(struct leat_planner *pl, const struct leat_word *w)
{
	if (strcmp(w->value, "-") != 0)
		return false;
	struct leat_diag *g = leat_plan_error(pl, 35, w->value_at, "unexpected value '-'");
	leat_plan_label(pl, g, "write list=-");
	leat_plan_help(pl, g,
		       "names from standard input, one a line or NUL-separated: find ... -print0 | leat run ...");
	return true;
}

/* Positionals are one pattern a word; options are lists. */
static bool set_patterns(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w,
			 struct leat_strs *to)
{
	if (p->flags & LEAT_POSITIONAL)
		return !is_stdin(pl, w) && push_text(pl, to, absolute(pl, w, w->value, AS_PATTERN));
	size_t pos = 0, start, n;
	while (leat_list_next(w->value, &pos, &start, &n)) {
		const char *entry = leat_plan_text(pl, "%.*s", (int)n, w->value + start);
		if (!entry)
			return false;
		if (!*entry) {
			leat_plan_error(pl, 40, w->value_at, "the list '%s' has an empty entry", w->value);
			return false;
		}
		bool name = strcmp(p->name, "exclude") == 0 && !strchr(entry, '/'); /* of a file, wherever it is */
		if (!push_text(pl, to, name ? entry : absolute(pl, w, entry, AS_PATTERN)))
			return false;
	}
	return true;
}

/* E052: the first wildcard becomes {stem} in what is proposed. */
static bool no_wildcard(struct leat_planner *pl, const struct leat_word *w)
{
	const char *at = strpbrk(w->value, "*?");
	if (!at)
		return true;
	struct leat_diag *g = leat_plan_error(
		pl, 52, w->value_at, "'%s' contains a wildcard, but this is the name of ONE file to write", w->value);
	const char *after = at + strspn(at, "*?");
	if (!strpbrk(after, "*?"))
		leat_plan_help(pl, g, "use fields for the changing part, for example %.*s{stem}%s",
			       (int)(at - w->value), w->value, after);
	else
		leat_plan_help(pl, g, "use fields for the changing part, for example {stem}");
	return false;
}

/* {path} and {dir} at the beginning are places themselves, not below the recipe's folder. */
static bool begins_at_input(const char *value)
{
	return strncmp(value, "{path}", 6) == 0 || strncmp(value, "{dir}", 5) == 0;
}

static bool set_template(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w,
			 struct leat_tmpl *to)
{
	struct leat_err err = {0};
	size_t at = 0;
	bool path = p->flags & LEAT_OWN_PATH;
	if (path && !no_wildcard(pl, w))
		return false;
	struct leat_template *t = leat_template_new(w->value, &at, &err);
	if (!t) {
		size_t left = at < strlen(w->value) ? strlen(w->value) - at : 0, n = strcspn(w->value + at, "}") + 1;
		n = n < left ? n : left;
		struct leat_span s = n ? leat_plan_part(w, w->value + at, n) : w->value_at;
		leat_plan_error(pl, 50, s, "%s", err.text);
		return false;
	}
	to->shown = to->text = w->value;
	if (path && strcmp(w->value, "-") != 0 && !begins_at_input(w->value))
		to->text = absolute(pl, w, w->value, AS_TEMPLATE);
	if (path && pl->facts->redirect && to->text)
		to->shown = to->text = leat_plan_redirected(pl, w->value, to->text);
	if (to->text != w->value) {
		leat_template_free(&t);
		t = to->text ? leat_template_new(to->text, &at, &err) : NULL;
		if (!t)
			return false;
	}
	to->t = t;
	return own(pl, t, NULL);
}

const char *leat_plan_word_text(struct leat_planner *pl, const struct leat_word *w)
{
	return w->key ? leat_plan_text(pl, "%s=%s", w->key, w->value) : w->value;
}

bool leat_plan_condition(struct leat_planner *pl, const struct leat_word *w, struct leat_conditions *to)
{
	struct leat_err err = {0};
	const char *text = leat_plan_word_text(pl, w);
	struct leat_condition **v = one_more(pl, to->v, to->n, sizeof *v);
	if (!text || !v)
		return false;
	to->v = v;
	if (*text && !w->key && !w->quoted && strchr("=<>~", text[strlen(text) - 1])) {
		leat_plan_error(pl, 53, w->span, "'%s' has no value behind its operator", text);
		return false;
	}
	struct leat_condition *c = leat_condition_new(text, &err);
	if (!c) {
		struct leat_diag *g = leat_plan_error(pl, 53, w->span, "%s", err.text);
		if (!strpbrk(text, "=<>~"))
			leat_plan_help(pl, g,
				       "unquoted on a command line, the shell takes > and < as redirections: put the "
				       "pipeline in quotes");
		return false;
	}
	to->v[to->n++] = c;
	return own(pl, NULL, c);
}

/* "99999999TiB": number and unit are well written, but no size can be so large. */
static bool too_large(const struct leat_param *p, const char *s)
{
	uint64_t x;
	size_t n = strspn(s, "0123456789");
	char one[8] = "1";
	if ((p->type != LEAT_PT_SIZE && p->type != LEAT_PT_MEMORY && p->type != LEAT_PT_QUEUE) || n == 0 ||
	    strlen(s + n) + 2 > sizeof one)
		return false;
	strcpy(one + 1, s + n);
	return s[n] && leat_parse_size(one, strlen(one), &x) && !leat_parse_size(s, strlen(s), &x);
}

static bool set_by_table(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w, void *params)
{
	struct leat_value_error e = {0};
	if (leat_param_parse(p, w->value, params, &pl->plan->arena, &e) == 0)
		return true;
	if (too_large(p, w->value))
		e = (struct leat_value_error){
			.code = 43,
			.message = leat_plan_text(pl, "%s=%s is too large for a size", p->name, w->value),
			.help = {"write for example 512MiB or 4GiB"}};
	leat_plan_value_error(pl, w, &e);
	return false;
}

bool leat_plan_value(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w, void *params)
{
	void *field = (char *)params + p->offset;
	switch (p->type) {
	case LEAT_PT_PATH:
		return set_path(pl, w, field);
	case LEAT_PT_FILE:
		return p->choices                   ? set_word_or_file(pl, p, w, field)
		       : p->flags & LEAT_OR_NUMBERS ? set_numbers_or_file(pl, p, w, field)
						    : set_file(pl, w, field);
	case LEAT_PT_PATTERNS:
		return set_patterns(pl, p, w, field);
	case LEAT_PT_ARGS:
		return push_text(pl, field, w->value);
	case LEAT_PT_TEMPLATE:
		return set_template(pl, p, w, field);
	case LEAT_PT_CONDITIONS:
		return leat_plan_condition(pl, w, field);
	default:
		return set_by_table(pl, p, w, params);
	}
}

bool leat_plan_default(struct leat_planner *pl, const struct leat_param *p, void *params)
{
	if (p->type == LEAT_PT_FILE)
		((struct leat_fileref *)(void *)((char *)params + p->offset))->resource = -1;
	if (!p->dflt)
		return true;
	struct leat_word w = {.value = p->dflt, .dir = pl->program->n_texts ? pl->program->texts[0]->dir : "/"};
	return leat_plan_value(pl, p, &w, params);
}
