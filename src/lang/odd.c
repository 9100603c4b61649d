/* SPDX-License-Identifier: MIT */
/* Characters that a pipeline text does not take as they are. */
#include "lang/odd.h"

#include "base/mem.h"

/* Ordered, without overlap. */
static const struct range {
	int32_t first, last;
	enum leat_odd odd;
} ranges[] = {
	{0x0000, 0x0008, LEAT_ODD_CONTROL}, {0x000a, 0x001f, LEAT_ODD_CONTROL},
	{0x007f, 0x009f, LEAT_ODD_CONTROL}, {0x00a0, 0x00a0, LEAT_ODD_SPACE},
	{0x00ab, 0x00ab, LEAT_ODD_DOUBLE},  {0x00bb, 0x00bb, LEAT_ODD_DOUBLE},
	{0x061c, 0x061c, LEAT_ODD_BIDI},    {0x180e, 0x180e, LEAT_ODD_INVISIBLE},
	{0x2007, 0x2007, LEAT_ODD_SPACE},   {0x200b, 0x200d, LEAT_ODD_INVISIBLE},
	{0x200e, 0x200f, LEAT_ODD_BIDI},    {0x2018, 0x201b, LEAT_ODD_SINGLE},
	{0x201c, 0x201f, LEAT_ODD_DOUBLE},  {0x2028, 0x2029, LEAT_ODD_CONTROL},
	{0x202a, 0x202e, LEAT_ODD_BIDI},    {0x202f, 0x202f, LEAT_ODD_SPACE},
	{0x2039, 0x203a, LEAT_ODD_SINGLE},  {0x2060, 0x2064, LEAT_ODD_INVISIBLE},
	{0x2066, 0x2069, LEAT_ODD_BIDI},    {0xfeff, 0xfeff, LEAT_ODD_INVISIBLE},
};

enum leat_odd leat_odd_class(int32_t cp)
{
	if (cp < 0)
		return LEAT_ODD_BYTE;
	if (cp >= 0x20 && cp < 0x7f)
		return LEAT_ODD_NO;
	for (size_t i = 0; i < LEAT_LEN(ranges) && ranges[i].first <= cp; i++)
		if (cp <= ranges[i].last)
			return ranges[i].odd;
	return LEAT_ODD_NO;
}

bool leat_odd_everywhere(enum leat_odd o)
{
	return o >= LEAT_ODD_CONTROL;
}

size_t leat_plain_length(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && ((s[i] >= 0x20 && s[i] < 0x7f) || s[i] == '\t'))
		i++;
	return i;
}
