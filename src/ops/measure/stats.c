/* SPDX-License-Identifier: MIT */
/*
 * stats: numbers about the samples of an image, as fields.
 *
 * Values are samples of the image's depth, exact: sums are whole numbers, medians and percentiles come from the
 * histogram of all levels, interpolated as numpy.percentile does; std is the population's (ddof=0). per=image
 * takes all color channels together and leaves alpha out; per=channel counts alpha as the last channel. entropy is
 * in bits, of 8-bit levels: with per=image of the luminance, as sharp has it. dominant is the middle of the
 * fullest of 4096 equal cubes of colors, as in sharp; of equally full ones the darkest in red, then green, then
 * blue. saturated is the percentage of samples at full range. Colors are taken as stored, whatever the profile.
 */
#include "base/mem.h"
#include "ops/measure/numbers.h"
#include "ops/rows.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

struct stats {
	struct leat_strs fields;
	int64_t per, nan;
};

enum { PER_IMAGE, PER_CHANNEL, PER_PAGE };
enum { SLOTS = 16 };

struct slot {
	atomic_flag busy;
	struct leat_tally *tally; /* made when first needed */
};

struct item {
	const struct stats *params;
	struct leat_tally_want want;
	struct slot slots[SLOTS];
};

static const char *const pers[] = {"image", "channel", "page", NULL};
static const char *const nans[] = {"omit", "propagate", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct stats, fields, struct leat_strs, LEAT_PT_WORDS, "fields", "min,max,mean,std", 0,
	       "what to measure: min max mean std sum median p01 ... p99 entropy saturated dominant"),
	LEAT_P_CHOICE(struct stats, per, "per", "image", pers, 0,
		      "what is measured by itself; channel adds _0 _1 ... to the names, alpha last"),
	LEAT_P_CHOICE(struct stats, nan, "nan", "omit", nans, 0,
		      "what a missing number does to a result; samples of images are never missing"),
	LEAT_P_END,
};

enum what { MIN, MAX, MEAN, STD, SUM, MEDIAN, ENTROPY, SATURATED, DOMINANT, PERCENTILE };

static const struct measure {
	const char *name;
	enum leat_vtype type;
	const char *doc;
} measures[] = {
	[MIN] = {"min", LEAT_V_INT, "smallest sample"},
	[MAX] = {"max", LEAT_V_INT, "largest sample"},
	[MEAN] = {"mean", LEAT_V_REAL, "mean of the samples"},
	[STD] = {"std", LEAT_V_REAL, "standard deviation of the samples"},
	[SUM] = {"sum", LEAT_V_INT, "sum of the samples"},
	[MEDIAN] = {"median", LEAT_V_REAL, "median of the samples"},
	[ENTROPY] = {"entropy", LEAT_V_REAL, "entropy of the levels in bits"},
	[SATURATED] = {"saturated", LEAT_V_REAL, "percentage of samples at full range"},
	[DOMINANT] = {"dominant", LEAT_V_TEXT, "the most frequent color"},
	[PERCENTILE] = {"p", LEAT_V_REAL, "percentile of the samples"}, /* p01 ... p99: found by its form */
};
static const struct measure *const percentile = &measures[PERCENTILE];

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct measure *find(const char *name)
{
	if (name[0] == 'p' && digit(name[1]) && digit(name[2]) && !name[3] && strcmp(name, "p00") != 0)
		return percentile;
	for (const struct measure *m = measures; m < percentile; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

static bool wants(const struct stats *p, const char *name)
{
	for (size_t i = 0; i < p->fields.n; i++)
		if (strcmp(p->fields.v[i], name) == 0)
			return true;
	return false;
}

static bool wants_levels(const struct stats *p)
{
	for (size_t i = 0; i < p->fields.n; i++)
		if (find(p->fields.v[i]) == percentile)
			return true;
	return wants(p, "median");
}

static int check_name(const struct stats *p, size_t at, struct leat_err *err)
{
	static const char *const of_arrays[] = {"rows", "cols", "size", "norm2", "nan_count"};
	const char *name = p->fields.v[at];
	for (size_t i = 0; i < LEAT_LEN(of_arrays); i++)
		if (strcmp(name, of_arrays[i]) == 0)
			return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
					 "'%s' is measured on arrays and tables, not built yet", name);
	for (size_t i = 0; i < at; i++)
		if (strcmp(name, p->fields.v[i]) == 0)
			return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' stands twice in fields", name);
	if (find(name))
		return 0;
	return leat_fail(
		err, LEAT_CAUSE_USAGE,
		"'%s' is not a field of stats: min max mean std sum median p01 ... p99 entropy saturated dominant",
		name);
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct stats *p = params_;
	*which = &params[0];
	if (p->fields.n == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "fields is empty");
	for (size_t i = 0; i < p->fields.n; i++)
		if (check_name(p, i, err) < 0)
			return -1;
	if (p->per == PER_CHANNEL && wants(p, "dominant"))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'dominant' is a color of the whole image, write it without per=channel");
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct stats *p = params_;
	*out = *in;
	if (p->per == PER_PAGE && in->image.pages > 1)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "per=page of %u pages is not built yet", in->image.pages);
	return leat_refuse_float("stats", &in->image, err);
}

