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
	float *table;     /* GRAY: [max + 1] coded results; MATRIX: [3][max + 1] linear light of R, G, B samples */
	float matrix[9];  /* MATRIX: linear light of the profile -> linear light of sRGB, by rows */
	cmsHTRANSFORM transform; /* LCMS */
};

enum { PROBE_SIDE = 6, PROBE_GRAYS = 40, PROBES = PROBE_SIDE * PROBE_SIDE * PROBE_SIDE + PROBE_GRAYS };

static const cmsUInt32Number exact_flags =
        cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE;

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

/* Asks lcms2, in float and unoptimized, for n colors of `in`. False when it can make no such transform. */
static bool reference(cmsContext ctx, cmsHPROFILE from, cmsHPROFILE to, bool gray, const float *in, float *out, uint32_t n)
{
	cmsUInt32Number format = gray ? TYPE_GRAY_FLT : TYPE_RGB_FLT;
	cmsHTRANSFORM t = cmsCreateTransformTHR(ctx, from, format, to, format, INTENT_PERCEPTUAL, exact_flags);
	if (!t)
		return false;
	cmsDoTransform(t, in, out, n);
	cmsDeleteTransform(t);
	for (uint32_t i = 0; i < n * (gray ? 1 : 3); i++)
		out[i] = clamp01(out[i]);
	return true;
}

/* A grid over the RGB cube and a finer row of grays. */
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

static float largest_difference(const float *a, const float *b, size_t n)
{
	float most = 0;
	for (size_t i = 0; i < n; i++)
		most = fmaxf(most, fabsf(a[i] - b[i]));
	return most;
}

static struct leat_to_srgb *new_way(enum way way, const struct leat_image_shape *s, struct leat_err *err)
{
	struct leat_to_srgb *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return NULL;
	atomic_init(&t->refs, 1);
	t->way = way;
	t->channels = s->channels;
	t->sample = s->sample;
	return t;
}

/* One table over all levels. *t stays NULL when the levels are sRGB's, or when lcms2 does not take the profile. */
static int find_gray(const struct leat_way_ask *q, struct leat_to_srgb **t,
                     struct leat_err *err)
{
	uint32_t levels = s->sample == LEAT_U8 ? 256 : 65536;
	float *in = leat_zalloc(levels, sizeof *in, err), *table = leat_zalloc(levels, sizeof *table, err);
	cmsHPROFILE to = leat_profile_gray(q->ctx);
	bool convert = false;
	for (uint32_t i = 0; in && i < levels; i++)
		in[i] = (float)i / (float)(levels - 1);
	if (in && table && to && reference(q->ctx, from, to, true, in, table, levels))
		convert = largest_difference(in, table, levels) > 1.0f / 255;
	if (to)
		cmsCloseProfile(to);
	for (uint32_t i = 0; convert && i < levels; i++)
		table[i] *= (float)(levels - 1);
	int ret = in && table ? 0 : -1;
	free(in);
	if (convert && (*t = new_way(WAY_GRAY, s, err)))
		(*t)->table = table;
	else
		free(table);
	return ret < 0 || (convert && !*t) ? -1 : 0;
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
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			out[3 * i + j] =
			        (float)((inv[3 * i] * b[j] + inv[3 * i + 1] * b[3 + j] + inv[3 * i + 2] * b[6 + j]) / det);
	return fabs(det) > 1e-9;
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
	for (int c = 0; c < 3; c++) {
		const cmsToneCurve *curve = cmsIsTag(from, tags[c]) ? cmsReadTag(from, tags[c]) : NULL;
		if (!curve)
			return false;
		for (uint32_t i = 0; i < levels; i++)
			table[c * levels + i] = clamp01(cmsEvalToneCurveFloat(curve, (float)i / (float)(levels - 1)));
	}
	return true;
}

/* Does the matrix way give what lcms2 gives? Half an 8-bit level covers the rounding of probes to whole samples. */
static bool matrix_agrees(const struct leat_to_srgb *t, const float (*in)[3], const float (*want)[3])
{
	uint32_t max = t->curve->max;
	for (int i = 0; i < PROBES; i++) {
		float lin[3], v[3];
		for (int c = 0; c < 3; c++)
			v[c] = t->table[c * (max + 1) + (uint32_t)(in[i][c] * (float)max + 0.5f)];
		apply_matrix(t->matrix, v[0], v[1], v[2], lin);
		for (int c = 0; c < 3; c++)
			if (fabsf(leat_transfer_encode(t->curve, lin[c]) / (float)max - want[i][c]) > 2.0f / 255)
				return false;
	}
	return true;
}

