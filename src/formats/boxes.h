/* SPDX-License-Identifier: MIT */
/* The outermost boxes of a file made of boxes, as AVIF and JPEG XL are. */
#ifndef LEAT_FORMATS_BOXES_H
#define LEAT_FORMATS_BOXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the file end within a box, or is it empty? Layout after ISO/IEC 14496-12, 4.2. */
bool leat_boxes_cut(const uint8_t *d, size_t n);

#endif
