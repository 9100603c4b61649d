/* SPDX-License-Identifier: MIT */
/* Help for programs. */
#ifndef LEAT_GEN_HELP_JSON_H
#define LEAT_GEN_HELP_JSON_H

#include "registry/registry.h"

/*
 * Appends one JSON object and a line break: everything (topic NULL: steps, formats, execution and job options, fields,
 * commands), one step, or one format ("encode png"). -1 with *err (USAGE) for any other topic.
 */
int leat_gen_help_json(const struct leat_registry *r, const char *topic, struct leat_buf *out, struct leat_err *err);

#endif
