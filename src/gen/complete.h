/* SPDX-License-Identifier: MIT */
/* What the TAB key offers: one answer for all shells, from the tables that also check the command line and recipes. */
#ifndef LEAT_GEN_COMPLETE_H
#define LEAT_GEN_COMPLETE_H

#include "registry/registry.h"

/*
 * Completes the last of n words; words[0] is the command behind `leat`, quotes are removed. recipe: the text of the
 * recipe that the line names, or NULL. Appends a line "KEEP FILES" and one line "CANDIDATE<TAB>WHAT IT IS" for each:
 *
 *	KEEP   bytes of the last word that stay in front of every candidate
 *	FILES  what the shell shall offer besides, behind the same bytes: none, files, recipes (*.leat), folders
 *
 * Nothing is offered twice, and nothing that does not begin with what is there already.
 */
void leat_gen_complete(const struct leat_registry *r, const char *const *words, size_t n, const char *recipe,
		       struct leat_buf *out);

/* Which of the words is the file of the recipe; n when none is. */
size_t leat_gen_complete_file(const char *const *words, size_t n);

#endif
