/* SPDX-License-Identifier: MIT */
/* convert: 8-bit samples to 16 bit and back, exact. The engine puts it before encoders that lack the depth. */
#include "base/mem.h"
#include "ops/rows.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3") /* gcc vectorizes fully from there on */
#endif

static const char *const depths[] = {"8", "16", NULL};

struct convert {
	int64_t depth; /* index into depths */
};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct convert, depth, "depth", NULL, depths, LEAT_REQUIRED, "bits of each sample of the result"),
	LEAT_P_END};

struct item {
	size_t samples, bytes; /* of a row; bytes of an input row */
	enum leat_sample from, to;
};

static enum leat_sample target(const struct convert *p)
{
	return p->depth == 0 ? LEAT_U8 : LEAT_U16;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	*out = *in;
	out->image.sample = target(params_);
	return leat_refuse_float("convert", &in->image, err);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->samples = (size_t)b->in->image.width * b->in->image.channels;
	it->bytes = leat_row_bytes(&b->in->image);
	it->from = b->in->image.sample;
	it->to = target(b->params);
	*item = it;
	return 0;
}

static void widen(const uint8_t *restrict from, size_t n, uint16_t *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint16_t)(from[i] * 257u);
}

/* v / 257 rounded, for all v of 16 bits. */
static void narrow(const uint16_t *restrict from, size_t n, uint8_t *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)((from[i] * 255u + 32895) >> 16);
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)scratch;
	(void)err; /* nothing here can fail */
	if (it->from == it->to)
		leat_copy_rows(in, out, y0, y1, it->bytes);
	for (uint32_t y = y0; y < y1 && it->from != it->to; y++) {
		const void *from = leat_row(in, y);
		if (it->to == LEAT_U16)
			widen(from, it->samples, (uint16_t *)(void *)leat_row(out, y));
		else
			narrow(from, it->samples, leat_row(out, y));
	}
	return 0;
}

const struct leat_op leat_op_convert = {
	.name = "convert",
	.group = "color",
	.summary = "change the depth of the samples",
	.example = "convert depth=8",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct convert),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.hidden = true,
	.shape = shape,
	.begin = begin,
	.rows = rows,
	.end = leat_end_free,
};
