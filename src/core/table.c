/* SPDX-License-Identifier: MIT */
/* Tables: see table.h. */
#include "core/table.h"

#include "base/mem.h"

#include <stdio.h>

static void release(struct leat_table *t)
{
	for (size_t i = 0; t->names && i < t->n_columns; i++)
		free(t->names[i]);
	free(t->names);
	leat_array_unref(&t->numbers);
	leat_texts_unref(&t->texts);
	free(t);
}

static int copy_names(struct leat_table *t, const char *const *names, struct leat_err *err)
{
	char number[24];
	t->names = leat_zalloc(t->n_columns ? t->n_columns : 1, sizeof *t->names, err);
	for (size_t i = 0; t->names && i < t->n_columns; i++) {
		(void)snprintf(number, sizeof number, "%zu", i); /* 20 digits at most */
		t->names[i] = leat_strdup(names ? names[i] : number, err);
		if (!t->names[i])
			return -1;
	}
	return t->names ? 0 : -1;
}

struct leat_table *leat_table_new(struct leat_array *numbers, const char *const *names, struct leat_err *err)
{
	const struct leat_array_shape *s = &numbers->shape;
	if (s->ndim != 2 || s->dtype != LEAT_DT_F8 || s->fortran) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "the numbers of a table are rows by columns of float64");
		return NULL;
	}
	struct leat_table *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return NULL;
	atomic_init(&t->refs, 1);
	t->rows = s->dim[0];
	t->n_columns = (size_t)s->dim[1];
	t->numbers = leat_array_ref(numbers);
	if (copy_names(t, names, err) < 0) {
		release(t);
		return NULL;
	}
	return t;
}

struct leat_table *leat_table_keep_texts(struct leat_table *t, const struct leat_table *from)
{
	if (t && !t->texts && t->rows == from->rows)
		t->texts = leat_texts_ref(from->texts);
	return t;
}

struct leat_table *leat_table_ref(struct leat_table *t)
{
	atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
	return t;
}

void leat_table_unref(struct leat_table **t)
{
	struct leat_table *old = *t;
	*t = NULL;
	if (old && atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) == 1)
		release(old);
}

size_t leat_table_bytes(const struct leat_table *t)
{
	size_t bytes = leat_texts_bytes(t->texts) + (t->numbers->mem ? t->numbers->mem->cap : 0);
	for (size_t i = 0; i < t->n_columns; i++)
		bytes += strlen(t->names[i]) + 1 + sizeof(char *);
	return bytes;
}
