/* SPDX-License-Identifier: MIT */
/*
 * The words of a statement into the struct of a parameter table: positionals in table order, options by name.
 * See bind.h.
 */
#include "plan/bind.h"

#include "plan/exec.h"
#include "plan/words.h"

struct binder {
	struct leat_planner *pl;
	struct leat_binding *b;
	size_t rows;
	size_t next; /* row that the next positional value may take */
	size_t values; /* positional values so far */
	bool overfull; /* one unexpected value was reported */
	bool ok;
};

static bool takes_many(enum leat_ptype t)
{
	return t == LEAT_PT_PATTERNS || t == LEAT_PT_CONDITIONS || t == LEAT_PT_ARGS;
}

/* The next row for a positional value, or NULL. One that takes many stays. */
static const struct leat_param *next_row(struct binder *s)
{
	while (s->next < s->rows && !(s->b->table[s->next].flags & LEAT_POSITIONAL))
		s->next++;
	if (s->next == s->rows)
		return NULL;
	const struct leat_param *p = &s->b->table[s->next];
	if (!takes_many(p->type))
		s->next++;
	return p;
}

static const struct leat_param *conditions_row(const struct binder *s)
{
	for (size_t i = 0; i < s->rows; i++)
		if (s->b->table[i].type == LEAT_PT_CONDITIONS && (s->b->table[i].flags & LEAT_POSITIONAL))
			return &s->b->table[i];
	return NULL;
}

void leat_plan_value_fix(struct leat_diag *g, const struct leat_word *w)
{
	if (!g || !g->fix || !w->variable)
		return;
	struct leat_span f = w->from;
	size_t n = strlen(w->value);
	bool whole = f.text && f.end - f.start == n && memcmp(f.text->data + f.start, w->value, n) == 0;
	leat_diag_fix(g, f, whole ? g->fix : NULL);
}

void leat_plan_value_error(struct leat_planner *pl, const struct leat_word *w, const struct leat_value_error *e)
{
	if (e->code == 0) {
		pl->failed = true;
		return;
	}
	struct leat_span at = w->value_at;
	if (!w->from.text && e->end > e->at && e->end <= strlen(w->value) && e->end - e->at < strlen(w->value))
		at = leat_plan_part(w, w->value + e->at, e->end - e->at);
	struct leat_diag *g = leat_plan_error(pl, e->code, at, "%s", e->message);
	if (e->label)
		leat_plan_label(pl, g, "%s", e->label);
	for (size_t i = 0; i < LEAT_VALUE_HELPS && e->help[i]; i++)
		leat_plan_help(pl, g, "%s", e->help[i]);
	leat_plan_value_fix(g, w);
	if (w->from.text && w->variable)
		leat_plan_second(g, w->from, leat_diag_text(pl->d, "$%s comes from here", w->variable));
}

/* A secret goes to its receiver, and into no message. */
static bool set_secret(struct binder *s, const struct leat_param *p, const struct leat_word *w)
{
	struct leat_value_error e = {0};
	if (!leat_plan_keeps_secrets(s->b->owner, p->name) || !leat_param_parses(p->type))
		return false; /* E068 */
	if (leat_param_parse(p, w->secret, s->b->params, &s->pl->plan->arena, &e) == 0)
		return true;
	leat_plan_error(s->pl, 40, w->value_at, "this secret cannot be a value of '%s='", p->name);
	return false;
}

/* Binds word w to row p. */
static void set(struct binder *s, const struct leat_param *p, const struct leat_word *w)
{
	size_t row = (size_t)(p - s->b->table);
	if (p->flags & LEAT_PENDING_OPT) {
		leat_plan_not_built(s->pl, w->span, "'%s=' of '%s'", p->name, s->b->owner);
		s->ok = false;
		return;
	}
	if (s->b->given[row] && !takes_many(p->type)) {
		struct leat_diag *g = leat_plan_error(s->pl, 33, w->key_at, "'%s' is given twice", p->name);
		leat_plan_label(s->pl, g, "second time");
		leat_plan_second(g, s->b->given[row]->key_at, "first time");
		s->ok = false;
		return;
	}
	s->b->given[row] = w;
	if (w->secret) {
		s->ok = set_secret(s, p, w) && s->ok;
		return;
	}
	if (w->unknown || !leat_plan_value(s->pl, p, w, s->b->params))
		s->ok = false;
}

