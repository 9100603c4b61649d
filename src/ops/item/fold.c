/* SPDX-License-Identifier: MIT */
/* Many images of one shape folded into one. See fold.h. */
#include "ops/item/fold.h"

#include "base/mem.h"
#include "ops/vectorize.h"

#include <stdio.h>

/* Saved state: this, the profile, the sums. */
struct saved {
	char magic[8];
	uint32_t how, width, height, channels, alpha, sample, wide, orientation;
	uint32_t has_gamma, has_chrm, has_srgb, has_cicp, srgb_intent;
	uint8_t cicp[8];
	uint64_t count, skipped, icc_bytes, sum_bytes;
	double gamma, chrm[8], density_x, density_y;
};
static const char magic[8] = "leatfo1";

static size_t samples_of(const struct leat_image_shape *s)
{
	return leat_size_mul(leat_size_mul(s->width, s->height), s->channels);
}

static size_t sum_bytes(const struct leat_fold *f)
{
	size_t each = f->how != LEAT_FOLD_MEAN ? leat_sample_size(f->shape.sample) : f->wide ? 8 : 4;
	return leat_size_mul(samples_of(&f->shape), each);
}

uint64_t leat_fold_narrow(enum leat_sample sample)
{
	return UINT32_MAX / (sample == LEAT_U8 ? 255 : 65535);
}

void leat_fold_clear(struct leat_fold *f)
{
	leat_meta_unref(&f->meta);
	free(f->sums);
	*f = (struct leat_fold){.how = f->how};
}

/* "640x480 RGB 8 bit" */
static void describe(const struct leat_image_shape *s, char text[static 64])
{
	static const char *const kinds[] = {"", "gray", "gray+alpha", "RGB", "RGBA"};
	static const char *const depths[] = {"8 bit", "16 bit", "float"};
	snprintf(text, 64, "%ux%u %s %s", s->width, s->height, kinds[s->channels], depths[s->sample]);
}

