/* SPDX-License-Identifier: MIT */
#include "formats/limits.h"

#include "base/mem.h"
#include "base/num.h"

int leat_limit_sides(const char *format, uint64_t width, uint64_t height, struct leat_err *err)
{
	if (width == 0 || height == 0)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt %s: its header says %llux%llu pixels", format,
				 (unsigned long long)width, (unsigned long long)height);
	if (width > LEAT_LIMIT_SIDE || height > LEAT_LIMIT_SIDE)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%s of %llux%llu pixels: a side is over the limit of %d",
				 format, (unsigned long long)width, (unsigned long long)height, LEAT_LIMIT_SIDE);
	return 0;
}

int leat_limit_pixels(const char *format, uint64_t width, uint64_t height, uint64_t max_pixels, struct leat_err *err)
{
	uint64_t limit = max_pixels ? max_pixels : LEAT_LIMIT_PIXELS;
	uint64_t pixels;
	if (__builtin_mul_overflow(width, height, &pixels))
		pixels = UINT64_MAX;
	if (pixels <= limit)
		return 0;
	char has[32], may[32];
	return leat_fail(err, LEAT_CAUSE_LIMIT, "%s of %llux%llu has %s pixels, over the limit of %s (max-pixels)",
			 format, (unsigned long long)width, (unsigned long long)height, leat_group_digits(pixels, has),
			 leat_group_digits(limit, may));
}

uint64_t leat_limit_peak(const struct leat_image_shape *s, unsigned rows)
{
	enum { LIBRARY = 128 * 1024 };
	return leat_size_add(leat_size_mul(leat_row_bytes(s), rows), LIBRARY);
}

int leat_limit_page(const char *format, uint32_t page, uint32_t pages, struct leat_err *err)
{
	return leat_fail(err, LEAT_CAUSE_MISMATCH, "extract-page %u: the %s has %u page%s, the last is %u", page,
			 format, pages, pages == 1 ? "" : "s", pages - 1);
}
