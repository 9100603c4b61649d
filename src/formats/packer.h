/* SPDX-License-Identifier: MIT */
/*
 * libdeflate's compressors, kept by each thread from image to image: making one costs more than packing an icon. What
 * is kept is a matter of speed alone; the same bytes and level always give the same result.
 */
#ifndef LEAT_FORMATS_PACKER_H
#define LEAT_FORMATS_PACKER_H

#include "base/err.h"

#include <libdeflate.h>

enum { LEAT_PACK_MOST = 12 }; /* levels: 0 stores, 1 to 12 */

/* A compressor of this level, the caller's; NULL with *err (MEMORY). Give it back with the same level. */
struct libdeflate_compressor *leat_packer_take(int level, struct leat_err *err);
/* Clears *c; NULL in it does nothing. */
void leat_packer_give(int level, struct libdeflate_compressor **c);

/* About how much memory one of this level has. */
size_t leat_packer_bytes(int level);

#endif
