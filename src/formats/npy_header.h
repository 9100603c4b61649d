/* SPDX-License-Identifier: MIT */
/* The header of npy files, read and written without any library. */
#ifndef LEAT_FORMATS_NPY_HEADER_H
#define LEAT_FORMATS_NPY_HEADER_H

#include "core/array.h"

struct leat_npy {
	struct leat_array_shape shape;
	bool swapped; /* elements are in the other byte order */
	size_t offset; /* of the first element */
};

enum { LEAT_NPY_MAX_HEADER = 256 }; /* bytes that leat_npy_write_header may write */

bool leat_npy_sniff(const uint8_t *data, size_t n);

/*
 * From the first n bytes (`whole`: that is all). 0; -1 with *err (TRUNCATED, CORRUPT, UNSUPPORTED naming what is not
 * read, LIMIT); 1: more bytes are needed, at most 10012 in all. Reads what NumPy reads with allow_pickle=False, of the
 * types that arrays have.
 */
int leat_npy_read_header(const uint8_t *data, size_t n, bool whole, struct leat_npy *h, struct leat_err *err);

/* The header that numpy.save writes for this shape. Returns its length, a multiple of 64. */
size_t leat_npy_write_header(const struct leat_array_shape *s, uint8_t *out);

#endif
