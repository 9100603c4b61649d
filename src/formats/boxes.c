/* SPDX-License-Identifier: MIT */
#include "formats/boxes.h"

#include "formats/endian.h"

bool leat_boxes_cut(const uint8_t *d, size_t n)
{
	enum { HEAD = 8, WIDE = 16 };
	for (size_t pos = 0; pos < n;) {
		if (n - pos < HEAD)
			return true;
		uint64_t size = leat_be32(d + pos);
		if (size == 1 && n - pos >= WIDE)
			size = (uint64_t)leat_be32(d + pos + HEAD) << 32 | leat_be32(d + pos + HEAD + 4);
		if (size == 0) /* up to the end */
			return false;
		if (size > n - pos)
			return true;
		if (size < HEAD) /* nonsense, but no cut */
			return false;
		pos += (size_t)size;
	}
	return n == 0;
}
