/* SPDX-License-Identifier: MIT */
/* The manual pages in troff. */
#ifndef LEAT_GEN_MANUAL_H
#define LEAT_GEN_MANUAL_H

#include "registry/registry.h"

/* leat(1): the command line. Appended. */
void leat_gen_manual(struct leat_buf *out);
/* leat-language(5): recipes, with all steps, types, fields and codes. Appended. */
void leat_gen_manual_language(const struct leat_registry *r, struct leat_buf *out);

#endif
