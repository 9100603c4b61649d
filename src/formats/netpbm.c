/* SPDX-License-Identifier: MIT */
#include "formats/netpbm.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/inorder.h"
#include "formats/limits.h"
#include "formats/notes.h"

struct leat_decoder {
	struct leat_netpbm_head head;
	const uint8_t *data;
	size_t n, pos; /* pos: the next row, or in plain files the next word */
	struct leat_image_shape shape;
	size_t samples; /* of a row */
	size_t stored; /* bytes of a stored row; 0 where plain */
	uint8_t *narrow; /* full 8 bit for each value; NULL when that is the value itself */
	uint16_t *wide; /* the same for 16 bit */
	bool keep;
	uint32_t next; /* the row that the next call begins with */
	uint32_t there; /* rows from here on are missing */
	bool clipped; /* a sample over maxval was taken as maxval */
	struct leat_notices notes;
	struct leat_err err;
};

static bool blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct leat_netpbm_scan leat_netpbm_begin(const char *format, const uint8_t *d, size_t n, size_t pos, bool whole,
					  struct leat_err *err)
{
	return (struct leat_netpbm_scan){.d = d,
					 .n = n < LEAT_LIMIT_HEADER_TEXT ? n : LEAT_LIMIT_HEADER_TEXT,
					 .pos = pos,
					 .whole = whole,
					 .format = format,
					 .err = err};
}

int leat_netpbm_more(struct leat_netpbm_scan *s)
{
	if (s->n >= LEAT_LIMIT_HEADER_TEXT)
		return leat_fail(s->err, LEAT_CAUSE_CORRUPT, "corrupt %s: its header does not end", s->format);
	if (!s->whole)
		return 1;
	return leat_fail(s->err, LEAT_CAUSE_TRUNCATED, "truncated %s: it ends within its header", s->format);
}

/* Over blanks and comments, at most to the end. */
static void skip_blanks(const uint8_t *d, size_t n, size_t *pos)
{
	while (*pos < n && (blank(d[*pos]) || d[*pos] == '#')) {
		if (d[*pos] != '#') {
			++*pos;
			continue;
		}
		const uint8_t *line = memchr(d + *pos, '\n', n - *pos);
		*pos = line ? (size_t)(line - d) : n;
	}
}

/* Digits at *pos; saturates far above every limit. False when there is none. */
static bool digits(const uint8_t *d, size_t n, size_t *pos, uint64_t *out)
{
	enum { ENOUGH = 100000000 };
	size_t start = *pos;
	for (*out = 0; *pos < n && d[*pos] >= '0' && d[*pos] <= '9'; ++*pos)
		if (*out < ENOUGH)
			*out = *out * 10 + (d[*pos] - '0');
	return *pos > start;
}

int leat_netpbm_number(struct leat_netpbm_scan *s, uint64_t *out)
{
	skip_blanks(s->d, s->n, &s->pos);
	if (s->pos >= s->n)
		return leat_netpbm_more(s);
	if (!digits(s->d, s->n, &s->pos, out))
		return leat_fail(s->err, LEAT_CAUSE_CORRUPT, "corrupt %s: no number at byte %zu of its header",
				 s->format, s->pos);
	if (s->pos >= s->n)
		return leat_netpbm_more(s); /* more digits may follow */
	if (!blank(s->d[s->pos]) && s->d[s->pos] != '#')
		return leat_fail(s->err, LEAT_CAUSE_CORRUPT, "corrupt %s: no number at byte %zu of its header",
				 s->format, s->pos);
	return 0;
}

int leat_netpbm_check(const struct leat_netpbm_head *h, struct leat_err *err)
{
	if (h->maxval < 1 || h->maxval > UINT16_MAX)
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt %s: maxval must be 1 to 65535", h->format);
	return leat_limit_sides(h->format, h->width, h->height, err);
}

static struct leat_image_shape shape_of(const struct leat_netpbm_head *h)
{
	return (struct leat_image_shape){.width = (uint32_t)h->width,
					 .height = (uint32_t)h->height,
					 .channels = h->channels,
					 .alpha = h->alpha,
					 .sample = h->maxval > UINT8_MAX ? LEAT_U16 : LEAT_U8,
					 .pages = 1};
}

int leat_netpbm_probe(leat_netpbm_read *header, const uint8_t *data, size_t n, bool whole, struct leat_header *h,
		      struct leat_err *err)
{
	struct leat_netpbm_head head;
	int r = header(data, n, whole, &head, err);
	if (r != 0)
		return r;
	*h = (struct leat_header){.format = head.format, .shape = shape_of(&head)};
	h->peak_bytes = leat_limit_peak(&h->shape, 0);
	return 0;
}

