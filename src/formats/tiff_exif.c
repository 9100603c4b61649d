/* SPDX-License-Identifier: MIT */
/* See tiff_exif.h. */
#include "formats/tiff_exif.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/limits.h"

#include <string.h>

enum { TAG_ORIENTATION = 0x0112, TAG_COPYRIGHT = 0x8298, TAG_EXIF = 0x8769, TAG_GPS = 0x8825, TAG_INTEROP = 0xa005 };
enum { TYPE_LONG = 4, TYPE_IFD8 = 18, MOST = 256 };

/* A TIFF, classic or Big, of either byte order. */
struct tiff {
	const uint8_t *d;
	size_t n;
	bool little, big;
};

struct entry {
	uint16_t tag, type;
	uint64_t count;
	const uint8_t *value; /* in the byte order of where it came from */
	size_t bytes;
	bool little;
	bool stays; /* its value is in the file that is written; `field` says where */
	uint8_t field[8];
};

struct dir {
	struct entry e[MOST];
	unsigned n;
};

static uint16_t get16(const struct tiff *t, size_t at)
{
	return t->little ? leat_le16(t->d + at) : leat_be16(t->d + at);
}

static uint32_t get32(const struct tiff *t, size_t at)
{
	return t->little ? leat_le32(t->d + at) : leat_be32(t->d + at);
}

static uint64_t get64(const struct tiff *t, size_t at)
{
	uint64_t a = get32(t, at), b = get32(t, at + 4);
	return t->little ? b << 32 | a : a << 32 | b;
}

/* Bytes of one value of a type, 0: unknown; and of what is turned round where the byte order is another. */
static size_t size_of(unsigned type, size_t *unit)
{
	static const uint8_t sizes[19] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
	size_t size = type < sizeof sizes ? sizes[type] : 0;
	*unit = type == 5 || type == 10 ? 4 : size; /* fractions are two numbers */
	return size;
}

static bool open_tiff(struct tiff *t, const uint8_t *d, size_t n)
{
	*t = (struct tiff){.d = d, .n = n, .little = n > 0 && d[0] == 'I'};
	if (n < 16 || memcmp(d, t->little ? "II" : "MM", 2) != 0)
		return false;
	unsigned version = get16(t, 2);
	t->big = version == 43;
	return version == 42 || (t->big && get16(t, 4) == 8);
}

static uint64_t first_dir(const struct tiff *t)
{
	return t->big ? get64(t, 8) : get32(t, 4);
}

/* One entry at `at`, which is inside. False: it has no use. */
static bool read_entry(const struct tiff *t, size_t at, struct entry *e)
{
	size_t inline_at = at + (t->big ? 12 : 8), room = t->big ? 8 : 4, unit;
	*e = (struct entry){.tag = get16(t, at), .type = get16(t, at + 2), .little = t->little};
	e->count = t->big ? get64(t, at + 4) : get32(t, at + 4);
	size_t size = size_of(e->type, &unit);
	if (!size || !e->count || e->count > LEAT_LIMIT_BLOB)
		return false;
	e->bytes = size * (size_t)e->count;
	uint64_t from = e->bytes <= room ? inline_at : t->big ? get64(t, inline_at) : get32(t, inline_at);
	if (from > t->n || e->bytes > t->n - from)
		return false;
	e->value = t->d + from;
	memcpy(e->field, t->d + inline_at, room);
	return true;
}

/* The directory at `at`; *next: what follows it. Empty where it is not inside. */
static void read_dir(const struct tiff *t, uint64_t at, struct dir *to, uint64_t *next)
{
	size_t head = t->big ? 8 : 2, each = t->big ? 20 : 12, tail = t->big ? 8 : 4;
	to->n = 0;
	*next = 0;
	if (at < 8 || at > t->n || t->n - at < head)
		return;
	uint64_t count = t->big ? get64(t, (size_t)at) : get16(t, (size_t)at);
	size_t from = (size_t)at + head;
	if (count > MOST - 16 || count > (t->n - from) / each)
		return;
	for (uint64_t i = 0; i < count; i++)
		if (read_entry(t, from + (size_t)i * each, &to->e[to->n]))
			to->n++;
	size_t end = from + (size_t)count * each;
	if (t->n - end >= tail)
		*next = t->big ? get64(t, end) : get32(t, end);
}

static const struct entry *find(const struct dir *dir, uint16_t tag)
{
	for (unsigned i = 0; i < dir->n; i++)
		if (dir->e[i].tag == tag)
			return &dir->e[i];
	return NULL;
}

