/* SPDX-License-Identifier: MIT */
/* Arrays out of and into the bytes of npy files: shared by npy, npz and raw. Thread safe. */
#ifndef LEAT_FORMATS_NPY_BYTES_H
#define LEAT_FORMATS_NPY_BYTES_H

#include "core/codec.h"
#include "formats/npy_header.h"

/*
 * The elements at b->data + h->offset, all of which must be there: where they lie when that is possible (host order,
 * aligned), else a copy. NULL with *err (MEMORY).
 */
struct leat_array *leat_npy_elements(const struct leat_npy *h, struct leat_bytes *b, struct leat_err *err);

/* leat_codec.dec_run of a whole npy file. */
int leat_npy_decode(struct leat_bytes *b, const struct leat_parse_params *p, struct leat_payload *out,
		    struct leat_notices *notes, struct leat_err *err);

/* The npy file of an array, in the order asked for. -1 with *err (MEMORY). See leat_array_behind for what it shares. */
int leat_npy_encode(struct leat_array *a, bool fortran, struct leat_bytes **out, struct leat_err *err);

/* Rows by columns; by channels where there are several, the last dimension. NULL with *err (MEMORY). */
struct leat_array *leat_npy_of_image(const struct leat_image *im, struct leat_err *err);

#endif
