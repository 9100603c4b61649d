/* SPDX-License-Identifier: MIT */
#include "rows/verify.h"

#include "base/mem.h"

enum { STRIP = 16, SLACK = 64 };

uint64_t leat_rows_digest(uint64_t digest, const struct leat_rows *r, size_t bytes)
{
	for (uint32_t y = r->y0; y < r->y1; y++) {
		const uint8_t *row = leat_row(r, y);
		for (size_t i = 0; i < bytes; i += 8) {
			uint64_t word = 0;
			memcpy(&word, row + i, bytes - i < 8 ? bytes - i : 8);
			digest = (digest ^ word) * 0x9e3779b97f4a7c15u; /* odd: nothing is lost by it */
			digest ^= digest >> 32;
		}
	}
	return digest;
}

static int compare_rows(const struct leat_codec *codec, struct leat_decoder *d, const struct leat_image_shape *shape,
			uint64_t want, struct leat_err *err)
{
	size_t bytes = leat_row_bytes(shape), stride = leat_size_add(bytes, SLACK - 1) / SLACK * SLACK;
	uint8_t *room = leat_alloc_aligned(leat_size_add(leat_size_mul(stride, STRIP), SLACK), err);
	uint64_t digest = 0;
	int r = room ? 0 : -1;
	for (uint32_t y = 0; r == 0 && y < shape->height; y += STRIP) {
		uint32_t end = shape->height - y < STRIP ? shape->height : y + STRIP;
		struct leat_rows rows = {room, stride, y, end};
		r = codec->dec_rows(d, &rows, err);
		digest = leat_rows_digest(digest, &rows, bytes);
	}
	free(room);
	struct leat_notices notes = {0};
	if (r == 0 && codec->dec_finish)
		r = codec->dec_finish(d, &notes, err);
	if (r == 0 && codec->exact && digest != want)
		r = leat_fail(err, LEAT_CAUSE_INTERNAL, "it has other pixels");
	return r < 0 ? -1 : 0;
}

static bool same_shape(const struct leat_codec *codec, const struct leat_image_shape *a,
		       const struct leat_image_shape *b)
{
	bool alike = a->channels == b->channels && a->alpha == b->alpha && a->sample == b->sample;
	return a->width == b->width && a->height == b->height && (alike || !codec->exact);
}

static int decode(const struct leat_codec *codec, const struct leat_bytes *b, const struct leat_image_shape *shape,
		  uint64_t digest, struct leat_err *err)
{
	const struct leat_decode_opts o = {.max_pixels = UINT64_MAX, .all = shape->page_height != 0};
	struct leat_decoder *d = NULL;
	struct leat_image_shape got;
	struct leat_meta *meta = NULL;
	struct leat_notices notes = {0};
	if (codec->dec_open(&d, b->data, b->len, &o, &got, &meta, &notes, err) < 0)
		return -1;
	int r = same_shape(codec, &got, shape) ? compare_rows(codec, d, &got, digest, err)
					       : leat_fail(err, LEAT_CAUSE_INTERNAL, "it has another shape");
	codec->dec_close(&d);
	leat_meta_unref(&meta);
	return r;
}

int leat_verify_encoded(const struct leat_codec *codec, const struct leat_bytes *b,
			const struct leat_image_shape *shape, uint64_t digest, struct leat_err *err)
{
	struct leat_err own = {0};
	if (!codec->dec_open)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "verify=yes: %s cannot be read again", codec->name);
	if (decode(codec, b, shape, digest, &own) == 0)
		return 0;
	if (own.cause == LEAT_CAUSE_MEMORY)
		return leat_fail(err, own.cause, "%s", own.text);
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "what was encoded as %s did not pass the check: %s", codec->name,
			 own.text);
}
