/* SPDX-License-Identifier: MIT */
/* Help that no table can make: the prose. */
#ifndef LEAT_GEN_PAGES_H
#define LEAT_GEN_PAGES_H

#include "core/param.h"

extern const char leat_page_intro[]; /* above the list of commands */
extern const char leat_page_topics[]; /* below it */
extern const char leat_page_fields[]; /* how a field is formatted */

extern const char leat_page_language[]; /* page_language.c */
extern const char leat_page_words[]; /* how a recipe is cut into words */

/* Topics that are prose, some with the rows of a table; ends with a NULL topic. text NULL: made elsewhere. */
extern const struct leat_page {
	const char *topic, *text;
	const struct leat_param *params; /* rows behind the text, or NULL */
	const char *notes; /* behind the rows, or NULL */
} leat_pages[];

/* The page of a topic, or NULL. */
const struct leat_page *leat_page_named(const char *topic);

#endif
