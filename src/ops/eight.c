/* SPDX-License-Identifier: MIT */
/* Eight result rows at a time. See eight.h. */
#include "ops/eight.h"

#include "base/mem.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The plain loops are written to be vectorized; gcc does that fully from -O3 on, clang always. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#define INLINE static inline __attribute__((always_inline))

enum {
	TILE = 192, /* columns whose sums of eight rows are made together: they stay in the L1 cache */
	PART = 32, /* of it in plain C, so that sums stay in registers */
	MARGIN = 16, /* columns that a tile's rows are longer, for loads past the end */
	PAIR = 2 * LEAT_EIGHT /* words of one pair of samples of one channel, of all rows */
};
static const double most_error = 0.3;

/* --- weights --- */

static double magnitudes(const struct leat_taps *t, double *largest)
{
	double most = 0;
	for (size_t i = 0; i < t->axis.out; i++) {
		double sum = 0;
		for (size_t k = 0; k < t->count[i]; k++) {
			double w = fabs((double)t->weight[i * t->step + k]);
			*largest = fmax(*largest, w);
			sum += w;
		}
		most = fmax(most, sum);
	}
	return most;
}

/* The most bits with which weights fit 16 bits and sums 32; 0: too few for the error that is allowed. */
static unsigned bits_for(const struct leat_taps *x, const struct leat_taps *y)
{
	double unused = 0, largest = 0, down = magnitudes(y, &unused), along = magnitudes(x, &largest);
	double word = 255 * down * (1 << LEAT_EIGHT_BITS); /* the largest that the columns give */
	if (word > 32000)
		return 0;
	for (unsigned bits = 16; bits > 12; bits--) {
		double one = (double)(1u << bits);
		if (largest * one < 32766 && along * one * word < 2140000000.0)
			return x->most * 0.5 / one * 255 <= most_error ? bits : 0;
	}
	return 0;
}

/* The running sum is rounded, not each weight: they sum to 2^bits exactly. */
static void round_pairs(const float *w, uint32_t n, unsigned bits, int16_t *q)
{
	double sum = 0, one = (double)(1u << bits);
	long last = 0;
	for (uint32_t j = 0; j < n; j++) {
		sum += (double)w[j];
		long now = j + 1 == n ? (long)one : lround(sum * one);
		q[j] = (int16_t)(now - last);
		last = now;
	}
}

int leat_pairs_make(struct leat_pairs *p, const struct leat_taps *x, const struct leat_taps *y, struct leat_err *err)
{
	*p = (struct leat_pairs){.bits = y->fixed ? bits_for(x, y) : 0};
	if (!p->bits)
		return 0;
	uint32_t n = x->most / 2 + 1, out = x->axis.out;
	p->first = leat_zalloc(out, sizeof *p->first, err);
	p->weight = leat_zalloc(leat_size_mul(out, 2 * (size_t)n), sizeof *p->weight, err);
	if (!p->first || !p->weight)
		return -1;
	for (size_t i = 0; i < out; i++) {
		p->first[i] = x->first[i] / 2;
		round_pairs(x->weight + i * x->step, x->count[i], p->bits, p->weight + i * 2 * n + x->first[i] % 2);
	}
	p->n = n;
	return 0;
}

void leat_pairs_free(struct leat_pairs *p)
{
	free(p->first);
	free(p->weight);
	*p = (struct leat_pairs){0};
}

/* --- what a call works in --- */

struct work {
	int16_t *rows; /* [LEAT_EIGHT][TILE + MARGIN]: column sums of a tile */
	int16_t *pairs; /* [pairs of a row][channels][LEAT_EIGHT][2] */
	uint8_t *result; /* [samples of a result row][LEAT_EIGHT] */
};

static size_t row_pairs(const struct leat_pairs *p, uint32_t width)
{
	return (size_t)width / 2 + 1 + p->n; /* the last weights are zeros, but what they meet is read */
}

static size_t up64(size_t n)
{
	return leat_size_add(n, 63) & ~(size_t)63;
}

static size_t pairs_bytes(const struct leat_pairs *p, uint32_t width, unsigned channels)
{
	return leat_size_mul(leat_size_mul(row_pairs(p, width), channels), PAIR * sizeof(int16_t));
}

