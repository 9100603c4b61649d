/* SPDX-License-Identifier: MIT */
/* Finds the cheapest exact way from a profile to sRGB, and runs it over rows. See way.h. */
#include "ops/color/way.h"

#include "base/mem.h"
#include "ops/color/profile.h"

#include <math.h>

enum way { WAY_GRAY, WAY_MATRIX, WAY_LCMS };

struct leat_to_srgb {
	atomic_int refs;
	enum way way;
	uint8_t channels;
	enum leat_sample sample;
	const struct leat_transfer *curve; /* the worker's */
	float *table; /* GRAY: [max + 1] coded results; MATRIX: [3][max + 1] linear light of R, G, B samples */
	float matrix[9]; /* MATRIX: linear light of the profile -> linear light of sRGB, by rows */
	cmsHTRANSFORM transform; /* LCMS */
};

/*
 * The colors by which profiles are judged: a grid over the RGB cube and a finer row of grays, all of them whole
 * samples in 8 and 16 bit.
 */
enum { PROBE_SIDE = 6, PROBE_GRAYS = 52, PROBES = PROBE_SIDE * PROBE_SIDE * PROBE_SIDE + PROBE_GRAYS };

/*
 * Two colors at most this far apart, of 0..1, in the probes mean that the profile is sRGB; or that our way is
 * lcms2's.
 */
static const float same_color = 1.0f / 255, same_result = 0.1f / 255;

static const cmsUInt32Number base_flags = cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE;

static struct leat_to_srgb *new_way(enum way way, const struct leat_way_ask *q, struct leat_err *err)
{
	struct leat_to_srgb *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return NULL;
	atomic_init(&t->refs, 1);
	t->way = way;
	t->channels = q->shape->channels;
	t->sample = q->shape->sample;
	t->curve = q->curve;
	return t;
}

void leat_to_srgb_ref(struct leat_to_srgb *t)
{
	atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
}

