/* SPDX-License-Identifier: MIT */
/* A look at the header of an ICC profile: is it whole, and for which kind of image. */
#ifndef LEAT_FORMATS_ICC_H
#define LEAT_FORMATS_ICC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * NULL when the profile may stay with an image of this kind, else why not, as words to follow "the
 * ICC profile ". Layout after ICC.1: size at 0, color space at 16, signature "acsp" at 36, tag
 * count at 128.
 */
const char *leat_icc_fault(const uint8_t *d, size_t n, bool gray);

#endif
