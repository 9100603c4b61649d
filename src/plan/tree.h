/* SPDX-License-Identifier: MIT */
/* Statements become a tree of steps; what the language implies is put in between. */
#ifndef LEAT_PLAN_TREE_H
#define LEAT_PLAN_TREE_H

#include "plan/exec.h"

/* A line of the recipe up to some point: what it carries there. */
struct leat_line {
	const struct leat_scope *scope; /* NULL: main line */
	const char *branch; /* its name, "" on the main line */
	int at; /* the step whose result this is; -1: before the source */
	unsigned kind; /* LEAT_FILE ...; 0: not known because of an earlier error */
	const struct leat_codec *codec; /* FILE: of the encoder, where that is known */
	bool raw; /* FILE: as the source gave it */
	int loaded; /* an implied decode or parse that hangs at `at` and can be shared, or -1 */
	int wrote; /* the write beside the line right before this point, or -1 */
	int stage;
	bool sink, unknown; /* met on this line so far */
};

/* Builds all steps; reports what is wrong on the way (E024, E026 … E029, E051, E076 and the values). */
void leat_plan_tree(struct leat_planner *pl);
/* Tells the decoders which page an 'extract-page' behind them wants; refuses where one decode cannot do it. */
void leat_plan_pages(struct leat_planner *pl);

/* A new step behind l->at, which stays where it is. -1 when memory is out. */
int leat_plan_step(struct leat_planner *pl, const struct leat_line *l, enum leat_role role, const char *name,
		   const struct leat_stmt *st);

/* Implied steps (lower.c). Each returns the step's index, -1 when memory is out. */
/* [decode] or [parse], as `takes` and the extensions of the inputs say; those of `without` do not come here. */
int leat_plan_imply_loader(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, unsigned takes,
			   const struct leat_codec *without);
/*
 * Makes the line carry the loaded image or array where it still carries the source's bytes. The loader made for it,
 * or -1.
 */
int leat_plan_load(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st, unsigned takes);
/*
 * `write`: beside the line behind an image or an array, in it behind bytes; decoded and encoded where the extension
 * wants that.
 */
void leat_plan_write(struct leat_planner *pl, struct leat_line *l, const struct leat_stmt *st,
		     const struct leat_sink *k);

/* Kinds (kinds.c). */
/* The kinds, or 0 where they are both images and numbers: nobody knows yet. */
unsigned leat_plan_certain(unsigned kinds);
const char *leat_plan_kind_words(unsigned kinds); /* "an image", "the bytes of a file" */
void leat_plan_wrong_kind(struct leat_planner *pl, const struct leat_line *l, const struct leat_stmt *st,
			  unsigned takes);
/* The same where a name asks for a format: `.png` behind an array. */
void leat_plan_wrong_format(struct leat_planner *pl, int at, unsigned kind, const struct leat_word *w,
			    const struct leat_codec *c);
/* The kinds that the first step that matters among these takes; 0: it works on bytes. */
unsigned leat_plan_wants(const struct leat_planner *pl, const struct leat_stmt *st, size_t n);
/* E029: `parse` on images by their names, `decode` on numbers. */
void leat_plan_check_loader(struct leat_planner *pl, const struct leat_stmt *st, unsigned gives);

#endif
