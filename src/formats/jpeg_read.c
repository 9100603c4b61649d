/* SPDX-License-Identifier: MIT */
#include "formats/jpeg_read.h"

#include "base/mem.h"
#include "formats/inorder.h"
#include "formats/ink_profile.h"
#include "formats/jpeg_inks.h"
#include "formats/jpeg_meta.h"
#include "formats/jpeg_small.h"
#include "formats/jpeg_words.h"
#include "formats/limits.h"
#include "formats/notes.h"

#include <setjmp.h>

enum {
	ROWS_AT_A_TIME = 16,
	SMALL_PIXELS = 256 * 1024, /* from here on the tables of our own decoder are worth making */
};

struct leat_decoder {
	struct jpeg_decompress_struct c; /* its client_data is this struct */
	struct jpeg_error_mgr errors;
	struct jpeg_source_mgr source;
	struct jpeg_progress_mgr progress;
	jmp_buf jmp; /* where libjpeg's errors end: in guarded() */
	const uint8_t *data;
	size_t n;
	struct leat_jpeg_header header;
	struct leat_jpeg_small *small; /* decodes instead of libjpeg, until it gives up; else NULL */
	struct leat_image_shape shape;
	size_t row_bytes;
	unsigned shrink;
	bool keep; /* keep_damaged */
	bool dead; /* libjpeg failed: it must not be called again */
	bool ended; /* the end of the data has been met before the end of the image */
	uint32_t next; /* the row that the next call begins with */
	uint32_t there; /* rows from here on are missing */
	uint8_t *inks; /* CMYK: one row of libjpeg's; else NULL */
	bool inverted; /* Adobe's CMYK: 255 is no ink */
	struct leat_ink_profile *by; /* CMYK's own profile; NULL: the plain formula */
	uint8_t *passed; /* a row that was given already; else NULL */
	struct leat_rows *want;
	struct leat_notices notes;
	struct leat_err err; /* what libjpeg failed with */
};

static struct leat_decoder *self(j_common_ptr c)
{
	return c->client_data;
}

_Noreturn static void fail(struct leat_decoder *d, enum leat_cause cause, const char *text)
{
	const char *what = cause == LEAT_CAUSE_TRUNCATED ? "truncated jpeg"
			   : cause == LEAT_CAUSE_CORRUPT ? "corrupt jpeg"
							 : "jpeg";
	if (d->row_bytes)
		leat_fail(&d->err, cause, "%s: %s (after %u of %u rows)", what, text, d->c.output_scanline,
			  d->shape.height);
	else
		leat_fail(&d->err, cause, "%s: %s", what, text);
	longjmp(d->jmp, 1);
}

_Noreturn static void on_error(j_common_ptr c)
{
	char text[JMSG_LENGTH_MAX];
	fail(self(c), leat_jpeg_cause(c->err->msg_code), leat_jpeg_words(c, text));
}

/*
 * Rows of which nothing was in the data are missing; in later scans of a progressive image
 * everything is there, if coarse.
 */
static void note_end(struct leat_decoder *d)
{
	uint64_t imcu = (uint64_t)d->c.max_v_samp_factor * (uint64_t)d->c.min_DCT_scaled_size;
	uint64_t there = (d->c.input_iMCU_row + UINT64_C(1)) * imcu;
	if (!d->ended && d->c.input_scan_number <= 1 && there < d->there)
		d->there = (uint32_t)there;
	d->ended = true;
}

static void on_message(j_common_ptr c, int level)
{
	struct leat_decoder *d = self(c);
	char text[JMSG_LENGTH_MAX];
	if (level >= 0)
		return; /* traces */
	int code = c->err->msg_code;
	const char *said = leat_jpeg_words(c, text);
	bool spoils = leat_jpeg_spoils(code, d->c.input_scan_number > 0);
	bool end = leat_jpeg_ends_early(code) && d->c.unread_marker == JPEG_EOI;
	if (spoils && !d->keep)
		fail(d, end ? LEAT_CAUSE_TRUNCATED : LEAT_CAUSE_CORRUPT, said);
	if (end)
		note_end(d);
	else
		leat_notice(&d->notes, "%s: %s", spoils ? "damaged" : "jpeg", said);
}

