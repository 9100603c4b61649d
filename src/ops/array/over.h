/* SPDX-License-Identifier: MIT */
/*
 * Many numbers into one, over an axis or over all: what sum, mean, median and their like share. As in NumPy: integers
 * add up as int64 or uint64, with wrapping; means and what is made of them are float64 of integers, and of floats have
 * their type, but are calculated in float64; extremes keep the type. Where the result is one number it is also a
 * field of the item.
 */
#ifndef LEAT_OPS_ARRAY_OVER_H
#define LEAT_OPS_ARRAY_OVER_H

#include "ops/array/whole.h"

struct leat_over {
	double axis; /* NaN: all */
	bool keepdims;
	int64_t ddof, nan;
	const char *as;
	struct leat_numbers q; /* of percentile and quantile */
	int64_t method;
};

enum leat_over_how {
	LEAT_OVER_SUM,
	LEAT_OVER_PROD,
	LEAT_OVER_MEAN,
	LEAT_OVER_STD,
	LEAT_OVER_VAR,
	LEAT_OVER_MIN,
	LEAT_OVER_MAX,
	LEAT_OVER_PTP,
	LEAT_OVER_MEDIAN,
	LEAT_OVER_ARGMIN,
	LEAT_OVER_ARGMAX,
	LEAT_OVER_COUNT,
	LEAT_OVER_PERCENTILE, /* q of 0 to 100 */
	LEAT_OVER_QUANTILE, /* q of 0 to 1 */
};
enum { LEAT_OVER_PROPAGATE, LEAT_OVER_OMIT };
extern const char *const leat_over_nans[];

/* Rows of a parameter table whose struct is leat_over. */
#define LEAT_OVER_AXIS                                                                            \
	LEAT_P_REAL_OR(struct leat_over, axis, "axis", "all", "all",                              \
		       "axis that goes, counted from 0, negative from the last; or all numbers"), \
		LEAT_P_SWITCH(struct leat_over, keepdims, "keepdims", "no", 0, "leave the axis with one element")
#define LEAT_OVER_DDOF                                                         \
	LEAT_P_INT(struct leat_over, ddof, "ddof", "0", 0, INT32_MAX, NULL, 0, \
		   "delta degrees of freedom: the divisor is the count less this")
#define LEAT_OVER_NAN                                                               \
	LEAT_P_CHOICE(struct leat_over, nan, "nan", "propagate", leat_over_nans, 0, \
		      "what a missing number does: makes the result missing, or is left out")
#define LEAT_OVER_AS                                                            \
	LEAT_P(struct leat_over, as, const char *, LEAT_PT_TEXT, "as", NULL, 0, \
	       "name of the field where the result is one number; that of the step unless given")

/* The parts of such ops; name: of the step. params first row: axis. */
int leat_over_check(const struct leat_over *p, const struct leat_param *table, const struct leat_param **which,
		    struct leat_err *err);
int leat_over_shape(const struct leat_over *p, enum leat_over_how how, const struct leat_shape *in,
		    struct leat_shape *out, struct leat_err *err);
void leat_over_fields(const struct leat_over *p, const char *name, leat_field_fn *fn, void *ctx);
size_t leat_over_cost(const struct leat_over *p, enum leat_over_how how, const struct leat_shape *in);
int leat_over_begin(const struct leat_op_begin *b, void **item, struct leat_err *err);
int leat_over_run(void *item, enum leat_over_how how, const struct leat_payload *in, struct leat_payload *out,
		  struct leat_err *err);
int leat_over_end(void *item, const char *name, struct leat_fields *fields, struct leat_err *err);

/* The functions of an op: all that differs is how and the name. */
#define LEAT_OVER_PARTS(HOW, NAME)                                                                  \
	static int check_over(const void *p, const struct leat_param **which, struct leat_err *err) \
	{                                                                                           \
		return leat_over_check(p, params, which, err);                                      \
	}                                                                                           \
	LEAT_OVER_PARTS_OF(check_over, HOW, NAME)
/* The same with a check() of its own. */
#define LEAT_OVER_PARTS_OF(CHECK, HOW, NAME)                                                                       \
	static int check(const void *p, const struct leat_param **which, struct leat_err *err)                     \
	{                                                                                                          \
		return CHECK(p, which, err);                                                                       \
	}                                                                                                          \
	static int shape(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err) \
	{                                                                                                          \
		return leat_over_shape(p, HOW, in, out, err);                                                      \
	}                                                                                                          \
	static void fields(const void *p, unsigned kind, leat_field_fn *fn, void *ctx)                             \
	{                                                                                                          \
		(void)kind; /* the same for both */                                                                \
		leat_over_fields(p, NAME, fn, ctx);                                                                \
	}                                                                                                          \
	static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)               \
	{                                                                                                          \
		(void)out; /* small */                                                                             \
		return leat_over_cost(p, HOW, in);                                                                 \
	}                                                                                                          \
	static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)  \
	{                                                                                                          \
		return leat_over_run(item, HOW, in, out, err);                                                     \
	}                                                                                                          \
	static int end(void *item, struct leat_fields *f, struct leat_err *err)                                    \
	{                                                                                                          \
		return leat_over_end(item, NAME, f, err);                                                          \
	}

/* The rows of an op that are the same for all. */
#define LEAT_OVER_ROWS                                                                                          \
	.group = "reduction", .version = 1, .params = params, .params_size = sizeof(struct leat_over),          \
	.in = LEAT_ARRAY | LEAT_TABLE, .out = LEAT_ARRAY, .modes = LEAT_ON_CPU, .check = check, .shape = shape, \
	.fields = fields, .cost = cost, .begin = leat_over_begin, .run = run, .end = end

#endif
