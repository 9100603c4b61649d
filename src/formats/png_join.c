/* SPDX-License-Identifier: MIT */
/* Where the last block begins and ends is known only after reading all of them; zlib stops at each for the asking. */
#include "formats/png_join.h"

#include "base/mem.h"

#include <limits.h>
#include <zlib.h>

enum { SINK = 32 * 1024, AT_BLOCK_END = 128, UNUSED_BITS = 7 };

struct walk {
	z_stream z;
	const uint8_t *stream;
	size_t last, end; /* bits: where the last block begins, where it ends */
	uint8_t sink[SINK];
};

static bool bit(const uint8_t *d, size_t at)
{
	return d[at / 8] >> at % 8 & 1;
}

/* To the end of the block at bit `from`; false when there is none. */
static bool pass_block(struct walk *w)
{
	do {
		w->z.next_out = w->sink;
		w->z.avail_out = sizeof w->sink;
		int state = inflate(&w->z, Z_BLOCK);
		if (state != Z_OK ||
		    (w->z.avail_out == sizeof w->sink && w->z.avail_in == 0 && !(w->z.data_type & AT_BLOCK_END)))
			return false;
	} while (!(w->z.data_type & AT_BLOCK_END));
	w->end = w->z.total_in * 8 - ((unsigned)w->z.data_type & UNUSED_BITS);
	return true;
}

/* True when all of it is one stream. */
static bool walk(struct walk *w, size_t n)
{
	do {
		if (w->end / 8 >= n)
			return false;
		w->last = w->end;
		if (!pass_block(w))
			return false;
	} while (!bit(w->stream, w->last));
	return (w->end + 7) / 8 == n;
}

/* Behind `end` there are zero bits up to the byte: the header of a stored block, if there are three. */
static void reopen(uint8_t *stream, size_t *n, const struct walk *w)
{
	static const uint8_t empty[] = {0, 0, 0xff, 0xff};
	stream[w->last / 8] &= (uint8_t) ~(1u << w->last % 8);
	if ((8 - w->end % 8) % 8 < 3)
		stream[(*n)++] = 0;
	memcpy(stream + *n, empty, sizeof empty);
	*n += sizeof empty;
}

int leat_join_open(uint8_t *stream, size_t *n, struct leat_err *err)
{
	struct walk *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return -1;
	w->stream = stream;
	w->z.next_in = stream;
	w->z.avail_in = (uInt)*n;
	if (*n > UINT_MAX || inflateInit2(&w->z, -MAX_WBITS) != Z_OK) {
		free(w);
		return leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for joining packed pixels");
	}
	bool good = walk(w, *n);
	(void)inflateEnd(&w->z); /* only tells of a stream that was not finished */
	if (good)
		reopen(stream, n, w);
	free(w);
	return good ? 0 : leat_fail(err, LEAT_CAUSE_INTERNAL, "packed pixels cannot be read again");
}
