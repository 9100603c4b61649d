/* SPDX-License-Identifier: MIT */
/* Colors for numbers: Matplotlib's perceptually even maps. */
#ifndef LEAT_OPS_ARRAY_COLORMAPS_H
#define LEAT_OPS_ARRAY_COLORMAPS_H

#include <stdint.h>

enum leat_colormap { LEAT_VIRIDIS, LEAT_MAGMA, LEAT_INFERNO, LEAT_PLASMA, LEAT_N_COLORMAPS };

/* 0xRRGGBB, sRGB. */
extern const uint32_t leat_colormaps[LEAT_N_COLORMAPS][256];

#endif