void leat_to_srgb_unref(struct leat_to_srgb **t)
{
	struct leat_to_srgb *old = *t;
	*t = NULL;
	if (!old || atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (old->transform)
		cmsDeleteTransform(old->transform);
	free(old->table);
	free(old);
}

static float clamp01(float v)
{
	return v > 0 ? (v < 1 ? v : 1) : 0; /* NaN becomes 0 */
}

/* Asks lcms2, in float and stage by stage, for n colors of `in`. False when it can make no such transform. */
static bool reference(const struct leat_way_ask *q, cmsHPROFILE to, bool gray, const float *in, float *out, uint32_t n)
{
	cmsUInt32Number format = gray ? TYPE_GRAY_FLT : TYPE_RGB_FLT;
	cmsHTRANSFORM t = cmsCreateTransformTHR(q->ctx, q->from, format, to, format, INTENT_PERCEPTUAL,
						base_flags | cmsFLAGS_NOOPTIMIZE);
	if (!t)
		return false;
	cmsDoTransform(t, in, out, n);
	cmsDeleteTransform(t);
	for (uint32_t i = 0; i < n * (gray ? 1 : 3); i++)
		out[i] = clamp01(out[i]);
	return true;
}

static float largest_difference(const float *a, const float *b, size_t n)
{
	float most = 0;
	for (size_t i = 0; i < n; i++)
		most = fmaxf(most, fabsf(a[i] - b[i]));
	return most;
}

/* Fills table[levels] with coded results and tells whether they differ from the levels themselves. */
static bool gray_table(const struct leat_way_ask *q, cmsHPROFILE to, float *in, float *table, uint32_t levels)
{
	for (uint32_t i = 0; i < levels; i++)
		in[i] = (float)i / (float)(levels - 1);
	if (!reference(q, to, true, in, table, levels) || largest_difference(in, table, levels) <= same_color)
		return false;
	for (uint32_t i = 0; i < levels; i++)
		table[i] *= (float)(levels - 1);
	return true;
}

/* One table over all levels. *t stays NULL when nothing is to be done. */
static int find_gray(const struct leat_way_ask *q, struct leat_to_srgb **t, struct leat_err *err)
{
	uint32_t levels = q->curve->max + 1;
	float *in = leat_zalloc(levels, sizeof *in, err);
	struct leat_to_srgb *way = in ? new_way(WAY_GRAY, q, err) : NULL;
	cmsHPROFILE to = leat_profile_gray(q->ctx);
	if (way)
		way->table = leat_zalloc(levels, sizeof(float), err);
	int ret = 0;
	if (!way || !way->table || !to)
		ret = leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	else if (gray_table(q, to, in, way->table, levels)) {
		*t = way;
		way = NULL;
	}
	if (to)
		cmsCloseProfile(to);
	leat_to_srgb_unref(&way);
	free(in);
	return ret;
}

static void probe_colors(float (*rgb)[3])
{
	int n = 0;
	for (int r = 0; r < PROBE_SIDE; r++)
		for (int g = 0; g < PROBE_SIDE; g++)
			for (int b = 0; b < PROBE_SIDE; b++, n++) {
				rgb[n][0] = (float)r / (PROBE_SIDE - 1);
				rgb[n][1] = (float)g / (PROBE_SIDE - 1);
				rgb[n][2] = (float)b / (PROBE_SIDE - 1);
			}
	for (int i = 0; i < PROBE_GRAYS; i++, n++)
		rgb[n][0] = rgb[n][1] = rgb[n][2] = (float)i / (PROBE_GRAYS - 1);
}

/* Reads the colorants of a matrix profile as columns. False when there are none. */
static bool colorants(cmsHPROFILE p, double m[9])
{
	static const cmsTagSignature tags[3] = {cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
	for (int c = 0; c < 3; c++) {
		const cmsCIEXYZ *xyz = cmsIsTag(p, tags[c]) ? cmsReadTag(p, tags[c]) : NULL;
		if (!xyz)
			return false;
		m[c] = xyz->X;
		m[3 + c] = xyz->Y;
		m[6 + c] = xyz->Z;
	}
	return true;
}

/* out = inverse(a) * b. False when a has no inverse. */
static bool solve3(const double a[9], const double b[9], float out[9])
{
	double inv[9];
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) { /* cofactor of a[j][i], by cyclic neighbors */
			int r = (j + 1) % 3, s = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
			inv[3 * i + j] = a[3 * r + c] * a[3 * s + d] - a[3 * r + d] * a[3 * s + c];
		}
	double det = a[0] * inv[0] + a[1] * inv[3] + a[2] * inv[6];
	if (!(fabs(det) > 1e-9))
		return false;
	for (int i = 0; i < 9; i++) {
		const double *row = inv + i / 3 * 3, *column = b + i % 3;
		out[i] = (float)((row[0] * column[0] + row[1] * column[3] + row[2] * column[6]) / det);
	}
	return true;
}

/* The linear sRGB light of one linear color of the profile. */
static inline void apply_matrix(const float m[9], float r, float g, float b, float out[3])
{
	out[0] = m[0] * r + m[1] * g + m[2] * b;
	out[1] = m[3] * r + m[4] * g + m[5] * b;
	out[2] = m[6] * r + m[7] * g + m[8] * b;
}

static bool fill_tables(cmsHPROFILE from, float *table, uint32_t levels)
{
	static const cmsTagSignature tags[3] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
	for (size_t c = 0; c < 3; c++) {
		const cmsToneCurve *curve = cmsIsTag(from, tags[c]) ? cmsReadTag(from, tags[c]) : NULL;
		if (!curve)
			return false;
		for (uint32_t i = 0; i < levels; i++)
			table[c * levels + i] = clamp01(cmsEvalToneCurveFloat(curve, (float)i / (float)(levels - 1)));
	}
	return true;
}

/* Does the matrix way give what lcms2 gives? Then nothing hides in the profile that it does not know of. */
static bool matrix_agrees(const struct leat_to_srgb *t, const float (*in)[3], const float (*want)[3])
{
	float max = (float)t->curve->max;
	size_t levels = (size_t)t->curve->max + 1;
	for (int i = 0; i < PROBES; i++) {
		float v[3], lin[3];
		for (size_t c = 0; c < 3; c++)
			v[c] = t->table[c * levels + (size_t)(in[i][c] * max + 0.5f)];
		apply_matrix(t->matrix, v[0], v[1], v[2], lin);
		for (int c = 0; c < 3; c++)
			if (fabsf(leat_transfer_encode(t->curve, lin[c]) / max - want[i][c]) > same_result)
				return false;
	}
	return true;
}

/* Curves and a matrix. *t stays NULL when the profile is not made so. */
static int find_matrix(const struct leat_way_ask *q, cmsHPROFILE to, const float (*in)[3], const float (*want)[3],
		       struct leat_to_srgb **t, struct leat_err *err)
{
	double a[9], b[9];
	uint32_t levels = q->curve->max + 1;
	if (!cmsIsMatrixShaper(q->from) || !colorants(q->from, b) || !colorants(to, a))
		return 0;
	struct leat_to_srgb *way = new_way(WAY_MATRIX, q, err);
	if (!way)
		return -1;
	way->table = leat_zalloc((size_t)levels * 3, sizeof(float), err);
	int ret = way->table ? 0 : -1;
	if (ret == 0 && solve3(a, b, way->matrix) && fill_tables(q->from, way->table, levels) &&
	    matrix_agrees(way, in, want)) {
		*t = way;
		way = NULL;
	}
	leat_to_srgb_unref(&way);
	return ret;
}

/*
 * lcms2's own way, for the few profiles that are tables themselves. 8 bit goes through a grid that lcms2 makes (49
 * points a side, 30 ns a pixel): a quarter of a level from the exact result on the average, but a dozen where
 * colors leave sRGB. 16 bit, which the grid would spoil, is computed stage by stage (400 ns).
 */
static int find_lcms(const struct leat_way_ask *q, cmsHPROFILE to, struct leat_to_srgb **t, struct leat_err *err)
{
	bool narrow = q->shape->sample == LEAT_U8, alpha = q->shape->alpha;
	cmsUInt32Number flags =
		base_flags | cmsFLAGS_COPY_ALPHA | (narrow ? cmsFLAGS_HIGHRESPRECALC : cmsFLAGS_NOOPTIMIZE);
	cmsUInt32Number format = narrow ? (alpha ? TYPE_RGBA_8 : TYPE_RGB_8) : (alpha ? TYPE_RGBA_16 : TYPE_RGB_16);
	struct leat_to_srgb *way = new_way(WAY_LCMS, q, err);
	if (!way)
		return -1;
	way->transform = cmsCreateTransformTHR(q->ctx, q->from, format, to, format, INTENT_PERCEPTUAL, flags);
	if (!way->transform) { /* it made the same one in float */
		leat_to_srgb_unref(&way);
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	}
	*t = way;
	return 0;
}

static int find_rgb(const struct leat_way_ask *q, struct leat_to_srgb **t, struct leat_err *err)
{
	float in[PROBES][3], want[PROBES][3];
	const float(*asked)[3] = (const float(*)[3])in, (*wanted)[3] = (const float(*)[3])want;
	cmsHPROFILE to = cmsCreate_sRGBProfileTHR(q->ctx);
	if (!to)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	int ret = 0;
	probe_colors(in);
	if (reference(q, to, false, in[0], want[0], PROBES) &&
	    largest_difference(in[0], want[0], (size_t)PROBES * 3) > same_color) {
		ret = find_matrix(q, to, asked, wanted, t, err);
		if (ret == 0 && !*t)
			ret = find_lcms(q, to, t, err);
	}
	cmsCloseProfile(to);
	return ret;
}

/* Would lcms2 change any color of the probes? */
static bool changes(const struct leat_way_ask *q, cmsHPROFILE to, bool gray)
{
	float in[PROBES][3], out[PROBES][3];
	probe_colors(in); /* as gray: just 3 * PROBES levels */
	uint32_t n = gray ? 3 * PROBES : PROBES;
	return reference(q, to, gray, in[0], out[0], n) &&
	       largest_difference(in[0], out[0], (size_t)PROBES * 3) > same_color;
}

/*
 * Float samples: lcms2 computes them stage by stage; what is rare need not be fast. Colors outside sRGB stay
 * outside 0..1.
 */
static int float_way(const struct leat_way_ask *q, cmsHPROFILE to, struct leat_to_srgb **t, struct leat_err *err)
{
	cmsUInt32Number format =
		(q->shape->channels < 3 ? TYPE_GRAY_FLT : TYPE_RGB_FLT) | EXTRA_SH(q->shape->alpha ? 1u : 0u);
	struct leat_to_srgb *way = new_way(WAY_LCMS, q, err);
	if (!way)
		return -1;
	way->transform = cmsCreateTransformTHR(q->ctx, q->from, format, to, format, INTENT_PERCEPTUAL,
					       base_flags | cmsFLAGS_NOOPTIMIZE | cmsFLAGS_COPY_ALPHA);
	if (!way->transform) {
		leat_to_srgb_unref(&way);
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	}
	*t = way;
	return 0;
}

static int find_float(const struct leat_way_ask *q, struct leat_to_srgb **t, struct leat_err *err)
{
	bool gray = q->shape->channels < 3;
	cmsHPROFILE to = gray ? leat_profile_gray(q->ctx) : cmsCreate_sRGBProfileTHR(q->ctx);
	if (!to)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	int ret = changes(q, to, gray) ? float_way(q, to, t, err) : 0;
	cmsCloseProfile(to);
	return ret;
}

int leat_way_find(const struct leat_way_ask *q, struct leat_to_srgb **t, struct leat_err *err)
{
	*t = NULL;
	if (q->shape->sample == LEAT_F32)
		return find_float(q, t, err);
	return q->shape->channels < 3 ? find_gray(q, t, err) : find_rgb(q, t, err);
}

const char *leat_way_name(const struct leat_to_srgb *t)
{
	static const char *const names[] = {[WAY_GRAY] = "gray", [WAY_MATRIX] = "matrix", [WAY_LCMS] = "lcms2"};
	return names[t->way];
}

/* The row loops, written once for both depths. `out` may be `in`: a pixel is read before it is written. */
#define ROW_LOOPS(SUFFIX, T)                                                                                \
	static void gray_row_##SUFFIX(const struct leat_to_srgb *t, const T *in, T *out, size_t width)      \
	{                                                                                                   \
		size_t step = t->channels;                                                                  \
		for (size_t i = 0; i < width * step; i += step) {                                           \
			T alpha = in[i + step - 1];                                                         \
			T v = (T)(t->table[in[i]] + 0.5f);                                                  \
			out[i + step - 1] = alpha;                                                          \
			out[i] = v;                                                                         \
		}                                                                                           \
	}                                                                                                   \
	static void matrix_row_##SUFFIX(const struct leat_to_srgb *t, const T *in, T *out, size_t width)    \
	{                                                                                                   \
		const struct leat_transfer *curve = t->curve;                                               \
		const float *red = t->table, *green = red + curve->max + 1, *blue = green + curve->max + 1; \
		size_t step = t->channels;                                                                  \
		for (size_t i = 0; i < width * step; i += step) {                                           \
			float lin[3];                                                                       \
			T alpha = in[i + step - 1];                                                         \
			apply_matrix(t->matrix, red[in[i]], green[in[i + 1]], blue[in[i + 2]], lin);        \
			out[i + step - 1] = alpha;                                                          \
			out[i] = (T)(leat_transfer_encode(curve, lin[0]) + 0.5f);                           \
			out[i + 1] = (T)(leat_transfer_encode(curve, lin[1]) + 0.5f);                       \
			out[i + 2] = (T)(leat_transfer_encode(curve, lin[2]) + 0.5f);                       \
		}                                                                                           \
	}
ROW_LOOPS(u8, uint8_t)
ROW_LOOPS(u16, uint16_t)

void leat_to_srgb_row(const struct leat_to_srgb *t, const uint8_t *in, uint8_t *out, uint32_t width)
{
	const uint16_t *in16 = (const void *)in;
	uint16_t *out16 = (void *)out;
	bool narrow = t->sample == LEAT_U8;
	if (t->way == WAY_LCMS)
		cmsDoTransform(t->transform, in, out, width);
	else if (t->way == WAY_GRAY && narrow)
		gray_row_u8(t, in, out, width);
	else if (t->way == WAY_GRAY)
		gray_row_u16(t, in16, out16, width);
	else if (narrow)
		matrix_row_u8(t, in, out, width);
	else
		matrix_row_u16(t, in16, out16, width);
}
