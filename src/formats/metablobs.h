/* SPDX-License-Identifier: MIT */
/* Metadata that a container keeps in one piece each: taken into leat_meta, with the checks all formats share. */
#ifndef LEAT_FORMATS_METABLOBS_H
#define LEAT_FORMATS_METABLOBS_H

#include "core/codec.h"

/*
 * Each copies n bytes at d into m where m has none yet. What is damaged or larger than LEAT_LIMIT_BLOB is left out with
 * a notice. 0, or -1 with *err (MEMORY). gray: the kind of image the profile must be for.
 */
int leat_meta_take_icc(struct leat_meta *m, const uint8_t *d, size_t n, bool gray, struct leat_notices *notes,
		       struct leat_err *err);
int leat_meta_take_exif(struct leat_meta *m, const uint8_t *d, size_t n, struct leat_notices *notes,
			struct leat_err *err);
int leat_meta_take_xmp(struct leat_meta *m, const uint8_t *d, size_t n, struct leat_notices *notes,
		       struct leat_err *err);

#endif
