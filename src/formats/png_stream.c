/* SPDX-License-Identifier: MIT */
#include "formats/png_stream.h"

#include "base/mem.h"
#include "base/stash.h"
#include "formats/endian.h"
#include "formats/inflate.h"

/*
 * PIECE: packed bytes whose CRC is taken before they are unpacked, so that they are still in the nearest cache then.
 * WINDOW: unpacked ones; with the state of the unpacking it stays in the second one. SMALL_ROWS of them must fit.
 */
enum { PIECE = 64 * 1024, WINDOW = 192 * 1024, SMALL_ROWS = 8, KEPT_WINDOWS = 2 };

struct leat_png_stream {
	const uint8_t *d;
	size_t at, end; /* of the file: the next chunk; behind the last */
	const uint8_t *chunk; /* of the chunk at hand: what was not looked at yet */
	size_t chunk_left;
	uint32_t crc;
	bool in_chunk;
	struct leat_inflate *inflate;
	struct leat_inflate_io io; /* in: the piece at hand */
	uint8_t *window;
	size_t size; /* of the window, without its pad */
	size_t from, to; /* of the window: unpacked and not given yet */
	size_t stored; /* bytes of a row with its filter */
	uint64_t missing; /* bytes of the image not unpacked yet */
	uint32_t rows, given;
	bool full; /* the room was used up: there may be more without more input */
	bool ended;
	struct leat_err err; /* what the unpacking ended with; told when the rows before it are given */
};

static const struct leat_stash_kind windows = {.destroy = free, .most = KEPT_WINDOWS};

static size_t window_size(size_t row_bytes)
{
	size_t rows = leat_size_mul(leat_size_add(row_bytes, 1), SMALL_ROWS);
	return rows > WINDOW ? rows : (size_t)WINDOW;
}

size_t leat_png_stream_bytes(size_t row_bytes)
{
	enum { STATE = 128 * 1024 }; /* of either library */
	return leat_size_add(window_size(row_bytes), STATE);
}

static int open_window(struct leat_png_stream *s, size_t row_bytes, struct leat_err *err)
{
	s->size = window_size(row_bytes);
	if (s->size == WINDOW)
		s->window = leat_stash_take(&windows);
	if (!s->window)
		s->window = leat_alloc_aligned(leat_size_add(s->size, LEAT_PNG_PAD), err);
	if (s->window)
		memset(s->window + s->size, 0, LEAT_PNG_PAD); /* read and not used, but never uninitialised */
	return s->window ? 0 : -1;
}

struct leat_png_stream *leat_png_stream_open(const uint8_t *d, const struct leat_png_layout *l, uint32_t rows,
					     struct leat_err *err)
{
	struct leat_png_stream *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return NULL;
	s->d = d;
	s->at = l->idat;
	s->end = l->end;
	s->stored = l->row_bytes + 1;
	s->rows = rows;
	s->missing = (uint64_t)s->stored * rows;
	s->inflate = leat_inflate_take(err);
	if (!s->inflate || open_window(s, l->row_bytes, err) < 0)
		leat_png_stream_close(&s);
	return s;
}

static int corrupt(struct leat_png_stream *s, const char *what)
{
	return leat_fail(&s->err, LEAT_CAUSE_CORRUPT, "corrupt png: %s", what);
}

/* The CRC of a chunk that was looked at whole. */
static int end_chunk(struct leat_png_stream *s)
{
	s->in_chunk = false;
	return leat_be32(s->chunk) == s->crc ? 0 : corrupt(s, "IDAT: CRC error");
}

/* The next piece of packed bytes. 1; 0 when there is none; -1 with s->err. */
static int next_piece(struct leat_png_stream *s)
{
	enum { HEAD = 8, NAME = 4, FRAME = 12 };
	while (s->chunk_left == 0) {
		if (s->in_chunk && end_chunk(s) < 0)
			return -1;
		if (s->at >= s->end)
			return 0;
		s->chunk = s->d + s->at + HEAD;
		s->chunk_left = leat_be32(s->d + s->at);
		s->crc = leat_png_crc(s->chunk - NAME, NAME);
		s->in_chunk = true;
		s->at += s->chunk_left + FRAME;
	}
	size_t n = s->chunk_left < PIECE ? s->chunk_left : (size_t)PIECE;
	s->crc = leat_png_crc_more(s->crc, s->chunk, n);
	s->io.in = s->chunk;
	s->io.n_in = n;
	s->chunk += n;
	s->chunk_left -= n;
	return 1;
}

