/* SPDX-License-Identifier: MIT */
/*
 * The header of npy files: see npy_header.h. It is a Python dictionary as text; only its grammar is known here, nothing
 * is evaluated. After the format's description in NumPy (NEP 1 and the versions 2.0 and 3.0 that only widen the length
 * and the letters).
 */
#include "formats/npy_header.h"

#include "formats/endian.h"

#include <stdio.h>
#include <string.h>

enum {
	MAGIC = 6,
	MAX_TEXT = 10000, /* what NumPy reads of strangers */
	ALIGN = 64, /* of the first element in written files */
	GROWTH = 21, /* blanks that NumPy leaves, so that the first dimension may grow in place */
};

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define HOST_ORDER '>'
#else
#define HOST_ORDER '<'
#endif

bool leat_npy_sniff(const uint8_t *data, size_t n)
{
	return n >= MAGIC && memcmp(data, "\x93NUMPY", MAGIC) == 0;
}

/* ---- the dictionary */

struct text {
	const char *s, *end;
	struct leat_err *err;
};

static int bad(struct text *t, const char *what)
{
	return leat_fail(t->err, LEAT_CAUSE_CORRUPT, "npy: %s", what);
}

static void blanks(struct text *t)
{
	while (t->s < t->end && strchr(" \t\n\r\f", *t->s) && *t->s)
		t->s++;
}

static bool accept(struct text *t, char c)
{
	blanks(t);
	if (t->s == t->end || *t->s != c)
		return false;
	t->s++;
	return true;
}

static bool accept_word(struct text *t, const char *word)
{
	size_t n = strlen(word);
	blanks(t);
	if ((size_t)(t->end - t->s) < n || memcmp(t->s, word, n) != 0)
		return false;
	t->s += n;
	return true;
}

/* 'text' or "text" without escapes. */
static int quoted(struct text *t, char *out, size_t size)
{
	char quote = accept(t, '\'') ? '\'' : accept(t, '"') ? '"' : 0;
	const char *end = quote ? memchr(t->s, quote, (size_t)(t->end - t->s)) : NULL;
	if (!end || (size_t)(end - t->s) >= size || memchr(t->s, '\\', (size_t)(end - t->s)))
		return -1;
	memcpy(out, t->s, (size_t)(end - t->s));
	out[end - t->s] = 0;
	t->s = end + 1;
	return 0;
}

static int dimension(struct text *t, uint64_t *out)
{
	const char *start = t->s;
	*out = 0;
	for (; t->s < t->end && *t->s >= '0' && *t->s <= '9'; t->s++)
		if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, (uint64_t)(*t->s - '0'), out))
			return leat_fail(t->err, LEAT_CAUSE_LIMIT, "npy: a dimension is too large");
	if (t->s == start || (*start == '0' && t->s - start > 1))
		return bad(t, "the shape is not a tuple of whole numbers");
	if (t->s < t->end && *t->s == 'L') /* a long integer of Python 2 */
		t->s++;
	return 0;
}

/* (), (7,), (2, 3). One number in parentheses is no tuple in Python. */
static int shape(struct text *t, struct leat_array_shape *s)
{
	bool comma = true;
	if (!accept(t, '('))
		return bad(t, "the shape is not a tuple of whole numbers");
	for (s->ndim = 0; !accept(t, ')'); s->ndim++) {
		uint64_t n;
		blanks(t);
		if (!comma || dimension(t, &n) < 0)
			return bad(t, "the shape is not a tuple of whole numbers");
		if (s->ndim < LEAT_MAX_DIMS)
			s->dim[s->ndim] = n;
		comma = accept(t, ',');
	}
	if (s->ndim == 1 && !comma)
		return bad(t, "the shape is not a tuple of whole numbers");
	if (s->ndim > LEAT_MAX_DIMS)
		return leat_fail(t->err, LEAT_CAUSE_UNSUPPORTED, "npy: %d dimensions; leat reads up to %d", s->ndim,
				 LEAT_MAX_DIMS);
	return 0;
}

/* Why an element type is not read: by its letter. */
static const char *sort_of(char letter)
{
	switch (letter) {
	case 'O':
		return "Python objects (pickled): they are never loaded";
	case 'S':
	case 'a':
	case 'U':
		return "strings";
	case 'M':
		return "dates (datetime64)";
	case 'm':
		return "durations (timedelta64)";
	case 'V':
		return "raw bytes (void)";
	case 'f':
	case 'g':
	case 'c':
	case 'G':
		return "long doubles";
	default:
		return "unknown elements";
	}
}

/* "<f8", "|b1", "u1", "?" */
static int plain_type(struct text *t, struct leat_npy *h)
{
	char descr[64], *code = descr, order = HOST_ORDER;
	if (quoted(t, descr, sizeof descr) < 0)
		return bad(t, "descr is no text");
	if (*code && strchr("<>|=", *code))
		order = *code++;
	if (strcmp(code, "?") == 0)
		code = memcpy(descr, "b1", 3);
	/* By its short name: the long ones are no letter and a digit. */
	bool known = code[0] && strchr("biufc", code[0]) && leat_dtype_find(code, &h->shape.dtype) &&
		     strcmp(code, leat_dtype_code(h->shape.dtype)) == 0;
	if (!known)
		return leat_fail(t->err, LEAT_CAUSE_UNSUPPORTED, "npy: elements of type '%s' are not read: %s", descr,
				 sort_of(*code));
	h->swapped = leat_dtype_size(h->shape.dtype) > 1 && (order == '<' || order == '>') && order != HOST_ORDER;
	return 0;
}

