/* SPDX-License-Identifier: MIT */
/* What the steps fft, ifft, rfft and irfft share: parameters, shapes and the work. */
#ifndef LEAT_OPS_SIGNAL_TRANSFORM_H
#define LEAT_OPS_SIGNAL_TRANSFORM_H

#include "ops/array/whole.h"
#include "ops/signal/complex.h"

struct leat_transform {
	struct leat_optint n;
	int64_t axis, norm, gives;
};

extern const char *const leat_transform_norms[], *const leat_transform_gives[];

#define LEAT_TRANSFORM_ROWS                                                                                        \
	LEAT_P_OPTINT(struct leat_transform, n, "n", 1, INT64_C(1) << 31, NULL, 0,                                 \
		      "length: what is longer is cut, what is shorter gets zeros; that of the axis unless given"), \
		LEAT_P_INT(struct leat_transform, axis, "axis", "-1", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,  \
			   "axis along which it goes, negative from the last"),                                    \
		LEAT_P_CHOICE(struct leat_transform, norm, "norm", "backward", leat_transform_norms, 0,            \
			      "which way is divided by the length: backward, both by its root, or forward")
#define LEAT_TRANSFORM_GIVES                                                                     \
	LEAT_P_CHOICE(struct leat_transform, gives, "gives", "complex", leat_transform_gives, 0, \
		      "the numbers, their magnitudes, or the squares of these")

int leat_transform_shape(const struct leat_transform *p, enum leat_fft_way way, const struct leat_shape *in,
			 struct leat_shape *out, struct leat_err *err);
size_t leat_transform_cost(const struct leat_shape *in, const struct leat_shape *out);
int leat_transform_run(const struct leat_whole *w, enum leat_fft_way way, const struct leat_payload *in,
		       struct leat_payload *out, struct leat_err *err);

/* The functions of an op. */
#define LEAT_TRANSFORM_PARTS(WAY)                                                                                  \
	static int shape(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err) \
	{                                                                                                          \
		return leat_transform_shape(p, WAY, in, out, err);                                                 \
	}                                                                                                          \
	static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)               \
	{                                                                                                          \
		(void)p; /* the same for all */                                                                    \
		return leat_transform_cost(in, out);                                                               \
	}                                                                                                          \
	static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)  \
	{                                                                                                          \
		return leat_transform_run(item, WAY, in, out, err);                                                \
	}
#define LEAT_TRANSFORM_OP                                                                                \
	.group = "signal", .version = 1, .params = params, .params_size = sizeof(struct leat_transform), \
	LEAT_WHOLE_ROWS, .out = LEAT_ARRAY, .shape = shape, .cost = cost, .run = run

#endif
