/* SPDX-License-Identifier: MIT */
/* Kinds of data: their words, E029, and what a branch will want first. See tree.h. */
#include "plan/tree.h"

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
	if (strcmp(step, "decode") == 0)
		return "it is decoded already: remove this line";
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
	leat_plan_help(pl, g, "%s", way_out(st->name, takes, l->kind, l->raw));
}

bool leat_plan_wants_image(const struct leat_planner *pl, const struct leat_stmt *st, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (st[i].kind == LEAT_BRANCH) {
			if (leat_plan_wants_image(pl, st[i].body, st[i].n_body))
				return true;
			continue;
		}
		if (strcmp(st[i].name, "encode") == 0)
			return true;
		const struct leat_sink *k = leat_registry_sink(pl->reg, st[i].name);
		const struct leat_op *op = leat_registry_op(pl->reg, st[i].name);
		if (op && op->in != LEAT_ANY)
			return !(op->in & LEAT_FILE) && (op->in & LEAT_IMAGE);
		if (!op && !(k && k->rows))
			return false;
	}
	return false;
}
