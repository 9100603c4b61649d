/* SPDX-License-Identifier: MIT */
/* Variables and the values of words. */
#include "lang/vars.h"

#include "base/text.h"
#include "lang/limits.h"
#include "lang/pieces.h"
#include "lang/undefined.h"

struct leat_set {
	const char *name; /* not NUL-terminated */
	size_t n;
	const char *value;
	bool used;
};

/* ---- start and end ---- */

static void bad_set(struct leat_lang *l, const char *s)
{
	struct leat_diag *g =
		leat_say_error(l, 39, (struct leat_span){0}, "--set %s: a variable and its value belong there",
			       leat_say_brief(l, s, strlen(s)));
	leat_say_help(l, g, "write --set NAME=VALUE");
}

/* The last --set of a name counts. */
static void note_set(struct leat_vars *v, const char *s)
{
	const char *equals = strchr(s, '=');
	size_t n = equals ? (size_t)(equals - s) : 0;
	if (!equals || !leat_is_varname(s, n)) {
		bad_set(v->l, s);
		return;
	}
	struct leat_set *old = leat_names_get(&v->set, s, n);
	if (old) {
		old->value = equals + 1;
		return;
	}
	struct leat_set *set = &v->sets[v->n_sets++];
	*set = (struct leat_set){.name = s, .n = n, .value = equals + 1};
	if (leat_names_add(&v->set, s, n, set, NULL) < 0)
		v->l->failed = true;
}

void leat_vars_start(struct leat_vars *v, struct leat_lang *l, const struct leat_syntax *syntax)
{
	*v = (struct leat_vars){.l = l, .outside = syntax->outside};
	for (struct leat_ast *a = syntax->directives; a; a = a->next) {
		size_t n = strlen(a->name);
		if (a->kind == LEAT_AST_LET && !leat_names_get(&v->texts, a->name, n) &&
		    leat_names_add(&v->texts, a->name, n, a, NULL) < 0)
			l->failed = true;
	}
	size_t n = 0;
	while (l->opts->set && l->opts->set[n])
		n++;
	v->sets = n ? leat_arena_alloc(l->arena, leat_size_mul(n, sizeof *v->sets)) : NULL;
	for (size_t i = 0; v->sets && i < n; i++)
		note_set(v, l->opts->set[i]);
}

void leat_vars_unused(struct leat_vars *v, const char *file)
{
	for (size_t i = 0; i < v->n_sets && !v->outside; i++) {
		const struct leat_set *s = &v->sets[i];
		if (s->used)
			continue;
		const char *name = leat_say_brief(v->l, s->name, s->n);
		struct leat_diag *g = leat_say_error(v->l, 39, (struct leat_span){0},
						     "--set %s=…: the pipeline has no variable '%s'", name, name);
		const char *near = leat_say_nearest(v->l, name, v->names, v->n_names);
		if (near)
			leat_say_help(v->l, g, "did you mean --set %s=…?", near);
		if (v->n_names)
			leat_say_help(v->l, g, "variables of %s: %s", file, leat_say_list(v->l, v->names, v->n_names));
		else
			leat_say_help(v->l, g, "%s sets no variables: let NAME = VALUE does", file);
	}
}

void leat_vars_end(struct leat_vars *v)
{
	leat_names_free(&v->lets);
	leat_names_free(&v->texts);
	leat_names_free(&v->set);
	leat_buf_free(&v->scratch);
	free(v->names);
}

/* ---- looking up ---- */

static const struct leat_var *find(const struct leat_vars *v, const struct leat_scope *scope, const char *name,
				   size_t n)
{
	for (; scope; scope = scope->up)
		for (size_t i = 0; i < scope->n; i++)
			if (strncmp(scope->vars[i].name, name, n) == 0 && !scope->vars[i].name[n])
				return &scope->vars[i];
	return leat_names_get(&v->lets, name, n);
}

/* A let that has not been met yet, and is no mistake of this place: its own report is enough. */
void leat_vars_check_local(struct leat_vars *v, const char *name, struct leat_span at)
{
	const struct leat_ast *let = leat_names_get(&v->texts, name, strlen(name));
	if (!let)
		return;
	struct leat_diag *g = leat_say_error(v->l, 32, at, "'%s' is the name of a variable already", name);
	leat_say_label(v->l, g, "choose another name");
	leat_say_second(g, let->name_at, "set here");
}

