/* SPDX-License-Identifier: MIT */
/* See results.h. */
#include "ops/fit/results.h"

#include "base/mem.h"

int leat_fit_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct leat_fit_item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->whole = (struct leat_whole){.params = b->params, .state = b->state, .team = b->team > 1 ? b->team : 1};
	*item = it;
	return 0;
}

int leat_fit_end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct leat_fit_item *it = item;
	int ok = 0;
	for (size_t i = 0; fields && ok == 0 && i < it->fields.n; i++)
		ok = leat_fields_set_real(fields, it->fields.v[i].name, it->fields.v[i].value.r, err);
	leat_fields_free(&it->fields);
	free(it);
	return ok;
}

int leat_fit_give(const double *v, size_t n, struct leat_payload *out, struct leat_err *err)
{
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 1, .dim = {n}};
	struct leat_array *a = leat_array_new(&s, err);
	if (a)
		memcpy(a->data, v, n * sizeof *v);
	return leat_whole_give(a, out);
}