static bool same_profile(const struct leat_bytes *a, const struct leat_bytes *b)
{
	if (a == b)
		return true;
	return a && b && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static int check_same(const struct leat_fold *f, const struct leat_image_shape *s, const struct leat_meta *m,
		      struct leat_err *err)
{
	char here[64], there[64];
	if (f->shape.width != s->width || f->shape.height != s->height || f->shape.channels != s->channels ||
	    f->shape.sample != s->sample || f->shape.page_height != s->page_height) {
		describe(s, here);
		describe(&f->shape, there);
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the image is %s, the first one was %s", here, there);
	}
	if (!same_profile(f->meta->icc, m->icc))
		return leat_fail(
			err, LEAT_CAUSE_MISMATCH,
			"the image has another color profile than the first one ('strip keep=none' before the step "
			"makes all of them sRGB)");
	return 0;
}

/* What of an image's metadata is true of the result as well. */
static struct leat_meta *common_meta(const struct leat_meta *from, struct leat_err *err)
{
	struct leat_meta *m = leat_meta_copy(from, err);
	if (!m)
		return NULL;
	leat_bytes_unref(&m->exif);
	leat_bytes_unref(&m->xmp);
	leat_bytes_unref(&m->iptc);
	free(m->copyright);
	m->copyright = NULL;
	return m;
}

int leat_fold_fit(struct leat_fold *f, const struct leat_image_shape *s, const struct leat_meta *m,
		  struct leat_err *err)
{
	if (f->shape.width != 0)
		return check_same(f, s, m, err);
	f->meta = common_meta(m, err);
	if (!f->meta)
		return -1;
	f->shape = *s;
	f->shape.pages = s->page_height ? s->pages : 1;
	return 0;
}

/* Makes an empty fold ready for images like this one: sums of zero. */
static int start(struct leat_fold *f, const struct leat_image *im, struct leat_err *err)
{
	f->shape = im->shape;
	f->shape.pages = im->shape.page_height ? im->shape.pages : 1;
	f->meta = common_meta(im->meta, err);
	f->sums = f->meta && sum_bytes(f) != SIZE_MAX ? leat_zalloc(1, sum_bytes(f), err) : NULL;
	if (f->sums)
		return 0;
	leat_fail(err, LEAT_CAUSE_MEMORY, "the sums of %ux%u pixels do not fit in memory", im->shape.width,
		  im->shape.height);
	uint64_t skipped = f->skipped;
	leat_fold_clear(f);
	f->skipped = skipped;
	return -1;
}

static int widen(struct leat_fold *f, struct leat_err *err)
{
	size_t n = samples_of(&f->shape);
	const uint32_t *narrow = f->sums;
	uint64_t *wide = f->wide ? NULL : leat_zalloc(n, sizeof *wide, err);
	if (f->wide || !wide)
		return f->wide ? 0 : -1;
	for (size_t i = 0; i < n; i++)
		wide[i] = narrow[i];
	free(f->sums);
	f->sums = wide;
	f->wide = true;
	return 0;
}

#define ADD_ROW(NAME, SUM, T)                                                \
	static void NAME(SUM *restrict to, const T *restrict from, size_t n) \
	{                                                                    \
		LEAT_VECTORIZE                                               \
		for (size_t i = 0; i < n; i++)                               \
			to[i] += from[i];                                    \
	}
ADD_ROW(add_u32_u8, uint32_t, uint8_t)
ADD_ROW(add_u32_u16, uint32_t, uint16_t)
ADD_ROW(add_u64_u8, uint64_t, uint8_t)
ADD_ROW(add_u64_u16, uint64_t, uint16_t)
ADD_ROW(add_u32_u32, uint32_t, uint32_t)
ADD_ROW(add_u64_u32, uint64_t, uint32_t)
ADD_ROW(add_u64_u64, uint64_t, uint64_t)

#define EXTREME_ROW(NAME, T, OP)                                           \
	static void NAME(T *restrict to, const T *restrict from, size_t n) \
	{                                                                  \
		LEAT_VECTORIZE                                             \
		for (size_t i = 0; i < n; i++)                             \
			to[i] = from[i] OP to[i] ? from[i] : to[i];        \
	}
EXTREME_ROW(min_u8, uint8_t, <)
EXTREME_ROW(min_u16, uint16_t, <)
EXTREME_ROW(max_u8, uint8_t, >)
EXTREME_ROW(max_u16, uint16_t, >)

/* `to` and `from` are rows of samples, of the depth. */
static void extreme_row(const struct leat_fold *f, void *to, const void *from, size_t n)
{
	if (f->shape.sample == LEAT_U8 && f->how == LEAT_FOLD_MIN)
		min_u8(to, from, n);
	else if (f->shape.sample == LEAT_U8)
		max_u8(to, from, n);
	else if (f->how == LEAT_FOLD_MIN)
		min_u16(to, from, n);
	else
		max_u16(to, from, n);
}

/* Row y's `n` samples join what is there; the first image's minimum or maximum is itself. */
static void fold_row(struct leat_fold *f, uint32_t y, const void *from, size_t n)
{
	bool narrow = f->shape.sample == LEAT_U8;
	size_t at = (size_t)y * n, size = leat_sample_size(f->shape.sample);
	uint32_t *sums32 = f->sums;
	uint64_t *sums64 = f->sums;
	if (f->how != LEAT_FOLD_MEAN && f->count == 0)
		memcpy((uint8_t *)f->sums + at * size, from, n * size);
	else if (f->how != LEAT_FOLD_MEAN)
		extreme_row(f, (uint8_t *)f->sums + at * size, from, n);
	else if (f->wide && narrow)
		add_u64_u8(sums64 + at, from, n);
	else if (f->wide)
		add_u64_u16(sums64 + at, from, n);
	else if (narrow)
		add_u32_u8(sums32 + at, from, n);
	else
		add_u32_u16(sums32 + at, from, n);
}

int leat_fold_add(struct leat_fold *f, const struct leat_image *im, struct leat_err *err)
{
	if (im->shape.sample == LEAT_F32)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "float samples are no whole numbers");
	if (f->shape.width == 0 ? start(f, im, err) : check_same(f, &im->shape, im->meta, err))
		return -1;
	if (f->how == LEAT_FOLD_MEAN && f->count >= leat_fold_narrow(f->shape.sample) && widen(f, err) < 0)
		return -1;
	size_t n = (size_t)im->shape.width * im->shape.channels;
	for (uint32_t y = 0; y < im->shape.height; y++)
		fold_row(f, y, im->pixels + y * im->stride, n);
	f->count++;
	return 0;
}

