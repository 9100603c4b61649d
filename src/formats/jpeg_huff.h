/* SPDX-License-Identifier: MIT */
/*
 * Huffman tables of baseline JPEG for reading fast: one look-up gives a symbol with the value behind it; another, for
 * blocks of which only the first coefficient is wanted, passes over as many symbols as 13 bits hold.
 * After ITU-T T.81 annex C and F.2.2.
 */
#ifndef LEAT_FORMATS_JPEG_HUFF_H
#define LEAT_FORMATS_JPEG_HUFF_H

#include "formats/jpeg_bits.h"

enum {
	LEAT_HUFF_BITS = 11,
	LEAT_SKIP_BITS = 13,
	LEAT_HUFF_ENTRIES = 1 << LEAT_HUFF_BITS,
	LEAT_SKIP_ENTRIES = 1 << LEAT_SKIP_BITS,
	LEAT_HUFF_EOB = 1 << 13,
	LEAT_SKIP_EOB = 1 << 15,
	LEAT_SKIP_NONE = 127 << 8 /* further than any block reaches */
};

struct leat_huff {
	/*
	 * By the next 11 bits: bits to take in the lowest 6; from bit 8 on how many coefficients to go on (DC: 0);
	 * LEAT_HUFF_EOB; the value in the upper 16 bits. The lowest 6 bits 0: symbol and value are longer; then the
	 * symbol in the upper 16 bits and from bit 8 on the length of its code, 0 where that, too, is longer.
	 */
	uint32_t value[LEAT_HUFF_ENTRIES];
	uint32_t limit[18]; /* by length: the first code, in 16 bits, that is longer; [17] ends the search */
	int32_t offset[17]; /* symbol index - code of that length */
	uint8_t symbols[256];
	bool dc;
};

struct leat_skip {
	/*
	 * By the next 13 bits: bits to take in the lowest 5; from bit 8 on how many coefficients to go on, 1 more with
	 * LEAT_SKIP_EOB. LEAT_SKIP_NONE: the next symbol is longer.
	 */
	uint16_t entry[LEAT_SKIP_ENTRIES];
};

/*
 * From the counts of codes by length (counts[1..16]) and the symbols. False for a table that libjpeg refuses or that
 * 8-bit baseline has no use for.
 */
bool leat_huff_make(struct leat_huff *h, const uint8_t counts[17], const uint8_t symbols[256], bool dc);

/* h is one of AC. */
void leat_skip_make(struct leat_skip *s, const struct leat_huff *h);

/* The entry for the next symbol, `first` being that of the table; 0 where there is none. Needs 32 valid bits. */
uint32_t leat_huff_long(const struct leat_huff *h, uint64_t buf, uint32_t first);

#endif
