/* SPDX-License-Identifier: MIT */
/*
 * astype: another type of elements. casting= says what may be lost, in NumPy's words: same-kind allows fewer bits, safe
 * nothing, unsafe also fractions. Other than NumPy, a number that the type cannot hold is never changed: the
 * item fails.
 */
#include "base/mem.h"
#include "ops/array/dtypes.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct astype {
	int64_t dtype, casting;
};

enum { SAME_KIND, SAFE, UNSAFE };

static const char *const castings[] = {"same-kind", "safe", "unsafe", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct astype, dtype, "dtype", NULL, leat_dtype_words, LEAT_POSITIONAL | LEAT_REQUIRED,
		      "type of the elements"),
	LEAT_P_CHOICE(struct astype, casting, "casting", "same-kind", castings, 0,
		      "what may be lost: precision, nothing, or fractions, too"),
	LEAT_P_END,
};

/* Truth values, unsigned, signed, floating, complex. */
static int kind_of(enum leat_dtype t)
{
	if (t == LEAT_DT_B1)
		return 0;
	if (t == LEAT_DT_U1 || t == LEAT_DT_U2 || t == LEAT_DT_U4 || t == LEAT_DT_U8)
		return 1;
	return leat_dtype_is_complex(t) ? 4 : leat_dtype_is_float(t) ? 3 : 2;
}

/* As numpy.can_cast(from, to, "safe"). */
static bool is_safe(enum leat_dtype from, enum leat_dtype to)
{
	int a = kind_of(from), b = kind_of(to);
	size_t na = leat_dtype_size(from), nb = leat_dtype_size(to);
	if (a == b)
		return na <= nb;
	if (a > b)
		return false;
	if (a == 0)
		return true;
	if (b == 2)
		return na < nb;
	if (b == 4)
		nb /= 2;
	if (a == 3)
		return na <= nb;
	return na < nb || nb == 8; /* integers in floats; NumPy takes those of 64 bits, too */
}

static bool allowed(int64_t casting, enum leat_dtype from, enum leat_dtype to)
{
	return casting == UNSAFE || is_safe(from, to) || (casting == SAME_KIND && kind_of(from) <= kind_of(to));
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct astype *p = params_;
	enum leat_dtype from = in->array.dtype, to = (enum leat_dtype)p->dtype;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.dtype = to;
	if (allowed(p->casting, from, to))
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s to %s is not %s%s", leat_dtype_name(from),
			 leat_dtype_name(to), p->casting == SAFE ? "safe" : "of the same kind",
			 p->casting == SAFE ? "" : " (casting=unsafe cuts fractions off)");
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct astype *p = w->params;
	struct leat_array *a = leat_payload_numbers(in);
	return leat_whole_give(leat_array_as(a, (enum leat_dtype)p->dtype, a->shape.fortran, err), out);
}

const struct leat_op leat_op_astype = {
	.name = "astype",
	.group = "array",
	.summary = "change the type of the elements",
	.example = "astype float32",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct astype),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
};