static void no_output(j_common_ptr c)
{
	(void)c;
}

static void on_init(j_decompress_ptr c)
{
	(void)c;
}

/* libjpeg has used up the file. */
static boolean on_fill(j_decompress_ptr c)
{
	static const JOCTET eoi[] = {0xff, JPEG_EOI};
	struct leat_decoder *d = c->client_data;
	if (!d->keep)
		fail(d, LEAT_CAUSE_TRUNCATED, "the file ends early");
	note_end(d);
	c->src->next_input_byte = eoi;
	c->src->bytes_in_buffer = sizeof eoi;
	return TRUE;
}

static void on_skip(j_decompress_ptr c, long bytes)
{
	size_t skip = bytes > 0 ? (size_t)bytes : 0;
	if (skip > c->src->bytes_in_buffer)
		skip = c->src->bytes_in_buffer; /* the next fill tells */
	c->src->next_input_byte += skip;
	c->src->bytes_in_buffer -= skip;
}

/* A file of many scans costs time without end. */
static void on_progress(j_common_ptr c)
{
	struct leat_decoder *d = self(c);
	char text[64];
	if (d->c.input_scan_number <= LEAT_LIMIT_SCANS)
		return;
	snprintf(text, sizeof text, "more than %d scans, the limit", LEAT_LIMIT_SCANS);
	fail(d, LEAT_CAUSE_LIMIT, text);
}

/* Runs a step that calls libjpeg. 0, or -1 when it failed: d->err says how; d is dead then. */
static int guarded(struct leat_decoder *d, void (*step)(struct leat_decoder *))
{
	if (setjmp(d->jmp)) {
		d->dead = true;
		return -1;
	}
	step(d);
	return 0;
}

static void step_create(struct leat_decoder *d)
{
	jpeg_create_decompress(&d->c);
	d->c.client_data = d;
	d->c.progress = &d->progress;
	d->c.src = &d->source;
}

/* Header, output color and scale; then the output size is known. */
static void step_header(struct leat_decoder *d)
{
	(void)jpeg_read_header(&d->c, TRUE);
	if (d->c.image_width != d->header.width || d->c.image_height != d->header.height ||
	    d->c.num_components != d->header.components)
		fail(d, LEAT_CAUSE_CORRUPT, "its headers contradict each other");
	d->c.out_color_space = d->c.num_components == 1 ? JCS_GRAYSCALE : d->c.num_components == 4 ? JCS_CMYK : JCS_RGB;
	d->c.scale_num = 1;
	d->c.scale_denom = d->shrink;
	jpeg_calc_output_dimensions(&d->c);
}

/* Multiscan images are read whole here. */
static void step_start(struct leat_decoder *d)
{
	(void)jpeg_start_decompress(&d->c); /* does not suspend: the source gives all it has */
}

static void step_plain_rows(struct leat_decoder *d)
{
	JSAMPROW rows[ROWS_AT_A_TIME];
	while (d->c.output_scanline < d->want->y1) {
		uint32_t y = d->c.output_scanline, left = d->want->y1 - y;
		uint32_t count = left < ROWS_AT_A_TIME ? left : ROWS_AT_A_TIME;
		for (uint32_t i = 0; i < count; i++)
			rows[i] = leat_row(d->want, y + i);
		(void)jpeg_read_scanlines(&d->c, rows, count); /* how many: output_scanline tells */
	}
}

