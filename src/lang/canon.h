/* SPDX-License-Identifier: MIT */
/*
 * The canonical order of what is written: it changes nothing in the meaning, and makes programs comparable. Settings
 * come by kind, values before options, execution options last.
 */
#ifndef LEAT_LANG_CANON_H
#define LEAT_LANG_CANON_H

#include "lang/syntax.h"

/* Kinds of settings in their order. */
enum leat_canon_kind {
	LEAT_CANON_INCLUDE,
	LEAT_CANON_LET,
	LEAT_CANON_JOB,
	LEAT_CANON_SCHEDULE,
	LEAT_CANON_DEFAULTS,
	LEAT_CANON_EXPECT,
	LEAT_CANON_RECIPE,
};

struct leat_canon_setting {
	const struct leat_ast *a;
	enum leat_canon_kind kind;
	uint32_t group; /* an include that stands below a let or recipe may use it: it begins a new group */
	uint32_t first, index; /* as written: of the first `let` of this name, and its own */
};

/* The settings group by group and kind by kind, to be freed; NULL when memory is out. */
struct leat_canon_setting *leat_canon_settings(const struct leat_syntax *syntax, size_t *n);

enum leat_canon_class {
	LEAT_CANON_VALUE, /* positional; in a statement of conditions also KEY=VALUE, which is one */
	LEAT_CANON_OPTION, /* options of one name stand together, at the place of the first */
	LEAT_CANON_EXEC, /* in the order of leat_exec_params */
};

struct leat_canon_word {
	const struct leat_lex_word *w;
	enum leat_canon_class class;
};

/*
 * The words of a step, use, or setting of options (not of a recipe or branch, whose words stand in their order), to be
 * freed; NULL when memory is out. n_words of them.
 */
struct leat_canon_word *leat_canon_words(const struct leat_ast *a);

/* Is this the name of a statement whose positional values are conditions? */
bool leat_canon_is_condition(const char *name);

/* The row of leat_exec_params with this name, LEAT_EXEC_ROWS when there is none. */
size_t leat_canon_exec(const char *key, size_t n);

#endif
