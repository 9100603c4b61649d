/* SPDX-License-Identifier: MIT */
/*
 * What PNM and PAM share: the raster behind either header, read and written. Samples of any maxval
 * are scaled to the full 8 or 16 bit, rounded exactly (half up). opts.depth is the engine's affair;
 * there is no metadata.
 *
 * Strict: too few samples are TRUNCATED, samples over maxval CORRUPT. With keep_damaged, rows that
 * are not all there are zero, samples over maxval are maxval, and a notice says so.
 */
#ifndef LEAT_FORMATS_NETPBM_H
#define LEAT_FORMATS_NETPBM_H

#include "core/codec.h"

struct leat_netpbm_head {
	const char *format; /* "pnm", "pam" */
	uint64_t width, height;
	uint32_t maxval; /* 1..65535 */
	uint8_t channels;
	bool alpha;
	bool plain; /* numbers as text */
	bool bitmap; /* PBM: bits, 1 is black */
	size_t raster; /* offset of the first sample */
};

/* Reads a header: 0; -1 with *err; 1 when more bytes are needed (never when `whole`). */
typedef int leat_netpbm_read(const uint8_t *d, size_t n, bool whole, struct leat_netpbm_head *h, struct leat_err *err);

/* Scanning a header of words. Positions never pass n, which is at most LEAT_LIMIT_HEADER_TEXT. */
struct leat_netpbm_scan {
	const uint8_t *d;
	size_t n, pos;
	bool whole;
	const char *format;
	struct leat_err *err;
};
/*
 * The number at the next word, over blanks and comments. 0; -1 with *err; 1 when more bytes are
 * needed. The byte behind it is not read over.
 */
int leat_netpbm_number(struct leat_netpbm_scan *s, uint64_t *out);
/*
 * The header goes on behind the bytes there are: 1, or -1 (TRUNCATED, or CORRUPT for a header
 * without end).
 */
int leat_netpbm_more(struct leat_netpbm_scan *s);
/* Scanning of a file that begins with d, from behind its first `pos` bytes. */
struct leat_netpbm_scan leat_netpbm_begin(const char *format, const uint8_t *d, size_t n, size_t pos, bool whole,
					  struct leat_err *err);
/* Checks sides and maxval. */
int leat_netpbm_check(const struct leat_netpbm_head *h, struct leat_err *err);

/* The functions of struct leat_codec; `header` is the codec's own. */
int leat_netpbm_probe(leat_netpbm_read *header, const uint8_t *data, size_t n, bool whole, struct leat_header *h,
		      struct leat_err *err);
int leat_netpbm_dec_open(struct leat_decoder **d, leat_netpbm_read *header, const uint8_t *data, size_t n,
			 const struct leat_decode_opts *o, struct leat_image_shape *shape, struct leat_meta **meta,
			 struct leat_notices *notes, struct leat_err *err);
int leat_netpbm_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_netpbm_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_netpbm_dec_close(struct leat_decoder **d);

#endif
