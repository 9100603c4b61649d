/* SPDX-License-Identifier: MIT */
/* gzip and encodings of text: see csv_plain.h. */
#include "formats/csv_plain.h"

#include "base/mem.h"

#include <string.h>
#include <zlib.h>

enum { GZIP = 16 + MAX_WBITS, LATIN = 1, LEVEL = 6 };

bool leat_csv_packed(const uint8_t *d, size_t n)
{
	return n >= 3 && d[0] == 0x1f && d[1] == 0x8b && d[2] == 8;
}

/* A gzip file ends with its length modulo 2^32; deflate never packs better than 1032:1. */
uint64_t leat_csv_plain_size(const uint8_t *d, size_t n)
{
	if (!leat_csv_packed(d, n))
		return n;
	if (n < 18)
		return 0;
	const uint8_t *e = d + n - 4;
	uint64_t told = e[0] | e[1] << 8 | e[2] << 16 | (uint64_t)e[3] << 24;
	return told < (uint64_t)n * 1032 ? told : (uint64_t)n * 1032;
}

/* All that comes of it, member after member, behind what is in b. */
static int unpack(const struct leat_bytes *in, struct leat_bytes *out, struct leat_err *err)
{
	enum { STEP = 16 << 10 };
	uint8_t piece[STEP];
	z_stream z = {.next_in = in->data};
	size_t left = in->len;
	if (inflateInit2(&z, GZIP) != Z_OK)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	int r = Z_OK, ok = 0;
	do {
		if (z.avail_in == 0 && left > 0) {
			z.avail_in = left < 1 << 30 ? (uInt)left : 1 << 30;
			left -= z.avail_in;
		}
		z.next_out = piece;
		z.avail_out = STEP;
		r = inflate(&z, Z_NO_FLUSH);
		ok = leat_bytes_append(out, piece, STEP - z.avail_out, err);
		/* what stands behind a member is the next one, or filling */
		if (r == Z_STREAM_END && z.avail_in > 1 && z.next_in[0] == 0x1f)
			r = inflateReset(&z);
	} while (ok == 0 && r == Z_OK);
	(void)inflateEnd(&z); /* frees, and can only fail for a stream that never was */
	if (ok == 0 && r == Z_BUF_ERROR)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "the text packed by gzip ends early");
	if (ok == 0 && r != Z_STREAM_END)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "the text packed by gzip is damaged%s%s", z.msg ? ": " : "",
				 z.msg ? z.msg : "");
	return ok;
}

static int from_latin(const struct leat_bytes *in, struct leat_bytes **out, struct leat_err *err)
{
	size_t high = 0;
	for (size_t i = 0; i < in->len; i++)
		high += in->data[i] >> 7;
	*out = leat_bytes_new(leat_size_add(in->len, high), err);
	if (!*out)
		return -1;
	uint8_t *to = (*out)->data;
	for (size_t i = 0; i < in->len; i++) {
		uint8_t c = in->data[i];
		if (c >= 0x80)
			*to++ = 0xc0 | c >> 6;
		*to++ = c >= 0x80 ? 0x80 | (c & 0x3f) : c;
	}
	(*out)->len = in->len + high;
	return 0;
}

static int look(const struct leat_bytes *b, size_t *begin, struct leat_err *err)
{
	const uint8_t *d = b->data, *nul = b->len ? memchr(d, 0, b->len) : NULL;
	size_t n = b->len;
	if (n >= 2 && ((d[0] == 0xff && d[1] == 0xfe) || (d[0] == 0xfe && d[1] == 0xff)))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "the text is UTF-16; UTF-8 is read");
	if (nul)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "this is no text: byte %zu is zero", (size_t)(nul - d));
	*begin = n >= 3 && memcmp(d, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	return 0;
}

int leat_csv_plain(const struct leat_parse_params *p, struct leat_bytes *in, struct leat_bytes **text, size_t *begin,
		   struct leat_err *err)
{
	struct leat_bytes *b = leat_bytes_ref(in);
	int ok = 0;
	if (leat_csv_packed(in->data, in->len)) {
		struct leat_bytes *out = leat_bytes_new((size_t)leat_csv_plain_size(in->data, in->len) + 1, err);
		ok = out ? unpack(in, out, err) : -1;
		leat_bytes_unref(&b);
		b = out;
	}
	if (ok == 0)
		ok = look(b, begin, err);
	if (ok == 0 && p->encoding == LATIN) {
		struct leat_bytes *out = NULL;
		ok = from_latin(b, &out, err);
		leat_bytes_unref(&b);
		b = out;
		*begin = 0;
	}
	if (ok < 0)
		leat_bytes_unref(&b);
	*text = b;
	return ok;
}

static struct leat_bytes *packed(const struct leat_bytes *in, struct leat_err *err)
{
	z_stream z = {.next_in = in->data, .avail_in = (uInt)in->len};
	if (in->len > UINT32_MAX) {
		leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "text of more than 4 GiB is not packed");
		return NULL;
	}
	if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		return NULL;
	}
	uLong most = deflateBound(&z, (uLong)in->len);
	struct leat_bytes *out = leat_bytes_new(most, err);
	int r = Z_OK;
	if (out) {
		z.next_out = out->data;
		z.avail_out = (uInt)most;
		r = deflate(&z, Z_FINISH);
		out->len = most - z.avail_out;
	}
	(void)deflateEnd(&z); /* frees; what it says of the stream is known */
	if (out && r != Z_STREAM_END) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "the text could not be packed");
		leat_bytes_unref(&out);
	}
	return out;
}

int leat_csv_pack(struct leat_bytes **b, struct leat_err *err)
{
	struct leat_bytes *plain = *b;
	*b = packed(plain, err);
	leat_bytes_unref(&plain);
	return *b ? 0 : -1;
}
