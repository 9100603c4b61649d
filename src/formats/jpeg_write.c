/* SPDX-License-Identifier: MIT */
#include "formats/jpeg_write.h"

#include "base/mem.h"
#include "formats/exif.h"
#include "formats/fit.h"
#include "formats/icc.h"
#include "formats/inorder.h"
#include "formats/jpeg_meta.h"
#include "formats/jpeg_words.h"
#include "formats/limits.h"

#include <math.h>
#include <setjmp.h>

enum { ROWS_AT_A_TIME = 16, STEP = 32 * 1024 };

struct leat_encoder {
	struct jpeg_compress_struct c; /* its client_data is this struct */
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr dest;
	jmp_buf jmp;
	struct leat_image_shape shape;
	const struct leat_jpeg_params *p;
	const struct leat_meta *meta; /* only within open */
	struct leat_fit *fit; /* with max-bytes: the rows are kept here, nothing else is used; else NULL */
	struct leat_bytes *exif; /* what is embedded of it */
	const struct leat_rows *rows; /* only within rows */
	struct leat_bytes *out;
	uint32_t next;
	bool dead;
	struct leat_err err;
	JOCTET step[STEP]; /* libjpeg's bytes on their way to out */
};

static struct leat_encoder *self(j_common_ptr c)
{
	return c->client_data;
}

_Noreturn static void on_error(j_common_ptr c)
{
	struct leat_encoder *e = self(c);
	char text[JMSG_LENGTH_MAX];
	const char *said = leat_jpeg_words(c, text);
	bool memory = leat_jpeg_cause(c->err->msg_code) == LEAT_CAUSE_MEMORY;
	/* Keeps an error that is there already, of the output buffer say. */
	leat_fail(&e->err, memory ? LEAT_CAUSE_MEMORY : LEAT_CAUSE_INTERNAL, "writing jpeg: %s", said);
	longjmp(e->jmp, 1);
}

static void no_message(j_common_ptr c, int level)
{
	(void)c;
	(void)level;
}

static void no_output(j_common_ptr c)
{
	(void)c;
}

static void on_init(j_compress_ptr c)
{
	struct leat_encoder *e = c->client_data;
	c->dest->next_output_byte = e->step;
	c->dest->free_in_buffer = sizeof e->step;
}

static void flush(struct leat_encoder *e, size_t n)
{
	if (leat_bytes_append(e->out, e->step, n, &e->err) < 0)
		longjmp(e->jmp, 1);
}

static boolean on_full(j_compress_ptr c)
{
	struct leat_encoder *e = c->client_data;
	flush(e, sizeof e->step);
	on_init(c);
	return TRUE;
}

static void on_term(j_compress_ptr c)
{
	struct leat_encoder *e = c->client_data;
	flush(e, sizeof e->step - c->dest->free_in_buffer);
}

static int guarded(struct leat_encoder *e, void (*step)(struct leat_encoder *))
{
	if (setjmp(e->jmp)) {
		e->dead = true;
		return -1;
	}
	step(e);
	return 0;
}

static void set_density(struct leat_encoder *e)
{
	double x = e->meta ? e->meta->density_x : 0, y = e->meta ? e->meta->density_y : 0;
	if (!(x >= 0.5 && x < UINT16_MAX && y >= 0.5 && y < UINT16_MAX))
		return;
	e->c.density_unit = 1; /* per inch */
	e->c.X_density = (UINT16)lround(x);
	e->c.Y_density = (UINT16)lround(y);
}

static void set_sampling(struct leat_encoder *e)
{
	static const uint8_t factors[][2] = {{2, 2}, {2, 1}, {1, 1}};
	if (e->shape.channels != 3)
		return;
	e->c.comp_info[0].h_samp_factor = factors[e->p->subsampling][0];
	e->c.comp_info[0].v_samp_factor = factors[e->p->subsampling][1];
}

static void put_segment(struct leat_encoder *e, int marker, const char *id, size_t id_len, const uint8_t *d, size_t n)
{
	jpeg_write_m_header(&e->c, marker, (unsigned)(id_len + n));
	for (size_t i = 0; i < id_len; i++)
		jpeg_write_m_byte(&e->c, (unsigned char)id[i]);
	for (size_t i = 0; i < n; i++)
		jpeg_write_m_byte(&e->c, d[i]);
}