size_t leat_eight_scratch(const struct leat_pairs *p, uint32_t width, unsigned channels, uint32_t out)
{
	size_t rows = (size_t)LEAT_EIGHT * (TILE + MARGIN) * sizeof(int16_t);
	size_t result = leat_size_mul(leat_size_add(leat_size_mul(out, channels), LEAT_EIGHT), LEAT_EIGHT);
	return leat_size_add(up64(rows), leat_size_add(up64(pairs_bytes(p, width, channels)), up64(result)));
}

static struct work lay_out(const struct leat_eight *e)
{
	uint8_t *at = e->scratch;
	struct work w = {.rows = (int16_t *)(void *)at};
	at += up64((size_t)LEAT_EIGHT * (TILE + MARGIN) * sizeof(int16_t));
	w.pairs = (int16_t *)(void *)at;
	w.result = at + up64(pairs_bytes(e->x, e->width, e->channels));
	return w;
}

/* --- down the columns --- */

/* n columns of one result row: sums of `taps` input rows, rounded to words. */
struct column {
	const uint8_t *from;
	size_t stride;
	const int16_t *weight;
	uint32_t taps;
	unsigned shift; /* of the sums; at least 1 */
};

INLINE void columns_plain(const struct column *c, size_t at, size_t n, int16_t *to)
{
	int32_t sum[PART];
	for (size_t i = 0; i < n; i++)
		sum[i] = 1 << (c->shift - 1);
	for (uint32_t k = 0; k < c->taps; k++) {
		const uint8_t *from = c->from + k * c->stride + at;
		int16_t weight = c->weight[k];
		for (size_t i = 0; i < n; i++)
			sum[i] += (int16_t)from[i] * weight;
	}
	for (size_t i = 0; i < n; i++)
		to[at + i] = (int16_t)(sum[i] >> c->shift);
}

#if defined(__x86_64__)

INLINE __m128i two_weights(const struct column *c, uint32_t k)
{
	uint16_t a = (uint16_t)c->weight[k], b = k + 1 < c->taps ? (uint16_t)c->weight[k + 1] : 0;
	return _mm_set1_epi32((int)((uint32_t)b << 16 | a));
}

/* 16 columns at `at`: bytes of two rows are paired and widened, and a pair's weighted sum is one instruction. */
INLINE void columns_base(const struct column *c, size_t at, int16_t *to)
{
	const __m128i zero = _mm_setzero_si128(), half = _mm_set1_epi32(1 << (c->shift - 1));
	__m128i sum[4] = {half, half, half, half}, by = _mm_cvtsi32_si128((int)c->shift);
	for (uint32_t k = 0; k < c->taps; k += 2) {
		const uint8_t *a = c->from + k * c->stride + at, *b = k + 1 < c->taps ? a + c->stride : a;
		__m128i w = two_weights(c, k), va = _mm_loadu_si128((const __m128i *)(const void *)a);
		__m128i vb = _mm_loadu_si128((const __m128i *)(const void *)b);
		__m128i low = _mm_unpacklo_epi8(va, vb), high = _mm_unpackhi_epi8(va, vb);
		sum[0] = _mm_add_epi32(sum[0], _mm_madd_epi16(_mm_unpacklo_epi8(low, zero), w));
		sum[1] = _mm_add_epi32(sum[1], _mm_madd_epi16(_mm_unpackhi_epi8(low, zero), w));
		sum[2] = _mm_add_epi32(sum[2], _mm_madd_epi16(_mm_unpacklo_epi8(high, zero), w));
		sum[3] = _mm_add_epi32(sum[3], _mm_madd_epi16(_mm_unpackhi_epi8(high, zero), w));
	}
	for (int i = 0; i < 4; i++)
		sum[i] = _mm_sra_epi32(sum[i], by);
	_mm_storeu_si128((__m128i *)(void *)(to + at), _mm_packs_epi32(sum[0], sum[1]));
	_mm_storeu_si128((__m128i *)(void *)(to + at + 8), _mm_packs_epi32(sum[2], sum[3]));
}

#define AVX2 static inline __attribute__((always_inline, target("avx2")))

