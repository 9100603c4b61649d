/* SPDX-License-Identifier: MIT */
/* stats of float images. See stats_real.h. */
#include "ops/measure/stats_real.h"

#include "base/mem.h"
#include "ops/rows.h"

#include <stdio.h>

struct leat_stats_real {
	const struct leat_stats *p;
	struct leat_array *kept; /* (pixels, channels that are measured) */
	unsigned channels; /* of the image */
	uint32_t width;
};

bool leat_stats_of_levels(enum leat_stats_what what)
{
	return what == LEAT_STATS_ENTROPY || what == LEAT_STATS_DOMINANT;
}

static struct leat_array_shape kept_shape(const struct leat_stats *p, const struct leat_image_shape *s)
{
	unsigned channels = p->per == LEAT_STATS_CHANNEL ? s->channels : leat_colors(s);
	return (struct leat_array_shape){
		.dtype = LEAT_DT_F4, .ndim = 2, .dim = {(uint64_t)s->width * s->height, channels}};
}

size_t leat_stats_real_cost(const struct leat_stats *p, const struct leat_image_shape *s)
{
	struct leat_array_shape a = kept_shape(p, s);
	return leat_size_add(leat_array_bytes(&a), leat_stats_array_cost(p, &a));
}

struct leat_stats_real *leat_stats_real_new(const struct leat_stats *p, const struct leat_image_shape *s,
					    struct leat_err *err)
{
	struct leat_stats_real *r = leat_zalloc(1, sizeof *r, err);
	struct leat_array_shape a = kept_shape(p, s);
	if (!r)
		return NULL;
	*r = (struct leat_stats_real){.p = p, .channels = s->channels, .width = s->width};
	r->kept = leat_array_new(&a, err);
	if (!r->kept)
		leat_stats_real_free(&r);
	return r;
}

void leat_stats_real_row(struct leat_stats_real *r, const float *row, uint32_t y)
{
	size_t keep = (size_t)r->kept->shape.dim[1];
	float *to = (float *)r->kept->data + (size_t)y * r->width * keep;
	for (size_t x = 0; x < r->width; x++, row += r->channels)
		for (size_t c = 0; c < keep; c++)
			*to++ = row[c];
}

/* Percentage of samples at or beyond the full range, 1; of all channels (channel < 0) or of one. */
static double saturated(const struct leat_stats_real *r, int channel)
{
	size_t n = (size_t)r->kept->shape.dim[1], pixels = (size_t)r->kept->shape.dim[0], full = 0;
	const float *v = r->kept->data;
	for (size_t i = 0; i < pixels; i++)
		for (size_t c = 0; c < n; c++)
			full += (channel < 0 || c == (size_t)channel) && v[i * n + c] >= 1;
	return 100.0 * (double)full / ((double)pixels * (channel < 0 ? (double)n : 1));
}

static int set_saturated(const struct leat_stats_real *r, struct leat_fields *f, struct leat_err *err)
{
	int n = r->p->per == LEAT_STATS_CHANNEL ? (int)r->kept->shape.dim[1] : 0, ok = 0;
	char name[24];
	if (n == 0)
		return leat_fields_set_real(f, "saturated", saturated(r, -1), err);
	for (int c = 0; ok == 0 && c < n; c++) {
		(void)snprintf(name, sizeof name, "saturated_%d", c); /* always fits */
		ok = leat_fields_set_real(f, name, saturated(r, c), err);
	}
	return ok;
}

int leat_stats_real_fields(const struct leat_stats_real *r, int team, struct leat_fields *f, struct leat_err *err)
{
	struct leat_stats numbers = *r->p;
	struct leat_payload kept = {.kind = LEAT_ARRAY, .array = r->kept};
	const char **names = leat_zalloc(r->p->fields.n, sizeof *names, err);
	if (!names)
		return -1;
	numbers.per = r->p->per == LEAT_STATS_CHANNEL ? LEAT_STATS_COLUMN : LEAT_STATS_ALL;
	numbers.fields = (struct leat_strs){.v = names};
	bool full = false;
	for (size_t i = 0; i < r->p->fields.n; i++) {
		enum leat_stats_what what = leat_stats_find(r->p->fields.v[i])->what;
		full = full || what == LEAT_STATS_SATURATED;
		if (what != LEAT_STATS_SATURATED && !leat_stats_of_levels(what))
			names[numbers.fields.n++] = r->p->fields.v[i];
	}
	int ok = full ? set_saturated(r, f, err) : 0;
	if (ok == 0 && numbers.fields.n > 0)
		ok = leat_stats_array(&numbers, &kept, team, f, err);
	free(names);
	return ok;
}

void leat_stats_real_free(struct leat_stats_real **r)
{
	if (*r)
		leat_array_unref(&(*r)->kept);
	free(*r);
	*r = NULL;
}
