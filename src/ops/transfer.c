/* SPDX-License-Identifier: MIT */
/* The sRGB transfer curve as tables. */
#include "ops/transfer.h"

#include "base/mem.h"

#include <math.h>

double leat_srgb_decode(double v)
{
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double leat_srgb_encode(double v)
{
	return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

int leat_transfer_make(struct leat_transfer *t, enum leat_sample sample, struct leat_err *err)
{
	if (t->max)
		return 0;
	uint32_t max = sample == LEAT_U8 ? 255 : 65535;
	/* The second derivative of the curve is at most 2400, so these knots keep the error below 0.01 level. */
	uint32_t knots = sample == LEAT_U8 ? 4096 : 65536;
	float *decode = leat_zalloc(max + 1, sizeof(float), err);
	float *encode = leat_zalloc(knots + 2, sizeof(float), err);
	if (!decode || !encode) {
		free(decode);
		free(encode);
		return -1;
	}
	for (uint32_t i = 0; i <= max; i++)
		decode[i] = (float)leat_srgb_decode((double)i / max);
	for (uint32_t i = 0; i <= knots; i++)
		encode[i] = (float)(max * leat_srgb_encode((double)i / knots));
	encode[knots + 1] = encode[knots];
	*t = (struct leat_transfer){max, knots, decode, encode};
	return 0;
}

void leat_transfer_free(struct leat_transfer *t)
{
	free(t->decode);
	free(t->encode);
	*t = (struct leat_transfer){0};
}
