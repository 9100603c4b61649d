/* SPDX-License-Identifier: MIT */
/* orient: turned as the EXIF orientation says, which is 1 from then on, in the EXIF block too. */
#include "base/mem.h"
#include "ops/turn.h"

/* A 16 or 32-bit number of a TIFF structure; the caller has checked that it is there. */
static uint32_t number(const uint8_t *at, size_t bytes, bool big)
{
	uint32_t v = 0;
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | at[big ? i : bytes - 1 - i];
	return v;
}

/*
 * Where the first directory of an EXIF block (a TIFF structure) keeps the orientation: offset and size of the value.
 * False when there is none, or the block is damaged before it. Reads within n bytes and looks at no entry twice.
 */
static bool find_orientation(const uint8_t *d, size_t n, size_t *at, size_t *bytes, bool *big)
{
	if (n < 8 || (memcmp(d, "II*\0", 4) != 0 && memcmp(d, "MM\0*", 4) != 0))
		return false;
	*big = d[0] == 'M';
	size_t ifd = number(d + 4, 4, *big);
	if (ifd > n - 2)
		return false;
	size_t count = number(d + ifd, 2, *big), room = (n - ifd - 2) / 12;
	for (size_t i = 0; i < count && i < room; i++) {
		const uint8_t *e = d + ifd + 2 + 12 * i; /* tag, type, count, value */
		uint32_t type = number(e + 2, 2, *big);
		if (number(e, 2, *big) != 0x0112)
			continue;
		*at = (size_t)(e + 8 - d);
		*bytes = type == 3 ? 2 : 4; /* SHORT or, against the standard but seen, LONG */
		return (type == 3 || type == 4) && number(e + 4, 4, *big) == 1;
	}
	return false;
}

/* Puts a copy that says 1 in the place of an EXIF block that says otherwise. */
static int reset_exif(struct leat_bytes **exif, struct leat_err *err)
{
	size_t at, bytes;
	bool big;
	if (!*exif || !find_orientation((*exif)->data, (*exif)->len, &at, &bytes, &big))
		return 0;
	struct leat_bytes *copy = leat_bytes_new((*exif)->len, err);
	if (!copy)
		return -1;
	memcpy(copy->data, (*exif)->data, (*exif)->len);
	copy->len = (*exif)->len;
	memset(copy->data + at, 0, bytes);
	copy->data[big ? at + bytes - 1 : at] = 1;
	leat_bytes_unref(exif);
	*exif = copy;
	return 0;
}

/* Puts a copy of *meta there whose orientation is 1. */
static int reset_meta(struct leat_meta **meta, struct leat_err *err)
{
	struct leat_meta *copy = leat_meta_copy(*meta, err);
	if (!copy)
		return -1;
	copy->orientation = 1;
	if (reset_exif(&copy->exif, err)) {
		leat_meta_unref(&copy);
		return -1;
	}
	leat_meta_unref(meta);
	*meta = copy;
	return 0;
}

static int shape_meta(const void *params, const struct leat_shape *in, const struct leat_meta *meta,
		      struct leat_shape *out, struct leat_err *err)
{
	(void)params; /* there are none */
	(void)err;
	struct leat_turn t = leat_turn_of(meta ? meta->orientation : 1, &in->image);
	*out = *in;
	leat_turn_shape(&t, &out->image);
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	int orientation = b->meta ? b->meta->orientation : 1;
	if (leat_turn_begin(orientation, b, item, err))
		return -1;
	if (orientation < 2 || orientation > 8 || reset_meta(b->meta_out, err) == 0)
		return 0;
	(void)leat_turn_end(*item, NULL, NULL); /* only releases */
	return -1;
}

const struct leat_op leat_op_orient = {
	.name = "orient",
	.group = "geometry",
	.summary = "turn the image upright, as its EXIF orientation says",
	.example = "orient",
	.version = 1,
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.shape_meta = shape_meta,
	.begin = begin,
	.need = leat_turn_need,
	.rows = leat_turn_rows,
	.end = leat_turn_end,
};
