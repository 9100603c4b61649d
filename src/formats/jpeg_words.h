/* SPDX-License-Identifier: MIT */
/* What libjpeg's message codes mean: cause, words, and whether pixels are wrong. */
#ifndef LEAT_FORMATS_JPEG_WORDS_H
#define LEAT_FORMATS_JPEG_WORDS_H

#include "base/err.h"

#include <stdio.h> /* jpeglib.h needs FILE */

#include <jpeglib.h>

/* The cause class of an error's code. */
enum leat_cause leat_jpeg_cause(int code);

/* The present message, without the words that ours begin with; the result is within text. */
const char *leat_jpeg_words(j_common_ptr c, char text[static JMSG_LENGTH_MAX]);

/* Does the warning of this code mean wrong pixels? in_pixels: a scan has begun. */
bool leat_jpeg_spoils(int code, bool in_pixels);

/* Is it the warning that the data of a scan end before its pixels do? */
bool leat_jpeg_ends_early(int code);

#endif
