/* SPDX-License-Identifier: MIT */
/* What can be asked of stats: parameters, names of fields, and which of them go with images and which with arrays. */
#include "base/mem.h"
#include "ops/array/lines.h"
#include "ops/measure/stats.h"
#include "ops/rows.h"

#include <stdio.h>

static const char *const pers[] = {"image", "channel", "page", "all", "column", NULL};
static const char *const nans[] = {"omit", "propagate", NULL};

const struct leat_param leat_stats_params[] = {
	LEAT_P(struct leat_stats, fields, struct leat_strs, LEAT_PT_WORDS, "fields", "min,max,mean,std", 0,
	       "what to measure: min max mean std sum median p01 ... p99; of images entropy saturated dominant; of "
	       "arrays "
	       "and tables rows cols size norm2 nan_count"),
	LEAT_P_CHOICE(struct leat_stats, per, "per", "image", pers, 0,
		      "what is measured by itself; channel adds _0 _1 ... to the names, alpha last; column the name or "
		      "number of each column; of an array image means all"),
	LEAT_P_CHOICE(struct leat_stats, nan, "nan", "omit", nans, 0,
		      "what a missing number does to a result; of images only float samples can be missing"),
	LEAT_P_END,
};

enum { I = LEAT_IMAGE, A = LEAT_ARRAY | LEAT_TABLE };

/* In the order of enum leat_stats_what. */
static const struct leat_stats_measure measures[] = {
	{LEAT_STATS_MIN, "min", I | A, LEAT_V_INT, LEAT_V_REAL, "smallest sample or number"},
	{LEAT_STATS_MAX, "max", I | A, LEAT_V_INT, LEAT_V_REAL, "largest sample or number"},
	{LEAT_STATS_MEAN, "mean", I | A, LEAT_V_REAL, LEAT_V_REAL, "mean of the samples or numbers"},
	{LEAT_STATS_STD, "std", I | A, LEAT_V_REAL, LEAT_V_REAL, "their standard deviation, of the population"},
	{LEAT_STATS_SUM, "sum", I | A, LEAT_V_INT, LEAT_V_REAL, "sum of the samples or numbers"},
	{LEAT_STATS_MEDIAN, "median", I | A, LEAT_V_REAL, LEAT_V_REAL, "median of the samples or numbers"},
	{LEAT_STATS_ENTROPY, "entropy", I, LEAT_V_REAL, LEAT_V_NONE, "entropy of the levels in bits"},
	{LEAT_STATS_SATURATED, "saturated", I, LEAT_V_REAL, LEAT_V_NONE, "percentage of samples at full range"},
	{LEAT_STATS_DOMINANT, "dominant", I, LEAT_V_TEXT, LEAT_V_NONE, "the most frequent color"},
	{LEAT_STATS_ROWS, "rows", A, LEAT_V_NONE, LEAT_V_INT, "size of the first dimension"},
	{LEAT_STATS_COLS, "cols", A, LEAT_V_NONE, LEAT_V_INT, "size of the second dimension, 1 where there is none"},
	{LEAT_STATS_SIZE, "size", A, LEAT_V_NONE, LEAT_V_INT, "count of all elements"},
	{LEAT_STATS_NORM2, "norm2", A, LEAT_V_NONE, LEAT_V_REAL, "root of the sum of the squares"},
	{LEAT_STATS_NAN_COUNT, "nan_count", A, LEAT_V_NONE, LEAT_V_INT, "count of missing numbers"},
	/* p01 ... p99: found by its form */
	{LEAT_STATS_PERCENTILE, "p", I | A, LEAT_V_REAL, LEAT_V_REAL, "percentile of the samples or numbers"},
};
static const struct leat_stats_measure *const percentile = &measures[LEAT_STATS_PERCENTILE];

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

