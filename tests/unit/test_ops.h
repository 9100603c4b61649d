/* SPDX-License-Identifier: MIT */
/* The dull parts of ops that only measure, for tests that need one of their own: no item, no rows, one field. */
#ifndef TESTS_TEST_OPS_H
#define TESTS_TEST_OPS_H

#include "core/op.h"

/* rows() of an op that does not look at pixels. */
static inline int test_op_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
			       void *scratch, struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)y0, (void)y1, (void)scratch, (void)err;
	return 0;
}

/* The members of an op that measures and is shown nowhere, but for its name, texts, begin, fields and end. */
#define TEST_OP_MEASURES                                                                                            \
	.group = "test", .version = 1, .in = LEAT_IMAGE, .out = LEAT_IMAGE, .modes = LEAT_ON_CPU, .measures = true, \
	.hidden = true, .shape = leat_shape_same, .rows = test_op_rows

/* fields() and end() of an op without an item that sets the whole number NAME to 1. */
#define TEST_OP_MARK(prefix, name, doc)                                                              \
	static void prefix##_fields(const void *params, unsigned kind, leat_field_fn *fn, void *ctx) \
	{                                                                                            \
		(void)params, (void)kind;                                                            \
		fn(ctx, name, LEAT_V_INT, doc);                                                      \
	}                                                                                            \
	static int prefix##_end(void *item, struct leat_fields *fields, struct leat_err *err)        \
	{                                                                                            \
		(void)item;                                                                          \
		return fields ? leat_fields_set_int(fields, name, 1, err) : 0;                       \
	}

#endif