int leat_fold_merge(struct leat_fold *f, struct leat_fold *later, struct leat_err *err)
{
	size_t n = samples_of(&later->shape);
	if (later->shape.width == 0) {
		f->skipped += later->skipped;
		return 0;
	}
	if (f->shape.width == 0) {
		struct leat_fold mine = *f;
		*f = *later;
		f->skipped += mine.skipped;
		*later = (struct leat_fold){.how = mine.how};
		return 0;
	}
	if (check_same(f, &later->shape, later->meta, err) < 0)
		return -1;
	bool wide = later->wide || f->count + later->count > leat_fold_narrow(f->shape.sample);
	if (f->how == LEAT_FOLD_MEAN && wide && widen(f, err) < 0)
		return -1;
	if (f->how != LEAT_FOLD_MEAN)
		extreme_row(f, f->sums, later->sums, n);
	else if (later->wide)
		add_u64_u64(f->sums, later->sums, n);
	else if (f->wide)
		add_u64_u32(f->sums, later->sums, n);
	else
		add_u32_u32(f->sums, later->sums, n);
	f->count += later->count;
	f->skipped += later->skipped;
	return 0;
}

/* Row y of the result, n samples. */
static void finish_row(const struct leat_fold *f, uint32_t y, void *to, size_t n)
{
	size_t at = (size_t)y * n, size = leat_sample_size(f->shape.sample);
	const uint32_t *sums32 = f->sums;
	const uint64_t *sums64 = f->sums;
	uint8_t *bytes = to;
	uint16_t *words = to;
	if (f->how != LEAT_FOLD_MEAN) {
		memcpy(to, (const uint8_t *)f->sums + at * size, n * size);
		return;
	}
	for (size_t i = 0; i < n; i++) { /* half a count may overflow 32 bits */
		uint64_t v = ((f->wide ? sums64[at + i] : sums32[at + i]) + f->count / 2) / f->count;
		if (size == 1)
			bytes[i] = (uint8_t)v;
		else
			words[i] = (uint16_t)v;
	}
}

struct leat_image *leat_fold_image(const struct leat_fold *f, struct leat_err *err)
{
	struct leat_image *im = leat_image_new(&f->shape, f->meta, err);
	for (uint32_t y = 0; im && y < f->shape.height; y++)
		finish_row(f, y, im->pixels + y * im->stride, (size_t)f->shape.width * f->shape.channels);
	return im;
}

int leat_fold_save(const struct leat_fold *f, struct leat_buf *out, struct leat_err *err)
{
	const struct leat_meta *m = f->meta;
	struct saved s;
	memset(&s, 0, sizeof s); /* padding too */
	memcpy(s.magic, magic, sizeof magic);
	s.how = f->how;
	s.count = f->count;
	s.skipped = f->skipped;
	if (m) {
		s.width = f->shape.width, s.height = f->shape.height;
		s.channels = f->shape.channels, s.alpha = f->shape.alpha, s.sample = f->shape.sample, s.wide = f->wide;
		s.has_gamma = m->has_gamma, s.has_chrm = m->has_chrm, s.has_srgb = m->has_srgb,
		s.has_cicp = m->has_cicp;
		s.srgb_intent = m->srgb_intent, s.gamma = m->gamma, s.orientation = m->orientation;
		s.density_x = m->density_x, s.density_y = m->density_y;
		memcpy(s.cicp, m->cicp, sizeof m->cicp);
		memcpy(s.chrm, m->chrm, sizeof s.chrm);
		s.icc_bytes = m->icc ? m->icc->len : 0;
		s.sum_bytes = sum_bytes(f);
	}
	leat_buf_add(out, &s, sizeof s);
	if (s.icc_bytes)
		leat_buf_add(out, m->icc->data, m->icc->len);
	if (s.sum_bytes)
		leat_buf_add(out, f->sums, (size_t)s.sum_bytes);
	return leat_buf_check(out, err);
}

