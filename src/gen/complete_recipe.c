/* SPDX-License-Identifier: MIT */
/* TAB inside a recipe: a statement's first word, then what the step or the setting knows. See offers.h. */
#include "gen/offers.h"

#include "core/execopts.h"
#include "core/jobopts.h"
#include "gen/directives.h"
#include "gen/help.h"

#include <string.h>

/* ---- names that the text gives */

static void offer_piece(struct leat_offers *o, const struct leat_piece *p, const char *tail, const char *doc)
{
	struct leat_buf name = {0};
	leat_buf_add(&name, p->s, strcspn(p->s, "=") < p->n ? strcspn(p->s, "=") : p->n);
	if (name.len)
		leat_offer(o, name.data, tail, doc);
	leat_buf_free(&name);
}

void leat_offer_names(struct leat_offers *o, const char *text, const char *keyword, const char *tail)
{
	struct leat_pieces s;
	while (leat_next_statement(&text, &s))
		if (s.n > 1 && leat_piece_is(&s.v[0], keyword))
			offer_piece(o, &s.v[1], tail, strcmp(keyword, "let") == 0 ? "a variable" : "");
}

void leat_offer_variables(struct leat_offers *o, const char *text, const char *tail)
{
	struct leat_pieces s;
	leat_offer_names(o, text, "let", tail);
	while (leat_next_statement(&text, &s)) {
		if (s.n > 3 && leat_piece_is(&s.v[0], "branch") && leat_piece_is(&s.v[2], "for"))
			offer_piece(o, &s.v[3], tail, "differs from branch to branch");
		for (size_t i = 2; i < s.n && leat_piece_is(&s.v[0], "recipe"); i++)
			offer_piece(o, &s.v[i], tail, "a parameter");
	}
}

/* ---- the first word */

static void offer_steps(struct leat_offers *o, bool source)
{
	struct leat_gen_step s;
	for (size_t i = 0; leat_gen_step(o->r, i, &s); i++)
		if ((strcmp(s.group, "source") == 0) == source)
			leat_offer(o, s.name, "", s.summary);
}

static void offer_first(struct leat_offers *o, bool source)
{
	offer_steps(o, !source);
	for (const struct leat_gen_directive *d = leat_gen_directives; d->word; d++)
		if (d->block == source || strcmp(d->word, "end") == 0)
			leat_offer(o, d->word, "", d->doc);
}

/* ---- options */

static bool written(const struct leat_pieces *s, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 1; i + 1 < s->n; i++)
		if (s->v[i].n > n && strncmp(s->v[i].s, name, n) == 0 && s->v[i].s[n] == '=')
			return true;
	return false;
}

static bool offered(const struct leat_param *p)
{
	return !(p->flags & (LEAT_POSITIONAL | LEAT_HIDDEN | LEAT_PENDING_OPT));
}

static void offer_keys(struct leat_offers *o, const struct leat_param *table, const struct leat_pieces *s)
{
	for (const struct leat_param *p = table; p && p->name; p++)
		if (offered(p) && !written(s, p->name))
			leat_offer(o, p->name, "=", p->doc);
}

/* The word is "key=...": what may stand there. False when no table knows the key. */
static bool offer_of_key(struct leat_offers *o, const struct leat_param *const *tables, const char *text)
{
	char key[64];
	size_t n = strcspn(o->word, "=");
	if (o->word[n] != '=' || n >= sizeof key)
		return false;
	memcpy(key, o->word, n);
	key[n] = 0;
	for (; *tables; tables++) {
		const struct leat_param *p = leat_param_find(*tables, key);
		if (!p || !offered(p))
			continue;
		leat_offers_skip(o, n + 1);
		leat_offer_values(o, p, text);
		return true;
	}
	return false;
}

/* ---- steps */

static const struct leat_param *positional(const struct leat_param *table, size_t at)
{
	const struct leat_param *last = NULL;
	for (const struct leat_param *p = table; p && p->name; p++) {
		if (!(p->flags & LEAT_POSITIONAL))
			continue;
		last = p;
		if (at-- == 0)
			return p;
	}
	/* Patterns, conditions and arguments are many words. */
	bool many = last &&
		    (last->type == LEAT_PT_PATTERNS || last->type == LEAT_PT_CONDITIONS || last->type == LEAT_PT_ARGS);
	return many ? last : NULL;
}

static void offer_formats(struct leat_offers *o)
{
	for (size_t i = 0; i < o->r->n_codecs; i++)
		if (o->r->codecs[i]->enc_open || o->r->codecs[i]->enc_run)
			leat_offer(o, o->r->codecs[i]->name, "", o->r->codecs[i]->summary);
}

