/* SPDX-License-Identifier: MIT */
/* The numbers of an array as lines. See lines.h. */
#include "ops/array/lines.h"

#include <string.h>

static const char *const words[] = {"all", "column", "row", "page", "channel"};

int leat_lines_check(const struct leat_array_shape *s, enum leat_per per, struct leat_err *err)
{
	char text[192];
	bool flat = per == LEAT_PER_COLUMN || per == LEAT_PER_ROW,
	     deep = per == LEAT_PER_PAGE || per == LEAT_PER_CHANNEL;
	if (leat_dtype_is_complex(s->dtype))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
				 leat_dtype_name(s->dtype));
	if (flat && (s->ndim < 1 || s->ndim > 2))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "per=%s is for one or two dimensions, not for the shape %s; the last axis of more is "
				 "per=channel, the first per=page",
				 words[per], leat_array_shape_text(s, text));
	if (deep && s->ndim < 3)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "per=%s is for three or more dimensions, not for the shape %s; write per=column or "
				 "per=row",
				 words[per], leat_array_shape_text(s, text));
	return 0;
}

/* One dimension is one column, and every number a row of its own. */
static size_t count_lines(const struct leat_array_shape *s, enum leat_per per)
{
	if (per == LEAT_PER_ALL || (per == LEAT_PER_COLUMN && s->ndim == 1))
		return 1;
	if (per == LEAT_PER_COLUMN || per == LEAT_PER_CHANNEL)
		return (size_t)s->dim[s->ndim - 1];
	return (size_t)s->dim[0];
}

int leat_lines_of(struct leat_lines *l, struct leat_array *a, enum leat_per per, struct leat_err *err)
{
	const struct leat_array_shape *s = &a->shape;
	*l = (struct leat_lines){0};
	if (leat_lines_check(s, per, err) < 0)
		return -1;
	l->from = leat_array_as(a, LEAT_DT_F8, s->fortran, err);
	if (!l->from)
		return -1;
	size_t n = (size_t)leat_array_count(s);
	bool last = per == LEAT_PER_COLUMN || per == LEAT_PER_CHANNEL;
	l->data = l->from->data;
	l->lines = count_lines(s, per);
	l->length = l->lines ? n / l->lines : 0;
	l->across = l->lines > 1 && last != s->fortran; /* in Fortran order the first axis is the packed one */
	return 0;
}

void leat_lines_free(struct leat_lines *l)
{
	leat_array_unref(&l->from);
	*l = (struct leat_lines){0};
}