static int descr_value(struct text *t, struct leat_npy *h)
{
	blanks(t);
	if (t->s < t->end && (*t->s == '[' || *t->s == '('))
		return leat_fail(t->err, LEAT_CAUSE_UNSUPPORTED,
				 "npy: structured elements (records with named fields) are not read");
	return plain_type(t, h);
}

static int order_value(struct text *t, struct leat_array_shape *s)
{
	s->fortran = accept_word(t, "True");
	return s->fortran || accept_word(t, "False") ? 0 : bad(t, "fortran_order is neither True nor False");
}

enum { DESCR = 1, ORDER = 2, SHAPE = 4 };

static int entry(struct text *t, struct leat_npy *h, unsigned *seen)
{
	char key[32];
	if (quoted(t, key, sizeof key) < 0 || !accept(t, ':'))
		return bad(t, "the header is no dictionary");
	if (strcmp(key, "descr") == 0) {
		*seen |= DESCR;
		return descr_value(t, h);
	}
	if (strcmp(key, "fortran_order") == 0) {
		*seen |= ORDER;
		return order_value(t, &h->shape);
	}
	if (strcmp(key, "shape") == 0) {
		*seen |= SHAPE;
		return shape(t, &h->shape);
	}
	return bad(t, "the header has more than descr, fortran_order and shape");
}

static int dictionary(struct text *t, struct leat_npy *h)
{
	unsigned seen = 0;
	bool comma = true;
	if (!accept(t, '{'))
		return bad(t, "the header is no dictionary");
	while (!accept(t, '}')) {
		if (!comma)
			return bad(t, "the header is no dictionary");
		if (entry(t, h, &seen) < 0)
			return -1;
		comma = accept(t, ',');
	}
	blanks(t);
	if (t->s < t->end)
		return bad(t, "something stands behind the header's dictionary");
	if (seen != (DESCR | ORDER | SHAPE))
		return bad(t, "the header lacks descr, fortran_order or shape");
	return 0;
}

/* ---- the whole header */

static int cut(bool whole, struct leat_err *err)
{
	return whole ? leat_fail(err, LEAT_CAUSE_TRUNCATED, "npy: the header is cut short") : 1;
}

int leat_npy_read_header(const uint8_t *data, size_t n, bool whole, struct leat_npy *h, struct leat_err *err)
{
	*h = (struct leat_npy){0};
	if (n < MAGIC + 2)
		return cut(whole, err);
	if (!leat_npy_sniff(data, n))
		return leat_fail(err, LEAT_CAUSE_FORMAT, "npy: this is no npy file");
	unsigned major = data[MAGIC], minor = data[MAGIC + 1];
	if (major < 1 || major > 3 || minor != 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "npy: version %u.%u is not known", major, minor);
	size_t begin = major == 1 ? MAGIC + 4 : MAGIC + 6;
	if (n < begin)
		return cut(whole, err);
	size_t len = major == 1 ? leat_le16(data + MAGIC + 2) : leat_le32(data + MAGIC + 2);
	if (len > MAX_TEXT)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "npy: a header of %zu bytes; at most %d are read", len,
				 MAX_TEXT);
	if (n - begin < len)
		return cut(whole, err);
	struct text t = {(const char *)data + begin, (const char *)data + begin + len, err};
	if (dictionary(&t, h) < 0)
		return -1;
	if (h->shape.ndim < 2)
		h->shape.fortran = false;
	h->offset = begin + len;
	return 0;
}

/* In both orders the elements lie the same way: NumPy calls that C order. */
static bool one_order(const struct leat_array_shape *s)
{
	int wide = 0;
	for (int i = 0; i < s->ndim; i++)
		wide += s->dim[i] != 1;
	return wide < 2 || leat_array_count(s) == 0;
}

size_t leat_npy_write_header(const struct leat_array_shape *s, uint8_t *out)
{
	char text[LEAT_NPY_MAX_HEADER], dims[192], one[24];
	bool fortran = s->fortran && !one_order(s);
	char order = leat_dtype_size(s->dtype) == 1 ? '|' : HOST_ORDER;
	int n = snprintf(text, sizeof text, "{'descr': '%c%s', 'fortran_order': %s, 'shape': %s, }", order,
			 leat_dtype_code(s->dtype), fortran ? "True" : "False", leat_array_shape_text(s, dims));
	if (s->ndim > 0)
		n += GROWTH - snprintf(one, sizeof one, "%llu", (unsigned long long)s->dim[fortran ? s->ndim - 1 : 0]);
	size_t begin = MAGIC + 4, used = begin + (size_t)n + 1; /* the last byte is a line break */
	size_t len = used + (ALIGN - used % ALIGN), written = strlen(text);
	memcpy(out, "\x93NUMPY\x01\x00", MAGIC + 2);
	leat_put_le16(out + MAGIC + 2, (uint16_t)(len - begin));
	memset(out + begin, ' ', len - begin);
	memcpy(out + begin, text, written);
	out[len - 1] = '\n';
	return len;
}
