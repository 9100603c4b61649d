/* SPDX-License-Identifier: MIT */
#include "formats/png_idat.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/png_filter.h"
#include "formats/png_join.h"

enum {
	CHUNK_HEAD = 8,
	CHUNK_TAIL = 4,
	ZLIB_HEAD = 2,
	ZLIB_TAIL = 4,
	SAMPLE = 96 * 1024, /* at most, and about a sixteenth; of less than LEAST_SAMPLED bytes none is worth it */
	LEAST_SAMPLED = 64 * 1024,
	SAMPLED_PART = 16,
	AROUND = CHUNK_HEAD + CHUNK_TAIL + ZLIB_HEAD + ZLIB_TAIL
};

/* ---- an IDAT chunk in place: its head is left free, and filled in when its length is known ---- */

static uint8_t *chunk_open(struct leat_idat *i, size_t most, struct leat_err *err)
{
	if (leat_bytes_reserve(i->out, leat_size_add(most, AROUND), err) < 0)
		return NULL;
	return i->out->data + i->out->len + CHUNK_HEAD;
}

static int chunk_close(struct leat_idat *i, size_t n, struct leat_err *err)
{
	uint8_t *head = i->out->data + i->out->len;
	if (n > INT32_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%zu bytes of pixels do not fit a chunk of a png", n);
	leat_put_be32(head, (uint32_t)n);
	memcpy(head + 4, "IDAT", 4);
	leat_put_be32(head + CHUNK_HEAD + n, libdeflate_crc32(0, head + 4, n + 4));
	i->out->len += CHUNK_HEAD + n + CHUNK_TAIL;
	return 0;
}

/* ---- which level ---- */

/* Both pack the middle of what is there; one of them goes on. */
static int choose_level(struct leat_idat *i, struct leat_err *err)
{
	size_t n = i->used / SAMPLED_PART < SAMPLE ? i->used / SAMPLED_PART : (size_t)SAMPLE;
	if (i->used < LEAST_SAMPLED)
		return 0;
	const uint8_t *sample = i->band + (i->used - n) / 2;
	struct libdeflate_compressor *lower = leat_packer_take(i->lower, err);
	size_t most = lower ? libdeflate_deflate_compress_bound(i->packer, n) : 0;
	uint8_t *to = lower ? leat_alloc_aligned(most, err) : NULL;
	int level = i->lower;
	if (to && libdeflate_deflate_compress(lower, sample, n, to, most) <=
			  libdeflate_deflate_compress(i->packer, sample, n, to, most)) {
		struct libdeflate_compressor *swap = i->packer;
		i->packer = lower;
		lower = swap;
		level = i->level;
		i->level = i->lower;
	}
	i->lower = -1;
	leat_packer_give(level, &lower);
	free(to);
	return to ? 0 : -1;
}

/* ---- all at once, or band by band ---- */

static int pack_whole(struct leat_idat *i, struct leat_err *err)
{
	if (i->lower >= 0 && choose_level(i, err) < 0)
		return -1;
	size_t most = libdeflate_zlib_compress_bound(i->packer, i->used);
	uint8_t *to = chunk_open(i, most, err);
	return to ? chunk_close(i, libdeflate_zlib_compress(i->packer, i->band, i->used, to, most), err) : -1;
}

static int pack_band(struct leat_idat *i, struct leat_err *err)
{
	static const uint8_t zlib_head[ZLIB_HEAD] = {0x78, 0x9c}; /* RFC 1950: deflate, window of 32 KiB */
	bool last = i->left == 0;
	if (i->lower >= 0 && choose_level(i, err) < 0)
		return -1;
	size_t n = libdeflate_deflate_compress(i->packer, i->band, i->used, i->packed, i->packed_cap - LEAT_JOIN_MORE);
	i->adler = libdeflate_adler32(i->adler, i->band, i->used);
	i->used = 0;
	if (!last && leat_join_open(i->packed, &n, err) < 0)
		return -1;
	uint8_t *to = chunk_open(i, n, err), *start = to;
	if (!to)
		return -1;
	if (!i->begun) {
		i->begun = true;
		memcpy(to, zlib_head, ZLIB_HEAD);
		to += ZLIB_HEAD;
	}
	memcpy(to, i->packed, n);
	to += n;
	if (last) {
		leat_put_be32(to, i->adler);
		to += ZLIB_TAIL;
	}
	return chunk_close(i, (size_t)(to - start), err);
}

/* ---- */

static size_t band_bytes(uint64_t total, size_t row)
{
	if (total <= LEAT_IDAT_WHOLE)
		return total;
	return row > LEAT_IDAT_BAND ? row : LEAT_IDAT_BAND;
}

int leat_idat_open(struct leat_idat *i, struct leat_bytes *out, uint64_t total, size_t row, int level, int lower,
		   struct leat_err *err)
{
	*i = (struct leat_idat){.out = out, .level = level, .lower = lower, .left = total, .adler = 1};
	i->whole = total <= LEAT_IDAT_WHOLE;
	i->cap = band_bytes(total, row);
	i->packer = leat_packer_take(level, err);
	if (!i->packer)
		return -1;
	i->band = leat_alloc_aligned(leat_size_add(i->cap, LEAT_PNG_BEHIND), err);
	if (!i->whole) {
		i->packed_cap = leat_size_add(libdeflate_deflate_compress_bound(i->packer, i->cap), LEAT_JOIN_MORE);
		i->packed = leat_alloc_aligned(i->packed_cap, err);
	}
	return i->band && (i->packed || i->whole) ? 0 : -1;
}

uint8_t *leat_idat_row(struct leat_idat *i, size_t n, struct leat_err *err)
{
	if (n > i->left || n > i->cap) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "png: more rows than were said");
		return NULL;
	}
	if (n > i->cap - i->used && pack_band(i, err) < 0)
		return NULL;
	uint8_t *to = i->band + i->used;
	i->used += n;
	i->left -= n;
	return to;
}

int leat_idat_end(struct leat_idat *i, struct leat_err *err)
{
	if (i->left)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "png: fewer rows than were said");
	return i->whole ? pack_whole(i, err) : pack_band(i, err);
}

void leat_idat_close(struct leat_idat *i)
{
	leat_packer_give(i->level, &i->packer);
	free(i->band);
	free(i->packed);
	i->band = i->packed = NULL;
}

size_t leat_idat_cost(uint64_t total, size_t row, int level)
{
	size_t band = leat_size_add(band_bytes(total, row), LEAT_PNG_BEHIND);
	size_t packed = total <= LEAT_IDAT_WHOLE ? 0 : leat_size_add(band, band / 8);
	return leat_size_add(leat_packer_bytes(level), leat_size_add(band, leat_size_add(packed, 2 * SAMPLE)));
}