/* Unpacks into the room at io.out. 0; -1 with s->err. */
static int unpack(struct leat_png_stream *s)
{
	while (!s->ended) {
		if (s->io.n_in == 0 && !s->full) {
			int r = next_piece(s);
			if (r < 0)
				return -1;
			if (r == 0)
				return leat_fail(&s->err, LEAT_CAUSE_TRUNCATED, "truncated png: Not enough image data");
		}
		s->full = false;
		switch (leat_inflate_run(s->inflate, &s->io)) {
		case LEAT_INFLATE_FULL:
			s->full = true;
			return 0;
		case LEAT_INFLATE_END:
			s->ended = true;
			break;
		case LEAT_INFLATE_BAD:
			return corrupt(s, leat_inflate_fault(s->inflate));
		case LEAT_INFLATE_MORE:
			break;
		}
	}
	return 0;
}

/* Unpacks what fits into the window, up to the end of the image. */
static void fill(struct leat_png_stream *s)
{
	memmove(s->window, s->window + s->from, s->to - s->from);
	s->to -= s->from;
	s->from = 0;
	size_t room = s->size - s->to;
	if (room > s->missing)
		room = (size_t)s->missing;
	s->io.out = s->window + s->to;
	s->io.n_out = room;
	int r = unpack(s);
	size_t got = room - s->io.n_out;
	s->to += got;
	s->missing -= got;
	if (r == 0 && s->ended && s->missing > 0)
		(void)leat_fail(&s->err, LEAT_CAUSE_TRUNCATED, "truncated png: Not enough image data");
}

static int fail_after(const struct leat_png_stream *s, struct leat_err *err)
{
	return leat_fail(err, s->err.cause, "%s (after %u of %u rows)", s->err.text, s->given, s->rows);
}

int leat_png_stream_rows(struct leat_png_stream *s, uint32_t most, uint8_t **rows, uint32_t *n, struct leat_err *err)
{
	size_t there = (s->to - s->from) / s->stored;
	if (there == 0 && !s->err.cause) {
		fill(s);
		there = (s->to - s->from) / s->stored;
	}
	if (there == 0)
		return fail_after(s, err);
	*n = there < most ? (uint32_t)there : most;
	*rows = s->window + s->from;
	s->from += *n * s->stored;
	s->given += *n;
	return 0;
}

/* What is behind the pixels, until the stream ends. */
static int unpack_rest(struct leat_png_stream *s, bool *any)
{
	while (!s->ended) {
		s->io.out = s->window;
		s->io.n_out = s->size;
		if (unpack(s) < 0)
			return -1;
		*any = *any || s->io.n_out < s->size;
	}
	return 0;
}

static int check_rest(struct leat_png_stream *s, bool *any)
{
	*any = s->io.n_in > 0;
	for (;;) {
		int r = next_piece(s);
		if (r <= 0)
			return r;
		*any = true;
	}
}

int leat_png_stream_finish(struct leat_png_stream *s, struct leat_notices *notes, struct leat_err *err)
{
	bool much = false, extra = false;
	if (s->err.cause || unpack_rest(s, &much) < 0 || check_rest(s, &extra) < 0)
		return fail_after(s, err);
	if (extra)
		leat_notice(notes, "png: IDAT: Extra compressed data");
	if (much)
		leat_notice(notes, "png: IDAT: Too much image data");
	return 0;
}

void leat_png_stream_close(struct leat_png_stream **sp)
{
	struct leat_png_stream *s = *sp;
	*sp = NULL;
	if (!s)
		return;
	leat_inflate_put(&s->inflate);
	if (s->size == WINDOW)
		leat_stash_put(&windows, s->window);
	else
		free(s->window);
	free(s);
}