const struct leat_stats_measure *leat_stats_find(const char *name)
{
	if (name[0] == 'p' && digit(name[1]) && digit(name[2]) && !name[3] && strcmp(name, "p00") != 0)
		return percentile;
	for (const struct leat_stats_measure *m = measures; m < percentile; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

double leat_stats_share(const char *name)
{
	return ((name[1] - '0') * 10 + name[2] - '0') / 100.0;
}

bool leat_stats_wants(const struct leat_stats *p, const char *name)
{
	for (size_t i = 0; i < p->fields.n; i++)
		if (strcmp(p->fields.v[i], name) == 0)
			return true;
	return false;
}

bool leat_stats_wants_levels(const struct leat_stats *p)
{
	for (size_t i = 0; i < p->fields.n; i++)
		if (leat_stats_find(p->fields.v[i]) == percentile)
			return true;
	return leat_stats_wants(p, "median");
}

static int check_name(const struct leat_stats *p, size_t at, struct leat_err *err)
{
	const char *name = p->fields.v[at];
	for (size_t i = 0; i < at; i++)
		if (strcmp(name, p->fields.v[i]) == 0)
			return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' stands twice in fields", name);
	if (leat_stats_find(name))
		return 0;
	return leat_fail(
		err, LEAT_CAUSE_USAGE,
		"'%s' is not a field of stats: min max mean std sum median p01 ... p99 entropy saturated dominant "
		"rows cols size norm2 nan_count",
		name);
}

int leat_stats_check(const void *params, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_stats *p = params;
	*which = &leat_stats_params[0];
	if (p->fields.n == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "fields is empty");
	for (size_t i = 0; i < p->fields.n; i++)
		if (check_name(p, i, err) < 0)
			return -1;
	if (p->per == LEAT_STATS_CHANNEL && leat_stats_wants(p, "dominant"))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'dominant' is a color of the whole image, write it without per=channel");
	*which = NULL;
	return 0;
}

int leat_stats_check_kind(const void *params, unsigned kind, const struct leat_param **which, struct leat_err *err)
{
	const struct leat_stats *p = params;
	bool image = kind == LEAT_IMAGE;
	*which = &leat_stats_params[0];
	for (size_t i = 0; i < p->fields.n; i++) {
		const struct leat_stats_measure *m = leat_stats_find(p->fields.v[i]);
		if (m && !(m->kinds & kind))
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 image ? "'%s' is measured on arrays and tables, and this is an image"
					       : "'%s' is measured on images, and this is numbers",
					 m->name);
	}
	*which = &leat_stats_params[1];
	if (image && p->per == LEAT_STATS_COLUMN)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "per=column is for arrays and tables; images know channel and page");
	if (!image && (p->per == LEAT_STATS_CHANNEL || p->per == LEAT_STATS_PAGE))
		return leat_fail(err, LEAT_CAUSE_USAGE, "per=%s is for images; arrays and tables know all and column",
				 pers[p->per]);
	*which = NULL;
	return 0;
}

int leat_stats_shape(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct leat_stats *p = params;
	const struct leat_param *which;
	*out = *in;
	if (leat_stats_check_kind(params, in->kind, &which, err) < 0)
		return -1;
	if (in->kind != LEAT_IMAGE)
		return leat_lines_check(&in->array, p->per == LEAT_STATS_COLUMN ? LEAT_PER_COLUMN : LEAT_PER_ALL, err);
	return 0;
}

bool leat_stats_paged(const void *params)
{
	return ((const struct leat_stats *)params)->per != LEAT_STATS_PAGE;
}

/* One array has one shape, however many columns. */
static bool once(const struct leat_stats_measure *m)
{
	return m->what == LEAT_STATS_ROWS || m->what == LEAT_STATS_COLS || m->what == LEAT_STATS_SIZE;
}

void leat_stats_fields(const void *params, unsigned kind, leat_field_fn *fn, void *ctx)
{
	const struct leat_stats *p = params;
	char name[16];
	if (p->per == LEAT_STATS_PAGE && (!kind || kind == LEAT_IMAGE))
		fn(ctx, "page", LEAT_V_INT, "the page of the row, the first is 0");
	for (size_t i = 0; i < p->fields.n; i++) {
		const struct leat_stats_measure *m = leat_stats_find(p->fields.v[i]);
		if (!m || (kind && !(m->kinds & kind)))
			continue;
		bool image = kind ? kind == LEAT_IMAGE : (m->kinds & LEAT_IMAGE) != 0;
		enum leat_vtype type = image ? m->of_image : m->of_array;
		for (int c = 0; c < 4 && p->per == LEAT_STATS_CHANNEL; c++) {
			snprintf(name, sizeof name, "%s_%d", p->fields.v[i], c);
			fn(ctx, name, type, m->doc);
		}
		snprintf(name, sizeof name, "%s%s", p->fields.v[i],
			 p->per == LEAT_STATS_COLUMN && !once(m) ? "_*" : "");
		if (p->per != LEAT_STATS_CHANNEL)
			fn(ctx, name, type, m->doc);
	}
}
