/* SPDX-License-Identifier: MIT */
/*
 * stats: numbers about the samples of an image, as fields; of arrays and tables see stats_array.c.
 *
 * Values are samples of the image's depth, exact: sums are whole numbers (of floats see stats_real.h), medians and
 * percentiles come from the histogram of all levels, interpolated as numpy.percentile does; std is the population's
 * (ddof=0). per=image takes all color channels together and leaves alpha out; per=channel counts alpha as the last
 * channel. entropy is in bits, of 8-bit levels: with per=image of the luminance, as sharp has it. dominant is the
 * middle of the fullest of 4096 equal cubes of colors, as in sharp; of equally full ones the darkest in red, then
 * green, then blue. saturated is the percentage of samples at full range. Colors are taken as stored, whatever the
 * profile.
 */
#include "base/mem.h"
#include "ops/measure/numbers.h"
#include "ops/measure/stats_pieces.h"
#include "ops/measure/stats_real.h"
#include "ops/rows.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

enum { SLOTS = 16 };

struct slot {
	atomic_flag busy;
	struct leat_tally *tally; /* made when first needed */
	uint8_t *narrow; /* a row of floats as 8 bit, likewise */
};

struct item {
	const struct leat_stats *params;
	int team;
	struct leat_payload kept; /* an array or a table */
	struct leat_stats_real *real; /* of float samples; what the slots count then is of them as 8 bit */
	bool counts; /* anything for the slots to do? */
	struct leat_tally_want want;
	struct slot slots[SLOTS];
};

