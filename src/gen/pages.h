/* SPDX-License-Identifier: MIT */
/* Help that no table can make: the prose. */
#ifndef LEAT_GEN_PAGES_H
#define LEAT_GEN_PAGES_H

extern const char leat_page_intro[]; /* above the list of commands */
extern const char leat_page_topics[]; /* below it */
extern const char leat_page_fields[]; /* how a field is formatted */

/* Topics that are prose only; ends with a NULL topic. */
extern const struct leat_page {
	const char *topic, *text;
} leat_pages[];

#endif
