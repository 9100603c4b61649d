/* SPDX-License-Identifier: MIT */
/*
 * The identity of the work: what makes the outputs of an item what they are, besides its own bytes. Two recipes that
 * differ in layout, order of options, written defaults, or in where and how fast their steps run have the same.
 */
#ifndef LEAT_RUN_IDENTITY_H
#define LEAT_RUN_IDENTITY_H

#include "core/known.h"
#include "plan/plan.h"

/*
 * Of a plan that was made without knowing the inputs, so that other inputs change nothing. Reads the files that options
 * name. -1 with *err when one cannot be read, or memory is out.
 */
int leat_identity_make(struct leat_identity *id, const struct leat_plan *p, struct leat_err *err);

/* Of the work on one input: with the version of the format that its name says, and its place where names use that. */
void leat_identity_of(const struct leat_identity *id, const struct leat_registry *r, const struct leat_entry *e,
		      uint8_t out[static LEAT_HASH]);

/* Made that of a failed item: a failure may come of how and where steps ran, and of any part of this leat. */
void leat_identity_failed(uint8_t work[static LEAT_HASH], const char *recipe);

/*
 * What results of reductions are made of: the inputs but those marked in left_out (one byte each), by path and content.
 */
void leat_known_members(const struct leat_known *k, const struct leat_listing *in, const uint8_t *left_out,
			uint8_t out[static LEAT_HASH]);

#endif
