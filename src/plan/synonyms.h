/* SPDX-License-Identifier: MIT */
/* Names of other tools for what leat calls otherwise (language 8.3). */
#ifndef LEAT_PLAN_SYNONYMS_H
#define LEAT_PLAN_SYNONYMS_H

struct leat_synonym {
	const char *word, *meant; /* of a step perhaps with a value: "resize 320x320"; "*" is the statement's first */
};

enum leat_synonym_kind { LEAT_SYN_STEP, LEAT_SYN_OPTION, LEAT_SYN_FIELD };

/*
 * The first meaning of a word, then the next behind `after`; NULL: no more. A word may mean several things: the first
 * that is legal where it stands is the one to propose. Case does not count, nor '_' against '-'.
 */
const struct leat_synonym *leat_synonym_next(enum leat_synonym_kind kind, const char *word,
					     const struct leat_synonym *after);

#endif
