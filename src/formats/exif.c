/* SPDX-License-Identifier: MIT */
#include "formats/exif.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/words.h"

enum { TAG_ORIENTATION = 0x0112, TAG_COPYRIGHT = 0x8298 };
enum { TYPE_ASCII = 2, TYPE_SHORT = 3, TYPE_LONG = 4 };
enum { HEAD = 8, ENTRY = 12 };

struct tiff {
	const uint8_t *d;
	size_t n;
	bool little;
	size_t ifd; /* first directory */
	uint16_t count; /* its entries, all inside */
};

static uint16_t get16(const struct tiff *t, size_t at)
{
	return t->little ? leat_le16(t->d + at) : leat_be16(t->d + at);
}

static uint32_t get32(const struct tiff *t, size_t at)
{
	return t->little ? leat_le32(t->d + at) : leat_be32(t->d + at);
}

static void put16(const struct tiff *t, uint8_t *p, uint16_t v)
{
	t->little ? leat_put_le16(p, v) : leat_put_be16(p, v);
}

static void put32(const struct tiff *t, uint8_t *p, uint32_t v)
{
	t->little ? leat_put_le32(p, v) : leat_put_be32(p, v);
}

static bool tiff_open(struct tiff *t, const uint8_t *d, size_t n)
{
	*t = (struct tiff){.d = d, .n = n};
	if (n < HEAD + 2)
		return false;
	t->little = d[0] == 'I';
	if (memcmp(d, t->little ? "II*\0" : "MM\0*", 4) != 0)
		return false;
	t->ifd = get32(t, 4);
	if (t->ifd < HEAD || t->ifd > n - 2)
		return false;
	t->count = get16(t, t->ifd);
	return t->count <= (n - t->ifd - 2) / ENTRY;
}

static size_t entry_at(const struct tiff *t, unsigned i)
{
	return t->ifd + 2 + (size_t)i * ENTRY;
}

/* Offset of the directory entry, 0 when there is none. */
static size_t find(const struct tiff *t, uint16_t tag)
{
	for (unsigned i = 0; i < t->count; i++)
		if (get16(t, entry_at(t, i)) == tag)
			return entry_at(t, i);
	return 0;
}

/* Where the value of an orientation entry stands, 0 when it is of no use; *wide: 32 bits. */
static size_t orientation_at(const struct tiff *t, bool *wide)
{
	size_t e = find(t, TAG_ORIENTATION);
	if (!e || get32(t, e + 4) != 1)
		return 0;
	uint16_t type = get16(t, e + 2);
	*wide = type == TYPE_LONG;
	return type == TYPE_SHORT || type == TYPE_LONG ? e + 8 : 0;
}

bool leat_exif_valid(const uint8_t *d, size_t n)
{
	struct tiff t;
	return tiff_open(&t, d, n);
}

int leat_exif_orientation(const uint8_t *d, size_t n)
{
	struct tiff t;
	bool wide = false;
	size_t at = tiff_open(&t, d, n) ? orientation_at(&t, &wide) : 0;
	uint32_t v = !at ? 1 : wide ? get32(&t, at) : get16(&t, at);
	return v >= 1 && v <= 8 ? (int)v : 1;
}

static void set_orientation(uint8_t *d, size_t n, int orientation)
{
	struct tiff t;
	bool wide = false;
	size_t at = tiff_open(&t, d, n) ? orientation_at(&t, &wide) : 0;
	if (at && wide)
		put32(&t, d + at, (uint32_t)orientation);
	else if (at)
		put16(&t, d + at, (uint16_t)orientation);
}

/* The bytes of an ASCII entry, or NULL. */
static const uint8_t *ascii(const struct tiff *t, uint16_t tag, size_t *len)
{
	size_t e = find(t, tag);
	if (!e || get16(t, e + 2) != TYPE_ASCII)
		return NULL;
	*len = get32(t, e + 4);
	size_t at = *len <= 4 ? e + 8 : get32(t, e + 8);
	return at <= t->n && *len <= t->n - at ? t->d + at : NULL;
}

/* "photographer \0 editor \0": each part cleaned, joined where both are there. */
char *leat_exif_copyright(const uint8_t *d, size_t n, struct leat_err *err)
{
	struct tiff t;
	size_t len = 0;
	const uint8_t *s = tiff_open(&t, d, n) ? ascii(&t, TAG_COPYRIGHT, &len) : NULL;
	if (!s)
		return NULL;
	const uint8_t *nul = memchr(s, 0, len);
	size_t first = nul ? (size_t)(nul - s) : len;
	char *a = leat_words(s, first, false, err);
	const uint8_t *rest = nul ? nul + 1 : s + len;
	size_t rest_len = len - (size_t)(rest - s);
	nul = memchr(rest, 0, rest_len);
	char *b = leat_words(rest, nul ? (size_t)(nul - rest) : rest_len, false, err);
	if (!a || !b)
		return a ? a : b;
	size_t la = strlen(a), lb = strlen(b);
	char *both = leat_zalloc(la + lb + 3, 1, err);
	if (both) {
		memcpy(both, a, la);
		memcpy(both + la, ", ", 2);
		memcpy(both + la + 2, b, lb);
	}
	free(a);
	free(b);
	return both;
}

