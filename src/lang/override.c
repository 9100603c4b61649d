/* SPDX-License-Identifier: MIT */
/*
 * Options of steps replaced from outside. The expanded tree is changed, so that canonical text, and with it every
 * worker process, sees the new values. A changed word stands in a text of its own that has only a name, the option
 * as it was given: that is what messages about it show.
 */
#include "lang/override.h"

#include "lang/limits.h"
#include "lang/names.h"
#include "lang/quote.h"

/* Statements that an address means. */
struct found {
	struct leat_stmt **v;
	const char **paths; /* "/thumb-320/resize", parallel */
	size_t n, cap, cap_paths;
};

struct override {
	struct leat_lang *l;
	const char *given; /* as the user wrote it */
	const char *address, *key, *value;
	struct found by_id, by_name;
	const char **names; /* of all steps, for a suggestion */
	size_t n_names, cap_names;
};

static struct leat_word *word_of(struct leat_stmt *s, const char *key)
{
	for (size_t i = 0; i < s->n_words; i++)
		if (s->words[i].key && strcmp(s->words[i].key, key) == 0)
			return &s->words[i];
	return NULL;
}

static bool ends_with(const char *path, const char *address)
{
	size_t n = strlen(path), k = strlen(address);
	if (address[0] == '/')
		return strcmp(path, address) == 0;
	return k < n && path[n - k - 1] == '/' && strcmp(path + n - k, address) == 0;
}

static void add(struct override *o, struct found *f, struct leat_stmt *s, const char *path)
{
	struct leat_stmt **v = leat_grow(f->v, &f->cap, f->n + 1, sizeof *v, NULL);
	if (v)
		f->v = v;
	const char **paths = leat_grow(f->paths, &f->cap_paths, f->n + 1, sizeof *paths, NULL);
	if (paths)
		f->paths = paths;
	if (!v || !paths) {
		o->l->failed = true;
		return;
	}
	v[f->n] = s;
	paths[f->n++] = path;
}

/* For suggestions: the first MOST_NAMES different ones are enough. */
static void note_name(struct override *o, const char *name)
{
	enum { MOST_NAMES = 256 };
	if (o->n_names == MOST_NAMES)
		return;
	for (size_t i = 0; i < o->n_names; i++)
		if (strcmp(o->names[i], name) == 0)
			return;
	const char **v = leat_grow(o->names, &o->cap_names, o->n_names + 1, sizeof *v, NULL);
	if (!v) {
		o->l->failed = true;
		return;
	}
	o->names = v;
	v[o->n_names++] = name;
}

/* The shortest address that means it: without the '/' in front, except on the main line. */
static const char *address_of(const char *path)
{
	return strchr(path + 1, '/') ? path + 1 : path;
}

static void look_at(struct override *o, struct leat_stmt *s, const char *branch)
{
	const struct leat_word *id = word_of(s, "id");
	const char *path = leat_arena_printf(o->l->arena, "%s/%s", branch, s->name);
	const char *by_id = id ? leat_arena_printf(o->l->arena, "%s/%s", branch, id->value) : NULL;
	if (!path || (id && !by_id)) {
		o->l->failed = true;
		return;
	}
	if (strchr(o->address, '/'))
		note_name(o, address_of(id ? by_id : path));
	else
		note_name(o, id ? id->value : s->name);
	if (by_id && ends_with(by_id, o->address))
		add(o, &o->by_id, s, by_id);
	if (ends_with(path, o->address))
		add(o, &o->by_name, s, path);
}

/* Depth is bounded by that of branches. */
static void walk(struct override *o, struct leat_stmt *s, size_t n, const char *branch)
{
	for (size_t i = 0; i < n && !o->l->failed; i++) {
		if (s[i].kind == LEAT_STAGE) {
			look_at(o, &s[i], branch);
			continue;
		}
		const char *path = leat_arena_printf(o->l->arena, "%s/%s", branch, s[i].name);
		if (!path)
			o->l->failed = true;
		else
			walk(o, s[i].body, s[i].n_body, path);
	}
}

/* ---- what is wrong */

static struct leat_span nowhere(void)
{
	return (struct leat_span){0};
}

static void not_an_option(struct leat_lang *l, const char *given)
{
	struct leat_diag *g = leat_say_error(l, 67, nowhere(), "--opt %s: a step, its option and a value belong there",
					     leat_say_brief(l, given, strlen(given)));
	leat_say_help(l, g, "write --opt STEP.KEY=VALUE, for example --opt encode.quality=70");
}

