/* SPDX-License-Identifier: MIT */
/* See operand.h. */
#include "ops/array/operand.h"

#include "ops/array/axis.h"

int leat_operand_open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	const struct leat_fileref *with = o->params;
	if (!o->array)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "the step has nothing that reads its file");
	struct leat_array *a = o->array(o, with->resource, err), *f = NULL;
	if (a && leat_real_check(&a->shape, err) == 0)
		f = leat_array_as(a, LEAT_DT_F8, false, err);
	leat_array_unref(&a);
	*state = f;
	return f ? 0 : -1;
}

void leat_operand_close(void *state)
{
	struct leat_array *a = state;
	leat_array_unref(&a);
}
