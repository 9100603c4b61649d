/* SPDX-License-Identifier: MIT */
#include "formats/png_frame.h"

#include "base/mem.h"
#include "formats/endian.h"

#include <libdeflate.h>

int leat_png_put_chunk(struct leat_bytes *to, const char name[static 4], const uint8_t *data, size_t n,
		       struct leat_err *err)
{
	uint8_t head[8], tail[4];
	if (n > INT32_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%zu bytes do not fit a chunk of a png", n);
	leat_put_be32(head, (uint32_t)n);
	memcpy(head + 4, name, 4);
	if (leat_bytes_append(to, head, sizeof head, err) < 0 || leat_bytes_append(to, data, n, err) < 0)
		return -1;
	leat_put_be32(tail, libdeflate_crc32(0, to->data + to->len - n - 4, n + 4));
	return leat_bytes_append(to, tail, sizeof tail, err);
}

int leat_png_put_header(struct leat_bytes *to, const struct leat_png_header *h, struct leat_err *err)
{
	static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	uint8_t ihdr[13] = {[8] = h->depth, [9] = h->color, [12] = h->interlace};
	leat_put_be32(ihdr, h->width);
	leat_put_be32(ihdr + 4, h->height);
	if (leat_bytes_append(to, signature, sizeof signature, err) < 0)
		return -1;
	return leat_png_put_chunk(to, "IHDR", ihdr, sizeof ihdr, err);
}

int leat_png_put_end(struct leat_bytes *to, struct leat_err *err)
{
	return leat_png_put_chunk(to, "IEND", (const uint8_t *)"", 0, err);
}