static void none(struct override *o)
{
	struct leat_lang *l = o->l;
	struct leat_diag *g = leat_say_error(l, 67, nowhere(), "--opt %s: there is no step '%s'", o->given, o->address);
	const char *near = leat_say_nearest(l, o->address, o->names, o->n_names);
	if (near)
		leat_say_help(l, g, "did you mean --opt %s.%s=…?", near, o->key);
	leat_say_help(l, g, "steps: %s", leat_say_list(l, o->names, o->n_names));
	leat_say_help(l, g, "a step that is only implied has no options to replace: write it into the pipeline");
}

static void several(struct override *o, const struct found *f)
{
	struct leat_lang *l = o->l;
	struct leat_diag *g =
		leat_say_error(l, 67, nowhere(), "--opt %s: '%s' means %zu steps", o->given, o->address, f->n);
	const char **v = leat_arena_alloc(l->arena, leat_size_mul(f->n, sizeof *v));
	bool twins = false;
	size_t n = 0;
	for (size_t i = 0; v && i < f->n && n <= LEAT_MAX_LISTED; i++) {
		bool twin = false;
		for (size_t k = 0; k < n; k++)
			twin = twin || strcmp(v[k], address_of(f->paths[i])) == 0;
		twins = twins || twin;
		if (!twin)
			v[n++] = address_of(f->paths[i]);
	}
	if (n > 1)
		leat_say_help(l, g, "write one of: %s", leat_say_list(l, v, n));
	if (twins)
		leat_say_help(l, g, "give the one that is meant a name of its own, for example %s … id=this",
			      f->v[0]->name);
}

/* ---- the change */

/* A span that shows the option as it was given. */
static struct leat_span shown(struct override *o)
{
	struct leat_text *t = leat_arena_alloc(o->l->arena, sizeof *t);
	const char *name = leat_arena_printf(o->l->arena, "--opt %s", o->given);
	if (!t || !name) {
		o->l->failed = true;
		return nowhere();
	}
	*t = (struct leat_text){.name = name, .dir = o->l->opts->cwd ? o->l->opts->cwd : ""};
	return (struct leat_span){.text = t};
}

static void change(struct override *o, struct leat_stmt *s)
{
	struct leat_word *w = word_of(s, o->key);
	struct leat_span at = shown(o);
	if (!w) {
		struct leat_word *v = leat_arena_alloc(o->l->arena, leat_size_mul(s->n_words + 1, sizeof *v));
		if (!v) {
			o->l->failed = true;
			return;
		}
		if (s->n_words)
			memcpy(v, s->words, s->n_words * sizeof *v);
		s->words = v;
		w = &v[s->n_words++];
	}
	*w = (struct leat_word){
		.key = o->key,
		.value = o->value,
		.span = at,
		.key_at = at,
		.value_at = at,
		.dir = o->l->opts->cwd ? o->l->opts->cwd : s->span.text->dir,
		.quoted = !leat_word_safe(o->value),
	};
}

/* "thumb-0.5/encode.quality=70": the last '.' before the first '='. */
static bool split(struct override *o)
{
	const char *equals = strchr(o->given, '='), *dot = NULL;
	for (const char *s = o->given; equals && s < equals; s++)
		if (*s == '.')
			dot = s;
	if (!dot || dot == o->given || dot + 1 == equals)
		return false;
	o->address = leat_arena_strndup(o->l->arena, o->given, (size_t)(dot - o->given));
	o->key = leat_arena_strndup(o->l->arena, dot + 1, (size_t)(equals - dot - 1));
	o->value = leat_arena_strndup(o->l->arena, equals + 1, strlen(equals + 1));
	o->l->failed = o->l->failed || !o->address || !o->key || !o->value;
	return true;
}

static void one(struct leat_lang *l, const char *given)
{
	struct override o = {.l = l, .given = given};
	if (!split(&o)) {
		not_an_option(l, given);
		return;
	}
	if (!l->failed)
		walk(&o, l->program->steps, l->program->n_steps, "");
	const struct found *f = o.by_id.n ? &o.by_id : &o.by_name;
	if (l->failed)
		; /* told by whoever asked */
	else if (f->n == 1)
		change(&o, f->v[0]);
	else if (f->n > 1)
		several(&o, f);
	else if (!l->program->damaged)
		none(&o);
	free(o.by_id.v);
	free(o.by_id.paths);
	free(o.by_name.v);
	free(o.by_name.paths);
	free(o.names);
}

void leat_override(struct leat_lang *l)
{
	for (const char *const *o = l->opts->opt; o && *o; o++)
		one(l, *o);
}