AVX2 void add_rows(const uint8_t *a, const uint8_t *b, __m256i w, __m256i sum[4])
{
	const __m256i zero = _mm256_setzero_si256();
	__m256i va = _mm256_loadu_si256((const __m256i *)(const void *)a);
	__m256i vb = _mm256_loadu_si256((const __m256i *)(const void *)b);
	__m256i low = _mm256_unpacklo_epi8(va, vb), high = _mm256_unpackhi_epi8(va, vb);
	sum[0] = _mm256_add_epi32(sum[0], _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), w));
	sum[1] = _mm256_add_epi32(sum[1], _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), w));
	sum[2] = _mm256_add_epi32(sum[2], _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), w));
	sum[3] = _mm256_add_epi32(sum[3], _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), w));
}

/* `parts` times 32 columns. Unpacking and packing both work in halves of 128 bits: the words come out in order. */
AVX2 void columns_of(const struct column *c, size_t at, int parts, int16_t *to)
{
	__m256i sum[2][4];
	__m128i by = _mm_cvtsi32_si128((int)c->shift);
	for (int i = 0; i < 2 * 4; i++)
		sum[i / 4][i % 4] = _mm256_set1_epi32(1 << (c->shift - 1));
	for (uint32_t k = 0; k < c->taps; k += 2) {
		const uint8_t *a = c->from + k * c->stride + at, *b = k + 1 < c->taps ? a + c->stride : a;
		__m256i w = _mm256_broadcastsi128_si256(two_weights(c, k));
		for (int i = 0; i < parts; i++)
			add_rows(a + 32 * i, b + 32 * i, w, sum[i]);
	}
	for (int i = 0; i < parts; i++) {
		for (int j = 0; j < 4; j++)
			sum[i][j] = _mm256_sra_epi32(sum[i][j], by);
		__m256i even = _mm256_packs_epi32(sum[i][0], sum[i][1]), odd = _mm256_packs_epi32(sum[i][2], sum[i][3]);
		int16_t *put = to + at + 32 * i;
		_mm256_storeu_si256((__m256i *)(void *)put, _mm256_permute2x128_si256(even, odd, 0x20));
		_mm256_storeu_si256((__m256i *)(void *)(put + 16), _mm256_permute2x128_si256(even, odd, 0x31));
	}
}

__attribute__((target("avx2"))) static void columns_avx2(const struct column *c, size_t n, int16_t *to)
{
	size_t i = 0;
	for (; i + 64 <= n; i += 64)
		columns_of(c, i, 2, to);
	for (; i + 32 <= n; i += 32)
		columns_of(c, i, 1, to);
	if (i < n && n >= 32)
		columns_of(c, n - 32, 1, to); /* some once more, to the same words */
	else if (i + 16 <= n)
		columns_base(c, i, to), columns_plain(c, i + 16, n - i - 16, to);
	else
		columns_plain(c, i, n - i, to);
}

#endif

static void columns(const struct column *c, size_t n, int16_t *to, enum leat_cpu level)
{
	size_t i = 0;
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX2) {
		columns_avx2(c, n, to);
		return;
	}
	for (; level >= LEAT_CPU_BASE && i + 16 <= n; i += 16)
		columns_base(c, i, to);
	if (i < n && i >= 16) {
		columns_base(c, n - 16, to);
		return;
	}
#else
	(void)level;
#endif
	for (; i + PART <= n; i += PART)
		columns_plain(c, i, PART, to);
	columns_plain(c, i, n - i, to);
}

/* --- eight rows beside each other --- */

/* `pairs` pairs of pixels of a tile. Rows are TILE + MARGIN words apart. */
INLINE void lay_plain(const int16_t *rows, size_t pairs, unsigned channels, int16_t *to)
{
	for (size_t p = 0; p < pairs; p++)
		for (unsigned c = 0; c < channels; c++, to += PAIR)
			for (int r = 0; r < LEAT_EIGHT; r++) {
				const int16_t *v = rows + (size_t)r * (TILE + MARGIN) + p * 2 * channels + c;
				to[2 * r] = v[0];
				to[2 * r + 1] = v[channels];
			}
}

#if defined(__x86_64__)

