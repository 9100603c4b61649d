/* SPDX-License-Identifier: MIT */
/* The canonical order of what is written. See canon.h. */
#include "lang/canon.h"

#include "core/execopts.h"
#include "lang/names.h"

/* ---- settings ---- */

static enum leat_canon_kind kind_of(const struct leat_ast *a)
{
	static const struct {
		const char *name;
		enum leat_canon_kind kind;
	} lines[] = {
		{"job", LEAT_CANON_JOB},
		{"schedule", LEAT_CANON_SCHEDULE},
		{"defaults", LEAT_CANON_DEFAULTS},
	};
	if (a->kind == LEAT_AST_INCLUDE)
		return LEAT_CANON_INCLUDE;
	if (a->kind == LEAT_AST_LET)
		return LEAT_CANON_LET;
	if (a->kind == LEAT_AST_RECIPE)
		return LEAT_CANON_RECIPE;
	for (size_t i = 0; i < LEAT_LEN(lines); i++)
		if (strcmp(a->name, lines[i].name) == 0)
			return lines[i].kind;
	return LEAT_CANON_EXPECT;
}

static int by_group(const void *a, const void *b)
{
	const struct leat_canon_setting *x = a, *y = b;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* A name that is set twice is wrong; both values stand at the place of the first, as they do in the JSON form. */
static bool group_names(struct leat_canon_setting *v, size_t n)
{
	struct leat_names seen = {0};
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		const char *name = v[i].a->name;
		if (i && v[i].group != v[i - 1].group)
			leat_names_free(&seen);
		if (v[i].kind != LEAT_CANON_LET)
			continue;
		struct leat_canon_setting *first = leat_names_get(&seen, name, strlen(name));
		if (first)
			v[i].first = first->index;
		else
			ok = leat_names_add(&seen, name, strlen(name), &v[i], NULL) == 0;
	}
	leat_names_free(&seen);
	return ok;
}

struct leat_canon_setting *leat_canon_settings(const struct leat_syntax *syntax, size_t *n)
{
	size_t most = 0;
	for (const struct leat_ast *a = syntax->directives; a; a = a->next)
		most++;
	struct leat_canon_setting *v = leat_zalloc(most + 1, sizeof *v, NULL);
	uint32_t group = 0;
	bool names = false; /* the group sets some */
	*n = 0;
	for (const struct leat_ast *a = syntax->directives; v && a; a = a->next) {
		enum leat_canon_kind kind = kind_of(a);
		if (kind == LEAT_CANON_INCLUDE && names) {
			group++;
			names = false;
		}
		names = names || kind == LEAT_CANON_LET || kind == LEAT_CANON_RECIPE;
		v[*n] = (struct leat_canon_setting){a, kind, group, (uint32_t)*n, (uint32_t)*n};
		++*n;
	}
	if (v && !group_names(v, *n)) {
		free(v);
		return NULL;
	}
	if (v)
		qsort(v, *n, sizeof *v, by_group);
	return v;
}

/* ---- words ---- */

bool leat_canon_is_condition(const char *name)
{
	static const char *const names[] = {"keep", "drop", "keep-rows", "drop-rows", "expect"};
	for (size_t i = 0; i < LEAT_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

size_t leat_canon_exec(const char *key, size_t n)
{
	for (size_t i = 0; n && i < LEAT_EXEC_ROWS; i++)
		if (strlen(leat_exec_params[i].name) == n && memcmp(leat_exec_params[i].name, key, n) == 0)
			return i;
	return LEAT_EXEC_ROWS;
}

/* Words that are options of the same name, in chains. */
struct chains {
	uint32_t *next; /* of word i: the next of its name, or NONE */
	uint32_t *last; /* of word i: the last of its name; NONE: it is no option, or not the first */
};
#define NONE UINT32_MAX

static bool chain(const struct leat_ast *a, struct chains *c)
{
	const char *s = a->span.text->data;
	struct leat_names seen = {0}; /* the place in c->last of the first */
	c->next = leat_zalloc(leat_size_mul(a->n_words, 2) + 1, sizeof *c->next, NULL);
	c->last = c->next ? c->next + a->n_words : NULL;
	bool ok = c->next != NULL;
	for (uint32_t i = 0; ok && i < a->n_words; i++) {
		const struct leat_lex_word *w = &a->words[i];
		uint32_t *last = leat_names_get(&seen, s + w->start, w->key_end - w->start);
		c->next[i] = c->last[i] = NONE;
		if (!leat_word_has_key(w))
			continue;
		if (last) {
			c->next[*last] = i;
			*last = i;
		} else {
			c->last[i] = i;
			ok = leat_names_add(&seen, s + w->start, w->key_end - w->start, &c->last[i], NULL) == 0;
		}
	}
	leat_names_free(&seen);
	return ok;
}

/* Does this word stand among the values? */
static bool is_value(const struct leat_ast *a, const struct leat_lex_word *w, size_t row)
{
	bool exec = row < LEAT_EXEC_ROWS && a->kind == LEAT_AST_STAGE;
	return !leat_word_has_key(w) || (leat_canon_is_condition(a->name) && a->kind != LEAT_AST_USE && !exec);
}

static size_t row_of(const struct leat_ast *a, const struct leat_lex_word *w)
{
	return leat_canon_exec(a->span.text->data + w->start, w->key_end - w->start);
}

struct leat_canon_word *leat_canon_words(const struct leat_ast *a)
{
	struct leat_canon_word *v = leat_zalloc(a->n_words + 1, sizeof *v, NULL);
	struct chains c = {0};
	bool step = a->kind == LEAT_AST_STAGE;
	size_t n = 0;
	if (!v || !chain(a, &c)) {
		free(c.next);
		free(v);
		return NULL;
	}
	for (size_t i = 0; i < a->n_words; i++)
		if (is_value(a, &a->words[i], row_of(a, &a->words[i])))
			v[n++] = (struct leat_canon_word){&a->words[i], LEAT_CANON_VALUE};
	for (size_t i = 0; i < a->n_words; i++) {
		size_t row = row_of(a, &a->words[i]);
		if (c.last[i] == NONE || is_value(a, &a->words[i], row) || (step && row < LEAT_EXEC_ROWS))
			continue;
		for (uint32_t k = (uint32_t)i; k != NONE; k = c.next[k])
			v[n++] = (struct leat_canon_word){&a->words[k], LEAT_CANON_OPTION};
	}
	for (size_t row = 0; step && row < LEAT_EXEC_ROWS; row++)
		for (size_t i = 0; i < a->n_words; i++)
			if (row_of(a, &a->words[i]) == row)
				v[n++] = (struct leat_canon_word){&a->words[i], LEAT_CANON_EXEC};
	free(c.next);
	return v;
}
