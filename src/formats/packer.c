/* SPDX-License-Identifier: MIT */
#include "formats/packer.h"

#include "base/stash.h"

static void destroy(void *c)
{
	libdeflate_free_compressor(c);
}

/* A thread seldom packs with more than one level at once; the high ones are large. */
#define KIND                                  \
	{                                     \
		.destroy = destroy, .most = 1 \
	}
static const struct leat_stash_kind kinds[LEAT_PACK_MOST + 1] = {KIND, KIND, KIND, KIND, KIND, KIND, KIND,
								 KIND, KIND, KIND, KIND, KIND, KIND};

struct libdeflate_compressor *leat_packer_take(int level, struct leat_err *err)
{
	struct libdeflate_compressor *c = leat_stash_take(&kinds[level]);
	if (!c)
		c = libdeflate_alloc_compressor(level);
	if (!c)
		leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for packing with level %d", level);
	return c;
}

void leat_packer_give(int level, struct libdeflate_compressor **c)
{
	leat_stash_put(&kinds[level], *c);
	*c = NULL;
}

/* Measured with libdeflate 1.14. */
size_t leat_packer_bytes(int level)
{
	return level >= 10 ? (size_t)10 << 20 : (size_t)1 << 20;
}
