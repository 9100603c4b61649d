/* SPDX-License-Identifier: MIT */
/*
 * Odd zlib streams, made bit by bit: which of them the fast way unpacks and which it refuses, beside zlib, by which
 * libpng decides. Where the two differ, the table says so: nowhere else may they.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "formats/inflate.h"

#include <stdio.h>
#include <zlib.h>

enum { LITERALS = 288, DISTANCES = 32, LENGTHS = 19, END = 256 };

/* A block with codes of its own: the lengths of all codes; 0: there is none. */
struct block {
	unsigned n_literals, n_distances; /* lengths that are written */
	uint8_t literal[LITERALS], distance[DISTANCES];
	bool gap; /* the code of the lengths leaves a pattern without meaning */
};

struct bits {
	uint8_t d[512];
	size_t n; /* bits */
};

static void put(struct bits *b, unsigned v, unsigned n)
{
	for (unsigned i = 0; i < n; i++, b->n++)
		if (v >> i & 1)
			b->d[b->n / 8] |= (uint8_t)(1u << b->n % 8);
}

/* The code of symbol `s` among these lengths (RFC 1951, 3.2.2), its first bit first. */
static void put_code(struct bits *b, const uint8_t *lengths, unsigned n, unsigned s)
{
	unsigned code = 0, len = lengths[s];
	for (unsigned i = 0; i < n; i++)
		if (lengths[i] && (lengths[i] < len || (lengths[i] == len && i < s)))
			code += 1u << (len - lengths[i]);
	for (unsigned i = len; i-- > 0;)
		put(b, code >> i & 1, 1);
}