/* IPTC in as many segments as it takes; readers join them. */
static void put_iptc(struct leat_encoder *e, const struct leat_bytes *b)
{
	size_t id = sizeof LEAT_JPEG_IPTC, room = LEAT_JPEG_SEGMENT - id;
	for (size_t at = 0; at < b->len; at += room)
		put_segment(e, JPEG_APP0 + 13, LEAT_JPEG_IPTC, id, b->data + at,
			    b->len - at < room ? b->len - at : room);
}

static void put_meta(struct leat_encoder *e)
{
	const struct leat_meta *m = e->meta;
	if (e->exif)
		put_segment(e, JPEG_APP0 + 1, LEAT_JPEG_EXIF, sizeof LEAT_JPEG_EXIF, e->exif->data, e->exif->len);
	if (!m)
		return;
	if (m->xmp)
		put_segment(e, JPEG_APP0 + 1, LEAT_JPEG_XMP, sizeof LEAT_JPEG_XMP, m->xmp->data, m->xmp->len);
	if (m->iptc)
		put_iptc(e, m->iptc);
	if (m->icc && !leat_icc_fault(m->icc->data, m->icc->len, e->shape.channels == 1))
		jpeg_write_icc_profile(&e->c, m->icc->data, (unsigned)m->icc->len);
}

static void step_begin(struct leat_encoder *e)
{
	jpeg_create_compress(&e->c);
	e->c.dest = &e->dest;
	e->c.image_width = e->shape.width;
	e->c.image_height = e->shape.height;
	e->c.input_components = e->shape.channels;
	e->c.in_color_space = e->shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
	jpeg_set_defaults(&e->c);
	jpeg_set_quality(&e->c, (int)e->p->quality, TRUE);
	set_sampling(e);
	set_density(e);
	e->c.restart_interval = (unsigned)e->p->restart;
	e->c.optimize_coding = (uint64_t)e->shape.width * e->shape.height <= LEAT_JPEG_OPTIMIZE_PIXELS;
	if (e->p->progressive)
		jpeg_simple_progression(&e->c);
	jpeg_start_compress(&e->c, TRUE);
	put_meta(e);
}

static void step_rows(struct leat_encoder *e)
{
	JSAMPROW rows[ROWS_AT_A_TIME];
	for (uint32_t y = e->rows->y0; y < e->rows->y1;) {
		uint32_t left = e->rows->y1 - y;
		uint32_t count = left < ROWS_AT_A_TIME ? left : ROWS_AT_A_TIME;
		for (uint32_t i = 0; i < count; i++)
			rows[i] = leat_row(e->rows, y + i);
		y += jpeg_write_scanlines(&e->c, rows, count);
	}
}

static void step_end(struct leat_encoder *e)
{
	jpeg_finish_compress(&e->c);
}

static int failed(const struct leat_encoder *e, struct leat_err *err)
{
	return leat_fail(err, e->err.cause, "%s", e->err.text);
}

int leat_jpeg_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err)
{
	(void)params;
	if (in->width > LEAT_JPEG_SIDE || in->height > LEAT_JPEG_SIDE)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "an image of %ux%u does not fit a jpeg, whose sides end at %d", in->width, in->height,
				 LEAT_JPEG_SIDE);
	*want = *in;
	want->sample = LEAT_U8;
	want->channels = in->channels < 3 ? 1 : 3;
	want->alpha = false;
	return 0;
}

/* Without a limit what the estimate counts for every encoder is enough. */
size_t leat_jpeg_enc_cost(const void *params, const struct leat_image_shape *s)
{
	const struct leat_jpeg_params *p = params;
	return p->max_bytes ? leat_image_bytes(s) : 0;
}