static uint32_t scaled(uint32_t v, uint32_t maxval, uint32_t full)
{
	return (uint32_t)(((uint64_t)v * full * 2 + maxval) / (2 * (uint64_t)maxval));
}

/* A table from stored to full values, where they differ. */
static int make_table(struct leat_decoder *d, struct leat_err *err)
{
	uint32_t maxval = d->head.maxval;
	if (maxval == UINT8_MAX || maxval == UINT16_MAX)
		return 0;
	if (d->shape.sample == LEAT_U8) {
		d->narrow = leat_zalloc(maxval + 1, sizeof *d->narrow, err);
		for (uint32_t v = 0; d->narrow && v <= maxval; v++)
			d->narrow[v] = (uint8_t)scaled(v, maxval, UINT8_MAX);
		return d->narrow ? 0 : -1;
	}
	d->wide = leat_zalloc(maxval + 1, sizeof *d->wide, err);
	for (uint32_t v = 0; d->wide && v <= maxval; v++)
		d->wide[v] = (uint16_t)scaled(v, maxval, UINT16_MAX);
	return d->wide ? 0 : -1;
}

/* The rows of a raw file are counted before any is read. */
static int measure(struct leat_decoder *d, struct leat_err *err)
{
	if (d->head.plain)
		return 0;
	d->stored = d->head.bitmap ? (d->samples + 7) / 8 : d->samples * leat_sample_size(d->shape.sample);
	size_t has = d->n - d->pos, needs = leat_size_mul(d->stored, d->shape.height);
	if (has < needs && !d->keep)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated %s: %zu of %zu bytes of pixels are there",
				 d->head.format, has, needs);
	if (has < needs) {
		d->there = (uint32_t)(has / d->stored);
		return 0;
	}
	bool another = has > needs + 1 && d->data[d->pos + needs] == 'P' && d->data[d->pos + needs + 1] >= '1' &&
		       d->data[d->pos + needs + 1] <= '7';
	if (another)
		leat_notice(&d->notes, "several images in one file: first one only");
	size_t end = d->pos + needs;
	skip_blanks(d->data, d->n, &end);
	if (!another && end < d->n)
		leat_note_tail(&d->notes, d->n - end);
	return 0;
}

static int start(struct leat_decoder *d, leat_netpbm_read *header, const struct leat_decode_opts *o,
		 struct leat_err *err)
{
	if (header(d->data, d->n, true, &d->head, err) < 0 ||
	    leat_limit_pixels(d->head.format, d->head.width, d->head.height, o->max_pixels, err) < 0)
		return -1;
	d->shape = shape_of(&d->head);
	d->samples = (size_t)d->shape.width * d->shape.channels;
	d->there = d->shape.height;
	d->pos = d->head.raster;
	return measure(d, err) < 0 ? -1 : make_table(d, err);
}

int leat_netpbm_dec_open(struct leat_decoder **out, leat_netpbm_read *header, const uint8_t *data, size_t n,
			 const struct leat_decode_opts *o, struct leat_image_shape *shape, struct leat_meta **meta,
			 struct leat_notices *notes, struct leat_err *err)
{
	struct leat_decoder *d = leat_zalloc(1, sizeof *d, err);
	*out = d;
	*meta = d ? leat_meta_new(err) : NULL;
	if (!*meta)
		goto fail;
	d->data = data;
	d->n = n;
	d->keep = o->keep_damaged;
	if (start(d, header, o, err) < 0)
		goto fail;
	leat_notes_move(notes, &d->notes);
	*shape = d->shape;
	return 0;
fail:
	leat_meta_unref(meta);
	leat_netpbm_dec_close(out);
	return -1;
}

static int over_maxval(struct leat_decoder *d, uint64_t v)
{
	d->clipped = true;
	if (d->keep)
		return 0;
	return leat_fail(&d->err, LEAT_CAUSE_CORRUPT, "corrupt %s: a sample of %llu, over the maxval of %u",
			 d->head.format, (unsigned long long)v, d->head.maxval);
}

static void row_of_bits(const uint8_t *from, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i / 8] >> (7 - i % 8) & 1 ? 0 : UINT8_MAX;
}

