/* SPDX-License-Identifier: MIT */
/*
 * reduce: many items into one, one for each group that by= forms (the engine groups).
 *
 * Samples are taken as stored, alpha like any other channel, as NumPy would; the result has the depth, color
 * description and density of the first image. A mean is exact and rounded half up; of float samples it is the float
 * nearest to what float64 gives. All images must have one size, one kind, one depth and one profile. sum, std, var and
 * count make no image: to-array before the step does.
 *
 * Arrays become an array of their shape, number by number in float64 (count: int64), tables a table with their columns;
 * types may differ, shapes and columns may not. Items are added in input order, so that the bits do not depend on
 * who worked on them. The median keeps every item of a group until the last one came.
 */
#include "base/mem.h"
#include "ops/array/pixels.h"
#include "ops/item/fold.h"
#include "ops/item/middle.h"
#include "ops/item/pile.h"
#include "ops/rows.h"

struct reduce {
	int64_t how, ddof, nan, on_mismatch;
	struct leat_tmpl by;
};

enum { HOW_MEAN, HOW_SUM, HOW_MIN, HOW_MAX, HOW_MEDIAN, HOW_STD, HOW_VAR, HOW_COUNT };
enum { MISMATCH_FAIL, MISMATCH_SKIP };
enum { NAN_PROPAGATE, NAN_OMIT };

struct accumulator {
	const struct reduce *params;
	struct leat_fold fold; /* of images; its count of skipped ones is for all kinds */
	struct leat_pile pile; /* of arrays and tables, and of the samples of float images, whose shape `fold` has */
	struct leat_middle middle; /* of these the median: all of them */
};

static const char *const hows[] = {"mean", "sum", "min", "max", "median", "std", "var", "count", NULL};
static const char *const nans[] = {"propagate", "omit", NULL};
static const char *const mismatches[] = {"fail", "skip", NULL};

static const enum leat_pile_how piles[] = {
	[HOW_MEAN] = LEAT_PILE_MEAN,   [HOW_SUM] = LEAT_PILE_SUM, [HOW_MIN] = LEAT_PILE_MIN,
	[HOW_MAX] = LEAT_PILE_MAX,     [HOW_STD] = LEAT_PILE_STD, [HOW_VAR] = LEAT_PILE_VAR,
	[HOW_COUNT] = LEAT_PILE_COUNT,
};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct reduce, how, "how", NULL, hows, LEAT_POSITIONAL | LEAT_REQUIRED,
		      "what becomes of the samples or numbers at one place; images know mean, min and max"),
	LEAT_P(struct reduce, by, struct leat_tmpl, LEAT_PT_TEMPLATE, "by", NULL, 0,
	       "the groups: items with the same text make one result; all items when not given"),
	LEAT_P_INT(struct reduce, ddof, "ddof", "0", 0, INT32_MAX, NULL, 0,
		   "delta degrees of freedom of std and var: the divisor is the count less this"),
	LEAT_P_CHOICE(struct reduce, nan, "nan", "propagate", nans, 0,
		      "what a missing number does to a result; of images only float samples can be missing"),
	LEAT_P_CHOICE(
		struct reduce, on_mismatch, "on-mismatch", "fail", mismatches, 0,
		"what happens to an item of another shape than the first: it fails, or it is left out and counted as "
		"skipped"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct reduce *p = params_;
	*which = leat_param_find(params, "ddof");
	if (p->ddof != 0 && p->how != HOW_STD && p->how != HOW_VAR)
		return leat_fail(err, LEAT_CAUSE_USAGE, "ddof is for std and var, not for %s", hows[p->how]);
	*which = NULL;
	return 0;
}

static int check_kind(const void *params_, unsigned kind, const struct leat_param **which, struct leat_err *err)
{
	const struct reduce *p = params_;
	*which = &params[0];
	if (kind == LEAT_IMAGE && p->how != HOW_MEAN && p->how != HOW_MIN && p->how != HOW_MAX)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'reduce %s' makes no image of images, they know mean, min and max: write 'to-array' "
				 "before it",
				 hows[p->how]);
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct reduce *p = params_;
	*out = *in;
	if (in->kind == LEAT_ARRAY)
		out->array.dtype = p->how == HOW_COUNT ? LEAT_DT_I8 : LEAT_DT_F8;
	if (in->kind != LEAT_IMAGE && leat_dtype_is_complex(in->array.dtype))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
				 leat_dtype_name(in->array.dtype));
	return 0;
}

