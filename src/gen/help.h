/* SPDX-License-Identifier: MIT */
/* Help pages from the tables that also check the recipes: they cannot disagree. */
#ifndef LEAT_GEN_HELP_H
#define LEAT_GEN_HELP_H

#include "registry/registry.h"

/*
 * Appends the page of `topic` (see leat_help in leat/leat.h). -1 with *err (USAGE, with the nearest topic) when
 * there is none.
 */
int leat_gen_help(const struct leat_registry *r, const char *topic, struct leat_buf *out, struct leat_err *err);

/* Appends one option's line of rows: name=, default, range, doc. Shared with the manual. */
void leat_gen_option(const struct leat_param *p, struct leat_buf *out);
/* "N", "number", "WxH", ...: what stands behind the '=' for people. Choices are "a|b|c". In `out`. */
void leat_gen_value(const struct leat_param *p, struct leat_buf *out);
/* "resize SIZE [fit=...]": the usage line without options: the step and its positional values. */
void leat_gen_usage(const char *name, const struct leat_param *params, struct leat_buf *out);

/* "--set NAME=VALUE", "--format ascii|dot", "--quiet": an option of a command. */
void leat_gen_command_option(const struct leat_param *p, struct leat_buf *out);

/* The words of `text` from column `left` on, where the line stands already, broken before `right`; ends the line. */
void leat_gen_wrap(const char *text, size_t left, size_t right, struct leat_buf *out);

/* Steps in help order: sources, decode, ops (hidden ones left out), encode, sinks. What is not there is NULL. */
struct leat_gen_step {
	const char *name, *group, *summary, *example;
	const struct leat_param *params;
	const struct leat_op *op;
	unsigned in, out, modes; /* kinds of data, LEAT_ON_* */
};
/* Step i, false past the last. */
bool leat_gen_step(const struct leat_registry *r, size_t i, struct leat_gen_step *s);
/* The fields that it provides with its default options. */
void leat_gen_step_fields(const struct leat_gen_step *s, leat_field_fn *fn, void *ctx);

#endif
