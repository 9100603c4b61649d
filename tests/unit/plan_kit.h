/* SPDX-License-Identifier: MIT */
/* Plans from made-up facts, for tests: a recipe as text, inputs by name, plans as one line of text. */
#ifndef LEAT_TESTS_PLAN_KIT_H
#define LEAT_TESTS_PLAN_KIT_H

#include "plan/plan.h"

enum { KIT_INPUTS = 64 };

struct plan_kit {
	const struct leat_registry *registry; /* NULL: the frozen one */
	struct leat_facts facts;
	struct leat_listing listing;
	struct leat_entry entries[KIT_INPUTS];
	struct leat_header headers[KIT_INPUTS];
	const char *extensions[KIT_INPUTS + 1];
	char text[KIT_INPUTS][3][128];
	struct leat_program *program;
	struct leat_diags diags;
	struct leat_plan *plan;
};

/* Four cores, 8 GiB, inputs not listed. */
void kit_init(struct plan_kit *k);
/* Lists one more input; name is relative to /srv/site, its {reldir} to `base`. */
void kit_input(struct plan_kit *k, const char *base, const char *name);
/* Probes all inputs listed so far: width, height, RGB, 8 bit. */
void kit_headers(struct plan_kit *k, uint32_t width, uint32_t height);
/* Parses and plans; an earlier plan is released. */
void kit_plan(struct plan_kit *k, const char *recipe);
void kit_free(struct plan_kit *k);

/* "read:- [decode]:0 resize:1": names and parents. In a buffer of the kit's that the next call of any of these uses. */
const char *kit_tree(struct plan_kit *k);
/* "read=0 [decode],resize,[encode png]=1 write=2": segments by their members and groups. */
const char *kit_segments(struct plan_kit *k);
/* "read:threads×4 cpu:threads×4 write:threads×2" */
const char *kit_groups(struct plan_kit *k);
/* All messages. */
const char *kit_messages(struct plan_kit *k);

#endif