static struct leat_bytes *copy_of(const uint8_t *d, size_t n, size_t more, struct leat_err *err)
{
	struct leat_bytes *b = leat_bytes_new(leat_size_add(n, more), err);
	if (b && leat_bytes_append(b, d, n, err) < 0)
		leat_bytes_unref(&b);
	return b;
}

/* An entry that is to be added. */
struct addition {
	uint16_t tag;
	const char *text; /* ASCII; NULL: a SHORT */
	uint16_t number;
};

/* Bytes that its value takes outside of the entry: texts stand there, of five bytes and more. */
static size_t outside(const struct addition *a)
{
	return !a->text ? 0 : strlen(a->text) + 1 < 5 ? 5 : strlen(a->text) + 1;
}

static void put_entry(const struct tiff *t, uint8_t *e, const struct addition *a, uint32_t at)
{
	put16(t, e, a->tag);
	put16(t, e + 2, a->text ? TYPE_ASCII : TYPE_SHORT);
	put32(t, e + 4, a->text ? (uint32_t)outside(a) : 1);
	if (a->text)
		put32(t, e + 8, at);
	else
		put16(t, e + 8, a->number);
}

/*
 * The structure with one more entry. The old first directory stays where it is, unused; a longer one with the entry in
 * its place by tag number, then its text, follow at the end, so no offset elsewhere changes.
 */
static struct leat_bytes *with_entry(const struct tiff *t, const struct addition *a, struct leat_err *err)
{
	size_t len = outside(a);
	size_t start = (t->n + 1) & ~(size_t)1; /* directories begin on even offsets */
	size_t dir = 2 + ((size_t)t->count + 1) * ENTRY + 4;
	struct leat_bytes *b = copy_of(t->d, t->n, dir + len + 2, err);
	uint8_t *fresh = b ? leat_zalloc(start - t->n + dir + len, 1, err) : NULL;
	if (!fresh) {
		leat_bytes_unref(&b);
		return NULL;
	}
	uint8_t *p = fresh + (start - t->n);
	put16(t, p, (uint16_t)(t->count + 1));
	p += 2;
	bool put = false;
	for (unsigned i = 0; i <= t->count; i++, p += ENTRY) {
		size_t from = entry_at(t, put ? i - 1 : i);
		if (!put && (i == t->count || get16(t, from) > a->tag)) {
			put_entry(t, p, a, (uint32_t)(start + dir));
			put = true;
		} else {
			memcpy(p, t->d + from, ENTRY);
		}
	}
	size_t next = entry_at(t, t->count);
	if (next <= t->n - 4)
		memcpy(p, t->d + next, 4);
	if (a->text)
		memcpy(p + 4, a->text, strlen(a->text));
	if (leat_bytes_append(b, fresh, start - t->n + dir + len, err) < 0)
		leat_bytes_unref(&b);
	else
		put32(t, b->data + 4, (uint32_t)start);
	free(fresh);
	return b;
}

/* Adds it to *b where no such entry is. */
static int add(struct leat_bytes **b, const struct addition *a, struct leat_err *err)
{
	struct tiff t;
	if (!tiff_open(&t, (*b)->data, (*b)->len) || find(&t, a->tag) || t.count == UINT16_MAX)
		return 0;
	struct leat_bytes *more = with_entry(&t, a, err);
	leat_bytes_unref(b);
	*b = more;
	return more ? 0 : -1;
}

int leat_exif_for_output(const struct leat_meta *meta, struct leat_bytes **out, struct leat_err *err)
{
	static const uint8_t empty[] = {'I', 'I', '*', 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	struct tiff t;
	*out = NULL;
	bool has = meta && meta->exif && tiff_open(&t, meta->exif->data, meta->exif->len);
	bool words = meta && meta->copyright && *meta->copyright, turned = meta && meta->orientation > 1;
	if (!has && !words && !turned)
		return 0;
	*out = has ? copy_of(t.d, t.n, 0, err) : copy_of(empty, sizeof empty, 0, err);
	if (*out && turned && add(out, &(struct addition){TAG_ORIENTATION, NULL, meta->orientation}, err) < 0)
		return -1;
	if (*out && words && add(out, &(struct addition){TAG_COPYRIGHT, meta->copyright, 0}, err) < 0)
		return -1;
	if (!*out)
		return -1;
	set_orientation((*out)->data, (*out)->len, meta->orientation ? meta->orientation : 1);
	return 0;
}

int leat_exif_take(struct leat_meta *meta, const uint8_t *d, size_t n, struct leat_err *err)
{
	if (n >= 6 && memcmp(d, "Exif\0\0", 6) == 0) {
		d += 6;
		n -= 6;
	}
	if (!leat_exif_valid(d, n))
		return 1;
	struct leat_err local = {0};
	char *copyright = leat_exif_copyright(d, n, &local);
	struct leat_bytes *blob = local.cause ? NULL : copy_of(d, n, 0, &local);
	if (!blob) {
		free(copyright);
		return leat_fail(err, local.cause, "%s", local.text);
	}
	leat_bytes_unref(&meta->exif);
	meta->exif = blob;
	meta->orientation = (uint8_t)leat_exif_orientation(d, n);
	if (copyright) {
		free(meta->copyright);
		meta->copyright = copyright;
	}
	return 0;
}