static struct leat_tally_want want_of(const struct leat_stats *p, const struct leat_image_shape *s)
{
	bool entropy = leat_stats_wants(p, "entropy"), luminance = p->per != LEAT_STATS_CHANNEL && s->channels >= 3;
	struct leat_image_shape as = *s;
	as.sample = s->sample == LEAT_U16 ? LEAT_U16 : LEAT_U8;
	return (struct leat_tally_want){.shape = as,
					.fine = leat_stats_wants_levels(p),
					.coarse = entropy && !luminance,
					.colors = leat_stats_wants(p, "dominant")};
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	struct leat_tally_want w = want_of(params_, &in->image);
	(void)out; /* as in */
	if (in->kind != LEAT_IMAGE)
		return leat_stats_array_cost(params_, &in->array);
	size_t real = in->image.sample == LEAT_F32 ? leat_stats_real_cost(params_, &in->image) : 0;
	return leat_size_add(sizeof(struct item) + leat_tally_bytes(&w), real);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	struct leat_transfer *t = leat_zalloc(1, sizeof *t, err);
	if (!t || (leat_stats_wants(o->params, "entropy") && leat_transfer_make(t, LEAT_U8, err) < 0)) {
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
	const struct leat_stats *p = b->params;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->params = p;
	it->team = b->team > 1 ? b->team : 1;
	if (b->in->kind != LEAT_IMAGE) {
		*item = it;
		return 0;
	}
	bool floats = b->in->image.sample == LEAT_F32;
	if (floats && !(it->real = leat_stats_real_new(p, &b->in->image, err))) {
		free(it);
		return -1;
	}
	it->counts = !floats || leat_stats_wants(p, "entropy") || leat_stats_wants(p, "dominant");
	it->want = want_of(p, &b->in->image);
	if (leat_stats_wants(p, "entropy") && !it->want.coarse)
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

static int open_slot(const struct item *it, struct slot *s, struct leat_err *err)
{
	if (!s->tally)
		s->tally = leat_tally_new(&it->want, err);
	if (s->tally && it->real && !s->narrow)
		s->narrow = leat_zalloc(1, leat_row_bytes(&it->want.shape), err);
	return s->tally && (s->narrow || !it->real) ? 0 : -1;
}

/* A row of floats as `convert depth=8` makes it. */
static const uint8_t *narrowed(const struct item *it, struct slot *s, const void *row)
{
	const float *from = row;
	for (size_t i = 0, n = (size_t)it->want.shape.width * it->want.shape.channels; i < n; i++) {
		float v = from[i] > 0 ? (from[i] < 1 ? from[i] : 1) : 0; /* also what is no number */
		s->narrow[i] = (uint8_t)(int32_t)(v * 255 + 0.5f);
	}
	return s->narrow;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	struct item *it = item;
	(void)out; /* a measure */
	(void)scratch;
	for (uint32_t y = y0; it->real && y < y1; y++)
		leat_stats_real_row(it->real, (const void *)leat_row(in, y), y);
	if (!it->counts)
		return 0;
	struct slot *s = take_slot(it);
	int ret = open_slot(it, s, err);
	for (uint32_t y = y0; ret == 0 && y < y1; y++)
		leat_tally_row(s->tally, &it->want, it->real ? narrowed(it, s, leat_row(in, y)) : leat_row(in, y));
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
static int set_one(const struct leat_stats_measure *m, const char *name, const struct leat_group *g,
		   const struct leat_tally *t, struct leat_fields *f, struct leat_err *err)
{
	switch (m->what) {
	case LEAT_STATS_MIN:
		return leat_fields_set_int(f, name, (int64_t)g->m.min, err);
	case LEAT_STATS_MAX:
		return leat_fields_set_int(f, name, (int64_t)g->m.max, err);
	case LEAT_STATS_SUM:
		return leat_fields_set_int(f, name, (int64_t)g->m.sum, err);
	case LEAT_STATS_MEAN:
		return leat_fields_set_real(f, name, leat_group_mean(g), err);
	case LEAT_STATS_STD:
		return leat_fields_set_real(f, name, leat_group_std(g), err);
	case LEAT_STATS_MEDIAN:
		return leat_fields_set_real(f, name, leat_group_quantile(g, 0.5), err);
	case LEAT_STATS_ENTROPY:
		return leat_fields_set_real(f, name, leat_group_entropy(g), err);
	case LEAT_STATS_SATURATED:
		return leat_fields_set_real(f, name, 100.0 * (double)g->m.full / (double)g->n, err);
	case LEAT_STATS_DOMINANT:
		return set_dominant(t, f, err);
	default:
		return leat_fields_set_real(f, name, leat_group_quantile(g, leat_stats_share(name)), err);
	}
}

/* All wanted fields of one group. suffix: "" or "_0" ... */
static int set_group(const struct item *it, const struct leat_tally *t, const struct leat_group *g, const char *suffix,
		     struct leat_fields *f, struct leat_err *err)
{
	char name[16];
	for (size_t i = 0; i < it->params->fields.n; i++) {
		const struct leat_stats_measure *m = leat_stats_find(it->params->fields.v[i]);
		if (it->real && !leat_stats_of_levels(m->what))
			continue;
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

/* Arrays and tables go on as they are; what they hold is looked at in end(). */
static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct item *it = item;
	(void)err; /* nothing can fail */
	it->kept = leat_payload_ref(in);
	*out = leat_payload_ref(in);
	return 0;
}

static int end(void *item, struct leat_fields *f, struct leat_err *err)
{
	struct item *it = item;
	struct leat_tally *t = f ? join(it) : NULL;
	int ret = 0;
	if (f && it->kept.kind != LEAT_NONE)
		ret = leat_stats_array(it->params, &it->kept, it->team, f, err);
	if (f && it->params->per == LEAT_STATS_PAGE && it->kept.kind == LEAT_NONE)
		ret = leat_fields_set_int(f, "page", 0, err); /* where there are several, the report counts them */
	if (ret == 0 && f && it->real)
		ret = leat_stats_real_fields(it->real, it->team, f, err);
	if (ret == 0 && t)
		ret = it->params->per == LEAT_STATS_CHANNEL ? set_channels(it, t, f, err) : set_image(it, t, f, err);
	for (int i = 0; i < SLOTS; i++) {
		leat_tally_free(&it->slots[i].tally);
		free(it->slots[i].narrow);
	}
	leat_stats_real_free(&it->real);
	leat_payload_clear(&it->kept);
	free(it);
	return ret;
}

const struct leat_op leat_op_stats = {
	.name = "stats",
	.group = "measure",
	.summary = "measure the samples of an image, the numbers of an array or table",
	.example = "stats fields=mean,std per=channel",
	.version = 1,
	.params = leat_stats_params,
	.params_size = sizeof(struct leat_stats),
	.in = LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.measures = true,
	.check = leat_stats_check,
	.check_kind = leat_stats_check_kind,
	.shape = leat_stats_shape,
	.paged = leat_stats_paged,
	.fields = leat_stats_fields,
	.cost = cost,
	.open = open,
	.begin = begin,
	.rows = rows,
	.run = run,
	.end = end,
	.close = close,
	.fold = &leat_stats_fold,
};