static void put_head(struct bits *b, const struct block *k)
{
	static const uint8_t order[LENGTHS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	uint8_t of[LENGTHS] = {0}; /* 0 to 15 with 4 bits each: every pattern means something */
	for (unsigned i = 0; i < 16; i++)
		of[i] = k->gap && i == 15 ? 0 : 4;
	put(b, 0x9c78, 16); /* zlib's own */
	put(b, 1 | 2 << 1, 3); /* the last block, codes of its own */
	put(b, k->n_literals - 257, 5);
	put(b, k->n_distances - 1, 5);
	put(b, LENGTHS - 4, 4);
	for (unsigned i = 0; i < LENGTHS; i++)
		put(b, of[order[i]], 3);
	for (unsigned i = 0; i < k->n_literals; i++)
		put_code(b, of, LENGTHS, k->literal[i]);
	for (unsigned i = 0; i < k->n_distances; i++)
		put_code(b, of, LENGTHS, k->distance[i]);
}

/* The whole stream of one block that holds this text, and with `copy` three bytes more, copied from one before. */
static struct bits stream_of(const struct block *k, const char *text, bool copy, char *all)
{
	struct bits b = {{0}, 0};
	size_t n = strlen(text);
	put_head(&b, k);
	for (size_t i = 0; i < n; i++)
		put_code(&b, k->literal, k->n_literals, (uint8_t)text[i]);
	if (copy) {
		put_code(&b, k->literal, k->n_literals, END + 1);
		put_code(&b, k->distance, k->n_distances, 0);
	}
	put_code(&b, k->literal, k->n_literals, END);
	b.n = (b.n + 7) / 8 * 8;
	snprintf(all, 64, "%s%.*s", text, copy ? 3 : 0, "aaa");
	uLong sum = adler32(1, (const Bytef *)all, (uInt)strlen(all));
	for (int i = 3; i >= 0; i--)
		put(&b, (unsigned)(sum >> 8 * i & 255), 8);
	return b;
}

static bool zlib_takes(const struct bits *b, const char *want)
{
	uint8_t out[64] = {0};
	uLongf n = sizeof out;
	return uncompress(out, &n, b->d, b->n / 8) == Z_OK && n == strlen(want) && memcmp(out, want, n) == 0;
}

static bool fast_takes(const struct bits *b, const char *want)
{
	uint8_t out[64] = {0};
	struct leat_err err = {0};
	struct leat_inflate *f = leat_inflate_take(&err);
	struct leat_inflate_io io = {.in = b->d, .n_in = b->n / 8, .out = out, .n_out = sizeof out};
	enum leat_inflate_state s = leat_inflate_run(f, &io);
	leat_inflate_put(&f);
	return s == LEAT_INFLATE_END && sizeof out - io.n_out == strlen(want) && memcmp(out, want, strlen(want)) == 0;
}

/* Literals a, b, c and the end with these lengths, and one for a copy of three bytes. */
static struct block literals(int a, int b, int c, int end, int copy)
{
	struct block k = {.n_literals = END + 2, .n_distances = 1};
	k.literal['a'] = (uint8_t)a;
	k.literal['b'] = (uint8_t)b;
	k.literal['c'] = (uint8_t)c;
	k.literal[END] = (uint8_t)end;
	k.literal[END + 1] = (uint8_t)copy;
	return k;
}

static struct block with_distances(struct block k, int d0, int d1, unsigned n)
{
	k.distance[0] = (uint8_t)d0;
	k.distance[1] = (uint8_t)d1;
	k.n_distances = n;
	return k;
}

static struct block with_gap(struct block k)
{
	k.gap = true;
	return k;
}

static struct block with_literals(struct block k, unsigned n)
{
	k.n_literals = n;
	return k;
}

static void verdicts(void **state)
{
	const struct {
		const char *what;
		struct block block;
		const char *text;
		bool copy, zlib, fast;
	} rows[] = {
		{"complete codes", literals(2, 2, 2, 2, 0), "abcab", false, true, true},
		{"no distance code, and none needed", literals(1, 2, 0, 2, 0), "abab", false, true, true},
		{"one distance code of one bit", with_distances(literals(1, 0, 0, 2, 2), 1, 0, 1), "a", true, true,
		 true},
		{"two distance codes", with_distances(literals(1, 0, 0, 2, 2), 1, 1, 2), "a", true, true, true},
		{"one code alone: the end", literals(0, 0, 0, 1, 0), "", false, true, true},
		{"a literal's pattern without meaning", literals(2, 2, 0, 2, 0), "ab", false, false, true},
		{"longer patterns without meaning", literals(3, 3, 2, 2, 0), "abc", false, false, true},
		{"a distance's pattern without meaning", with_distances(literals(1, 0, 0, 2, 2), 2, 2, 2), "a", true,
		 false, true},
		{"the same, and no copy", with_distances(literals(1, 2, 0, 2, 0), 2, 2, 2), "ab", false, false, true},
		{"one distance code of two bits", with_distances(literals(1, 0, 0, 2, 2), 2, 0, 1), "a", true, false,
		 true},
		{"a length's pattern without meaning", with_gap(literals(2, 2, 2, 2, 0)), "ab", false, false, true},
		{"too many literal codes", literals(1, 1, 1, 1, 0), "ab", false, false, false},
		{"too many distance codes", with_distances(literals(1, 2, 0, 2, 0), 1, 1, 3), "ab", false, true, true},
		{"no end", literals(1, 1, 0, 0, 0), "ab", false, false, false},
		{"287 literals", with_literals(literals(2, 2, 2, 2, 0), 287), "ab", false, false, false},
		{"31 distances", with_distances(literals(2, 2, 2, 2, 0), 0, 0, 31), "ab", false, false, false},
		{"30 distances", with_distances(literals(2, 2, 2, 2, 0), 0, 0, 30), "ab", false, true, true},
	};
	bool isal = strncmp(leat_inflate_library(), "ISA-L", 5) == 0;
	int wrong = 0;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(rows); i++) {
		char all[64];
		struct bits b = stream_of(&rows[i].block, rows[i].text, rows[i].copy, all);
		bool zlib = zlib_takes(&b, all), fast = fast_takes(&b, all), want = isal ? rows[i].fast : rows[i].zlib;
		if (zlib != rows[i].zlib || fast != want)
			printf("%s: zlib %d, should be %d; %s %d, should be %d\n", rows[i].what, zlib, rows[i].zlib,
			       leat_inflate_library(), fast, want);
		wrong += zlib != rows[i].zlib || fast != want;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(verdicts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
