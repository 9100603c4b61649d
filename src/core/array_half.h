/* SPDX-License-Identifier: MIT */
/* Halves (IEEE binary16) to and from the floats that hold them exactly. */
#ifndef LEAT_CORE_ARRAY_HALF_H
#define LEAT_CORE_ARRAY_HALF_H

#include "core/array.h"

/* Exact for every half; NaN stays NaN with its payload. */
float leat_half_to_float(uint16_t h);
/* The nearest half, ties to even; too large becomes infinite. Rounds once: never through float. */
uint16_t leat_half_from_double(double v);

#endif