/* A 4x4 transposition of 32-bit pairs: v[row] to to[column], columns `step` vectors apart. */
INLINE void transpose(const __m128i v[4], int columns_, size_t step, int16_t *to)
{
	__m128i a = _mm_unpacklo_epi32(v[0], v[1]), b = _mm_unpacklo_epi32(v[2], v[3]);
	__m128i c = _mm_unpackhi_epi32(v[0], v[1]), d = _mm_unpackhi_epi32(v[2], v[3]);
	__m128i out[4] = {_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b), _mm_unpacklo_epi64(c, d),
			  _mm_unpackhi_epi64(c, d)};
	for (int i = 0; i < columns_; i++)
		_mm_store_si128((__m128i *)(void *)(to + (size_t)i * step), out[i]);
}

/* RGB: two pixels of a row are six words, of which 0 and 3, 1 and 4, 2 and 5 go together. */
static void lay_rgb(const int16_t *rows, size_t pairs, int16_t *to)
{
	for (size_t p = 0; p < pairs; p++, to += 3 * PAIR)
		for (int half = 0; half < 2; half++) {
			__m128i v[4];
			for (int r = 0; r < 4; r++) {
				const int16_t *at = rows + (size_t)(4 * half + r) * (TILE + MARGIN) + p * 6;
				__m128i six = _mm_loadu_si128((const __m128i *)(const void *)at);
				v[r] = _mm_unpacklo_epi16(six, _mm_srli_si128(six, 6));
			}
			transpose(v, 3, PAIR, to + 8 * half);
		}
}

/* Gray: four pairs at a time, some more than are wanted perhaps: there is room for them. */
static void lay_gray(const int16_t *rows, size_t pairs, int16_t *to)
{
	for (size_t p = 0; p < pairs; p += 4, to += 4 * PAIR) {
		int n = pairs - p < 4 ? (int)(pairs - p) : 4;
		for (int half = 0; half < 2; half++) {
			__m128i v[4];
			for (int r = 0; r < 4; r++) {
				const int16_t *at = rows + (size_t)(4 * half + r) * (TILE + MARGIN) + p * 2;
				v[r] = _mm_loadu_si128((const __m128i *)(const void *)at);
			}
			transpose(v, n, PAIR, to + 8 * half);
		}
	}
}

#endif

static void lay(const int16_t *rows, size_t pairs, unsigned channels, int16_t *to, enum leat_cpu level)
{
#if defined(__x86_64__)
	if (level >= LEAT_CPU_BASE) {
		if (channels == 3)
			lay_rgb(rows, pairs, to);
		else
			lay_gray(rows, pairs, to);
		return;
	}
#else
	(void)level;
#endif
	if (channels == 3)
		lay_plain(rows, pairs, 3, to);
	else
		lay_plain(rows, pairs, 1, to);
}

/* Column sums of all rows, tile by tile, and beside each other. Behind the last pixel all is zero. */
static void make_pairs(const struct leat_eight *e, const struct leat_rows *in, uint32_t y0, uint32_t n,
		       const struct work *w, enum leat_cpu level)
{
	size_t samples = (size_t)e->width * e->channels, pair = 2 * (size_t)e->channels;
	memset(w->rows, 0, (size_t)LEAT_EIGHT * (TILE + MARGIN) * sizeof *w->rows);
	for (size_t at = 0; at < samples; at += TILE) {
		size_t cols = samples - at < TILE ? samples - at : TILE;
		for (uint32_t r = 0; r < n; r++) {
			const struct leat_taps *t = e->y;
			struct column c = {leat_row(in, t->first[y0 + r]) + at, in->stride,
					   t->fixed + (size_t)(y0 + r) * t->step, t->count[y0 + r],
					   t->bits - LEAT_EIGHT_BITS};
			int16_t *to = w->rows + (size_t)r * (TILE + MARGIN);
			columns(&c, cols, to, level);
			memset(to + cols, 0, (TILE + MARGIN - cols) * sizeof *to);
		}
		lay(w->rows, (cols + pair - 1) / pair, e->channels, w->pairs + at / 2 * PAIR, level);
	}
	size_t made = ((size_t)e->width + 1) / 2, all = row_pairs(e->x, e->width);
	size_t each = (size_t)e->channels * PAIR;
	memset(w->pairs + made * each, 0, (all - made) * each * sizeof *w->pairs);
}

/* --- along the row --- */