static bool holds_text(enum leat_ptype t)
{
	return t == LEAT_PT_TEMPLATE || t == LEAT_PT_PATH || t == LEAT_PT_FILE || t == LEAT_PT_TEXT;
}

/* "my great new images/{stem}.webp": the value that may have been meant, from the first of its words on. */
static void one_text(struct binder *s, struct leat_diag *g, const struct leat_word *from)
{
	struct leat_buf b = {0};
	const struct leat_word *end = s->b->words + s->b->n_words;
	for (const struct leat_word *w = from; w < end && !w->key && !w->unknown && w != s->b->skip; w++)
		leat_buf_addf(&b, "%s%s", w == from ? "" : " ", w->value);
	char quote = b.data && strpbrk(b.data, "\"\\") && !strchr(b.data, '\'') ? '\'' : '"';
	leat_plan_help(s->pl, g, "a value with spaces needs quotes: %c%s%c", quote, b.data ? b.data : "", quote);
	leat_buf_free(&b);
}

/* "fit=cover" in quotes is a value, not an option. */
static bool quoted_option(struct binder *s, struct leat_diag *g, const struct leat_word *w)
{
	size_t n = strcspn(w->value, "=");
	bool known = false;
	if (!w->quoted || w->value[n] != '=')
		return false;
	for (size_t i = 0; i < s->rows && !known; i++)
		known = strlen(s->b->table[i].name) == n && strncmp(s->b->table[i].name, w->value, n) == 0;
	if (known)
		leat_plan_label(s->pl, g, "write %s", w->value);
	return known;
}

/* E035. Where one text with blanks was meant, says how it is quoted. */
static void unexpected(struct binder *s, const struct leat_word *w, const struct leat_word *before)
{
	static const char *const count[] = {"no value", "one value", "two values", "three values"};
	size_t n = s->values < LEAT_LEN(count) ? s->values : LEAT_LEN(count) - 1;
	s->ok = false;
	if (s->overfull || s->b->damaged)
		return;
	s->overfull = true;
	struct leat_diag *g = leat_plan_error(s->pl, 35, w->span, "unexpected value '%s'", w->value);
	if (quoted_option(s, g, w))
		return;
	if (s->values < LEAT_LEN(count))
		leat_plan_label(s->pl, g, "'%s' takes %s", s->b->owner, count[n]);
	const struct leat_param *last = NULL;
	for (size_t i = 0; i < s->rows; i++)
		if (s->b->table[i].flags & LEAT_POSITIONAL)
			last = &s->b->table[i];
	if (last && before && holds_text(last->type))
		one_text(s, g, before);
}

/* "800 600" where one size was meant. Returns how many words it took, 0: it is none. */
static size_t split_size(struct binder *s, const struct leat_param *p, size_t at)
{
	const struct leat_binding *b = s->b;
	const struct leat_word *w[3] = {NULL};
	int used = 0;
	struct leat_value_error e = {0};
	for (size_t i = at, n = 0; i < b->n_words && n < 3 && !b->words[i].key; i++)
		if (&b->words[i] != b->skip)
			w[n++] = &b->words[i];
	if (p->type != LEAT_PT_PIXELS || !w[0] || !w[1] || w[0]->unknown || w[1]->unknown ||
	    !leat_pixels_split(w[0]->value, w[1]->value, w[2] ? w[2]->value : NULL, &used, &s->pl->plan->arena, &e))
		return 0;
	struct leat_span all = w[0]->span;
	if (used >= 2 && used <= 3 && w[used - 1] && w[used - 1]->span.text == all.text)
		all.end = w[used - 1]->span.end;
	struct leat_diag *g = leat_plan_error(s->pl, e.code, all, "%s", e.message);
	if (e.label)
		leat_plan_label(s->pl, g, "%s", e.label);
	s->b->given[p - b->table] = w[0];
	s->ok = false;
	return (size_t)used;
}

