/* SPDX-License-Identifier: MIT */
/* CMYK to RGB by the plain formula: what light the inks leave. */
#ifndef LEAT_FORMATS_JPEG_INKS_H
#define LEAT_FORMATS_JPEG_INKS_H

#include <stdbool.h>
#include <stdint.h>

/* One row of `width` pixels of four inks each. inverted: as Adobe writes it, 255 is no ink. */
void leat_inks_row(const uint8_t *inks, uint8_t *rgb, uint32_t width, bool inverted);

#endif
