/* SPDX-License-Identifier: MIT */
/* The parameters of `decode`, a step without an op: the codec follows the bytes. */
#include "registry/registry.h"

static const char *const pages[] = {"first", "all", NULL};
static const char *const depths[] = {"keep", "8", "16", "float", NULL};
static const char *const damaged[] = {"fail", "keep", NULL};
static const char *const shrinks[] = {"auto", "fast", "1", "2", "4", "8", NULL};

/* Bit i is codec i of the built-in registry. */
static const char *const formats[] = {
#define CODEC(x) #x,
#define LEAT_IMAGES_ONLY
#include "registry/codecs.def"
#undef LEAT_IMAGES_ONLY
#undef CODEC
	NULL,
};

const struct leat_param leat_decode_params[] = {
	LEAT_P_CHOICE(struct leat_decode_params, pages, "pages", "first", pages, 0,
		      "which pages of a file with several to decode"),
	LEAT_P_SWITCH(struct leat_decode_params, orient, "orient", "yes", 0,
		      "apply the EXIF orientation, so that the image is upright"),
	LEAT_P_CHOICE(struct leat_decode_params, depth, "depth", "keep", depths, 0, "bits of a sample, or float"),
	LEAT_P_CHOICE(struct leat_decode_params, damaged, "damaged", "fail", damaged, 0,
		      "what happens with a damaged file: it fails, or what could be read is kept"),
	LEAT_P(struct leat_decode_params, max_pixels, uint64_t, LEAT_PT_PIXCOUNT, "max-pixels", "268MP", 0,
	       "larger images fail"),
	LEAT_P_CHOICE(
		struct leat_decode_params, shrink, "shrink", "auto", shrinks, 0,
		"decode at a fraction of the size where the format can: auto and fast where a resize follows, and "
		"leave it at least twice, or once, what it wants"),
	LEAT_P_FLAGS(struct leat_decode_params, formats, "formats", NULL, formats, 0,
		     "formats that may be decoded, all unless given"),
	LEAT_P_END,
};