static void fields(const void *params_, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for all */
	const struct reduce *p = params_;
	fn(ctx, "count", LEAT_V_INT, "items in the result");
	if (p->on_mismatch == MISMATCH_SKIP)
		fn(ctx, "skipped", LEAT_V_INT, "items left out for their shape");
}

/* The accumulator takes about as much again as an image, four times it for a mean of bytes. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	const struct reduce *p = params_;
	(void)out; /* as in */
	if (in->kind != LEAT_IMAGE)
		return leat_pile_cost(piles[p->how], &in->array);
	if (in->image.sample == LEAT_F32) {
		struct leat_array_shape as = leat_pixels_shape(&in->image, false);
		return leat_size_add(leat_image_bytes(&in->image), leat_pile_cost(piles[p->how], &as));
	}
	size_t samples = leat_image_bytes(&in->image) / leat_sample_size(in->image.sample);
	return leat_size_mul(samples, p->how == HOW_MEAN ? sizeof(uint32_t) : leat_sample_size(in->image.sample));
}

static int init(const struct leat_op_open *o, void **acc, struct leat_err *err)
{
	struct accumulator *a = leat_zalloc(1, sizeof *a, err);
	if (!a)
		return -1;
	a->params = o->params;
	a->fold.how = a->params->how == HOW_MIN   ? LEAT_FOLD_MIN
		      : a->params->how == HOW_MAX ? LEAT_FOLD_MAX
						  : LEAT_FOLD_MEAN;
	a->pile = (struct leat_pile){
		.how = piles[a->params->how], .omit = a->params->nan == NAN_OMIT, .ddof = a->params->ddof};
	a->middle = (struct leat_middle){.row = {.stacks = true}, .omit = a->params->nan == NAN_OMIT};
	*acc = a;
	return 0;
}

/* A failure to fit becomes a skipped item where the step says so. Returns what the step returns. */
static int tolerate(struct accumulator *a, int ret, const struct leat_err *why, uint64_t items, struct leat_err *err)
{
	if (ret == 0)
		return 0;
	if (why->cause != LEAT_CAUSE_MISMATCH || a->params->on_mismatch != MISMATCH_SKIP)
		return leat_fail(err, why->cause, "%s", why->text);
	a->fold.skipped += items;
	return 0;
}

/* Float samples are added as the numbers of an array are. */
static int add_floats(struct accumulator *a, const struct leat_image *im, struct leat_err *err)
{
	struct leat_payload samples = {.kind = LEAT_ARRAY};
	if (leat_fold_fit(&a->fold, &im->shape, im->meta, err) < 0)
		return -1;
	samples.array = leat_pixels_array(im, false, err);
	int ok = samples.array ? leat_pile_add(&a->pile, &samples, err) : -1;
	leat_payload_clear(&samples);
	return ok;
}

static int add(void *acc, uint64_t seq, const struct leat_payload *in, const struct leat_view *v, struct leat_err *err)
{
	struct accumulator *a = acc;
	struct leat_err why = {0};
	(void)seq; /* they come in order */
	(void)v;
	if (a->params->how == HOW_MEDIAN)
		return tolerate(a, leat_middle_add(&a->middle, in, &why), &why, 1, err);
	if (in->kind != LEAT_IMAGE)
		return tolerate(a, leat_pile_add(&a->pile, in, &why), &why, 1, err);
	if (in->image->shape.sample == LEAT_F32)
		return tolerate(a, add_floats(a, in->image, &why), &why, 1, err);
	return tolerate(a, leat_fold_add(&a->fold, in->image, &why), &why, 1, err);
}

