/* SPDX-License-Identifier: MIT */
/* Kinds of data: their words, E029, and what a branch will want first. See tree.h. */
#include "plan/names.h"
#include "plan/tree.h"

unsigned leat_plan_certain(unsigned kinds)
{
	return (kinds & LEAT_IMAGE) && (kinds & (LEAT_ARRAY | LEAT_TABLE)) ? 0 : kinds;
}

const char *leat_plan_kind_words(unsigned kinds)
{
	if ((kinds & LEAT_IMAGE) && (kinds & (LEAT_ARRAY | LEAT_TABLE)))
		return "an image or a numeric array";
	if (kinds & LEAT_IMAGE)
		return "an image";
	if (kinds & LEAT_ARRAY)
		return "a numeric array";
	if (kinds & LEAT_TABLE)
		return "a table";
	return "the bytes of a file";
}

static const char *way_out(const char *step, unsigned takes, unsigned gets, bool raw)
{
	if (gets == LEAT_IMAGE && strcmp(step, "pad") == 0)
		return "'pad' is for arrays; images are enlarged by 'extend'";
	if (gets == LEAT_IMAGE && strcmp(step, "median") == 0)
		return "'median' makes one number of an array; the filter of an image is 'median-filter'";
	if (strcmp(step, "decode") == 0)
		return gets & LEAT_IMAGE ? "it is decoded already: remove this line"
					 : "'to-image' makes an image from a numeric array";
	if (strcmp(step, "parse") == 0 && (gets & (LEAT_ARRAY | LEAT_TABLE)))
		return "it is parsed already: remove this line";
	if ((takes & (LEAT_ARRAY | LEAT_TABLE)) && gets == LEAT_IMAGE)
		return "'parse' makes a numeric array from a CSV or NPY file; a decoded image has no table";
	if (takes & (LEAT_ARRAY | LEAT_TABLE))
		return "'parse' makes a numeric array from a CSV or NPY file";
	if (takes == LEAT_FILE)
		return "it works on the bytes of a file: move it above the decoding, or below 'encode'";
	if (gets == LEAT_FILE && !raw)
		return "the image is encoded already: move this step above 'encode'";
	return "'to-image' makes an image from a numeric array";
}

void leat_plan_wrong_kind(struct leat_planner *pl, const struct leat_line *l, const struct leat_stmt *st,
			  unsigned takes)
{
	struct leat_diag *g = leat_plan_error(pl, 29, st->name_at, "'%s' needs %s, but gets %s", st->name,
					      leat_plan_kind_words(takes), leat_plan_kind_words(l->kind));
	const struct leat_step *from = l->at >= 0 ? &pl->plan->steps[l->at] : NULL;
	if (from && !from->implied && pl->own->info[l->at].stmt)
		leat_plan_second(g, pl->own->info[l->at].stmt->name_at,
				 leat_diag_text(pl->d, "'%s' gives %s", from->name, leat_plan_kind_words(l->kind)));
	bool made = from && from->op && from->op->program; /* by a program: nobody encoded it here */
	leat_plan_help(pl, g, "%s",
		       made ? "what a program gives is bytes: write decode, or parse, in front of this step"
			    : way_out(st->name, takes, l->kind, l->raw));
}

void leat_plan_wrong_format(struct leat_planner *pl, int at, unsigned kind, const struct leat_word *w,
			    const struct leat_codec *c)
{
	const struct leat_step *from = &pl->plan->steps[at];
	struct leat_diag *g = leat_plan_error(pl, 29, w->value_at, "'.%s' needs %s, but gets %s", c->suffix,
					      leat_plan_kind_words(c->kinds), leat_plan_kind_words(kind));
	if (!from->implied)
		leat_plan_second(g, pl->own->info[at].stmt->name_at,
				 leat_diag_text(pl->d, "'%s' gives %s", from->name, leat_plan_kind_words(kind)));
	leat_plan_help(pl, g, "%s",
		       kind & LEAT_IMAGE ? "'to-array' makes a numeric array from an image"
					 : "'to-image' makes an image from a numeric array");
}

/* The kinds that `encode FORMAT` takes. */
static unsigned encoder_kinds(const struct leat_planner *pl, const struct leat_stmt *st)
{
	for (size_t i = 0; i < st->n_words; i++) {
		const struct leat_codec *c = st->words[i].key ? NULL : leat_registry_codec(pl->reg, st->words[i].value);
		if (c)
			return c->kinds;
	}
	return LEAT_IMAGE;
}

unsigned leat_plan_wants(const struct leat_planner *pl, const struct leat_stmt *st, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (st[i].kind == LEAT_BRANCH) {
			unsigned inside = leat_plan_wants(pl, st[i].body, st[i].n_body);
			if (inside)
				return inside;
			continue;
		}
		if (strcmp(st[i].name, "encode") == 0)
			return encoder_kinds(pl, &st[i]);
		const struct leat_sink *k = leat_registry_sink(pl->reg, st[i].name);
		const struct leat_op *op = leat_registry_op(pl->reg, st[i].name);
		if (op && op->in != LEAT_ANY)
			return op->in & LEAT_FILE ? 0 : op->in;
		if (!op && !(k && k->rows))
			return 0;
	}
	return 0;
}

void leat_plan_check_loader(struct leat_planner *pl, const struct leat_stmt *st, unsigned gives)
{
	unsigned kinds = leat_plan_input_kinds(pl, NULL);
	if (!kinds || (kinds & gives))
		return;
	struct leat_diag *g;
	if (gives & LEAT_IMAGE) {
		g = leat_plan_error(pl, 29, st->name_at, "'%s' reads images, but the inputs are files of numbers",
				    st->name);
		leat_plan_help(pl, g, "'parse' makes a numeric array from a CSV or NPY file");
		return;
	}
	g = leat_plan_error(pl, 29, st->name_at, "'%s' reads files of numbers, but the inputs are images", st->name);
	leat_plan_help(pl, g, "'decode' reads images");
}