static void fields(const void *params_, leat_field_fn *fn, void *ctx)
{
	const struct stats *p = params_;
	char name[16];
	for (size_t i = 0; i < p->fields.n; i++) {
		const struct measure *m = find(p->fields.v[i]);
		for (int c = 0; m && c < 4 && p->per == PER_CHANNEL; c++) {
			snprintf(name, sizeof name, "%s_%d", p->fields.v[i], c);
			fn(ctx, name, m->type, m->doc);
		}
		if (m && p->per != PER_CHANNEL)
			fn(ctx, p->fields.v[i], m->type, m->doc);
	}
}

static struct leat_tally_want want_of(const struct stats *p, const struct leat_image_shape *s)
{
	bool entropy = wants(p, "entropy"), luminance = p->per != PER_CHANNEL && s->channels >= 3;
	return (struct leat_tally_want){
		.shape = *s, .fine = wants_levels(p), .coarse = entropy && !luminance, .colors = wants(p, "dominant")};
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	struct leat_tally_want w = want_of(params_, &in->image);
	(void)out; /* as in */
	return sizeof(struct item) + leat_tally_bytes(&w);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	struct leat_transfer *t = leat_zalloc(1, sizeof *t, err);
	if (!t || (wants(o->params, "entropy") && leat_transfer_make(t, LEAT_U8, err) < 0)) {
		free(t);
		return -1;
	}
	*state = t;
	return 0;
}

static void close(void *state)
{
	leat_transfer_free(state);
	free(state);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct stats *p = b->params;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->params = p;
	it->want = want_of(p, &b->in->image);
	if (wants(p, "entropy") && !it->want.coarse)
		it->want.curve = b->state;
	for (int i = 0; i < SLOTS; i++)
		atomic_flag_clear(&it->slots[i].busy);
	*item = it;
	return 0;
}

/* A slot for oneself, released by clearing its flag. Waits only while SLOTS other calls are at work. */
static struct slot *take_slot(struct item *it)
{
	for (;;) {
		for (int i = 0; i < SLOTS; i++)
			if (!atomic_flag_test_and_set_explicit(&it->slots[i].busy, memory_order_acquire))
				return &it->slots[i];
		sched_yield();
	}
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	struct item *it = item;
	struct slot *s = take_slot(it);
	(void)out; /* a measure */
	(void)scratch;
	if (!s->tally)
		s->tally = leat_tally_new(&it->want, err);
	for (uint32_t y = y0; s->tally && y < y1; y++)
		leat_tally_row(s->tally, &it->want, leat_row(in, y));
	int ret = s->tally ? 0 : -1;
	atomic_flag_clear_explicit(&s->busy, memory_order_release);
	return ret;
}

/* All color channels in one group; their levels are summed into `levels`. */
static struct leat_group whole(const struct item *it, const struct leat_tally *t, uint64_t *levels, uint64_t *coarse)
{
	const struct leat_image_shape *s = &it->want.shape;
	unsigned colors = leat_colors(s);
	struct leat_group g = {.m = t->moments[0], .n = (uint64_t)s->width * s->height * colors};
	g.n_levels = s->sample == LEAT_U8 ? 256 : 65536;
	for (unsigned c = 1; c < colors; c++) {
		const struct leat_moments *m = &t->moments[c];
		g.m.min = m->min < g.m.min ? m->min : g.m.min;
		g.m.max = m->max > g.m.max ? m->max : g.m.max;
		g.m.full += m->full;
		g.m.sum += m->sum;
		g.m.squares += m->squares;
	}
	for (unsigned c = 0; c < colors && levels; c++)
		for (size_t i = 0; i < g.n_levels; i++)
			levels[i] += leat_tally_levels(t, &it->want, c)[i];
	for (int i = 0; i < 256; i++)
		coarse[i] = it->want.curve && colors == 3 ? t->luminance[i] : t->coarse[0][i];
	g.levels = levels;
	g.coarse = coarse;
	return g;
}

