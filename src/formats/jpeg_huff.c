/* SPDX-License-Identifier: MIT */
/* Tables for reading Huffman codes. See jpeg_huff.h. */
#include "formats/jpeg_huff.h"

enum { MOST_VALUE_BITS = 11 }; /* of a DC difference; AC has 10 */

/* The number that `size` bits stand for (T.81 F.2.2.1, EXTEND). */
static int extend(unsigned bits, unsigned size)
{
	return size && bits < 1u << (size - 1) ? (int)bits - (1 << size) + 1 : (int)bits;
}

/* Entry of a symbol whose code has `length` bits, with buf at the code. 0: nothing that is allowed. */
static uint32_t entry_of(const struct leat_huff *h, unsigned symbol, unsigned length, uint64_t buf)
{
	unsigned size = symbol & 15, run = symbol >> 4;
	if (size > MOST_VALUE_BITS || (h->dc && run))
		return 0;
	if (!h->dc && size == 0 && run != 15)
		return length | LEAT_HUFF_EOB;
	unsigned bits = size ? (unsigned)(buf << length >> (64 - size)) : 0;
	uint32_t value = (uint32_t)(uint16_t)extend(bits, size) << 16;
	return value | (h->dc ? 0 : (run + 1) << 8) | (length + size);
}

/* Symbol and length (from bit 8 on) of the code at the top of buf; 0: none. */
static uint32_t search(const struct leat_huff *h, uint64_t buf)
{
	uint32_t code = (uint32_t)(buf >> 48);
	unsigned length = 1;
	while (code >= h->limit[length])
		length++;
	if (length > 16)
		return 0;
	uint32_t symbol = h->symbols[(h->offset[length] + (int32_t)(code >> (16 - length))) & 255];
	return symbol << 16 | length << 8;
}

uint32_t leat_huff_long(const struct leat_huff *h, uint64_t buf, uint32_t first)
{
	if (!first)
		first = search(h, buf);
	return first ? entry_of(h, first >> 16, first >> 8 & 31, buf) : 0;
}

/* Codes by length, as libjpeg checks them: none may leave its length, the one of ones alone is not given. */
static bool number_codes(struct leat_huff *h, const uint8_t counts[17])
{
	uint32_t code = 0;
	int32_t index = 0;
	for (unsigned length = 1; length <= 16; length++) {
		h->offset[length] = index - (int32_t)code;
		code += counts[length];
		index += counts[length];
		if (index > 256 || (counts[length] && code >= 1u << length))
			return false;
		h->limit[length] = code << (16 - length);
		code <<= 1;
	}
	h->limit[17] = UINT32_MAX;
	return true;
}

bool leat_huff_make(struct leat_huff *h, const uint8_t counts[17], const uint8_t symbols[256], bool dc)
{
	h->dc = dc;
	memcpy(h->symbols, symbols, sizeof h->symbols);
	if (!number_codes(h, counts))
		return false;
	unsigned total = 0;
	for (unsigned length = 1; length <= 16; length++)
		total += counts[length];
	for (unsigned i = 0; dc && i < total; i++)
		if (symbols[i] > 15)
			return false;
	for (uint32_t i = 0; i < LEAT_HUFF_ENTRIES; i++) {
		uint64_t buf = (uint64_t)i << (64 - LEAT_HUFF_BITS);
		uint32_t code = search(h, buf), e = leat_huff_long(h, buf, code);
		bool short_code = code && (code >> 8 & 31) <= LEAT_HUFF_BITS;
		h->value[i] = e && (e & 63) <= LEAT_HUFF_BITS ? e : short_code ? code : 0;
	}
	return true;
}

void leat_skip_make(struct leat_skip *s, const struct leat_huff *h)
{
	for (uint32_t i = 0; i < LEAT_SKIP_ENTRIES; i++) {
		uint64_t buf = (uint64_t)i << (64 - LEAT_SKIP_BITS);
		unsigned bits = 0, on = 0;
		bool end = false;
		while (!end && bits < LEAT_SKIP_BITS) {
			uint32_t e = h->value[buf >> (64 - LEAT_HUFF_BITS)];
			if (!(e & 63))
				e = leat_huff_long(h, buf, e);
			unsigned more = e & 63, by = e & LEAT_HUFF_EOB ? 1 : e >> 8 & 31;
			if (!e || bits + more > LEAT_SKIP_BITS || on + by > 63)
				break;
			bits += more;
			on += by;
			buf <<= more;
			end = (e & LEAT_HUFF_EOB) != 0;
		}
		s->entry[i] = on ? (uint16_t)(bits | on << 8 | (end ? LEAT_SKIP_EOB : 0)) : LEAT_SKIP_NONE;
	}
}
