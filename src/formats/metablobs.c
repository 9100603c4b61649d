/* SPDX-License-Identifier: MIT */
/* See metablobs.h. */
#include "formats/metablobs.h"

#include "formats/exif.h"
#include "formats/icc.h"
#include "formats/limits.h"

static bool too_large(const char *what, size_t n, struct leat_notices *notes)
{
	if (n <= LEAT_LIMIT_BLOB)
		return false;
	leat_notice(notes, "%s of more than 4 MiB is left out", what);
	return true;
}

static int copy(struct leat_bytes **to, const uint8_t *d, size_t n, struct leat_err *err)
{
	*to = leat_bytes_new(n, err);
	return *to ? leat_bytes_append(*to, d, n, err) : -1;
}

int leat_meta_take_icc(struct leat_meta *m, const uint8_t *d, size_t n, bool gray, struct leat_notices *notes,
		       struct leat_err *err)
{
	if (m->icc || n == 0 || too_large("an ICC profile", n, notes))
		return 0;
	const char *fault = leat_icc_fault(d, n, gray);
	if (!fault)
		return copy(&m->icc, d, n, err);
	leat_notice(notes, "the ICC profile %s and is left out", fault);
	return 0;
}

int leat_meta_take_exif(struct leat_meta *m, const uint8_t *d, size_t n, struct leat_notices *notes,
			struct leat_err *err)
{
	if (m->exif || n == 0 || too_large("EXIF", n, notes))
		return 0;
	int r = leat_exif_take(m, d, n, err);
	if (r > 0)
		leat_notice(notes, "the EXIF data are damaged and left out");
	return r < 0 ? -1 : 0;
}

int leat_meta_take_xmp(struct leat_meta *m, const uint8_t *d, size_t n, struct leat_notices *notes,
		       struct leat_err *err)
{
	if (m->xmp || n == 0 || too_large("XMP", n, notes))
		return 0;
	return copy(&m->xmp, d, n, err);
}
