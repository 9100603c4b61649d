/* SPDX-License-Identifier: MIT */
#include "formats/icc.h"

#include "formats/endian.h"

#include <string.h>

enum { HEADER = 128, TAG = 12 };

const char *leat_icc_fault(const uint8_t *d, size_t n, bool gray)
{
	if (n < HEADER + 4 || memcmp(d + 36, "acsp", 4) != 0)
		return "is damaged";
	uint32_t size = leat_be32(d), tags = leat_be32(d + HEADER);
	if (size > n || size < HEADER + 4 || tags > (size - HEADER - 4) / TAG)
		return "is damaged";
	if (memcmp(d + 16, gray ? "GRAY" : "RGB ", 4) != 0)
		return gray ? "is not for gray" : "is not for RGB";
	return NULL;
}