/* The table of the step that the statement names; NULL for `encode` without its format. */
static const struct leat_param *table_of(const struct leat_offers *o, const struct leat_pieces *s, bool *known)
{
	struct leat_gen_step step;
	*known = false;
	if (leat_piece_is(&s->v[0], "encode")) {
		*known = true;
		for (size_t i = 0; s->n > 2 && i < o->r->n_codecs; i++)
			if (leat_piece_is(&s->v[1], o->r->codecs[i]->name))
				return o->r->codecs[i]->params;
		return NULL;
	}
	for (size_t i = 0; leat_gen_step(o->r, i, &step); i++)
		if (leat_piece_is(&s->v[0], step.name)) {
			*known = true;
			return step.params;
		}
	return NULL;
}

static size_t positionals_before(const struct leat_pieces *s)
{
	size_t n = 0;
	for (size_t i = 1; i + 1 < s->n; i++)
		n += memchr(s->v[i].s, '=', s->v[i].n) == NULL;
	return n;
}

static void offer_step(struct leat_offers *o, const struct leat_pieces *s, const char *text)
{
	bool known;
	const struct leat_param *table = table_of(o, s, &known);
	const struct leat_param *const tables[] = {table ? table : leat_exec_params, leat_exec_params, NULL};
	if (!known || offer_of_key(o, tables, text))
		return;
	if (s->n == 2 && leat_piece_is(&s->v[0], "encode")) {
		offer_formats(o);
		return;
	}
	offer_keys(o, table, s);
	offer_keys(o, leat_exec_params, s);
	const struct leat_param *p = positional(table, positionals_before(s));
	if (p)
		leat_offer_values(o, p, text);
}

void leat_offer_step_options(struct leat_offers *o, const char *text)
{
	struct leat_pieces s;
	while (leat_next_statement(&text, &s)) {
		bool known;
		struct leat_pieces whole = s;
		if (s.n == 0 || s.n >= LEAT_PIECES)
			continue;
		whole.v[whole.n++] = (struct leat_piece){"", 0}; /* as if a word were to come */
		const struct leat_param *table = table_of(o, &whole, &known);
		for (const struct leat_param *p = table; known && p && p->name; p++) {
			struct leat_buf name = {0};
			leat_buf_add(&name, s.v[0].s, s.v[0].n);
			leat_buf_addf(&name, ".%s", p->name);
			if (offered(p) && name.data)
				leat_offer(o, name.data, "=", p->doc);
			leat_buf_free(&name);
		}
	}
}

/* ---- settings and blocks */

static void offer_directive(struct leat_offers *o, const struct leat_pieces *s, const struct leat_gen_directive *d,
			    const char *text)
{
	const struct leat_param *const tables[] = {d->params, NULL};
	if (d->params) {
		const struct leat_param *value = positional(d->params, positionals_before(s));
		if (offer_of_key(o, tables, text))
			return;
		if (value)
			leat_offer_values(o, value, text);
		offer_keys(o, d->params, s);
	} else if (strcmp(d->word, "expect") == 0) {
		for (size_t i = 0; leat_expect_counts[i]; i++)
			leat_offer(o, leat_expect_counts[i], "", "items of the run");
	} else if (strcmp(d->word, "use") == 0 && s->n == 2) {
		leat_offer_names(o, text, "recipe", "");
	} else if (strcmp(d->word, "branch") == 0 && (s->n == 3 || s->n == 5)) {
		leat_offer(o, s->n == 3 ? "for" : "in", "", "");
	} else if (strcmp(d->word, "let") == 0 && s->n == 4) {
		leat_offer(o, "env", "", "the value of a variable of the environment");
		leat_offer(o, "secret", "", "one that is never shown: secret env NAME");
	} else if (strcmp(d->word, "version") == 0) {
		leat_offer(o, "1", "", "");
	} else if (strcmp(d->word, "include") == 0) {
		o->files = "recipes";
	}
}

void leat_offer_statement(struct leat_offers *o, const struct leat_pieces *s, const char *text, bool source)
{
	if (s->n == 1) {
		offer_first(o, source);
		return;
	}
	if (strchr(o->word, '$') && leat_offer_references(o, text))
		return;
	for (const struct leat_gen_directive *d = leat_gen_directives; d->word; d++)
		if (leat_piece_is(&s->v[0], d->word)) {
			offer_directive(o, s, d, text);
			return;
		}
	offer_step(o, s, text);
}

static bool is_source(const struct leat_offers *o, const struct leat_piece *word)
{
	for (size_t i = 0; i < o->r->n_sources; i++)
		if (leat_piece_is(word, o->r->sources[i]->name))
			return true;
	return false;
}

void leat_offer_recipe(struct leat_offers *o)
{
	const char *text = o->word, *at = text;
	struct leat_pieces s;
	bool source = false, recipe = false;
	while (leat_next_statement(&at, &s) && at) {
		if (s.n == 0)
			continue;
		source = source || is_source(o, &s.v[0]);
		recipe = leat_piece_is(&s.v[0], "recipe") || (recipe && !leat_piece_is(&s.v[0], "end"));
	}
	if (s.comment || s.n == 0)
		return;
	leat_offers_skip(o, (size_t)(s.v[s.n - 1].s - text));
	leat_offer_statement(o, &s, text, source || recipe);
}
