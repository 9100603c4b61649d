/* SPDX-License-Identifier: MIT */
#include "formats/jpeg_marks.h"

#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/limits.h"

#include <string.h>

enum { SOF0 = 0xc0, SOF1 = 0xc1, SOF2 = 0xc2, SOF9 = 0xc9, SOF10 = 0xca, SOF15 = 0xcf };
enum { DHT = 0xc4, JPG = 0xc8, DAC = 0xcc, RST0 = 0xd0, RST7 = 0xd7, SOI = 0xd8, EOI = 0xd9, SOS = 0xda, TEM = 0x01 };
enum { BLOCK = 8, BLOCK_BYTES = 128 }; /* side of a DCT block in samples; its coefficients in memory */

static bool bare(uint8_t marker)
{
	return (marker >= RST0 && marker <= EOI) || marker == TEM;
}

int leat_jpeg_next(const uint8_t *d, size_t n, size_t *pos, struct leat_jpeg_segment *s)
{
	*s = (struct leat_jpeg_segment){0};
	size_t i = *pos;
	do { /* to the next 0xff that a marker byte follows, over what stands between and over fill bytes */
		while (i < n && d[i] != 0xff)
			i++;
		while (i < n && d[i] == 0xff)
			i++;
	} while (i < n && d[i] == 0);
	if (i >= n)
		return 0;
	s->marker = d[i++];
	if (!bare(s->marker)) {
		if (n - i < 2)
			return 0;
		uint16_t len = leat_be16(d + i);
		if (len < 2)
			return -1;
		if (n - i < len)
			return 0;
		s->data = d + i + 2;
		s->len = len - 2u;
		i += len;
	}
	*pos = i;
	return 1;
}

static bool frame_marker(uint8_t m)
{
	return m >= SOF0 && m <= SOF15 && m != DHT && m != JPG && m != DAC;
}

static uint64_t ceil_div(uint64_t a, uint64_t b)
{
	return (a + b - 1) / b;
}

/* Bytes of all coefficients: each component's blocks, filled up to whole MCUs. */
static uint64_t coefficient_bytes(const struct leat_jpeg_header *h, const uint8_t *sampling)
{
	unsigned h_max = 1, v_max = 1;
	for (unsigned i = 0; i < h->components; i++) {
		if (sampling[3 * i] >> 4 > h_max)
			h_max = sampling[3 * i] >> 4;
		if ((sampling[3 * i] & 15u) > v_max)
			v_max = sampling[3 * i] & 15u;
	}
	uint64_t mcus = ceil_div(h->width, BLOCK * h_max) * ceil_div(h->height, BLOCK * v_max);
	uint64_t blocks = 0;
	for (unsigned i = 0; i < h->components; i++)
		blocks += mcus * (sampling[3 * i] >> 4) * (sampling[3 * i] & 15u);
	return blocks * BLOCK_BYTES;
}

static int check_frame(const struct leat_jpeg_segment *s, struct leat_err *err)
{
	if (s->marker != SOF0 && s->marker != SOF1 && s->marker != SOF2 && s->marker != SOF9 && s->marker != SOF10)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "jpeg of a lossless or hierarchical kind (SOF%d)",
				 s->marker - SOF0);
	if (s->len < 6)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: its frame header is too short");
	if (s->data[0] != 8)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "jpeg with %u bits a sample, only 8 can be read",
				 s->data[0]);
	if (leat_be16(s->data + 1) == 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "jpeg whose height is not in its header");
	if (s->data[5] != 1 && s->data[5] != 3 && s->data[5] != 4)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "jpeg with %u components", s->data[5]);
	if (s->len != 6 + 3u * s->data[5])
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: its frame header has a wrong length");
	return 0;
}

static int read_frame(const struct leat_jpeg_segment *s, struct leat_jpeg_header *h, struct leat_err *err)
{
	if (check_frame(s, err) < 0)
		return -1;
	if (h->components)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: it has two frame headers");
	const uint8_t *sampling = s->data + 7;
	h->height = leat_be16(s->data + 1);
	h->width = leat_be16(s->data + 3);
	h->components = s->data[5];
	h->multiscan = s->marker == SOF2 || s->marker == SOF10;
	for (unsigned i = 0; i < h->components; i++) {
		unsigned across = sampling[3 * i] >> 4, down = sampling[3 * i] & 15;
		if (across < 1 || across > 4 || down < 1 || down > 4)
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: sampling factors %ux%u", across, down);
	}
	h->coefficients = coefficient_bytes(h, sampling);
	return leat_limit_sides("jpeg", h->width, h->height, err);
}

