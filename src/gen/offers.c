/* SPDX-License-Identifier: MIT */
/* The list of offers, and what may stand for a value. See offers.h. */
#include "gen/offers.h"

#include "core/paramvalue.h"
#include "core/stepfields.h"

#include <string.h>

void leat_offers_skip(struct leat_offers *o, size_t n)
{
	o->keep += n;
	o->word += n;
}

static bool is_there(const struct leat_offers *o, const char *name, size_t n)
{
	for (const char *line = o->lines.data; line && *line; line += strcspn(line, "\n") + 1)
		if (strncmp(line, name, n) == 0 && line[n] == '\t')
			return true;
	return false;
}

void leat_offer(struct leat_offers *o, const char *name, const char *tail, const char *doc)
{
	struct leat_buf whole = {0};
	leat_buf_addf(&whole, "%s%s", name, tail);
	if (whole.data && strncmp(whole.data, o->word, strlen(o->word)) == 0 && !is_there(o, whole.data, whole.len)) {
		leat_buf_addf(&o->lines, "%s\t", whole.data);
		for (const char *s = doc ? doc : ""; *s; s++)
			leat_buf_addc(&o->lines, *s == '\n' ? ' ' : *s);
		leat_buf_addc(&o->lines, '\n');
	}
	leat_buf_free(&whole);
}

/* ---- fields and variables */

struct fields {
	struct leat_offers *o;
	const char *open, *close;
};

static void offer_field(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	struct fields *f = ctx;
	struct leat_buf open = {0};
	(void)type;
	leat_buf_addf(&open, "%s%s", f->open, name);
	leat_offer(f->o, open.data ? open.data : "", f->close, doc);
	leat_buf_free(&open);
}

static void offer_listed(struct fields *f, const struct leat_stepfield *v)
{
	for (; v->name; v++)
		offer_field(f, v->name, v->type, v->doc);
}

/* What an op measures when nothing is asked for in particular. */
static void offer_measured(struct fields *f, const struct leat_op *op)
{
	struct leat_err ignored = {0};
	struct leat_arena arena = {0};
	void *defaults = op->fields ? leat_arena_alloc(&arena, op->params_size + 1) : NULL;
	if (defaults && leat_param_defaults(op->params, defaults, &arena, &ignored) == 0)
		op->fields(defaults, 0, offer_field, f);
	leat_arena_free(&arena);
}

static void offer_fields(struct leat_offers *o, const char *open, const char *close)
{
	struct fields f = {o, open, close};
	for (size_t i = 0; leat_item_fields[i]; i++)
		offer_field(&f, leat_item_fields[i], leat_item_field_types[i], leat_item_field_docs[i]);
	offer_listed(&f, leat_decoded_fields);
	offer_listed(&f, leat_written_fields);
	for (size_t i = 0; i < o->r->n_ops; i++)
		if (!o->r->ops[i]->hidden)
			offer_measured(&f, o->r->ops[i]);
}

bool leat_offer_references(struct leat_offers *o, const char *text)
{
	const char *brace = strrchr(o->word, '{'), *dollar = strrchr(o->word, '$');
	if (dollar && !strpbrk(dollar, " /.-}")) {
		bool braced = dollar[1] == '{';
		leat_offers_skip(o, (size_t)(dollar - o->word) + 1 + braced);
		leat_offer_variables(o, text, braced ? "}" : "");
		return true;
	}
	if (!brace || strpbrk(brace, "},:"))
		return false;
	leat_offers_skip(o, (size_t)(brace - o->word));
	offer_fields(o, "{", "}");
	return true;
}

/* ---- values */

/* Behind the last comma. */
static void to_last_entry(struct leat_offers *o)
{
	const char *comma = strrchr(o->word, ',');
	if (comma)
		leat_offers_skip(o, (size_t)(comma - o->word) + 1);
}

static void offer_words(struct leat_offers *o, const char *const *words, const char *dflt)
{
	for (; *words; words++)
		leat_offer(o, *words, "", dflt && strcmp(dflt, *words) == 0 ? "the default" : "");
}

/* The entries of a list that is the default. */
static void offer_entries(struct leat_offers *o, const char *list)
{
	size_t pos = 0, start, n;
	while (list && leat_list_next(list, &pos, &start, &n)) {
		struct leat_buf entry = {0};
		leat_buf_add(&entry, list + start, n);
		leat_offer(o, entry.data ? entry.data : "", "", "");
		leat_buf_free(&entry);
	}
}

void leat_offer_values(struct leat_offers *o, const struct leat_param *p, const char *text)
{
	static const char *const yes_no[] = {"yes", "no", NULL};
	if (*o->word == '"' || *o->word == '\'')
		leat_offers_skip(o, 1);
	if (leat_offer_references(o, text))
		return;
	if (p->type == LEAT_PT_FLAGS || p->type == LEAT_PT_FIELDS || p->type == LEAT_PT_WORDS)
		to_last_entry(o);
	if (p->choices)
		offer_words(o, p->choices, p->dflt);
	if (p->choices && p->type == LEAT_PT_FILE)
		o->files = "files";
	if (p->choices)
		return;
	if (p->type == LEAT_PT_SWITCH)
		offer_words(o, yes_no, p->dflt);
	else if (p->type == LEAT_PT_COLOR)
		offer_words(o, leat_color_names, p->dflt);
	else if (p->type == LEAT_PT_WORDS)
		offer_entries(o, p->dflt);
	else if (p->type == LEAT_PT_FIELDS || p->type == LEAT_PT_CONDITIONS)
		offer_fields(o, "", "");
	else if (p->type == LEAT_PT_PATH || p->type == LEAT_PT_FILE || p->type == LEAT_PT_PATTERNS ||
		 p->type == LEAT_PT_TEMPLATE || p->type == LEAT_PT_ARGS)
		o->files = "files";
	else if (p->dflt && *p->dflt)
		leat_offer(o, p->dflt, "", "the default");
}