INLINE uint8_t to_byte(int32_t v)
{
	return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
}

INLINE void along_plain(const struct leat_eight *e, const struct work *w, unsigned channels)
{
	const struct leat_pairs *x = e->x;
	unsigned shift = x->bits + LEAT_EIGHT_BITS;
	for (size_t i = 0; i < e->out; i++)
		for (unsigned c = 0; c < channels; c++) {
			const int16_t *v = w->pairs + ((size_t)x->first[i] * channels + c) * PAIR;
			const int16_t *weight = x->weight + i * 2 * x->n;
			int32_t sum[LEAT_EIGHT];
			for (int r = 0; r < LEAT_EIGHT; r++)
				sum[r] = 1 << (shift - 1);
			for (uint32_t k = 0; k < x->n; k++, v += (size_t)channels * PAIR)
				for (int r = 0; r < LEAT_EIGHT; r++)
					sum[r] += v[2 * r] * weight[2 * k] + v[2 * r + 1] * weight[2 * k + 1];
			for (int r = 0; r < LEAT_EIGHT; r++)
				w->result[(i * channels + c) * LEAT_EIGHT + (size_t)r] = to_byte(sum[r] >> shift);
		}
}

#if defined(__x86_64__)

INLINE int two(const int16_t *weight)
{
	int v;
	memcpy(&v, weight, sizeof v);
	return v;
}

INLINE void along_base(const struct leat_eight *e, const struct work *w, unsigned channels)
{
	const struct leat_pairs *x = e->x;
	unsigned shift = x->bits + LEAT_EIGHT_BITS;
	const __m128i half = _mm_set1_epi32(1 << (shift - 1)), by = _mm_cvtsi32_si128((int)shift);
	for (size_t i = 0; i < e->out; i++) {
		const int16_t *v = w->pairs + (size_t)x->first[i] * channels * PAIR, *weight = x->weight + i * 2 * x->n;
		__m128i sum[3][2] = {{half, half}, {half, half}, {half, half}};
		for (uint32_t k = 0; k < x->n; k++) {
			__m128i both = _mm_set1_epi32(two(weight + 2 * k));
			for (unsigned c = 0; c < channels; c++, v += PAIR) {
				const __m128i *eight = (const __m128i *)(const void *)v;
				sum[c][0] = _mm_add_epi32(sum[c][0], _mm_madd_epi16(_mm_load_si128(eight), both));
				sum[c][1] = _mm_add_epi32(sum[c][1], _mm_madd_epi16(_mm_load_si128(eight + 1), both));
			}
		}
		for (unsigned c = 0; c < channels; c++) {
			__m128i words = _mm_packs_epi32(_mm_sra_epi32(sum[c][0], by), _mm_sra_epi32(sum[c][1], by));
			_mm_storel_epi64((__m128i *)(void *)(w->result + (i * channels + c) * LEAT_EIGHT),
					 _mm_packus_epi16(words, words));
		}
	}
}

AVX2 void along_avx2(const struct leat_eight *e, const struct work *w, unsigned channels)
{
	const struct leat_pairs *x = e->x;
	unsigned shift = x->bits + LEAT_EIGHT_BITS;
	const __m256i half = _mm256_set1_epi32(1 << (shift - 1));
	const __m128i by = _mm_cvtsi32_si128((int)shift);
	for (size_t i = 0; i < e->out; i++) {
		const int16_t *v = w->pairs + (size_t)x->first[i] * channels * PAIR, *weight = x->weight + i * 2 * x->n;
		__m256i sum[3] = {half, half, half};
		for (uint32_t k = 0; k < x->n; k++) {
			__m256i both = _mm256_set1_epi32(two(weight + 2 * k));
			for (unsigned c = 0; c < channels; c++, v += PAIR) {
				__m256i eight = _mm256_load_si256((const __m256i *)(const void *)v);
				sum[c] = _mm256_add_epi32(sum[c], _mm256_madd_epi16(eight, both));
			}
		}
		for (unsigned c = 0; c < channels; c++) {
			__m256i v32 = _mm256_sra_epi32(sum[c], by);
			__m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v32), _mm256_extracti128_si256(v32, 1));
			_mm_storel_epi64((__m128i *)(void *)(w->result + (i * channels + c) * LEAT_EIGHT),
					 _mm_packus_epi16(words, words));
		}
	}
}

