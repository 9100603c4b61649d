/* SPDX-License-Identifier: MIT */
/* PAM (P7): gray, gray+alpha, RGB, RGBA. Written with maxval 255 or 65535. */
#include "core/op.h"
#include "formats/inorder.h"
#include "formats/netpbm.h"
#include "formats/netpbm_write.h"

#include <stdio.h>
#include <string.h>

static const char *const extensions[] = {"pam", NULL};

/*
 * Kinds of samples by their name. Those with one channel less than another name plus _ALPHA have no
 * alpha.
 */
static const struct tuple {
	const char *name;
	uint8_t channels;
	bool alpha;
} tuples[] = {
	{"BLACKANDWHITE", 1, false}, {"BLACKANDWHITE_ALPHA", 2, true},
	{"GRAYSCALE", 1, false},     {"GRAYSCALE_ALPHA", 2, true},
	{"RGB", 3, false},           {"RGB_ALPHA", 4, true},
};

/* What the header's lines have said so far. */
struct lines {
	uint64_t width, height, depth, maxval;
	char tuple[32];
};

static bool sniff(const uint8_t *d, size_t n)
{
	return n >= 3 && memcmp(d, "P7\n", 3) == 0;
}

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool is(const uint8_t *word, size_t n, const char *name)
{
	return n == strlen(name) && memcmp(word, name, n) == 0;
}

/* The value of a TUPLTYPE line: the rest of it without blanks around. */
static int take_tuple(struct lines *l, const uint8_t *p, const uint8_t *end, struct leat_err *err)
{
	while (p < end && blank(*p))
		p++;
	while (end > p && blank(end[-1]))
		end--;
	size_t n = (size_t)(end - p);
	if (l->tuple[0] || n >= sizeof l->tuple || memchr(p, 0, n))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "pam of an unknown tuple type");
	memcpy(l->tuple, p, n);
	l->tuple[n] = 0;
	return 0;
}

/* One line, without its line end. 1: ENDHDR; 0; or -1. */
static int take_line(struct lines *l, const uint8_t *p, const uint8_t *end, struct leat_err *err)
{
	while (p < end && blank(*p))
		p++;
	if (p == end || *p == '#')
		return 0;
	const uint8_t *word = p;
	while (p < end && !blank(*p))
		p++;
	size_t n = (size_t)(p - word);
	if (is(word, n, "ENDHDR"))
		return 1;
	if (is(word, n, "TUPLTYPE"))
		return take_tuple(l, p, end, err);
	uint64_t *field = is(word, n, "WIDTH")    ? &l->width
			  : is(word, n, "HEIGHT") ? &l->height
			  : is(word, n, "DEPTH")  ? &l->depth
			  : is(word, n, "MAXVAL") ? &l->maxval
						  : NULL;
	if (!field)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt pam: an unknown line in its header");
	struct leat_netpbm_scan s = {.d = p, .n = (size_t)(end - p) + 1, .whole = true, .format = "pam", .err = err};
	return leat_netpbm_number(&s, field);
}

/* Names decide; without one, one to four channels mean gray, gray+alpha, RGB, RGBA. */
static int take_kind(const struct lines *l, struct leat_netpbm_head *h, struct leat_err *err)
{
	if (l->depth < 1 || l->depth > 4)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "pam with %llu channels", (unsigned long long)l->depth);
	h->channels = (uint8_t)l->depth;
	h->alpha = l->depth == 2 || l->depth == 4;
	if (!l->tuple[0])
		return 0;
	for (size_t i = 0; i < sizeof tuples / sizeof tuples[0]; i++)
		if (strcmp(l->tuple, tuples[i].name) == 0 && l->depth == tuples[i].channels)
			return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
			 "pam of an unknown tuple type, or one with another number of channels");
}

static int read_header(const uint8_t *d, size_t n, bool whole, struct leat_netpbm_head *h, struct leat_err *err)
{
	struct leat_netpbm_scan s = leat_netpbm_begin("pam", d, n, 3, whole, err);
	if (n < 3)
		return leat_netpbm_more(&s);
	if (!sniff(d, n))
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no pam: its first bytes are others");
	struct lines l = {0};
	for (int r = 0; r == 0;) {
		const uint8_t *end = memchr(d + s.pos, '\n', s.n - s.pos);
		if (!end)
			return leat_netpbm_more(&s);
		r = take_line(&l, d + s.pos, end, err);
		if (r < 0)
			return -1;
		s.pos = (size_t)(end - d) + 1;
	}
	*h = (struct leat_netpbm_head){.format = "pam",
				       .width = l.width,
				       .height = l.height,
				       .maxval = l.maxval > UINT16_MAX ? 0 : (uint32_t)l.maxval,
				       .raster = s.pos};
	return leat_netpbm_check(h, err) < 0 ? -1 : take_kind(&l, h, err);
}

static int probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	return leat_netpbm_probe(read_header, d, n, whole, h, err);
}

static int dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		    struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		    struct leat_err *err)
{
	return leat_netpbm_dec_open(d, read_header, data, n, o, shape, meta, notes, err);
}

static int enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		     struct leat_err *err)
{
	(void)params;
	(void)err;
	*want = *in;
	if (in->sample == LEAT_F32)
		want->sample = LEAT_U16;
	return 0;
}

static int enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		    const struct leat_meta *meta, struct leat_err *err)
{
	static const char *const names[] = {"", "GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"};
	(void)meta; /* there is no place for it */
	struct leat_image_shape want;
	char header[160];
	*e = NULL;
	if (enc_takes(params, shape, &want, err) < 0 || leat_shape_agreed("pam", shape, &want, err) < 0)
		return -1;
	snprintf(header, sizeof header, "P7\nWIDTH %u\nHEIGHT %u\nDEPTH %u\nMAXVAL %d\nTUPLTYPE %s\nENDHDR\n",
		 shape->width, shape->height, shape->channels, shape->sample == LEAT_U16 ? 65535 : 255,
		 names[shape->channels]);
	return leat_netpbm_enc_open(e, header, shape, err);
}

const struct leat_codec leat_codec_pam = {
	.name = "pam",
	.suffix = "pam",
	.extensions = extensions,
	.summary = "PAM: plain rasters, gray or color, 8 or 16 bit, with alpha",
	.version = 1,
	.kinds = LEAT_IMAGE,
	.exact = true,
	.modes = LEAT_ON_CPU,
	.sniff = sniff,
	.probe = probe,
	.dec_open = dec_open,
	.dec_rows = leat_netpbm_dec_rows,
	.dec_finish = leat_netpbm_dec_finish,
	.dec_close = leat_netpbm_dec_close,
	.enc_takes = enc_takes,
	.enc_open = enc_open,
	.enc_rows = leat_netpbm_enc_rows,
	.enc_finish = leat_netpbm_enc_finish,
	.enc_close = leat_netpbm_enc_close,
};
