/* SPDX-License-Identifier: MIT */
/*
 * One written value and its parameter row: the value types of language 6.4. The caller knows where the
 * text stands; here are only the value, its type, and the words of the message when they do not go together.
 */
#ifndef LEAT_CORE_PARAMVALUE_H
#define LEAT_CORE_PARAMVALUE_H

#include "base/mem.h"
#include "core/param.h"

enum { LEAT_VALUE_HELPS = 3 };

/* What a diagnostic needs when a value is refused. Texts live in the arena or are static. */
struct leat_value_error {
	int code; /* 41 = E041; the codes are listed below */
	const char *message; /* "'insde' is not a value of fit" */
	const char *label; /* behind the carets: "did you mean 'inside'?"; NULL: none */
	const char *help[LEAT_VALUE_HELPS]; /* "fit is one of: ..."; unused ones are NULL */
	/* bytes of the value under the carets; the whole value unless one entry of a list is at fault */
	size_t at, end;
};
/*
 * Codes: E040 a list with blanks or an empty entry · E041 not one of the words of a choice, list of flags or
 * switch · E042 not a number · E043 out of range · E044 a percentage, rate, level or number of pixels without its
 * unit or with a wrong one · E045 not a size in bytes · E046 not a time or time of day · E047 not a size in
 * pixels · E048 not a color · E049 not a range.
 */

/*
 * Parses `value` into the field of `params` that row p describes. Types that need a folder or a place (PATH
 * FILE PATTERNS TEMPLATE CONDITIONS) are the plan's and are not handled here: see leat_param_parses. Lists and
 * texts come from the arena. 0; or -1 with *e filled and the field untouched. When memory is out: -1 and
 * e->code == 0. Pure; any thread.
 */
int leat_param_parse(const struct leat_param *p, const char *value, void *params, struct leat_arena *a,
		     struct leat_value_error *e);

/* Is the type one that leat_param_parse handles? */
bool leat_param_parses(enum leat_ptype type);

/*
 * Two positional values where row p (PIXELS) takes one: "800 600", "800 x 600". True when they look like one
 * size written with blanks; then *e has E047 "the size is one value" and the label "write 800x600" for carets
 * under all of them. third: the word after them, or NULL; *used = 2 or 3, how many words belong to it.
 */
bool leat_pixels_split(const char *first, const char *second, const char *third, int *used, struct leat_arena *a,
		       struct leat_value_error *e);

/*
 * The next entry of a comma list at *pos: its first byte in *start and its length in *n; *pos moves behind it.
 * Commas inside {} do not split. False at the end. An empty text has one empty entry; so has the place behind a
 * last comma. Begin with *pos = 0.
 */
bool leat_list_next(const char *value, size_t *pos, size_t *start, size_t *n);

/*
 * The choice among `choices` (NULL-terminated) meant by `word`: nearest by spelling, else a word of other tools
 * ("jpg" -> "jpeg"). NULL when there is no good guess.
 */
const char *leat_choice_guess(const char *word, const char *const *choices);

/*
 * The 20 color names and "transparent" in alphabetical order, NULL-terminated: aqua black blue cyan fuchsia
 * gray green lime magenta maroon navy olive orange pink purple red silver teal transparent white yellow (values
 * as in CSS).
 */
extern const char *const leat_color_names[];

/*
 * Sets the fields of `params` whose rows have a default and a type that leat_param_parse handles. -1 with *err
 * when one does not parse.
 */
int leat_param_defaults(const struct leat_param *table, void *params, struct leat_arena *a, struct leat_err *err);

#endif