static int set_dominant(const struct leat_tally *t, struct leat_fields *f, struct leat_err *err)
{
	unsigned best = 0;
	char text[16];
	for (unsigned i = 1; i < LEAT_COLOR_BINS; i++)
		best = t->bins[i] > t->bins[best] ? i : best;
	snprintf(text, sizeof text, "#%02x%02x%02x", (best >> 8) * 16 + 8, (best >> 4 & 15) * 16 + 8,
		 (best & 15) * 16 + 8);
	return leat_fields_set_text(f, "dominant", text, 7, err);
}

/* name is the field's, with its suffix. */
static int set_one(const struct measure *m, const char *name, const struct leat_group *g, const struct leat_tally *t,
		   struct leat_fields *f, struct leat_err *err)
{
	switch ((enum what)(m - measures)) {
	case MIN:
		return leat_fields_set_int(f, name, (int64_t)g->m.min, err);
	case MAX:
		return leat_fields_set_int(f, name, (int64_t)g->m.max, err);
	case SUM:
		return leat_fields_set_int(f, name, (int64_t)g->m.sum, err);
	case MEAN:
		return leat_fields_set_real(f, name, leat_group_mean(g), err);
	case STD:
		return leat_fields_set_real(f, name, leat_group_std(g), err);
	case MEDIAN:
		return leat_fields_set_real(f, name, leat_group_quantile(g, 0.5), err);
	case ENTROPY:
		return leat_fields_set_real(f, name, leat_group_entropy(g), err);
	case SATURATED:
		return leat_fields_set_real(f, name, 100.0 * (double)g->m.full / (double)g->n, err);
	case DOMINANT:
		return set_dominant(t, f, err);
	case PERCENTILE:
		break;
	}
	return leat_fields_set_real(f, name, leat_group_quantile(g, ((name[1] - '0') * 10 + name[2] - '0') / 100.0),
				    err);
}

/* All wanted fields of one group. suffix: "" or "_0" ... */
static int set_group(const struct item *it, const struct leat_tally *t, const struct leat_group *g, const char *suffix,
		     struct leat_fields *f, struct leat_err *err)
{
	char name[16];
	for (size_t i = 0; i < it->params->fields.n; i++) {
		const struct measure *m = find(it->params->fields.v[i]);
		snprintf(name, sizeof name, "%s%s", it->params->fields.v[i], suffix);
		if (set_one(m, name, g, t, f, err) < 0)
			return -1;
	}
	return 0;
}

static int set_channels(const struct item *it, const struct leat_tally *t, struct leat_fields *f, struct leat_err *err)
{
	const struct leat_image_shape *s = &it->want.shape;
	char suffix[16];
	for (unsigned c = 0; c < s->channels; c++) {
		struct leat_group g = {.m = t->moments[c],
				       .n = (uint64_t)s->width * s->height,
				       .levels = leat_tally_levels(t, &it->want, c),
				       .n_levels = s->sample == LEAT_U8 ? 256 : 65536,
				       .coarse = t->coarse[c]};
		snprintf(suffix, sizeof suffix, "_%u", c);
		if (set_group(it, t, &g, suffix, f, err) < 0)
			return -1;
	}
	return 0;
}

static int set_image(const struct item *it, const struct leat_tally *t, struct leat_fields *f, struct leat_err *err)
{
	uint64_t coarse[256], *levels = NULL;
	if (it->want.fine && !(levels = leat_zalloc(65536, sizeof *levels, err)))
		return -1;
	struct leat_group g = whole(it, t, levels, coarse);
	int ret = set_group(it, t, &g, "", f, err);
	free(levels);
	return ret;
}

/* Adds all slots to the first that was used. NULL: no row came. */
static struct leat_tally *join(struct item *it)
{
	struct leat_tally *all = NULL;
	for (int i = 0; i < SLOTS; i++) {
		struct leat_tally *t = it->slots[i].tally;
		if (all && t)
			leat_tally_add(all, t, &it->want);
		all = all ? all : t;
	}
	if (all)
		leat_tally_close(all, &it->want);
	return all;
}

static int end(void *item, struct leat_fields *f, struct leat_err *err)
{
	struct item *it = item;
	struct leat_tally *t = f ? join(it) : NULL;
	int ret = 0;
	if (t)
		ret = it->params->per == PER_CHANNEL ? set_channels(it, t, f, err) : set_image(it, t, f, err);
	for (int i = 0; i < SLOTS; i++)
		leat_tally_free(&it->slots[i].tally);
	free(it);
	return ret;
}

const struct leat_op leat_op_stats = {
	.name = "stats",
	.group = "measure",
	.summary = "measure the samples of an image",
	.example = "stats fields=mean,std per=channel",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct stats),
	.in = LEAT_IMAGE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.measures = true,
	.check = check,
	.shape = shape,
	.fields = fields,
	.cost = cost,
	.open = open,
	.begin = begin,
	.rows = rows,
	.end = end,
	.close = close,
};
