/* SPDX-License-Identifier: MIT */
/* Names of outputs: their extensions, what differs from item to item, where they land. Fields: who provides which. */
#ifndef LEAT_PLAN_NAMES_H
#define LEAT_PLAN_NAMES_H

#include "plan/bind.h"

/*
 * The codec that a file name's literal extension asks for, or NULL. *ext: that extension without its dot, ""
 * when the name has none, NULL when a field makes it.
 */
const struct leat_codec *leat_plan_name_codec(struct leat_planner *pl, const struct leat_tmpl *t, const char **ext);
/* The positional template of a sink, or NULL. */
const struct leat_param *leat_plan_name_param(const struct leat_param *table);
/* `text` with `more` before its extension: "out/{stem}.webp" and "-$size" give "out/{stem}-$size.webp". */
const char *leat_plan_name_with(struct leat_planner *pl, const char *text, const char *more);
/* Of a format that this build can write, for examples: webp where it can, else the first that it has. */
const char *leat_plan_some_suffix(const struct leat_planner *pl);
/* `text` with another extension. */
const char *leat_plan_name_as(struct leat_planner *pl, const char *text, const char *ext);

/* The patterns that the source reads, or NULL; *given: the words, by row of its table. */
const struct leat_strs *leat_plan_patterns(const struct leat_planner *pl);
bool leat_plan_literal_source(const struct leat_planner *pl); /* one file, by the look of it */

/* How `write` treats the source's bytes under an extension that codec `want` stands for. */
enum leat_copying { LEAT_COPY, LEAT_RECODE, LEAT_BY_NAME };
enum leat_copying leat_plan_copying(const struct leat_planner *pl, const struct leat_codec *want, const char *ext);

/* What the files of the source hold, by their extensions, those of `without` (may be NULL) left out; 0: who knows. */
unsigned leat_plan_input_kinds(const struct leat_planner *pl, const struct leat_codec *without);

/* E076: behind an encoder the extension must be one of its own. */
void leat_plan_check_extension(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w,
			       const struct leat_codec *data, const struct leat_stmt *encoder);
/* E076: an image or an array and a name that tells no format. */
void leat_plan_no_format(struct leat_planner *pl, const struct leat_tmpl *t, const struct leat_word *w, const char *ext,
			 unsigned kind);

/* Once all steps are there: E054, W004 for every write (ends.c). */
void leat_plan_check_writes(struct leat_planner *pl);
void leat_plan_no_source(struct leat_planner *pl, const struct leat_stmt *st); /* E026 */
void leat_plan_late_source(struct leat_planner *pl, const struct leat_stmt *st); /* E027 */
void leat_plan_no_sink(struct leat_planner *pl, const struct leat_stmt *branch,
		       const struct leat_stmt *last); /* E028 */

/* Fields (fields.c): E051 for everything that step i reads; all names into plan->fields. */
void leat_plan_check_fields(struct leat_planner *pl, int i);
void leat_plan_collect_fields(struct leat_planner *pl);
bool leat_plan_always_there(const char *field); /* of every item, whatever was measured */

#endif
