/* SPDX-License-Identifier: MIT */
/* The JSON Schema (draft-07) of the JSON form of recipes (language 10), from the tables of the steps. */
#ifndef LEAT_GEN_SCHEMA_H
#define LEAT_GEN_SCHEMA_H

#include "registry/registry.h"

/*
 * Appends it, a line for every option. It accepts what the tables accept, as far as a text tells: names, choices, the
 * look of a value; ranges are said, not held. Where a value has a '$' it may be anything.
 */
void leat_gen_schema(const struct leat_registry *r, struct leat_buf *out);

/* One option as a schema, with name as its key: doc, range, default, and what may be written. */
void leat_gen_schema_value(struct leat_buf *b, const char *name, const struct leat_param *p);

/* The definitions of the value types, as members of the open object. */
void leat_gen_schema_types(struct leat_buf *b);

#endif