/* ---- values ---- */

/* Counts a value against the bound of everything; false when it is reached. */
static bool charge(struct leat_vars *v, size_t n, struct leat_span at)
{
	v->bytes += n + 16;
	if (v->l->opts->canonical || v->bytes <= LEAT_MAX_EXPANDED)
		return true;
	if (!v->full)
		leat_say_error(v->l, 65, at,
			       "with its variables and recipes replaced the pipeline is larger than %d MiB",
			       LEAT_MAX_EXPANDED / 1024 / 1024);
	v->full = v->l->program->damaged = true;
	return false;
}

/* '$out/x' where $out is set: probably it was meant. */
static void single_quotes(struct leat_vars *v, const struct leat_scope *scope, const struct leat_text *t,
			  const struct leat_lex_word *w)
{
	const char *s = t->data + w->value;
	size_t n = w->value_end - w->value;
	for (size_t at = 0; at < n;) {
		struct leat_piece p = leat_piece_at(s, n, at, false);
		at = p.end;
		if (p.kind != LEAT_PIECE_VARIABLE || !find(v, scope, p.name, p.n_name))
			continue;
		struct leat_diag *g = leat_say_warning(v->l, 5, leat_lex_span(t, w->value - 1, w->value_end + 1),
						       "single quotes keep %s as text",
						       leat_say_brief(v->l, s + p.start, p.end - p.start));
		if (!memchr(s, '"', n) && !memchr(s, '\\', n))
			leat_say_label(v->l, g, "use \"%s\"", leat_say_brief(v->l, s, n));
		else
			leat_say_label(v->l, g, "use \"");
		return;
	}
}

/* Appends one piece to the scratch text. */
static void add_piece(struct leat_vars *v, const struct leat_scope *scope, const struct leat_text *t,
		      const struct leat_lex_word *w, const struct leat_piece *p, struct leat_meaning *m)
{
	const char *s = t->data + w->value;
	struct leat_buf *b = &v->scratch;
	if (p->kind == LEAT_PIECE_TEXT) {
		leat_buf_add(b, s + p->start, p->end - p->start);
	} else if (p->kind == LEAT_PIECE_CHAR) {
		leat_utf8_add(b, p->cp);
	} else if (p->kind == LEAT_PIECE_VARIABLE) {
		const struct leat_var *var = find(v, scope, p->name, p->n_name);
		if (!var) {
			leat_undefined(v, scope,
				       leat_lex_span(t, w->value + (uint32_t)p->start, w->value + (uint32_t)p->end), p);
			m->unknown = true;
			return;
		}
		if (!b->len && var->value.len)
			m->dir = var->value.dir;
		m->unknown = m->unknown || var->value.unknown;
		m->from = var->written;
		m->variable = var->name;
		leat_buf_add(b, var->value.text, var->value.len);
		if (p->start == 0 && w->value + p->end == w->value_end)
			m->origin = var->value.origin;
	}
}

static void replace(struct leat_vars *v, const struct leat_scope *scope, const struct leat_text *t,
		    const struct leat_lex_word *w, struct leat_meaning *m)
{
	const char *s = t->data + w->value;
	size_t n = w->value_end - w->value;
	leat_buf_clear(&v->scratch);
	for (size_t at = 0; at < n;) {
		struct leat_piece p = leat_piece_at(s, n, at, w->quote == '"');
		add_piece(v, scope, t, w, &p, m);
		at = p.end;
		if (v->scratch.len > LEAT_MAX_VALUE && !v->l->opts->canonical) {
			struct leat_diag *g = leat_say_error(v->l, 65, leat_value_span(t, w), "this value is too long");
			leat_say_label(v->l, g, "more than %d KiB with its variables replaced", LEAT_MAX_VALUE / 1024);
			m->unknown = true;
			break;
		}
	}
	if (v->scratch.failed)
		v->l->failed = true;
	if (m->unknown || v->scratch.failed)
		return;
	m->text = leat_arena_strndup(v->l->arena, v->scratch.data ? v->scratch.data : "", v->scratch.len);
	m->len = v->scratch.len;
}

