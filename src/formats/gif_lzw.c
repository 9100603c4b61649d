/* SPDX-License-Identifier: MIT */
/* LZW as GIF has it: codes of 3 to 12 bits, the low bit first, in sub-blocks. See gif_blocks.h. */
#include "formats/gif_blocks.h"

enum { MOST_CODES = 4096, MOST_BITS = 12 };

struct lzw {
	const uint8_t *d, *block;
	size_t size, pos, left; /* left: bytes of the block */
	uint32_t bits;
	unsigned n_bits, min, width; /* bits of a code */
	unsigned next; /* the code that is made next */
	uint16_t prefix[MOST_CODES];
	uint8_t suffix[MOST_CODES];
	uint8_t stack[MOST_CODES];
};

/* The next code; -1: the chain of blocks is over; -2: the file is. */
static int next_code(struct lzw *z)
{
	while (z->n_bits < z->width) {
		while (z->left == 0) {
			if (!leat_gif_block(z->d, z->size, &z->pos, &z->block, &z->left))
				return -2;
			if (z->left == 0)
				return -1;
		}
		z->bits |= (uint32_t)*z->block++ << z->n_bits;
		z->n_bits += 8;
		z->left--;
	}
	int code = (int)(z->bits & ((1u << z->width) - 1));
	z->bits >>= z->width;
	z->n_bits -= z->width;
	return code;
}

static void clear(struct lzw *z)
{
	z->width = z->min + 1;
	z->next = (1u << z->min) + 2;
}

/* The indices of `code` from the last to the first on the stack; how many. */
static size_t spell(struct lzw *z, unsigned code)
{
	size_t n = 0;
	for (; code >= (1u << z->min); code = z->prefix[code])
		z->stack[n++] = z->suffix[code];
	z->stack[n++] = (uint8_t)code;
	return n;
}

/* One code behind `last` (-1: none). Writes at most n indices, tells how many; 0: no such code is possible. */
static size_t take(struct lzw *z, unsigned code, int last, uint8_t *to, size_t n)
{
	bool unseen = code == z->next && last >= 0;
	if (code >= z->next && !unseen)
		return 0;
	size_t len = spell(z, unseen ? (unsigned)last : code), put = 0;
	uint8_t first = z->stack[len - 1];
	for (size_t i = len; i-- > 0 && put < n;)
		to[put++] = z->stack[i];
	if (unseen && put < n)
		to[put++] = first;
	if (last >= 0 && z->next < MOST_CODES) {
		z->prefix[z->next] = (uint16_t)last;
		z->suffix[z->next++] = first;
		if (z->next == (1u << z->width) && z->width < MOST_BITS)
			z->width++;
	}
	return put;
}

static int unpack(struct lzw *z, uint8_t *to, size_t n, size_t *got, struct leat_err *err)
{
	const int reset = 1 << z->min, end = reset + 1;
	int last = -1;
	clear(z);
	while (*got < n) {
		int code = next_code(z);
		if (code == -2)
			return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated gif: %zu of %zu pixels are there", *got,
					 n);
		if (code == -1 || code == end)
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt gif: only %zu of %zu pixels are in it", *got,
					 n);
		if (code == reset) {
			clear(z);
			last = -1;
			continue;
		}
		size_t put = take(z, (unsigned)code, last, to + *got, n - *got);
		if (!put)
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt gif: an impossible code after %zu pixels",
					 *got);
		*got += put;
		last = code;
	}
	return 0;
}

int leat_gif_unpack(const uint8_t *d, size_t size, size_t *pos, uint8_t *to, size_t n, size_t *got,
		    struct leat_err *err)
{
	struct lzw z = {.d = d, .size = size, .pos = *pos + 1};
	*got = 0;
	if (*pos >= size)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated gif: it ends before its first image");
	z.min = d[*pos];
	if (z.min < 1 || z.min > 8)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt gif: codes of %u bits", z.min);
	if (unpack(&z, to, n, got, err) < 0)
		return -1;
	const uint8_t *data;
	size_t len = 1;
	while (len > 0)
		if (!leat_gif_block(d, size, &z.pos, &data, &len))
			return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated gif: its end mark is not there");
	*pos = z.pos;
	return 0;
}
