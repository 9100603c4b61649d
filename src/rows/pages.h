/* SPDX-License-Identifier: MIT */
/*
 * Images of several pages (page_height) and steps that know one: every page passes by itself. What the chain sees is
 * one step for all of them, whose item is one item of the step for each page. What a measure finds of page i becomes
 * the field NAME[i].
 */
#ifndef LEAT_ROWS_PAGES_H
#define LEAT_ROWS_PAGES_H

#include "core/op.h"

struct leat_paged;

/*
 * Begins the step for every page. b: as for the whole image; the metadata are what the first page makes of them. NULL
 * with *err. What is begun is ended with leat_paged_op()->end, which frees it, too.
 */
struct leat_paged *leat_paged_begin(const struct leat_op *op, const struct leat_op_begin *b, struct leat_err *err);
/* The step for all pages; good as long as p. Its item is p. */
const struct leat_op *leat_paged_op(const struct leat_paged *p);

#endif
