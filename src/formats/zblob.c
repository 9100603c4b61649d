/* SPDX-License-Identifier: MIT */
#include "formats/zblob.h"

#include "base/mem.h"

#include <limits.h>
#include <zlib.h>

enum { STEP = 16 * 1024 };

static int unpack(z_stream *z, struct leat_bytes *b, size_t limit, struct leat_err *err)
{
	uint8_t step[STEP];
	int state;
	do {
		z->next_out = step;
		z->avail_out = sizeof step;
		state = inflate(z, Z_NO_FLUSH);
		size_t got = sizeof step - z->avail_out;
		if ((state != Z_OK && state != Z_STREAM_END) || got > limit - b->len)
			return 1;
		if (leat_bytes_append(b, step, got, err) < 0)
			return -1;
		/* Z_OK without output and without input left: the stream ends early. */
		if (state == Z_OK && got == 0 && z->avail_in == 0)
			return 1;
	} while (state != Z_STREAM_END);
	return 0;
}

int leat_zblob_unpack(const uint8_t *d, size_t n, size_t limit, struct leat_bytes **out, struct leat_err *err)
{
	*out = NULL;
	if (n > UINT_MAX)
		return 1;
	z_stream z = {.next_in = (z_const Bytef *)d, .avail_in = (uInt)n};
	if (inflateInit(&z) != Z_OK)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for unpacking");
	struct leat_bytes *b = leat_bytes_new(STEP, err);
	int r = b ? unpack(&z, b, limit, err) : -1;
	(void)inflateEnd(&z); /* only tells of a stream that was not finished */
	if (r != 0)
		leat_bytes_unref(&b);
	*out = b;
	return r;
}

int leat_zblob_pack(struct leat_bytes *to, const uint8_t *d, size_t n, struct leat_err *err)
{
	uLongf len = compressBound(n);
	uint8_t *packed = leat_zalloc(len, 1, err);
	if (!packed)
		return -1;
	int r = compress2(packed, &len, d, n, Z_BEST_COMPRESSION) == Z_OK
			? leat_bytes_append(to, packed, len, err)
			: leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for packing %zu bytes", n);
	free(packed);
	return r;
}