/* The directory that an entry points to. */
static void follow(const struct tiff *t, const struct dir *dir, uint16_t tag, struct dir *to)
{
	const struct entry *e = find(dir, tag);
	uint64_t ignored;
	to->n = 0;
	if (e && (e->bytes == 4 || e->bytes == 8))
		read_dir(t, e->bytes == 4 ? get32(t, (size_t)(e->value - t->d)) : get64(t, (size_t)(e->value - t->d)),
			 to, &ignored);
}

/* ---- writing, at the end of `b` */

struct out {
	struct leat_bytes *b;
	bool little, big;
	struct leat_err *err;
};

static void put_number(const struct out *o, uint8_t *p, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		p[o->little ? i : bytes - 1 - i] = (uint8_t)(v >> 8 * i);
}

static int append(const struct out *o, const uint8_t *d, size_t n)
{
	return leat_bytes_append(o->b, d, n, o->err);
}

static int align(const struct out *o)
{
	static const uint8_t zero[1];
	return o->b->len & 1 ? append(o, zero, 1) : 0;
}

/* The value in the byte order of the file. */
static void turned(const struct out *o, const struct entry *e, uint8_t *to)
{
	size_t unit;
	(void)size_of(e->type, &unit);
	for (size_t i = 0; i < e->bytes; i++)
		to[i] = e->value[e->little == o->little ? i : i / unit * unit + unit - 1 - i % unit];
}

static int put_value(const struct out *o, const struct entry *e, uint8_t *at)
{
	size_t room = o->big ? 8 : 4;
	if (e->stays) {
		memcpy(at, e->field, room);
		return 0;
	}
	if (e->bytes <= room) {
		turned(o, e, at);
		return 0;
	}
	if (align(o) < 0)
		return -1;
	put_number(o, at, o->b->len, room);
	uint8_t *value = leat_zalloc(e->bytes, 1, o->err);
	if (!value)
		return -1;
	turned(o, e, value);
	int ok = append(o, value, e->bytes);
	free(value);
	return ok;
}

/* Values first, then the directory, which begins at *at; entries by their tags, as they must be. */
static int put_dir(const struct out *o, struct dir *dir, uint64_t next, uint64_t *at)
{
	size_t head = o->big ? 8 : 2, each = o->big ? 20 : 12, tail = o->big ? 8 : 4;
	size_t bytes = head + dir->n * each + tail;
	for (unsigned i = 1; i < dir->n; i++)
		for (unsigned k = i; k > 0 && dir->e[k].tag < dir->e[k - 1].tag; k--) {
			struct entry swap = dir->e[k];
			dir->e[k] = dir->e[k - 1];
			dir->e[k - 1] = swap;
		}
	uint8_t *p = leat_zalloc(bytes, 1, o->err);
	int ok = p ? 0 : -1;
	for (unsigned i = 0; ok == 0 && i < dir->n; i++) {
		const struct entry *e = &dir->e[i];
		uint8_t *to = p + head + i * each;
		put_number(o, to, e->tag, 2);
		put_number(o, to + 2, e->type, 2);
		put_number(o, to + 4, e->count, o->big ? 8 : 4);
		ok = put_value(o, e, to + (o->big ? 12 : 8));
	}
	if (ok == 0) {
		put_number(o, p, dir->n, head);
		put_number(o, p + bytes - tail, next, tail);
		ok = align(o);
		*at = o->b->len;
	}
	if (ok == 0)
		ok = append(o, p, bytes);
	free(p);
	return ok;
}

static void drop(struct dir *dir, uint16_t tag)
{
	unsigned n = 0;
	for (unsigned i = 0; i < dir->n; i++)
		if (dir->e[i].tag != tag)
			dir->e[n++] = dir->e[i];
	dir->n = n;
}

/* A pointer to a directory at `at`, whose bytes stand at `room`, of the file's order. */
static void add_pointer(const struct out *o, struct dir *dir, uint16_t tag, uint64_t at, uint8_t room[8])
{
	put_number(o, room, at, o->big ? 8 : 4);
	drop(dir, tag);
	if (dir->n < MOST)
		dir->e[dir->n++] = (struct entry){.tag = tag,
						  .type = o->big ? TYPE_IFD8 : TYPE_LONG,
						  .count = 1,
						  .value = room,
						  .bytes = o->big ? 8 : 4,
						  .little = o->little};
}