__attribute__((target("avx2"))) static void along_rgb_avx2(const struct leat_eight *e, const struct work *w)
{
	along_avx2(e, w, 3);
}

__attribute__((target("avx2"))) static void along_gray_avx2(const struct leat_eight *e, const struct work *w)
{
	along_avx2(e, w, 1);
}

#endif

static void along(const struct leat_eight *e, const struct work *w, enum leat_cpu level)
{
	bool rgb = e->channels == 3;
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX2) {
		if (rgb)
			along_rgb_avx2(e, w);
		else
			along_gray_avx2(e, w);
		return;
	}
	if (level >= LEAT_CPU_BASE) {
		if (rgb)
			along_base(e, w, 3);
		else
			along_base(e, w, 1);
		return;
	}
#else
	(void)level;
#endif
	if (rgb)
		along_plain(e, w, 3);
	else
		along_plain(e, w, 1);
}

/* --- and back to rows --- */

/* Samples [at, n) of each row, one by one. */
static void put_plain(const uint8_t *result, size_t at, size_t n, uint32_t rows, uint8_t *to, size_t stride)
{
	for (uint32_t r = 0; r < rows; r++)
		for (size_t i = at; i < n; i++)
			to[r * stride + i] = result[i * LEAT_EIGHT + r];
}

#if defined(__x86_64__)

/* Eight samples of eight rows: a transposition of 8x8 bytes. */
INLINE void put_block(const uint8_t *result, uint32_t rows, uint8_t *to, size_t stride)
{
	const __m128i *v = (const __m128i *)(const void *)result;
	__m128i a = _mm_load_si128(v), b = _mm_load_si128(v + 1), c = _mm_load_si128(v + 2), d = _mm_load_si128(v + 3);
	__m128i w[4];
	a = _mm_unpacklo_epi8(a, _mm_srli_si128(a, 8)); /* rows 0..7 of samples 0 and 1 */
	b = _mm_unpacklo_epi8(b, _mm_srli_si128(b, 8));
	c = _mm_unpacklo_epi8(c, _mm_srli_si128(c, 8));
	d = _mm_unpacklo_epi8(d, _mm_srli_si128(d, 8));
	__m128i low = _mm_unpacklo_epi16(a, b), high = _mm_unpackhi_epi16(a, b); /* samples 0..3 of rows 0..3, 4..7 */
	__m128i low2 = _mm_unpacklo_epi16(c, d), high2 = _mm_unpackhi_epi16(c, d);
	w[0] = _mm_unpacklo_epi32(low, low2);
	w[1] = _mm_unpackhi_epi32(low, low2);
	w[2] = _mm_unpacklo_epi32(high, high2);
	w[3] = _mm_unpackhi_epi32(high, high2);
	for (uint32_t r = 0; r < rows; r++) {
		__m128i row = r % 2 ? _mm_srli_si128(w[r / 2], 8) : w[r / 2];
		_mm_storel_epi64((__m128i *)(void *)(to + r * stride), row);
	}
}

#endif

static void put(const struct leat_eight *e, const struct work *w, uint32_t rows, uint8_t *to, size_t stride,
		enum leat_cpu level)
{
	size_t n = (size_t)e->out * e->channels, i = 0;
#if defined(__x86_64__)
	for (; level >= LEAT_CPU_BASE && rows == LEAT_EIGHT && i + 8 <= n; i += 8)
		put_block(w->result + i * LEAT_EIGHT, LEAT_EIGHT, to + i, stride);
	for (; level >= LEAT_CPU_BASE && i + 8 <= n; i += 8)
		put_block(w->result + i * LEAT_EIGHT, rows, to + i, stride);
#else
	(void)level;
#endif
	put_plain(w->result, i, n, rows, to, stride);
}

void leat_eight_rows(const struct leat_eight *e, const struct leat_rows *in, uint32_t y0, uint32_t y1, uint8_t *to,
		     size_t stride, enum leat_cpu level)
{
	struct work w = lay_out(e);
	make_pairs(e, in, y0, y1 - y0, &w, level);
	along(e, &w, level);
	put(e, &w, y1 - y0, to, stride, level);
}
