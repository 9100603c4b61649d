/* SPDX-License-Identifier: MIT */
#include "formats/png_filtering.h"

#include "base/mem.h"

enum {
	PAIRS = 65536,
	STEPS = 1024,
	SAMPLE_BANDS = 6,
	SAMPLE_ROWS = 16, /* of each band */
	SAMPLE_PART = 5, /* at most this part of the image, unless it is small */
	SAMPLE_LEAST = 48 * 1024, /* bytes */
	SAMPLE_LEVEL = 5,
};

struct leat_filter_room {
	uint8_t *candidate[2]; /* the row with one filter, and with the best so far */
	size_t n;
	uint32_t step[STEPS]; /* by how much a count's weight grows when it does, from i to i + 1 */
	uint16_t count[PAIRS];
};

int leat_stored_new(struct leat_stored_rows *r, uint32_t height, size_t n, unsigned bpp, struct leat_err *err)
{
	enum { ALIGN = 64 };
	size_t stride = leat_size_add(n, LEAT_PNG_BEFORE + LEAT_PNG_BEHIND + ALIGN - 1) / ALIGN * ALIGN;
	*r = (struct leat_stored_rows){.stride = stride, .n = n, .height = height, .bpp = bpp};
	r->memory = leat_zalloc(leat_size_add(height, 2), stride, err);
	if (!r->memory)
		return -1;
	r->first = r->memory + stride + LEAT_PNG_BEFORE;
	return 0;
}

/*
 * About 1024 n log2 n, in whole numbers, so that the choice is the same everywhere: the logarithm is taken as straight
 * between powers of two, as Lode Vandevenne's lodepng does.
 */
static uint64_t weight(uint64_t n)
{
	if (n < 2)
		return 0;
	unsigned log = 63 - (unsigned)__builtin_clzll(n);
	return n * (log << 10) + ((n - ((uint64_t)1 << log)) << 11);
}

struct leat_filter_room *leat_filter_room_new(size_t n, struct leat_err *err)
{
	struct leat_filter_room *room = leat_zalloc(1, sizeof *room, err);
	size_t line = leat_size_add(n, LEAT_PNG_BEHIND);
	if (!room)
		return NULL;
	room->n = n;
	for (uint32_t i = 0; i < STEPS; i++)
		room->step[i] = (uint32_t)(weight(i + 1) - weight(i));
	for (int i = 0; i < 2; i++)
		room->candidate[i] = leat_zalloc(line, 1, err);
	if (!room->candidate[0] || !room->candidate[1])
		leat_filter_room_free(&room);
	return room;
}

void leat_filter_room_free(struct leat_filter_room **r)
{
	struct leat_filter_room *room = *r;
	*r = NULL;
	if (!room)
		return;
	free(room->candidate[0]);
	free(room->candidate[1]);
	free(room);
}

/* ---- judging a row ---- */

/* Bytes of which few differ and many are alike weigh most; the least entropy is the largest weight. */
static uint64_t byte_weight(const uint8_t *row, size_t n)
{
	uint32_t count[4][256];
	uint64_t sum = 0;
	size_t i = 0;
	memset(count, 0, sizeof count);
	for (; i + 4 <= n; i += 4)
		for (size_t k = 0; k < 4; k++) /* equal neighbors do not wait for each other */
			count[k][row[i + k]]++;
	for (; i < n; i++)
		count[0][row[i]]++;
	for (size_t k = 0; k < 256; k++)
		sum += weight((uint64_t)count[0][k] + count[1][k] + count[2][k] + count[3][k]);
	return sum;
}

static unsigned pair_at(const uint8_t *row, size_t i)
{
	return (unsigned)row[i - 1] << 8 | row[i];
}

/* The same of pairs of neighbors; a row of more than 64 Ki pairs is judged by its first. Leaves all counts 0. */
static uint64_t pair_weight(const uint8_t *row, size_t n, struct leat_filter_room *room)
{
	uint64_t sum = 0;
	uint16_t *count = room->count;
	n = n < PAIRS ? n : PAIRS;
	for (size_t i = 1; i < n; i++) {
		uint16_t c = count[pair_at(row, i)]++;
		sum += c < STEPS ? room->step[c] : weight(c + 1u) - weight(c);
	}
	for (size_t i = 1; i < n; i++)
		count[pair_at(row, i)] = 0;
	return sum;
}

