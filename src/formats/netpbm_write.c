/* SPDX-License-Identifier: MIT */
/* The encoder behind both headers of the family; see netpbm_write.h. */
#include "formats/netpbm_write.h"

#include "base/mem.h"
#include "formats/inorder.h"

struct leat_encoder {
	struct leat_image_shape shape;
	struct leat_bytes *out; /* has room for all of it from the start */
	uint32_t next;
};

int leat_netpbm_enc_open(struct leat_encoder **out, const char *header, const struct leat_image_shape *shape,
			 struct leat_err *err)
{
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	*out = e;
	if (!e)
		return -1;
	e->shape = *shape;
	e->out = leat_bytes_new(leat_size_add(strlen(header), leat_image_bytes(shape)), err);
	if (e->out && leat_bytes_append(e->out, header, strlen(header), err) == 0)
		return 0;
	leat_netpbm_enc_close(out);
	return -1;
}

static void put_words(uint8_t *to, const uint16_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		to[2 * i] = (uint8_t)(from[i] >> 8);
		to[2 * i + 1] = (uint8_t)from[i];
	}
}

int leat_netpbm_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (leat_rows_in_order("netpbm", in, e->next, e->shape.height, err) < 0)
		return -1;
	size_t bytes = leat_row_bytes(&e->shape);
	for (uint32_t y = in->y0; y < in->y1; y++, e->out->len += bytes) {
		uint8_t *to = e->out->data + e->out->len;
		if (e->shape.sample == LEAT_U16)
			put_words(to, (const uint16_t *)(const void *)leat_row(in, y), bytes / 2);
		else
			memcpy(to, leat_row(in, y), bytes);
	}
	e->next = in->y1;
	return 0;
}

int leat_netpbm_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (leat_rows_complete("netpbm", e->next, e->shape.height, err) < 0)
		return -1;
	if (!e->out)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "netpbm: finished twice");
	*out = e->out;
	e->out = NULL;
	return 0;
}

void leat_netpbm_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	leat_bytes_unref(&e->out);
	free(e);
}