/* Does a header with a shape agree with itself and with the `rest` bytes behind it? */
static bool plausible(const struct leat_fold *f, const struct saved *s, size_t rest)
{
	bool shape = s->height && s->channels >= 1 && s->channels <= 4 && s->alpha == (s->channels % 2 == 0) &&
		     s->sample <= 1;
	bool sizes = s->icc_bytes <= rest && s->sum_bytes == rest - s->icc_bytes && s->sum_bytes == sum_bytes(f);
	bool count =
		s->count > 0 && (f->how != LEAT_FOLD_MEAN || f->wide || s->count <= leat_fold_narrow(f->shape.sample));
	return shape && sizes && count && s->orientation >= 1 && s->orientation <= 8;
}

static int load_meta(struct leat_fold *f, const struct saved *s, const uint8_t *icc, struct leat_err *err)
{
	struct leat_meta *m = f->meta = leat_meta_new(err);
	if (!m)
		return -1;
	m->has_gamma = s->has_gamma, m->has_chrm = s->has_chrm, m->has_srgb = s->has_srgb, m->has_cicp = s->has_cicp;
	m->srgb_intent = (uint8_t)s->srgb_intent, m->gamma = s->gamma, m->orientation = (uint8_t)s->orientation;
	m->density_x = s->density_x, m->density_y = s->density_y;
	memcpy(m->cicp, s->cicp, sizeof m->cicp);
	memcpy(m->chrm, s->chrm, sizeof m->chrm);
	if (s->icc_bytes == 0)
		return 0;
	m->icc = leat_bytes_new((size_t)s->icc_bytes, err);
	return m->icc ? leat_bytes_append(m->icc, icc, (size_t)s->icc_bytes, err) : -1;
}

/* All of the state from its header and the `rest` bytes behind it. */
static int load_state(struct leat_fold *f, const struct saved *s, const uint8_t *behind, size_t rest,
		      struct leat_err *err)
{
	f->count = s->count;
	f->skipped = s->skipped;
	f->wide = s->wide != 0;
	if (s->width == 0 && s->count == 0 && rest == 0)
		return 0;
	f->shape = (struct leat_image_shape){.width = s->width,
					     .height = s->height,
					     .channels = (uint8_t)s->channels,
					     .alpha = s->alpha != 0,
					     .sample = s->sample == 0 ? LEAT_U8 : LEAT_U16,
					     .pages = 1};
	if (s->width == 0 || !plausible(f, s, rest))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "the saved state is damaged");
	f->sums = leat_zalloc(1, (size_t)s->sum_bytes, err);
	if (!f->sums || load_meta(f, s, behind, err) < 0)
		return -1;
	memcpy(f->sums, behind + s->icc_bytes, (size_t)s->sum_bytes);
	return 0;
}

int leat_fold_load(struct leat_fold *f, const void *data, size_t n, struct leat_err *err)
{
	struct saved s;
	const uint8_t *bytes = data;
	if (n < sizeof s)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "the saved state is damaged");
	memcpy(&s, bytes, sizeof s);
	if (memcmp(s.magic, magic, sizeof magic) != 0 || s.how != (uint32_t)f->how)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "the saved state is of another step");
	if (load_state(f, &s, bytes + sizeof s, n - sizeof s, err) == 0)
		return 0;
	leat_fold_clear(f);
	return -1;
}
