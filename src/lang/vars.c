/* SPDX-License-Identifier: MIT */
/* The values of words: variables looked up and put in. What sets them is in lets.c. */
#include "lang/vars.h"

#include "base/text.h"
#include "lang/limits.h"
#include "lang/pieces.h"
#include "lang/undefined.h"

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

bool leat_vars_charge(struct leat_vars *v, size_t n, struct leat_span at)
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

static void swap_quotes(struct leat_lang *l, struct leat_diag *g, const char *s, size_t n)
{
	leat_say_label(l, g, "use \"%s\"", leat_say_brief(l, s, n));
	if (g)
		leat_say_fix(g, g->span, leat_arena_printf(l->arena, "\"%.*s\"", (int)n, s));
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
			swap_quotes(v->l, g, s, n);
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
		m->secret = m->secret || var->value.secret;
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
	if (!m.text || !leat_vars_charge(v, m.len, leat_value_span(t, w)))
		m = (struct leat_meaning){.text = "", .dir = t->dir, .unknown = true};
	return m;
}