static void step_ink_rows(struct leat_decoder *d)
{
	while (d->c.output_scanline < d->want->y1) {
		uint32_t y = d->c.output_scanline;
		JSAMPROW row = d->inks;
		if (jpeg_read_scanlines(&d->c, &row, 1) != 1)
			continue;
		if (d->by)
			leat_ink_profile_row(d->by, d->inks, leat_row(d->want, y), d->shape.width);
		else
			leat_inks_row(d->inks, leat_row(d->want, y), d->shape.width, d->inverted);
	}
}

/* Rows that were given already. */
static void step_pass(struct leat_decoder *d)
{
	JSAMPROW row = d->passed;
	while (d->c.output_scanline < d->next)
		(void)jpeg_read_scanlines(&d->c, &row, 1);
}

static void step_finish(struct leat_decoder *d)
{
	(void)jpeg_finish_decompress(&d->c);
}

static void connect(struct leat_decoder *d)
{
	d->c.err = jpeg_std_error(&d->errors);
	d->errors.error_exit = on_error;
	d->errors.emit_message = on_message;
	d->errors.output_message = no_output;
	d->c.client_data = d; /* jpeg_create_decompress may fail already */
	d->progress.progress_monitor = on_progress;
	d->source = (struct jpeg_source_mgr){.next_input_byte = d->data,
					     .bytes_in_buffer = d->n,
					     .init_source = on_init,
					     .fill_input_buffer = on_fill,
					     .skip_input_data = on_skip,
					     .resync_to_restart = jpeg_resync_to_restart,
					     .term_source = on_init};
}

static void fill_shape(struct leat_decoder *d, const struct leat_decode_opts *o)
{
	d->shape = (struct leat_image_shape){.width = d->c.output_width,
					     .height = d->c.output_height,
					     .channels = d->c.num_components == 1 ? 1 : 3,
					     .sample = LEAT_U8,
					     .pages = 1};
	if (d->shrink > 1 && !o->shrink) {
		d->shape.full_width = d->c.image_width;
		d->shape.full_height = d->c.image_height;
		d->shape.shrink = (uint8_t)d->shrink;
	}
	d->there = d->shape.height;
	d->row_bytes = leat_row_bytes(&d->shape);
}

/* The profile goes: the rows will be sRGB. */
static int prepare_inks(struct leat_decoder *d, struct leat_meta *meta, struct leat_err *err)
{
	if (d->c.num_components != 4)
		return 0;
	d->inverted = d->c.saw_Adobe_marker;
	bool had = meta->icc != NULL;
	int ok = leat_ink_profile_open(&d->by, meta->icc, LEAT_U8, d->inverted, err);
	leat_bytes_unref(&meta->icc);
	if (ok < 0)
		return -1;
	if (d->by)
		leat_notice(&d->notes, "CMYK converted to sRGB by its profile");
	else
		leat_notice(&d->notes, "CMYK converted to RGB by the plain formula: %s",
			    had ? "its profile cannot be used" : "it has no profile");
	d->inks = leat_zalloc(d->shape.width, 4, err);
	return d->inks ? 0 : -1;
}

static int start(struct leat_decoder *d, const struct leat_decode_opts *o, struct leat_meta *meta, struct leat_err *err)
{
	const struct leat_jpeg_header *h = &d->header;
	if (o->shrink != 0 && o->shrink != 1 && o->shrink != 2 && o->shrink != 4 && o->shrink != 8)
		return leat_fail(err, LEAT_CAUSE_USAGE, "shrink=%d: a jpeg shrinks by 1, 2, 4 or 8", (int)o->shrink);
	if (leat_jpeg_header(d->data, d->n, true, &d->header, err) < 0 ||
	    leat_limit_pixels("jpeg", h->width, h->height, o->max_pixels, err) < 0)
		return -1;
	if (leat_jpeg_meta_read(d->data, d->n, h->components == 1, h->components == 4, meta, &d->notes, err) < 0)
		return -1;
	d->shrink = leat_jpeg_shrink(h, o);
	connect(d);
	if (guarded(d, step_create) < 0 || guarded(d, step_header) < 0)
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	fill_shape(d, o);
	if (prepare_inks(d, meta, err) < 0)
		return -1;
	if (d->shrink == 8 && (uint64_t)h->width * h->height >= SMALL_PIXELS &&
	    leat_jpeg_small_open(&d->small, &d->c, d->data + d->n, err) < 0)
		return -1;
	if (d->small)
		return 0;
	return guarded(d, step_start) < 0 ? leat_fail(err, d->err.cause, "%s", d->err.text) : 0;
}

