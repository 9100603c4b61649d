/* SPDX-License-Identifier: MIT */
/* The words of a statement into the struct of a parameter table. */
#ifndef LEAT_PLAN_BIND_H
#define LEAT_PLAN_BIND_H

#include "core/paramvalue.h"
#include "plan/planner.h"

struct leat_binding {
	const struct leat_param *table; /* NULL: no parameters */
	size_t size; /* of the struct */
	const struct leat_op *op; /* whose preset it begins as, or NULL */
	const char *name; /* of the statement: "encode" */
	const char *owner; /* as lists of its options call it: "encode webp" */
	const char *example; /* a line that works, or NULL */
	struct leat_span at; /* the name of the statement */
	const struct leat_word *words;
	size_t n_words;
	const struct leat_word *skip; /* not one of ours: the format of `encode` */
	bool steps; /* execution options are allowed, and bound elsewhere */
	bool damaged; /* words are missing: ask for none */
	int (*check)(const void *params, const struct leat_param **which, struct leat_err *err); /* or NULL */
	int (*check_kind)(const void *params, unsigned kind, const struct leat_param **which, struct leat_err *err);
	unsigned kind; /* for check_kind: what the step gets; 0 when it is not known */
	void *params; /* out: values with defaults, in the plan's arena; NULL only when memory is out */
	const struct leat_word **given; /* out: by row, the word that gave it, or NULL */
};

/* Binds; reports what is wrong. True when nothing was. */
bool leat_plan_bind(struct leat_planner *pl, struct leat_binding *b);

/*
 * A fix of the value of word w belongs where the value is written: with its variable, if it is nothing else; or
 * nowhere.
 */
void leat_plan_value_fix(struct leat_diag *g, const struct leat_word *w);

/* Row by name, or NULL; and the word that gave it, or NULL. */
const struct leat_word *leat_plan_given(const struct leat_param *table, const struct leat_word *const *given,
					const char *name);

/* One value into the field that row p describes (values.c). Reports what is wrong, at word w. */
bool leat_plan_value(struct leat_planner *pl, const struct leat_param *p, const struct leat_word *w, void *params);
/* The row's own default. */
bool leat_plan_default(struct leat_planner *pl, const struct leat_param *p, void *params);
/* Adds the condition that word w writes. */
bool leat_plan_condition(struct leat_planner *pl, const struct leat_word *w, struct leat_conditions *to);
/* "key=value", or the value. */
const char *leat_plan_word_text(struct leat_planner *pl, const struct leat_word *w);
void leat_plan_value_error(struct leat_planner *pl, const struct leat_word *w, const struct leat_value_error *e);

/* Execution options (core/execopts.h), execopts.c. */
/*
 * Is it one of them, by its name? order=c and order=f are not: they tell how the elements of an array lie in memory.
 */
bool leat_plan_is_exec(const struct leat_word *w);

/*
 * Another name for what is written `text` and stands at `absolute`, below facts->redirect: at the same place as
 * below the folder that it is relative to, an absolute one as below the root (redirect.c). In the plan's arena;
 * NULL when memory is out.
 */
const char *leat_plan_redirected(struct leat_planner *pl, const char *text, const char *absolute);

#endif
