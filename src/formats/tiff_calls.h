/* SPDX-License-Identifier: MIT */
/*
 * libtiff as a module: what is used of it, and files in memory. Messages go to the handle that they are about, never to
 * the library's global handlers. (libtiff brings libjbig, which is GPL: therefore it is not linked.)
 */
#ifndef LEAT_FORMATS_TIFF_CALLS_H
#define LEAT_FORMATS_TIFF_CALLS_H

#include "core/codec.h"

#include <tiffio.h>

#define LEAT_TIFF_CALLS(X)                      \
	X(TIFFOpenOptionsAlloc)                 \
	X(TIFFOpenOptionsFree)                  \
	X(TIFFOpenOptionsSetMaxSingleMemAlloc)  \
	X(TIFFOpenOptionsSetErrorHandlerExtR)   \
	X(TIFFOpenOptionsSetWarningHandlerExtR) \
	X(TIFFClientOpenExt)                    \
	X(TIFFClose)                            \
	X(TIFFGetField)                         \
	X(TIFFGetFieldDefaulted)                \
	X(TIFFSetField)                         \
	X(TIFFNumberOfDirectories)              \
	X(TIFFSetDirectory)                     \
	X(TIFFReadDirectory)                    \
	X(TIFFWriteDirectory)                   \
	X(TIFFCurrentDirOffset)                 \
	X(TIFFIsCODECConfigured)                \
	X(TIFFIsTiled)                          \
	X(TIFFTileSize64)                       \
	X(TIFFTileRowSize64)                    \
	X(TIFFStripSize64)                      \
	X(TIFFScanlineSize64)                   \
	X(TIFFReadEncodedStrip)                 \
	X(TIFFReadTile)                         \
	X(TIFFComputeStrip)                     \
	X(TIFFReadRGBAImageOriented)            \
	X(TIFFRGBAImageOK)                      \
	X(TIFFWriteEncodedStrip)                \
	X(TIFFWriteTile)                        \
	X(TIFFFlush)

struct leat_tiff_calls {
#define LEAT_TIFF_CALL(f) __typeof__(f) *f;
	LEAT_TIFF_CALLS(LEAT_TIFF_CALL)
#undef LEAT_TIFF_CALL
};

/* leat_codec.prepare */
int leat_tiff_prepare(struct leat_err *err);
/* The functions, when they were prepared; else NULL with *err. */
const struct leat_tiff_calls *leat_tiff_calls(struct leat_err *err);

/* One file in memory, under libtiff's hands. */
struct leat_tiff {
	const struct leat_tiff_calls *c;
	TIFF *h;
	const uint8_t *data; /* that is read; NULL: `out` is written */
	struct leat_bytes *out;
	size_t n, pos;
	bool beyond; /* somebody read over the end: the file is cut short */
	struct leat_err err; /* the first thing that libtiff complained about */
};

/* Opens it: mode "r", "w", "w8" (BigTIFF). most: bytes that libtiff may allocate at once. 0, or -1 with *err. */
int leat_tiff_open(struct leat_tiff *t, const char *mode, uint64_t most, struct leat_err *err);
void leat_tiff_close(struct leat_tiff *t); /* of a file being written: writes what is still to be written */
/* Fails with what libtiff said, or `what` when it said nothing. Always -1. */
int leat_tiff_failed(const struct leat_tiff *t, const char *what, struct leat_err *err);

#endif
