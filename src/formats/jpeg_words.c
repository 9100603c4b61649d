/* SPDX-License-Identifier: MIT */
#include "formats/jpeg_words.h"

#include <string.h>

#include <jerror.h> /* behind jpeglib.h, whose configuration numbers its codes */

enum leat_cause leat_jpeg_cause(int code)
{
	switch (code) {
	case JERR_OUT_OF_MEMORY:
	case JERR_NO_BACKING_STORE:
		return LEAT_CAUSE_MEMORY;
	case JERR_IMAGE_TOO_BIG:
	case JERR_WIDTH_OVERFLOW:
		return LEAT_CAUSE_LIMIT;
	case JERR_BAD_PRECISION:
	case JERR_SOF_UNSUPPORTED:
	case JERR_ARITH_NOTIMPL:
	case JERR_CONVERSION_NOTIMPL:
	case JERR_NOTIMPL:
	case JERR_NOT_COMPILED:
	case JERR_FRACT_SAMPLE_NOTIMPL:
	case JERR_CCIR601_NOTIMPL:
		return LEAT_CAUSE_UNSUPPORTED;
	default:
		return LEAT_CAUSE_CORRUPT;
	}
}

const char *leat_jpeg_words(j_common_ptr c, char text[static JMSG_LENGTH_MAX])
{
	static const char prefix[] = "Corrupt JPEG data: ";
	c->err->format_message(c, text);
	return text + (strncmp(text, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0);
}

bool leat_jpeg_spoils(int code, bool in_pixels)
{
	switch (code) {
	case JWRN_ARITH_BAD_CODE:
	case JWRN_BOGUS_PROGRESSION:
	case JWRN_HIT_MARKER:
	case JWRN_HUFF_BAD_CODE:
	case JWRN_MUST_RESYNC:
		return true;
	case JWRN_EXTRANEOUS_DATA: /* what is left over behind pixels: the decoder lost its way before */
		return in_pixels;
	default:
		return false;
	}
}

bool leat_jpeg_ends_early(int code)
{
	return code == JWRN_HIT_MARKER;
}
