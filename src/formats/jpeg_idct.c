/* SPDX-License-Identifier: MIT */
/* Reduced inverse DCTs. See jpeg_idct.h; constants are in units of 2^-13. */
#include "formats/jpeg_idct.h"

enum { CONST_BITS = 13, PASS1_BITS = 2 };

/* Four outputs of a line of eight, unscaled: its fifth does not count. */
#define LINE_4(z0, z1, z2, z3, z5, z6, z7)                                         \
	int32_t dc = (z0) * (1 << (CONST_BITS + 1)), mid = (z2)*15137 - (z6)*6270; \
	int32_t inner = (z1)*8697 - (z3)*17799 + (z5)*11893 - (z7)*1730;           \
	int32_t outer = (z1)*20995 + (z3)*7373 - (z5)*4926 - (z7)*4176

static bool row_4(const int32_t *z, uint8_t *to)
{
	LINE_4(z[0], z[1], z[2], z[3], z[5], z[6], z[7]);
	enum { DOWN = CONST_BITS + PASS1_BITS + 3 + 1 };
	bool ok = leat_idct_put(leat_descale(dc + mid + outer, DOWN), to);
	ok &= leat_idct_put(leat_descale(dc - mid + inner, DOWN), to + 1);
	ok &= leat_idct_put(leat_descale(dc - mid - inner, DOWN), to + 2);
	ok &= leat_idct_put(leat_descale(dc + mid - outer, DOWN), to + 3);
	return ok;
}

bool leat_idct_4(const int32_t b[64], unsigned columns, uint8_t *to, size_t stride)
{
	int32_t ws[4][8] = {0};
	for (unsigned c = 0; c < 8; c++) {
		if (c == 4 || !(columns >> c & 1)) /* column 4 is in no sum: it may be of any size */
			continue;
		LINE_4(b[c], b[8 + c], b[16 + c], b[24 + c], b[40 + c], b[48 + c], b[56 + c]);
		enum { DOWN = CONST_BITS - PASS1_BITS + 1 };
		ws[0][c] = leat_descale(dc + mid + outer, DOWN);
		ws[1][c] = leat_descale(dc - mid + inner, DOWN);
		ws[2][c] = leat_descale(dc - mid - inner, DOWN);
		ws[3][c] = leat_descale(dc + mid - outer, DOWN);
	}
	bool ok = true;
	for (size_t y = 0; y < 4; y++)
		ok &= row_4(ws[y], to + y * stride);
	return ok;
}