int leat_jpeg_dec_open(struct leat_decoder **out, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err)
{
	struct leat_decoder *d = leat_zalloc(1, sizeof *d, err);
	*out = d;
	*meta = d ? leat_meta_new(err) : NULL;
	if (!*meta)
		goto fail;
	d->data = data;
	d->n = n;
	d->keep = o->keep_damaged;
	if (start(d, o, *meta, err) < 0)
		goto fail;
	leat_notes_move(notes, &d->notes);
	*shape = d->shape;
	return 0;
fail:
	leat_meta_unref(meta);
	leat_jpeg_dec_close(out);
	return -1;
}

/* Our own decoder has met something that is for libjpeg to judge: from the beginning to where we are. */
static void hand_over(struct leat_decoder *d)
{
	leat_jpeg_small_close(&d->small);
	jpeg_destroy_decompress(&d->c);
	connect(d);
	d->passed = leat_zalloc(d->row_bytes, 1, &d->err);
	if (!d->passed)
		d->dead = true;
	else if (guarded(d, step_create) == 0 && guarded(d, step_header) == 0 && guarded(d, step_start) == 0)
		(void)guarded(d, step_pass); /* d->dead tells */
	if (d->dead && d->c.output_scanline < d->there)
		d->there = d->c.output_scanline;
}

static void clear_rows(const struct leat_decoder *d, struct leat_rows *out)
{
	for (uint32_t y = out->y0; y < out->y1; y++)
		if (y >= d->there)
			memset(leat_row(out, y), 0, d->row_bytes);
}

int leat_jpeg_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order("jpeg", out, d->next, d->shape.height, err) < 0)
		return -1;
	d->want = out;
	if (d->small && leat_jpeg_small_rows(d->small, out)) {
		d->next = out->y1;
		return 0;
	}
	if (d->small)
		hand_over(d);
	if (!d->dead && guarded(d, d->inks ? step_ink_rows : step_plain_rows) < 0 && d->c.output_scanline < d->there)
		d->there = d->c.output_scanline;
	if (d->dead && (!d->keep || d->err.cause == LEAT_CAUSE_MEMORY))
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	clear_rows(d, out);
	d->next = out->y1;
	return 0;
}

int leat_jpeg_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	if (d->small && d->next == d->shape.height && !leat_jpeg_small_ends_well(d->small))
		hand_over(d);
	/* A reader that needs no more rows may stop early; libjpeg must not be asked to finish then. */
	bool all = !d->dead && d->c.output_scanline == d->c.output_height;
	bool failed = d->dead || (all && guarded(d, step_finish) < 0);
	if (failed && !d->keep)
		return leat_fail(err, d->err.cause, "%s", d->err.text);
	if (d->there < d->shape.height)
		leat_notice(&d->notes, "damaged: about %u of %u rows are there, the others are zero", d->there,
			    d->shape.height);
	else if (d->ended)
		leat_notice(&d->notes, "damaged: the file ends early");
	if (failed)
		leat_notice(&d->notes, "%s", d->err.text);
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_jpeg_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	if (d->c.err)
		jpeg_destroy_decompress(&d->c); /* accepts one that was never created */
	leat_jpeg_small_close(&d->small);
	free(d->passed);
	free(d->inks);
	leat_ink_profile_close(&d->by);
	free(d);
}
