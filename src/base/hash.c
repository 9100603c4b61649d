/* SPDX-License-Identifier: MIT */
/* See hash.h. */
#include "base/hash.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void leat_hash(const void *data, size_t n, uint8_t out[static LEAT_HASH])
{
	XXH128_canonical_t c;
	XXH128_canonicalFromHash(&c, XXH3_128bits(data, n));
	memcpy(out, c.digest, LEAT_HASH);
}

uint64_t leat_hash_text(const char *s)
{
	return XXH3_64bits(s, strlen(s));
}
