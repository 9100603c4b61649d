/* SPDX-License-Identifier: MIT */
/* What the parts of `leat tune` share: tune.c measures, tune_choices.c knows what can be set, tune_text.c tells. */
#ifndef LEAT_API_TUNE_H
#define LEAT_API_TUNE_H

#include "api/recipe.h"

enum { LEAT_TUNE_CHOICES = 64, LEAT_TUNE_ROUNDS = 5, LEAT_TUNE_STEPS = 32 };

enum leat_tune_part { LEAT_TUNE_READ, LEAT_TUNE_CPU, LEAT_TUNE_WRITE, LEAT_TUNE_PARTS };

/* A step whose on= and workers= can be set. */
struct leat_tune_step {
	enum leat_tune_part part;
	const char *address; /* for --opt */
	const char *line; /* its statement as written, without on= and workers= */
	struct leat_span span;
};

/* What is tried: for each part, or nothing (on NULL, workers 0) where it stays as it is. */
struct leat_tune_choice {
	struct leat_tune_setting {
		const char *on;
		int workers;
	} part[LEAT_TUNE_PARTS];
	double seconds[LEAT_TUNE_ROUNDS]; /* of the sample, without start-up */
	unsigned n;
	bool out; /* too slow to be measured again */
};

struct leat_tuner {
	struct leat_recipe *r;
	const struct leat_tune_options *o;
	struct leat_arena arena;
	char folder[4096]; /* results of one run */
	int64_t until_ns;
	uint64_t limit; /* items of a run, at most */
	uint64_t items; /* that the first full run had */
	const char *now; /* what the recipe says by itself: "auto", "as written" */
	struct leat_tune_step steps[LEAT_TUNE_STEPS];
	size_t n_steps;
	struct leat_tune_choice v[LEAT_TUNE_CHOICES]; /* the first is the recipe as it is */
	size_t n;
	struct leat_tune_choice calm, best; /* as it is, and the best, side by side at the end */
	bool loads; /* the step that computes first is the one that decodes */
	bool in_process; /* the best decodes without isolation */
	unsigned failed; /* items, in the first run */
};

/* Steps and choices, from the recipe as it is. 0, 2 with diagnostics, or 5 with *err. */
int leat_tune_find(struct leat_tuner *t, struct leat_err *err);
/* The recipe's --opt and those of a choice, NULL-terminated, in the arena; NULL when memory is out. */
char **leat_tune_opts(struct leat_tuner *t, const struct leat_tune_choice *c);
/* "read workers=4"; "as it is" */
void leat_tune_name(const struct leat_tune_choice *c, struct leat_buf *b);

double leat_tune_median(const struct leat_tune_choice *c); /* of what was measured; 0 for none */
void leat_tune_text(const struct leat_tuner *t, struct leat_buf *b);

#endif
