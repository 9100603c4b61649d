/* SPDX-License-Identifier: MIT */
/* libavif as a module: what is used of it. Everything that decodes or encodes AV1 comes with it. */
#ifndef LEAT_FORMATS_AVIF_CALLS_H
#define LEAT_FORMATS_AVIF_CALLS_H

#include "core/codec.h"

#include <avif/avif.h>

#define LEAT_AVIF_CALLS(X)                     \
	X(avifResultToString)                  \
	X(avifCodecName)                       \
	X(avifRWDataFree)                      \
	X(avifImageCreate)                     \
	X(avifImageCreateEmpty)                \
	X(avifImageDestroy)                    \
	X(avifImageAllocatePlanes)             \
	X(avifImageSetViewRect)                \
	X(avifImageSetProfileICC)              \
	X(avifImageSetMetadataExif)            \
	X(avifImageSetMetadataXMP)             \
	X(avifRGBImageSetDefaults)             \
	X(avifImageRGBToYUV)                   \
	X(avifImageYUVToRGB)                   \
	X(avifCropRectConvertCleanApertureBox) \
	X(avifDecoderCreate)                   \
	X(avifDecoderDestroy)                  \
	X(avifDecoderSetIOMemory)              \
	X(avifDecoderParse)                    \
	X(avifDecoderNthImage)                 \
	X(avifEncoderCreate)                   \
	X(avifEncoderDestroy)                  \
	X(avifEncoderSetCodecSpecificOption)   \
	X(avifEncoderWrite)

struct leat_avif_calls {
#define LEAT_AVIF_CALL(f) __typeof__(f) *f;
	LEAT_AVIF_CALLS(LEAT_AVIF_CALL)
#undef LEAT_AVIF_CALL
};

/* leat_codec.prepare */
int leat_avif_prepare(struct leat_err *err);
/* The functions, when they were prepared; else NULL with *err. */
const struct leat_avif_calls *leat_avif_calls(struct leat_err *err);

/* Fails with the cause that this result stands for; detail: what the library says besides, or "". Always -1. */
int leat_avif_failed(const struct leat_avif_calls *c, avifResult result, const char *detail, struct leat_err *err);

#endif