static int row_of_bytes(struct leat_decoder *d, const uint8_t *from, uint8_t *to)
{
	if (!d->narrow) {
		memcpy(to, from, d->samples);
		return 0;
	}
	uint32_t maxval = d->head.maxval, most = 0;
	for (size_t i = 0; i < d->samples; i++)
		most = from[i] > most ? from[i] : most;
	if (most > maxval && over_maxval(d, most) < 0)
		return -1;
	for (size_t i = 0; i < d->samples; i++)
		to[i] = d->narrow[from[i] < maxval ? from[i] : maxval];
	return 0;
}

static int row_of_words(struct leat_decoder *d, const uint8_t *from, uint16_t *to)
{
	uint32_t maxval = d->head.maxval, most = 0;
	for (size_t i = 0; i < d->samples; i++) {
		to[i] = leat_be16(from + 2 * i);
		most = to[i] > most ? to[i] : most;
	}
	if (!d->wide)
		return 0;
	if (most > maxval && over_maxval(d, most) < 0)
		return -1;
	for (size_t i = 0; i < d->samples; i++)
		to[i] = d->wide[to[i] < maxval ? to[i] : maxval];
	return 0;
}

/* The next number of a plain file; PBM's digits need no blanks between them. */
static int plain_value(struct leat_decoder *d, uint64_t *v)
{
	skip_blanks(d->data, d->n, &d->pos);
	if (d->pos >= d->n)
		return leat_fail(&d->err, LEAT_CAUSE_TRUNCATED, "truncated %s: it ends in row %u of %u", d->head.format,
				 d->next + 1, d->shape.height);
	uint8_t c = d->data[d->pos];
	if (d->head.bitmap && (c == '0' || c == '1')) {
		*v = c == '0';
		d->pos++;
		return 0;
	}
	if (d->head.bitmap || !digits(d->data, d->n, &d->pos, v))
		return leat_fail(&d->err, LEAT_CAUSE_CORRUPT, "corrupt %s: no number at byte %zu", d->head.format,
				 d->pos);
	if (*v <= d->head.maxval)
		return 0;
	uint64_t was = *v;
	*v = d->head.maxval;
	return over_maxval(d, was);
}

static int row_of_text(struct leat_decoder *d, uint8_t *row)
{
	for (size_t i = 0; i < d->samples; i++) {
		uint64_t v = 0;
		if (plain_value(d, &v) < 0)
			return -1;
		if (d->shape.sample == LEAT_U16)
			((uint16_t *)(void *)row)[i] = d->wide ? d->wide[v] : (uint16_t)v;
		else
			row[i] = d->narrow ? d->narrow[v] : (uint8_t)v;
	}
	return 0;
}

static int read_row(struct leat_decoder *d, uint8_t *row)
{
	if (d->head.plain)
		return row_of_text(d, row);
	const uint8_t *from = d->data + d->pos;
	d->pos += d->stored;
	if (d->head.bitmap) {
		row_of_bits(from, row, d->samples);
		return 0;
	}
	if (d->shape.sample == LEAT_U8)
		return row_of_bytes(d, from, row);
	return row_of_words(d, from, (uint16_t *)(void *)row);
}

int leat_netpbm_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order(d->head.format, out, d->next, d->shape.height, err) < 0)
		return -1;
	for (uint32_t y = out->y0; y < out->y1; y++) {
		d->next = y;
		if (!d->err.cause && y < d->there && read_row(d, leat_row(out, y)) < 0)
			d->there = y;
		if (d->err.cause && !d->keep)
			return leat_fail(err, d->err.cause, "%s", d->err.text);
		if (y >= d->there)
			memset(leat_row(out, y), 0, leat_row_bytes(&d->shape));
	}
	d->next = out->y1;
	return 0;
}

int leat_netpbm_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)err;
	bool all = d->next == d->shape.height;
	if (d->head.plain && all && !d->err.cause) {
		skip_blanks(d->data, d->n, &d->pos);
		leat_note_tail(&d->notes, d->n - d->pos);
	}
	if (all && d->there < d->shape.height)
		leat_notice(&d->notes, "damaged: only %u of %u rows are there, the others are zero", d->there,
			    d->shape.height);
	if (d->clipped)
		leat_notice(&d->notes, "damaged: samples over the maxval of %u are taken as it", d->head.maxval);
	leat_notes_move(notes, &d->notes);
	return 0;
}

void leat_netpbm_dec_close(struct leat_decoder **dp)
{
	struct leat_decoder *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	free(d->narrow);
	free(d->wide);
	free(d);
}
