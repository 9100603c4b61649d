/* SPDX-License-Identifier: MIT */
/* What strip and to-srgb share: metadata go, and when the description of colors goes, samples become sRGB. */
#ifndef LEAT_OPS_COLOR_RECOLOR_H
#define LEAT_OPS_COLOR_RECOLOR_H

#include "core/op.h"

enum { /* what is kept; in the order of strip's words */
       LEAT_KEEP_ICC = 1, /* all that describes colors: profile, cICP, sRGB, gAMA, cHRM */
       LEAT_KEEP_EXIF = 2,
       LEAT_KEEP_XMP = 4,
       LEAT_KEEP_IPTC = 8,
       LEAT_KEEP_COPYRIGHT = 16,
       LEAT_KEEP_DENSITY = 32,
       LEAT_KEEP_ALL = 63,
};

/* The hooks of struct leat_op, with the mask of what is kept where the op knows it. */
int leat_recolor_open(void **state, struct leat_err *err);
int leat_recolor_begin(const struct leat_op_begin *b, unsigned keep, void **item, struct leat_err *err);
int leat_recolor_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		      void *scratch, struct leat_err *err);
int leat_recolor_end(void *item, struct leat_fields *fields, struct leat_err *err);
void leat_recolor_close(void *state);

#endif
