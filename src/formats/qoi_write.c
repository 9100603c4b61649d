/* SPDX-License-Identifier: MIT */
/* QOI: the encoder. Its choices are those of the specification's own, so its bytes are, too. */
#include "base/mem.h"
#include "formats/endian.h"
#include "formats/frame.h"
#include "formats/inorder.h"
#include "formats/qoi_code.h"

struct leat_encoder {
	struct leat_image_shape shape;
	unsigned channels; /* written: 3 or 4 */
	struct leat_qoi_pixel seen[64], last;
	unsigned run;
	uint8_t *row; /* one row in RGB or RGBA */
	uint8_t *codes; /* of one row: at most a byte more than its samples for each pixel */
	struct leat_bytes *out;
	uint32_t next;
};

int leat_qoi_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err)
{
	(void)params;
	(void)err;
	*want = *in;
	want->sample = LEAT_U8;
	return 0;
}

static int start(struct leat_encoder *e, struct leat_err *err)
{
	struct leat_image_shape want;
	uint8_t head[LEAT_QOI_HEADER] = "qoif";
	if (leat_qoi_enc_takes(NULL, &e->shape, &want, err) < 0 || leat_shape_agreed("qoi", &e->shape, &want, err) < 0)
		return -1;
	e->channels = e->shape.alpha ? 4 : 3;
	leat_put_be32(head + 4, e->shape.width);
	leat_put_be32(head + 8, e->shape.height);
	head[12] = (uint8_t)e->channels;
	e->last.a = 255;
	e->row = leat_zalloc(e->shape.width, e->channels, err);
	e->codes = leat_zalloc((size_t)e->shape.width + 1, e->channels + 1, err);
	e->out = e->row && e->codes ? leat_bytes_new(leat_image_bytes(&e->shape) / 2, err) : NULL;
	return e->out ? leat_bytes_append(e->out, head, sizeof head, err) : -1;
}

int leat_qoi_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err)
{
	(void)params;
	(void)meta; /* there is no place for it */
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	*out = e;
	if (!e)
		return -1;
	e->shape = *shape;
	if (start(e, err) == 0)
		return 0;
	leat_qoi_enc_close(out);
	return -1;
}

/* A pixel with the alpha of the last one: by its difference where that is small. Returns behind its code. */
static uint8_t *put_color(uint8_t *to, struct leat_qoi_pixel p, struct leat_qoi_pixel last)
{
	int8_t r = (int8_t)(p.r - last.r), g = (int8_t)(p.g - last.g), b = (int8_t)(p.b - last.b);
	int8_t rg = (int8_t)(r - g), bg = (int8_t)(b - g);
	if (r >= -2 && r < 2 && g >= -2 && g < 2 && b >= -2 && b < 2) {
		*to++ = (uint8_t)(LEAT_QOI_DIFF | (r + 2) << 4 | (g + 2) << 2 | (b + 2));
	} else if (g >= -32 && g < 32 && rg >= -8 && rg < 8 && bg >= -8 && bg < 8) {
		*to++ = (uint8_t)(LEAT_QOI_LUMA | (g + 32));
		*to++ = (uint8_t)((rg + 8) << 4 | (bg + 8));
	} else {
		*to++ = LEAT_QOI_RGB;
		*to++ = p.r;
		*to++ = p.g;
		*to++ = p.b;
	}
	return to;
}

static uint8_t *put_run(struct leat_encoder *e, uint8_t *to)
{
	if (e->run)
		*to++ = (uint8_t)(LEAT_QOI_RUN | (e->run - 1));
	e->run = 0;
	return to;
}

static uint8_t *put_pixel(struct leat_encoder *e, uint8_t *to, struct leat_qoi_pixel p)
{
	unsigned h = leat_qoi_hash(p);
	if (memcmp(&p, &e->last, sizeof p) == 0)
		return ++e->run == LEAT_QOI_LONGEST_RUN ? put_run(e, to) : to;
	to = put_run(e, to);
	if (memcmp(&p, &e->seen[h], sizeof p) == 0) {
		*to++ = (uint8_t)(LEAT_QOI_INDEX | h);
	} else if (p.a == e->last.a) {
		to = put_color(to, p, e->last);
	} else {
		const uint8_t code[] = {LEAT_QOI_RGBA, p.r, p.g, p.b, p.a};
		memcpy(to, code, sizeof code);
		to += sizeof code;
	}
	e->seen[h] = e->last = p;
	return to;
}

int leat_qoi_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (leat_rows_in_order("qoi", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->next = in->y1;
	for (uint32_t y = in->y0; y < in->y1; y++) {
		uint8_t *to = e->codes;
		const uint8_t *p = e->row;
		leat_frame_expand(e->row, leat_row(in, y), e->shape.width, e->shape.channels);
		for (uint32_t x = 0; x < e->shape.width; x++, p += e->channels)
			to = put_pixel(e, to, (struct leat_qoi_pixel){p[0], p[1], p[2], e->channels == 4 ? p[3] : 255});
		if (leat_bytes_append(e->out, e->codes, (size_t)(to - e->codes), err) < 0)
			return -1;
	}
	return 0;
}

int leat_qoi_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	static const uint8_t end[LEAT_QOI_END] = {0, 0, 0, 0, 0, 0, 0, 1};
	if (leat_rows_complete("qoi", e->next, e->shape.height, err) < 0)
		return -1;
	if (!e->out)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "qoi: finished twice");
	size_t n = (size_t)(put_run(e, e->codes) - e->codes);
	if (leat_bytes_append(e->out, e->codes, n, err) < 0 || leat_bytes_append(e->out, end, sizeof end, err) < 0)
		return -1;
	*out = e->out;
	e->out = NULL;
	return 0;
}

void leat_qoi_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_bytes_unref(&e->out);
	free(e->codes);
	free(e->row);
	free(e);
}