/* Images of `later` that fit this first one but not its own were left out there already. */
static int merge(void *acc, void *later, struct leat_err *err)
{
	struct accumulator *a = acc;
	struct leat_fold *b = &((struct accumulator *)later)->fold;
	struct leat_pile *pile = &((struct accumulator *)later)->pile;
	struct leat_middle *middle = &((struct accumulator *)later)->middle;
	struct leat_err why = {0};
	if (middle->row.n > 0) {
		size_t items = middle->row.n;
		a->fold.skipped += b->skipped;
		return tolerate(a, leat_middle_merge(&a->middle, middle, &why), &why, items, err);
	}
	if (pile->value) {
		if (b->meta && leat_fold_fit(&a->fold, &b->shape, b->meta, &why) < 0)
			return tolerate(a, -1, &why, pile->count + b->skipped, err);
		a->fold.skipped += b->skipped;
		return tolerate(a, leat_pile_merge(&a->pile, pile, &why), &why, pile->count, err);
	}
	return tolerate(a, leat_fold_merge(&a->fold, b, &why), &why, b->count + b->skipped, err);
}

/* The numbers of the pile as the float image that its items were. */
static int floats_result(const struct accumulator *a, struct leat_payload *out, struct leat_err *err)
{
	struct leat_payload numbers = {0};
	struct leat_image *im = leat_image_new(&a->fold.shape, a->fold.meta, err);
	int ok = im ? leat_pile_result(&a->pile, &numbers, err) : -1;
	size_t n = ok == 0 ? (size_t)a->fold.shape.width * a->fold.shape.channels : 0;
	const double *from = ok == 0 ? numbers.array->data : NULL;
	for (uint32_t y = 0; n && y < a->fold.shape.height; y++, from += n) {
		float *to = (void *)(im->pixels + y * im->stride);
		for (size_t i = 0; i < n; i++)
			to[i] = (float)from[i];
	}
	leat_payload_clear(&numbers);
	if (ok < 0)
		leat_image_unref(&im);
	else
		*out = (struct leat_payload){.kind = LEAT_IMAGE, .image = im};
	return ok;
}

static int finish(void *acc, struct leat_payload *out, struct leat_fields *f, struct leat_err *err)
{
	struct accumulator *a = acc;
	if (leat_fields_set_int(f, "count", (int64_t)(a->fold.count + a->pile.count + a->middle.row.n), err) < 0 ||
	    (a->params->on_mismatch == MISMATCH_SKIP &&
	     leat_fields_set_int(f, "skipped", (int64_t)a->fold.skipped, err) < 0))
		return -1;
	if (a->middle.row.n > 0)
		return leat_middle_result(&a->middle, out, err);
	if (a->pile.count > 0 && a->fold.meta)
		return floats_result(a, out, err);
	if (a->pile.count > 0)
		return leat_pile_result(&a->pile, out, err);
	if (a->fold.count == 0)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no item came to be reduced");
	struct leat_image *im = leat_fold_image(&a->fold, err);
	if (!im)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_IMAGE, .image = im};
	return 0;
}

static int save(const void *acc, struct leat_buf *out, struct leat_err *err)
{
	if (((const struct accumulator *)acc)->pile.count + ((const struct accumulator *)acc)->middle.row.n > 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "a reduction of arrays or float images cannot be saved yet");
	return leat_fold_save(&((const struct accumulator *)acc)->fold, out, err);
}

static int load(void *acc, const void *data, size_t n, struct leat_err *err)
{
	struct accumulator *a = acc;
	leat_fold_clear(&a->fold);
	return leat_fold_load(&a->fold, data, n, err);
}

/* Only the median needs all of them. */
static size_t keeps(const void *acc)
{
	return ((const struct accumulator *)acc)->middle.row.bytes;
}

static void release(void *acc)
{
	struct accumulator *a = acc;
	leat_fold_clear(&a->fold);
	leat_pile_clear(&a->pile);
	leat_middle_clear(&a->middle);
	free(a);
}

static const struct leat_reduction reduction = {
	.init = init,
	.add = add,
	.merge = merge,
	.finish = finish,
	.save = save,
	.load = load,
	.release = release,
	.keeps = keeps,
};

const struct leat_op leat_op_reduce = {
	.name = "reduce",
	.group = "item",
	.summary = "reduce many images, arrays or tables to one, place by place",
	.example = "reduce mean by={reldir}",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct reduce),
	.in = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_INLINE | LEAT_ON_THREADS,
	.check = check,
	.check_kind = check_kind,
	.shape = shape,
	.fields = fields,
	.cost = cost,
	.reduction = &reduction,
};