static void best_row(enum leat_filtering way, const struct leat_png_pair *p, uint8_t *to, struct leat_filter_room *room)
{
	uint8_t *now = room->candidate[0], *best = room->candidate[1];
	uint64_t most = 0;
	for (int f = 0; f < LEAT_PNG_FILTERS; f++) {
		leat_png_filter((enum leat_png_filter)f, p, now);
		uint64_t w = way == LEAT_FILTERING_PAIRS ? pair_weight(now, p->n, room) : byte_weight(now, p->n);
		if (f == 0 || w > most) {
			uint8_t *swap = best;
			most = w;
			best = now;
			now = swap;
			*to = (uint8_t)f;
		}
	}
	memcpy(to + 1, best, p->n);
}

void leat_filtering_row(enum leat_filtering way, const struct leat_stored_rows *r, uint32_t y, uint8_t *to,
			struct leat_filter_room *room)
{
	const uint8_t *row = r->first + (size_t)y * r->stride;
	struct leat_png_pair p = {.row = row, .above = row - r->stride, .n = r->n, .bpp = r->bpp};
	if (way > LEAT_FILTERING_SUMS) {
		best_row(way, &p, to, room);
		return;
	}
	enum leat_png_filter f = way == LEAT_FILTERING_SUMS ? leat_png_least_sum(&p) : (enum leat_png_filter)way;
	*to = (uint8_t)f;
	leat_png_filter(f, &p, to + 1);
}

/* ---- the sample ---- */

/* Rows of a band, and how many bands: of small images all rows, in one. */
static uint32_t band_rows(const struct leat_stored_rows *r, uint32_t *bands)
{
	uint64_t line = r->n + 1, least = (SAMPLE_LEAST + line - 1) / line;
	uint64_t part = r->height / (SAMPLE_PART * SAMPLE_BANDS);
	uint64_t rows = part < SAMPLE_ROWS ? part : SAMPLE_ROWS;
	*bands = SAMPLE_BANDS;
	if (rows * SAMPLE_BANDS < least)
		rows = (least + SAMPLE_BANDS - 1) / SAMPLE_BANDS;
	if (rows * SAMPLE_BANDS < r->height)
		return (uint32_t)rows;
	*bands = 1;
	return r->height;
}

struct trial {
	const struct leat_stored_rows *r;
	struct libdeflate_compressor *packer;
	uint8_t *rows, *packed;
	size_t packed_cap;
	uint32_t bands, each;
};

static size_t try_way(const struct trial *t, enum leat_filtering way, struct leat_filter_room *room)
{
	uint8_t *to = t->rows;
	uint32_t gap = t->bands > 1 ? (t->r->height - t->each) / (t->bands - 1) : 0;
	for (uint32_t b = 0; b < t->bands; b++)
		for (uint32_t y = 0; y < t->each; y++, to += t->r->n + 1)
			leat_filtering_row(way, t->r, b * gap + y, to, room);
	return libdeflate_deflate_compress(t->packer, t->rows, (size_t)(to - t->rows), t->packed, t->packed_cap);
}

/* Insertion: there are few, and equals keep their order. */
static void sort_ways(enum leat_filtering *ways, size_t *sizes, int n)
{
	for (int i = 1; i < n; i++)
		for (int k = i; k > 0 && sizes[k] < sizes[k - 1]; k--) {
			size_t size = sizes[k];
			enum leat_filtering way = ways[k];
			sizes[k] = sizes[k - 1];
			ways[k] = ways[k - 1];
			sizes[k - 1] = size;
			ways[k - 1] = way;
		}
}

int leat_filtering_rank(enum leat_filtering *ways, int n, const struct leat_stored_rows *r,
			struct leat_filter_room *room, struct leat_err *err)
{
	struct trial t = {.r = r};
	size_t sizes[LEAT_FILTERINGS];
	if (n < 2)
		return 0;
	t.each = band_rows(r, &t.bands);
	t.packer = leat_packer_take(SAMPLE_LEVEL, err);
	size_t bytes = leat_size_mul(r->n + 1, (size_t)t.bands * t.each);
	t.rows = leat_alloc_aligned(leat_size_add(bytes, LEAT_PNG_BEHIND), err);
	t.packed_cap = t.packer ? libdeflate_deflate_compress_bound(t.packer, bytes) : 0;
	t.packed = leat_alloc_aligned(t.packed_cap, err);
	bool ready = t.packer && t.rows && t.packed;
	for (int i = 0; ready && i < n; i++)
		sizes[i] = try_way(&t, ways[i], room);
	if (ready)
		sort_ways(ways, sizes, n);
	leat_packer_give(SAMPLE_LEVEL, &t.packer);
	free(t.rows);
	free(t.packed);
	return ready ? 0 : -1;
}