/* The curves and matrix way. *t stays NULL when the profile is not made so. */
static int find_matrix(const struct leat_way_ask *q, cmsHPROFILE to, const struct leat_image_shape *s,
                       const float (*in)[3], const float (*want)[3], struct leat_to_srgb **t, struct leat_err *err)
{
	double a[9], b[9];
	uint32_t levels = s->sample == LEAT_U8 ? 256 : 65536;
	if (!cmsIsMatrixShaper(from) || !colorants(from, b) || !colorants(to, a))
		return 0;
	struct leat_to_srgb *way = new_way(WAY_MATRIX, s, err);
	if (!way)
		return -1;
	way->curve = leat_icc_curve(w, s->sample, err);
	way->table = leat_zalloc((size_t)levels * 3, sizeof(float), err);
	bool ready = way->curve && way->table;
	if (ready && solve3(a, b, way->matrix) && fill_tables(from, way->table, levels) && matrix_agrees(way, in, want))
		*t = way;
	else
		leat_to_srgb_unref(&way);
	return ready ? 0 : -1;
}

static cmsUInt32Number lcms_format(const struct leat_image_shape *s)
{
	if (s->sample == LEAT_U8)
		return s->alpha ? TYPE_RGBA_8 : TYPE_RGB_8;
	return s->alpha ? TYPE_RGBA_16 : TYPE_RGB_16;
}

/* lcms2's own way; the profile is known to work. 8 bit goes through its fast tables, 16 bit is computed stage by stage. */
static int find_lcms(const struct leat_way_ask *q, cmsHPROFILE to, const struct leat_image_shape *s,
                     struct leat_to_srgb **t, struct leat_err *err)
{
	cmsUInt32Number flags = cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE | cmsFLAGS_COPY_ALPHA |
	                        (s->sample == LEAT_U8 ? 0 : cmsFLAGS_NOOPTIMIZE);
	struct leat_to_srgb *way = new_way(WAY_LCMS, s, err);
	if (!way)
		return -1;
	way->transform =
	        cmsCreateTransformTHR(q->ctx, from, lcms_format(s), to, lcms_format(s), INTENT_PERCEPTUAL, flags);
	if (!way->transform) {
		leat_to_srgb_unref(&way);
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	}
	*t = way;
	return 0;
}

/* *t stays NULL when the colors are sRGB's, or when lcms2 does not take the profile. */
static int find_rgb(const struct leat_way_ask *q, struct leat_to_srgb **t,
                    struct leat_err *err)
{
	float in[PROBES][3], want[PROBES][3];
	cmsHPROFILE to = cmsCreate_sRGBProfileTHR(q->ctx);
	if (!to)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	int ret = 0;
	probe_colors(in);
	if (reference(q->ctx, from, to, false, in[0], want[0], PROBES) &&
	    largest_difference(in[0], want[0], (size_t)PROBES * 3) > 1.0f / 255) {
		ret = find_matrix(w, from, to, s, (const float(*)[3])in, (const float(*)[3])want, t, err);
		if (ret == 0 && !*t)
			ret = find_lcms(w, from, to, s, t, err);
	}
	cmsCloseProfile(to);
	return ret;
}

/* The row loops, written once for both depths. */
#define ROW_LOOPS(SUFFIX, T)                                                                                           \
	static void gray_row_##SUFFIX(const struct leat_to_srgb *t, const T *in, T *out, uint32_t width)               \
	{                                                                                                              \
		size_t step = t->channels;                                                                             \
		for (size_t i = 0; i < width * step; i += step) {                                                      \
			T alpha = in[i + step - 1];                                                                    \
			T v = (T)(t->table[in[i]] + 0.5f);                                                             \
			out[i + step - 1] = alpha;                                                                     \
			out[i] = v;                                                                                    \
		}                                                                                                      \
	}                                                                                                              \
	static void matrix_row_##SUFFIX(const struct leat_to_srgb *t, const T *in, T *out, uint32_t width)             \
	{                                                                                                              \
		const struct leat_transfer *curve = t->curve;                                                          \
		const float *red = t->table, *green = red + curve->max + 1, *blue = green + curve->max + 1;            \
		size_t step = t->channels;                                                                             \
		for (size_t i = 0; i < width * step; i += step) {                                                      \
			float lin[3];                                                                                  \
			T alpha = in[i + step - 1];                                                                    \
			apply_matrix(t->matrix, red[in[i]], green[in[i + 1]], blue[in[i + 2]], lin);                   \
			out[i + step - 1] = alpha;                                                                     \
			out[i] = (T)(leat_transfer_encode(curve, lin[0]) + 0.5f);                                      \
			out[i + 1] = (T)(leat_transfer_encode(curve, lin[1]) + 0.5f);                                  \
			out[i + 2] = (T)(leat_transfer_encode(curve, lin[2]) + 0.5f);                                  \
		}                                                                                                      \
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
