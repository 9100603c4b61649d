/* SPDX-License-Identifier: MIT */
/*
 * From one lcms2 profile to another, exactly: every sample is within one level of what lcms2's float transform gives
 * stage by stage. 8 bit goes lcms2's fast way where a few thousand probes say that it keeps to that; all other images
 * are computed stage by stage (about 400 ns a pixel).
 */
#ifndef LEAT_OPS_COLOR_BETWEEN_H
#define LEAT_OPS_COLOR_BETWEEN_H

#include "core/image.h"

#include <lcms2.h>

struct leat_between; /* immutable and counted: rows may be converted by any number of threads */

struct leat_between_ask {
	cmsContext ctx;
	cmsHPROFILE from, to; /* gray, RGB or (not float) Lab, of the images' kinds */
	const struct leat_image_shape *in, *out; /* same depth, same alpha */
	cmsUInt32Number intent; /* INTENT_... */
	bool black_point; /* compensation */
};

/* A new one with one reference in *t. -1 with *err: UNSUPPORTED where lcms2 knows no way, MEMORY. */
int leat_between_find(const struct leat_between_ask *q, struct leat_between **t, struct leat_err *err);
void leat_between_ref(struct leat_between *t);
void leat_between_unref(struct leat_between **t); /* clears *t, accepts NULL in it */

/* Converts one row. Where both have as many channels `out` may be `in`. */
void leat_between_row(const struct leat_between *t, const uint8_t *in, uint8_t *out, uint32_t width);

/* Is it lcms2's fast way? For tests. */
bool leat_between_is_fast(const struct leat_between *t);

#endif