struct leat_meaning leat_vars_value(struct leat_vars *v, const struct leat_scope *scope, const struct leat_text *t,
				    const struct leat_lex_word *w)
{
	struct leat_meaning m = {.text = "", .dir = t->dir, .unknown = w->bad || v->full};
	if (m.unknown)
		return m;
	if (w->pieces) {
		replace(v, scope, t, w, &m);
	} else {
		m.len = w->value_end - w->value;
		m.text = leat_arena_strndup(v->l->arena, t->data + w->value, m.len);
		m.origin = leat_lex_span(t, w->value, w->value_end);
		if (w->quote == '\'' && memchr(t->data + w->value, '$', m.len))
			single_quotes(v, scope, t, w);
	}
	if (!m.text)
		v->l->failed = true;
	if (!m.text || !charge(v, m.len, leat_value_span(t, w)))
		m = (struct leat_meaning){.text = "", .dir = t->dir, .unknown = true};
	return m;
}

/* ---- let ---- */

/* A value from outside: relative paths in it belong to the current folder. */
static struct leat_meaning outside_value(struct leat_vars *v, const struct leat_ast *let, const char *text)
{
	struct leat_meaning m = {.text = "", .dir = v->l->opts->cwd ? v->l->opts->cwd : let->span.text->dir};
	size_t n = strlen(text);
	m.text = leat_arena_strndup(v->l->arena, text, n);
	m.len = n;
	if (!m.text)
		v->l->failed = true;
	if (!m.text || !charge(v, n, let->span))
		m = (struct leat_meaning){.text = "", .dir = m.dir, .unknown = true};
	return m;
}

static void not_in_environment(struct leat_vars *v, const struct leat_ast *let)
{
	struct leat_diag *g = leat_say_error(v->l, 64, let->env_at, "the environment variable %s is not set", let->env);
	leat_say_help(v->l, g, "set it before the run, give --set %s=…, or write a default: let %s = env %s or …",
		      let->name, let->name, let->env);
}

static void let_from_text(struct leat_vars *v, const struct leat_ast *let, struct leat_var *var)
{
	const struct leat_text *t = let->span.text;
	const char *env = let->env ? getenv(let->env) : NULL;
	if (let->n_words) {
		var->value = leat_vars_value(v, NULL, t, let->words);
		var->written = leat_value_span(t, let->words);
	}
	if (env) {
		var->value = outside_value(v, let, env);
		var->written = let->env_at;
	} else if (let->env && !let->n_words && !let->damaged) {
		not_in_environment(v, let);
	}
	var->value.unknown = var->value.unknown || let->damaged || (!env && !let->n_words);
}

void leat_vars_let(struct leat_vars *v, const struct leat_ast *let)
{
	size_t n = strlen(let->name);
	if (leat_names_get(&v->lets, let->name, n)) {
		struct leat_diag *g =
			leat_say_error(v->l, 32, let->name_at, "the variable '%s' is set twice", let->name);
		leat_say_label(v->l, g, "second time");
		const struct leat_ast *earlier = leat_names_get(&v->texts, let->name, n);
		if (earlier)
			leat_say_second(g, earlier->name_at, "first time");
		return;
	}
	struct leat_var *var = leat_arena_alloc(v->l->arena, sizeof *var);
	const char **names = leat_grow(v->names, &v->cap_names, v->n_names + 1, sizeof *names, NULL);
	if (names)
		v->names = names;
	if (!var || !names || leat_names_add(&v->lets, let->name, n, var, NULL) < 0) {
		v->l->failed = true;
		return;
	}
	*var = (struct leat_var){.name = let->name, .value = {.text = "", .dir = let->span.text->dir}};
	struct leat_set *set = leat_names_get(&v->set, let->name, n);
	if (set) {
		set->used = true;
		if (let->n_words) /* what the text says is checked all the same */
			leat_vars_value(v, NULL, let->span.text, let->words);
		var->value = outside_value(v, let, set->value);
	} else {
		let_from_text(v, let, var);
	}
	v->names[v->n_names++] = let->name;
}