/* What goes into one segment must fit it. */
static int check_fit(const char *what, const struct leat_bytes *b, size_t id, struct leat_err *err)
{
	size_t room = LEAT_JPEG_SEGMENT - id;
	if (!b || b->len <= room)
		return 0;
	return leat_fail(
		err, LEAT_CAUSE_UNSUPPORTED,
		"the %s data of %zu bytes do not fit a jpeg, which holds %zu; a 'strip' before would remove them", what,
		b->len, room);
}

static int start(struct leat_encoder *e, struct leat_err *err)
{
	struct leat_image_shape want;
	if (leat_jpeg_enc_takes(e->p, &e->shape, &want, err) < 0 ||
	    leat_shape_agreed("jpeg", &e->shape, &want, err) < 0)
		return -1;
	if (leat_exif_for_output(e->meta, &e->exif, err) < 0 ||
	    check_fit("EXIF", e->exif, sizeof LEAT_JPEG_EXIF, err) < 0)
		return -1;
	if (e->meta && check_fit("XMP", e->meta->xmp, sizeof LEAT_JPEG_XMP, err) < 0)
		return -1;
	e->out = leat_bytes_new(STEP, err);
	if (!e->out)
		return -1;
	e->c.err = jpeg_std_error(&e->errors);
	e->errors.error_exit = on_error;
	e->errors.emit_message = no_message;
	e->errors.output_message = no_output;
	e->c.client_data = e;
	e->dest.init_destination = on_init;
	e->dest.empty_output_buffer = on_full;
	e->dest.term_destination = on_term;
	return guarded(e, step_begin) < 0 ? failed(e, err) : 0;
}

int leat_jpeg_enc_open(struct leat_encoder **out, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_encoder *e = leat_zalloc(1, sizeof *e, err);
	*out = e;
	if (!e)
		return -1;
	e->p = params;
	e->shape = *shape;
	e->meta = meta;
	e->fit = e->p->max_bytes ? leat_fit_new(shape, meta, err) : NULL;
	int r = e->p->max_bytes ? (e->fit ? 0 : -1) : start(e, err);
	e->meta = NULL;
	leat_bytes_unref(&e->exif);
	if (r < 0)
		leat_jpeg_enc_close(out);
	return r;
}

int leat_jpeg_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	if (e->fit)
		return leat_fit_rows(e->fit, "jpeg", in, err);
	if (e->dead)
		return failed(e, err);
	if (leat_rows_in_order("jpeg", in, e->next, e->shape.height, err) < 0)
		return -1;
	e->rows = in;
	e->next = in->y1;
	return guarded(e, step_rows) < 0 ? failed(e, err) : 0;
}

/* leat_fit_encode: the image as one of these encoders without a limit writes it. */
static int encode_at(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
		     struct leat_err *err)
{
	struct leat_jpeg_params p = *(const struct leat_jpeg_params *)ctx;
	const struct leat_rows rows = {im->pixels, im->stride, 0, im->shape.height};
	struct leat_encoder *e = NULL;
	p.quality = quality;
	p.max_bytes = 0;
	int r = leat_jpeg_enc_open(&e, &p, &im->shape, im->meta, err);
	if (r == 0)
		r = leat_jpeg_enc_rows(e, &rows, err);
	if (r == 0)
		r = leat_jpeg_enc_finish(e, out, err);
	leat_jpeg_enc_close(&e);
	return r;
}

int leat_jpeg_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	if (e->fit)
		return leat_fit_finish(e->fit, "jpeg", e->p->quality, e->p->max_bytes, encode_at, e->p, out, err);
	if (leat_rows_complete("jpeg", e->next, e->shape.height, err) < 0)
		return -1;
	if (e->dead || guarded(e, step_end) < 0)
		return failed(e, err);
	*out = e->out;
	e->out = NULL;
	e->dead = true;
	return 0;
}

void leat_jpeg_enc_close(struct leat_encoder **ep)
{
	struct leat_encoder *e = *ep;
	*ep = NULL;
	if (!e)
		return;
	if (e->c.err)
		jpeg_destroy_compress(&e->c); /* accepts one that was never created */
	leat_fit_free(&e->fit);
	leat_bytes_unref(&e->out);
	leat_bytes_unref(&e->exif);
	free(e);
}
