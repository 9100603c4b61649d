/* SPDX-License-Identifier: MIT */
/* A whole PNG written anew, smaller, with exactly the same pixels. */
#ifndef LEAT_FORMATS_PNG_REPACK_H
#define LEAT_FORMATS_PNG_REPACK_H

#include "formats/png_keep.h"

enum { LEAT_REPACK_MOST = 6 };

struct leat_repack {
	int effort; /* 0 to LEAT_REPACK_MOST */
	enum leat_png_strip strip;
	bool reduce; /* color type, bits and palette may change where that loses nothing */
	bool verify; /* what comes out is decoded again and compared */
};

/*
 * The smallest file found, the caller's reference: never larger than `in`; `in` itself where nothing was gained, and
 * where it is animated. A file that a strict decoder refuses is refused here. 0 or -1 with *err.
 */
int leat_png_repack(const struct leat_repack *how, struct leat_bytes *in, struct leat_bytes **out,
		    struct leat_err *err);

/* Memory that takes for a file of this header and size. */
size_t leat_png_repack_cost(const struct leat_repack *how, const struct leat_header *h, uint64_t bytes);

#endif