/* A value without a name. Returns how many words it took. */
static size_t positional(struct binder *s, size_t at, const struct leat_word *before)
{
	const struct leat_word *w = &s->b->words[at];
	const struct leat_param *p = next_row(s);
	if (!p) {
		unexpected(s, w, before);
		return 1;
	}
	s->values++;
	size_t used = split_size(s, p, at);
	if (used > 0)
		return used;
	set(s, p, w);
	return 1;
}

static void option(struct binder *s, const struct leat_word *w)
{
	const struct leat_param *p = leat_param_find(s->b->table, w->key);
	if (p) {
		set(s, p, w);
		return;
	}
	const struct leat_param *conditions = conditions_row(s);
	if (conditions) {
		set(s, conditions, w);
		return;
	}
	const struct leat_param *exec = s->b->steps ? leat_param_find(leat_exec_params, w->key) : NULL;
	if (exec) { /* with a value that belongs to other steps: its own message */
		struct leat_exec_opts none;
		s->ok = leat_plan_value(s->pl, exec, w, &none) && s->ok;
		return;
	}
	for (size_t i = 0; i < s->rows; i++)
		if (strcmp(s->b->table[i].name, w->key) == 0)
			s->b->given[i] = w; /* a value that was given a name: then it is not missing, too */
	leat_plan_unknown_option(s->pl, s->b, w);
	s->ok = false;
}

static void words(struct binder *s)
{
	const struct leat_binding *b = s->b;
	const struct leat_word *before = NULL;
	for (size_t i = 0; i < b->n_words;) {
		const struct leat_word *w = &b->words[i];
		if (w == b->skip || (b->steps && leat_plan_is_exec(w))) {
			i++;
		} else if (w->key) {
			option(s, w);
			i++;
		} else {
			i += positional(s, i, before);
			before = w;
		}
	}
}

static void missing(struct binder *s, const struct leat_param *p)
{
	struct leat_diag *g;
	s->ok = false;
	if (s->b->damaged)
		return;
	if (p->flags & LEAT_POSITIONAL)
		g = leat_plan_error(s->pl, 34, s->b->at, "'%s' needs a value: %s", s->b->owner, p->doc);
	else
		g = leat_plan_error(s->pl, 34, s->b->at, "'%s' needs %s=: %s", s->b->owner, p->name, p->doc);
	if (s->b->example)
		leat_plan_help(s->pl, g, "for example: %s", s->b->example);
}

static void rest(struct binder *s)
{
	for (size_t i = 0; i < s->rows; i++) {
		const struct leat_param *p = &s->b->table[i];
		if (s->b->given[i])
			continue;
		if (p->flags & LEAT_REQUIRED)
			missing(s, p);
		else if (!leat_plan_default(s->pl, p, s->b->params))
			s->ok = false;
	}
}

static void together(struct binder *s)
{
	const struct leat_param *which = NULL;
	struct leat_err err = {0};
	if (!s->ok)
		return;
	int ok = s->b->check ? s->b->check(s->b->params, &which, &err) : 0;
	if (ok == 0 && s->b->check_kind && s->b->kind)
		ok = s->b->check_kind(s->b->params, s->b->kind, &which, &err);
	if (ok == 0)
		return;
	const struct leat_word *w = which ? s->b->given[which - s->b->table] : NULL;
	struct leat_diag *g = leat_plan_refused(s->pl, w ? w->span : s->b->at, &err);
	if (s->b->example)
		leat_plan_help(s->pl, g, "for example: %s", s->b->example);
	s->ok = false;
}

bool leat_plan_bind(struct leat_planner *pl, struct leat_binding *b)
{
	struct binder s = {.pl = pl, .b = b, .rows = leat_param_count(b->table), .ok = true};
	b->params = leat_plan_alloc(pl, 1, b->size);
	b->given = leat_plan_alloc(pl, s.rows, sizeof *b->given);
	if (!b->params || !b->given)
		return false;
	if (b->op)
		leat_op_preset(b->op, b->params);
	words(&s);
	rest(&s);
	together(&s);
	return s.ok;
}

const struct leat_word *leat_plan_given(const struct leat_param *table, const struct leat_word *const *given,
					const char *name)
{
	size_t n = leat_param_count(table);
	for (size_t i = 0; given && i < n; i++)
		if (strcmp(table[i].name, name) == 0)
			return given[i];
	return NULL;
}
