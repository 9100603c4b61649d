/* SPDX-License-Identifier: MIT */
/*
 * normalize: stretches what lies between two ends over a new range, linearly.
 *
 * range=A%..B% are percentiles (numpy.percentile, linear), range=A..B are values. to=full is the depth's range for
 * images and 0..1 for arrays; to=A..B are levels or values, to=A%..B% parts of full. clip=yes cuts what falls
 * outside; without it an image still ends at its depth. Images keep size, depth, alpha and profile, results are
 * rounded half up, and all color channels get one stretch unless per=channel; an image all of one level stays as it
 * is. Arrays become float64, tables keep their columns; NaN stays NaN; percentiles are those of the finite numbers;
 * where both ends are one number, it becomes the lower end of `to` and what is above it the upper one.
 */
#include "ops/array/normalize.h"

#include "base/mem.h"
#include "ops/array/lines.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

static const char *const pers[] = {"image", "channel", "page", "all", "column", "row", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct leat_normalize, range, struct leat_range, LEAT_PT_RANGE, "range", "0%..100%", 0,
	       "what is stretched: percentiles, or values"),
	LEAT_P_RANGE_OR(
		struct leat_normalize, to, "to", "full", "full",
		"the new range, in levels, values or percent of full, which is the depth's range for images and 0..1 "
		"for arrays"),
	LEAT_P_CHOICE(struct leat_normalize, per, "per", "image", pers, 0,
		      "what is stretched by itself; of arrays image means all, column and row are of one or two "
		      "dimensions, channel (last axis) and page (first axis) of more"),
	LEAT_P_SWITCH(struct leat_normalize, clip, "clip", "yes", 0, "whether what falls outside the new range is cut"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_normalize *p = params_;
	*which = &params[0];
	if (p->range.percent && (p->range.a < 0 || p->range.b > 1))
		return leat_fail(err, LEAT_CAUSE_USAGE, "percentiles lie between 0%% and 100%%");
	*which = &params[1];
	if (p->to.percent && (p->to.a < 0 || p->to.b > 1))
		return leat_fail(err, LEAT_CAUSE_USAGE, "to= in percent lies between 0%% and 100%%");
	*which = NULL;
	return 0;
}

static int check_kind(const void *params_, unsigned kind, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_normalize *p = params_;
	bool deep = p->per == LEAT_NORMALIZE_CHANNEL || p->per == LEAT_NORMALIZE_PAGE;
	*which = &params[2];
	if (kind == LEAT_IMAGE && (p->per == LEAT_NORMALIZE_COLUMN || p->per == LEAT_NORMALIZE_ROW))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "per=%s is for arrays and tables; images know image, channel and page", pers[p->per]);
	if (kind == LEAT_TABLE && deep)
		return leat_fail(err, LEAT_CAUSE_USAGE, "a table has no %ss; it knows all, column and row",
				 pers[p->per]);
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct leat_normalize *p = params_;
	struct leat_range to;
	*out = *in;
	if (in->kind != LEAT_IMAGE) {
		out->array.dtype = LEAT_DT_F8;
		return 0;
	}
	return in->image.sample == LEAT_F32 ? 0 : leat_normalize_levels(p, in->image.sample, &to, err);
}

/* per=page: each by itself. */
static bool paged(const void *params_)
{
	return ((const struct leat_normalize *)params_)->per != LEAT_NORMALIZE_PAGE;
}

/* Beside the result: for images counts and maps, for arrays the numbers as float64 and two more times to sort them. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	const struct leat_normalize *p = params_;
	bool sorts = p->range.percent && (p->range.a > 0 || p->range.b < 1);
	size_t samples = leat_image_bytes(&in->image); /* and of float ones 28 more bytes where they are sorted */
	if (in->kind == LEAT_IMAGE && in->image.sample == LEAT_F32)
		return leat_size_mul(samples, sorts ? 8 : 1);
	if (in->kind == LEAT_IMAGE)
		return leat_size_add(leat_image_bytes(&in->image), in->image.sample == LEAT_U8 ? 32 << 10 : 4 << 20);
	return leat_size_mul(leat_array_bytes(&out->array), sorts ? 3 : 1);
}

static struct leat_table *normalize_table(const struct leat_whole *w, const struct leat_table *t, struct leat_err *err)
{
	struct leat_array *numbers = leat_normalize_array(w->params, t->numbers, w->team, err);
	struct leat_table *result =
		numbers ? leat_table_new(numbers, (const char *const *)(const void *)t->names, err) : NULL;
	leat_array_unref(&numbers);
	return leat_table_keep_texts(result, t);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_payload result = {.kind = in->kind};
	if (in->kind == LEAT_IMAGE)
		result.image = leat_normalize_image(w->params, in->image, w->team, err);
	else if (in->kind == LEAT_TABLE)
		result.table = normalize_table(w, in->table, err);
	else
		result.array = leat_normalize_array(w->params, in->array, w->team, err);
	if (!result.image) /* all three share their place */
		return -1;
	*out = result;
	return 0;
}

const struct leat_op leat_op_normalize = {
	.name = "normalize",
	.group = "color",
	.summary = "stretch values over a range",
	.example = "normalize range=0.5%..99.5%",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct leat_normalize),
	.in = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.check = check,
	.check_kind = check_kind,
	.shape = shape,
	.paged = paged,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
