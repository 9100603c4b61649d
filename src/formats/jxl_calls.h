/* SPDX-License-Identifier: MIT */
/* libjxl as a module: what is used of it. */
#ifndef LEAT_FORMATS_JXL_CALLS_H
#define LEAT_FORMATS_JXL_CALLS_H

#include "core/codec.h"

#include <jxl/decode.h>
#include <jxl/encode.h>

#define LEAT_JXL_CALLS(X)                       \
	X(JxlDecoderCreate)                     \
	X(JxlDecoderDestroy)                    \
	X(JxlDecoderRewind)                     \
	X(JxlDecoderSubscribeEvents)            \
	X(JxlDecoderSetKeepOrientation)         \
	X(JxlDecoderSetUnpremultiplyAlpha)      \
	X(JxlDecoderSetDecompressBoxes)         \
	X(JxlDecoderSetInput)                   \
	X(JxlDecoderReleaseInput)               \
	X(JxlDecoderCloseInput)                 \
	X(JxlDecoderProcessInput)               \
	X(JxlDecoderGetBasicInfo)               \
	X(JxlDecoderGetExtraChannelInfo)        \
	X(JxlDecoderGetColorAsEncodedProfile)   \
	X(JxlDecoderGetICCProfileSize)          \
	X(JxlDecoderGetColorAsICCProfile)       \
	X(JxlDecoderGetBoxType)                 \
	X(JxlDecoderSetBoxBuffer)               \
	X(JxlDecoderReleaseBoxBuffer)           \
	X(JxlDecoderImageOutBufferSize)         \
	X(JxlDecoderSetImageOutBuffer)          \
	X(JxlDecoderFlushImage)                 \
	X(JxlColorEncodingSetToSRGB)            \
	X(JxlEncoderCreate)                     \
	X(JxlEncoderDestroy)                    \
	X(JxlEncoderInitBasicInfo)              \
	X(JxlEncoderSetBasicInfo)               \
	X(JxlEncoderGetRequiredCodestreamLevel) \
	X(JxlEncoderSetCodestreamLevel)         \
	X(JxlEncoderSetColorEncoding)           \
	X(JxlEncoderSetICCProfile)              \
	X(JxlEncoderUseBoxes)                   \
	X(JxlEncoderAddBox)                     \
	X(JxlEncoderFrameSettingsCreate)        \
	X(JxlEncoderFrameSettingsSetOption)     \
	X(JxlEncoderSetFrameLossless)           \
	X(JxlEncoderSetFrameDistance)           \
	X(JxlEncoderAddImageFrame)              \
	X(JxlEncoderCloseInput)                 \
	X(JxlEncoderProcessOutput)              \
	X(JxlEncoderGetError)

struct leat_jxl_calls {
#define LEAT_JXL_CALL(f) __typeof__(f) *f;
	LEAT_JXL_CALLS(LEAT_JXL_CALL)
#undef LEAT_JXL_CALL
};

/* leat_codec.prepare */
int leat_jxl_prepare(struct leat_err *err);
/* The functions, when they were prepared; else NULL with *err. */
const struct leat_jxl_calls *leat_jxl_calls(struct leat_err *err);

#endif
