/* SPDX-License-Identifier: MIT */
/* What the files of completion share: the list of offers, and the statements of a text that is not finished yet. */
#ifndef LEAT_GEN_OFFERS_H
#define LEAT_GEN_OFFERS_H

#include "registry/registry.h"

struct leat_offers {
	const struct leat_registry *r;
	struct leat_buf lines;
	const char *word; /* the word to complete, from `keep` on: candidates begin with it */
	size_t keep;
	const char *files; /* "none", "files", "recipes", "folders" */
};

/* Moves the place where candidates begin n bytes forward. */
void leat_offers_skip(struct leat_offers *o, size_t n);
/* Adds name + tail when it begins with what is there and is not there yet; line ends in doc become blanks. */
void leat_offer(struct leat_offers *o, const char *name, const char *tail, const char *doc);
/* What may stand behind "name=": choices, yes and no, fields, the default. text: for its variables. */
void leat_offer_values(struct leat_offers *o, const struct leat_param *p, const char *text);
/* {field} when the word ends within braces, $name when it ends within a variable. False: it does neither. */
bool leat_offer_references(struct leat_offers *o, const char *text);

/* A word of a recipe as it stands there, quotes included. */
struct leat_piece {
	const char *s;
	size_t n;
};
enum { LEAT_PIECES = 64 };
struct leat_pieces {
	struct leat_piece v[LEAT_PIECES]; /* what is more is left out */
	size_t n;
	bool comment; /* the text ends within a comment */
};

/*
 * The next statement at *at, which moves behind it; false when there is none. The last one, which the end of the
 * text may have cut, always has a word: an empty one where a new word would begin.
 */
bool leat_next_statement(const char **at, struct leat_pieces *s);
bool leat_piece_is(const struct leat_piece *p, const char *word);

/* Inside a recipe: o->word is its text up to the cursor. */
void leat_offer_recipe(struct leat_offers *o);
/* STEP.KEY= for the steps of a text, which may be NULL. */
void leat_offer_step_options(struct leat_offers *o, const char *text);
/* Inside one statement; the last piece is the one to complete. text: what stands above. source: one came before. */
void leat_offer_statement(struct leat_offers *o, const struct leat_pieces *s, const char *text, bool source);
/* The names that a text gives by `keyword` (let, recipe), each with `tail`. text may be NULL. */
void leat_offer_names(struct leat_offers *o, const char *text, const char *keyword, const char *tail);
/* What `$` may stand before: those of let, of loops, and parameters of recipes. */
void leat_offer_variables(struct leat_offers *o, const char *text, const char *tail);

#endif