static int read_scan(const struct leat_jpeg_segment *s, struct leat_jpeg_header *h, struct leat_err *err)
{
	if (!h->components)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: pixels before a frame header");
	if (s->len < 1 || s->data[0] < 1 || s->data[0] > h->components)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: bad scan header");
	if (s->data[0] < h->components)
		h->multiscan = true;
	return 0;
}

static int short_of(bool whole, size_t n, struct leat_err *err)
{
	if (!whole)
		return 1;
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated jpeg: it ends after %zu bytes, before the pixels", n);
}

enum { APP1 = 0xe1, EXIF_PREFIX = 6 };

static bool is_exif(const struct leat_jpeg_segment *s)
{
	return s->marker == APP1 && s->len > EXIF_PREFIX && memcmp(s->data, "Exif\0", EXIF_PREFIX) == 0;
}

int leat_jpeg_header(const uint8_t *d, size_t n, bool whole, struct leat_jpeg_header *h, struct leat_err *err)
{
	*h = (struct leat_jpeg_header){.orientation = 1};
	if (n < 2)
		return short_of(whole, n, err);
	if (d[0] != 0xff || d[1] != SOI)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no jpeg: its first bytes are others");
	for (size_t pos = 2;;) {
		struct leat_jpeg_segment s;
		int r = leat_jpeg_next(d, n, &pos, &s);
		if (r < 0)
			return leat_fail(err, LEAT_CAUSE_CORRUPT,
					 "corrupt jpeg: a segment at byte %zu without a length", pos);
		if (r == 0)
			return short_of(whole, n, err);
		if (s.marker == SOI || s.marker == EOI)
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt jpeg: it %s before its pixels",
					 s.marker == EOI ? "ends" : "begins again");
		if (s.marker == SOS)
			return read_scan(&s, h, err);
		if (is_exif(&s))
			h->orientation = (uint8_t)leat_exif_orientation(s.data + EXIF_PREFIX, s.len - EXIF_PREFIX);
		if (frame_marker(s.marker) && read_frame(&s, h, err) < 0)
			return -1;
	}
}

/*
 * Is 1/by of it enough? Where it will be turned, whole pixels only: what the last column stands for would else stand in
 * front.
 */
static bool is_enough(const struct leat_jpeg_header *h, const struct leat_decode_opts *o, unsigned by)
{
	bool turned = o->orient && h->orientation > 1;
	if (turned && (h->width % by || h->height % by))
		return false;
	return (h->width + by - 1) / by >= o->target_width && (h->height + by - 1) / by >= o->target_height;
}

unsigned leat_jpeg_shrink(const struct leat_jpeg_header *h, const struct leat_decode_opts *o)
{
	if (o->shrink)
		return (unsigned)o->shrink;
	if (!o->target_width && !o->target_height)
		return 1;
	for (unsigned by = 8; by > 1; by /= 2)
		if (is_enough(h, o, by))
			return by;
	return 1;
}

int leat_jpeg_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	enum { BUFFERED_ROWS = 6 * BLOCK }; /* libjpeg's upsampling and color buffers, in output rows */
	struct leat_jpeg_header jpeg;
	int r = leat_jpeg_header(d, n, whole, &jpeg, err);
	if (r != 0)
		return r;
	*h = (struct leat_header){.format = "jpeg", .whole = jpeg.multiscan, .orientation = jpeg.orientation};
	h->shape = (struct leat_image_shape){.width = jpeg.width,
					     .height = jpeg.height,
					     .channels = jpeg.components == 1 ? 1 : 3,
					     .sample = LEAT_U8,
					     .pages = 1};
	h->peak_bytes = leat_limit_peak(&h->shape, BUFFERED_ROWS) + (jpeg.multiscan ? jpeg.coefficients : 0);
	return 0;
}