/* Writes `first` with the other two below it. */
static int put_all(const struct out *o, struct dir *first, struct dir *exif, struct dir *gps, uint64_t next,
		   uint64_t *at)
{
	uint8_t exif_at[8], gps_at[8];
	drop(exif, TAG_INTEROP); /* points to a directory of its own */
	if (exif->n) {
		if (put_dir(o, exif, 0, at) < 0)
			return -1;
		add_pointer(o, first, TAG_EXIF, *at, exif_at);
	}
	if (gps->n) {
		if (put_dir(o, gps, 0, at) < 0)
			return -1;
		add_pointer(o, first, TAG_GPS, *at, gps_at);
	}
	return put_dir(o, first, next, at);
}

/* What of the first directory is about the picture and not about how it is stored. */
static bool is_about_picture(uint16_t tag)
{
	static const uint16_t tags[] = {0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b}; /* description to artist */
	for (size_t i = 0; i < LEAT_LEN(tags); i++)
		if (tags[i] == tag)
			return true;
	return false;
}

/* Three directories, too large for a stack. */
struct three {
	struct dir first, exif, gps, other;
};

static int gather(const struct tiff *t, struct three *x, struct leat_bytes **out, struct leat_err *err)
{
	const uint8_t head[8] = {t->little ? 'I' : 'M', t->little ? 'I' : 'M', t->little ? 42 : 0, t->little ? 0 : 42};
	unsigned n = 0;
	follow(t, &x->first, TAG_EXIF, &x->exif);
	follow(t, &x->first, TAG_GPS, &x->gps);
	for (unsigned i = 0; i < x->first.n; i++) {
		uint16_t tag = x->first.e[i].tag;
		if (is_about_picture(tag) || tag == TAG_ORIENTATION || tag == TAG_COPYRIGHT)
			x->first.e[n++] = x->first.e[i];
	}
	x->first.n = n;
	bool some = x->exif.n || x->gps.n;
	for (unsigned i = 0; i < n; i++)
		some = some || is_about_picture(x->first.e[i].tag);
	if (!some)
		return 0;
	uint64_t at = 0;
	struct leat_bytes *b = leat_bytes_new(1024, err);
	struct out o = {.b = b, .little = t->little, .err = err};
	if (!b || append(&o, head, sizeof head) < 0 || put_all(&o, &x->first, &x->exif, &x->gps, 0, &at) < 0) {
		leat_bytes_unref(&b);
		return -1;
	}
	put_number(&o, b->data + 4, at, 4);
	*out = b;
	return 0;
}

int leat_tiff_exif_gather(const uint8_t *d, size_t n, uint64_t dir, struct leat_bytes **out, struct leat_err *err)
{
	struct tiff t;
	uint64_t ignored;
	*out = NULL;
	if (!open_tiff(&t, d, n))
		return 0;
	struct three *x = leat_zalloc(1, sizeof *x, err);
	if (!x)
		return -1;
	read_dir(&t, dir, &x->first, &ignored);
	int ok = gather(&t, x, out, err);
	free(x);
	return ok;
}

static int put(struct leat_bytes *file, const struct tiff *from, struct three *x, struct leat_err *err)
{
	struct tiff t;
	uint64_t next, at = 0;
	(void)open_tiff(&t, file->data, file->len); /* libtiff has just written it */
	read_dir(&t, first_dir(&t), &x->first, &next);
	for (unsigned i = 0; i < x->first.n; i++)
		x->first.e[i].stays = true;
	read_dir(from, first_dir(from), &x->other, &(uint64_t){0});
	follow(from, &x->other, TAG_EXIF, &x->exif);
	follow(from, &x->other, TAG_GPS, &x->gps);
	for (unsigned i = 0; i < x->other.n && x->first.n < MOST - 4; i++)
		if (is_about_picture(x->other.e[i].tag) && !find(&x->first, x->other.e[i].tag))
			x->first.e[x->first.n++] = x->other.e[i];
	struct out o = {.b = file, .little = t.little, .big = t.big, .err = err};
	int ok = put_all(&o, &x->first, &x->exif, &x->gps, next, &at);
	if (ok == 0 && !t.big && file->len > UINT32_MAX)
		ok = leat_fail(err, LEAT_CAUSE_LIMIT, "a tiff of more than 4 GB with EXIF needs bigtiff=yes");
	if (ok == 0)
		put_number(&o, file->data + (t.big ? 8 : 4), at, t.big ? 8 : 4);
	return ok;
}

int leat_tiff_exif_put(struct leat_bytes *file, const struct leat_bytes *exif, struct leat_err *err)
{
	struct tiff from;
	if (!open_tiff(&from, exif->data, exif->len) || from.big)
		return 0;
	struct three *x = leat_zalloc(1, sizeof *x, err);
	if (!x)
		return -1;
	int ok = put(file, &from, x, err);
	free(x);
	return ok;
}
