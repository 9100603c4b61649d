/* SPDX-License-Identifier: MIT */
#include "formats/png_stream.h"

#include "base/mem.h"
#include "base/stash.h"
#include "formats/endian.h"
#include "formats/inflate.h"

/*
 * PIECE: packed bytes whose CRC is taken before they are unpacked, so that they are still in the nearest cache then.
 * WINDOW: unpacked ones; with the state of the unpacking it stays in the second one. SMALL_ROWS of them must fit.
 * Images of LARGE unpacked bytes and more may be unpacked beside: then there are several windows, of BESIDE bytes, so
 * that neither thread waits for the other to wake up.
 */
enum {
	PIECE = 256 * 1024,
	WINDOW = 192 * 1024,
	BESIDE = 512 * 1024,
	LARGE = 8 << 20,
	WINDOWS = 3,
	SMALL_ROWS = 8,
	GROUP = 8, /* rows that are unfiltered together (png_unfilter_avx2.c) */
	KEPT_WINDOWS = 2,
	ALIGN = 64
};

struct window {
	struct leat_png_stream *s;
	uint8_t *memory, *first; /* before `first` there is room for the beginning of a row */
	size_t filled; /* bytes from `first` on */
	uint64_t work; /* it is being filled beside; 0: it is not */
};

struct leat_png_stream {
	const uint8_t *d;
	size_t at, end; /* of the file: the next chunk; behind the last */
	const uint8_t *chunk; /* of the chunk at hand: what was not looked at yet */
	size_t chunk_left;
	uint32_t crc;
	bool in_chunk;
	struct leat_inflate *inflate;
	struct leat_inflate_io io; /* in: the piece at hand */
	struct leat_aside *aside; /* NULL: none */
	struct window window[WINDOWS];
	int n_windows, now; /* how many; the one whose rows are given */
	size_t head, size; /* of each: before `first`, and from there on, without its pad */
	uint8_t *rows_at; /* unpacked and not given yet ... */
	size_t there; /* ... so many bytes */
	size_t stored; /* bytes of a row with its filter */
	uint64_t missing; /* bytes of the image not unpacked yet */
	uint32_t rows, given;
	bool full; /* the room was used up: there may be more without more input */
	bool ended;
	struct leat_err err; /* what the unpacking ended with; told when the rows before it are given */
};

static const struct leat_stash_kind windows = {.destroy = free, .most = KEPT_WINDOWS};

/* Bytes in front of a window, for the beginning of a row of `stored` bytes. */
static size_t head_size(size_t stored)
{
	return (stored + ALIGN - 1) / ALIGN * ALIGN;
}

/* Bytes of a window with its head, without its pad. */
static size_t window_size(size_t row_bytes, bool beside)
{
	size_t group = leat_size_mul(leat_size_add(row_bytes, 1), GROUP);
	size_t rows = leat_size_mul(leat_size_add(row_bytes, 1 + ALIGN), SMALL_ROWS + 1);
	size_t least = beside ? BESIDE : WINDOW;
	if (beside && rows <= least) /* whole groups of rows, so that none is cut where a window ends */
		return head_size(row_bytes + 1) + (least + group - 1) / group * group;
	return rows > least ? rows : least;
}

static bool is_large(size_t row_bytes, uint32_t rows)
{
	return (uint64_t)row_bytes * rows >= LARGE;
}

size_t leat_png_stream_bytes(size_t row_bytes, uint32_t rows)
{
	enum { STATE = 128 * 1024 }; /* of either library */
	bool beside = is_large(row_bytes, rows);
	return leat_size_add(leat_size_mul(window_size(row_bytes, beside), beside ? WINDOWS : 1), STATE);
}

static bool is_stashed(const struct leat_png_stream *s)
{
	return s->head + s->size == WINDOW;
}

static int open_window(struct leat_png_stream *s, struct window *w, struct leat_err *err)
{
	w->s = s;
	if (is_stashed(s))
		w->memory = leat_stash_take(&windows);
	if (!w->memory)
		w->memory = leat_alloc_aligned(leat_size_add(s->head + s->size, LEAT_PNG_PAD), err);
	if (!w->memory)
		return -1;
	w->first = w->memory + s->head;
	memset(w->first + s->size, 0, LEAT_PNG_PAD); /* read and not used, but never uninitialised */
	return 0;
}

static int open_windows(struct leat_png_stream *s, size_t row_bytes, struct leat_err *err)
{
	bool beside = s->aside && is_large(row_bytes, s->rows);
	s->head = head_size(s->stored);
	s->size = window_size(row_bytes, beside) - s->head;
	for (int wanted = beside ? WINDOWS : 1; s->n_windows < wanted; s->n_windows++)
		if (open_window(s, &s->window[s->n_windows], err) < 0)
			return -1;
	return 0;
}

struct leat_png_stream *leat_png_stream_open(const uint8_t *d, const struct leat_png_layout *l, uint32_t rows,
					     struct leat_aside *aside, struct leat_err *err)
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
	s->aside = aside;
	s->inflate = leat_inflate_take(err);
	if (!s->inflate || open_windows(s, l->row_bytes, err) < 0)
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

/* Unpacks what fits into the window, up to the end of the image; nothing behind a failure. */
static void fill(void *ctx)
{
	struct window *w = ctx;
	struct leat_png_stream *s = w->s;
	size_t room = s->size < s->missing ? s->size : (size_t)s->missing;
	w->filled = 0;
	if (s->err.cause || room == 0)
		return;
	s->io.out = w->first;
	s->io.n_out = room;
	int r = unpack(s);
	w->filled = room - s->io.n_out;
	s->missing -= w->filled;
	if (r == 0 && s->ended && s->missing > 0)
		(void)leat_fail(&s->err, LEAT_CAUSE_TRUNCATED, "truncated png: Not enough image data");
}

/* Everything that was given to the thread beside is done: what it touches is this one's again. */
static void settle(struct leat_png_stream *s)
{
	for (int i = 0; i < s->n_windows; i++)
		if (s->window[i].work)
			leat_aside_wait(s->aside, s->window[i].work);
	for (int i = 0; i < s->n_windows; i++)
		s->window[i].work = 0;
}

/*
 * The windows behind the one at hand, in their order, as long as there is a core for it, and more to come: one that was
 * not filled is the last one.
 */
static void fill_beside(struct leat_png_stream *s)
{
	bool more = s->window[s->now].filled == s->size;
	for (int i = 1; more && i < s->n_windows && leat_aside_spare(s->aside); i++) {
		struct window *w = &s->window[(s->now + i) % s->n_windows];
		if (!w->work)
			w->work = leat_aside_give(s->aside, fill, w);
	}
}

/* The next window becomes the one at hand; what is left of a row goes in front of it. False: there is no more. */
static bool take_over(struct leat_png_stream *s)
{
	struct window *w = &s->window[(s->now + 1) % s->n_windows];
	if (!w->work &&
	    (s->err.cause || s->missing == 0)) /* without its work nothing is under way: they have an order */
		return false;
	if (s->there) /* before the only window is filled again */
		memmove(w->first - s->there, s->rows_at, s->there);
	if (w->work)
		leat_aside_wait(s->aside, w->work);
	else
		fill(w);
	w->work = 0;
	s->rows_at = w->first - s->there;
	s->there += w->filled;
	s->now = (s->now + 1) % s->n_windows;
	fill_beside(s);
	return true;
}

static int fail_after(const struct leat_png_stream *s, struct leat_err *err)
{
	return leat_fail(err, s->err.cause, "%s (after %u of %u rows)", s->err.text, s->given, s->rows);
}

int leat_png_stream_rows(struct leat_png_stream *s, uint32_t most, uint8_t **rows, uint32_t *n, struct leat_err *err)
{
	while (s->there < s->stored)
		if (!take_over(s))
			return fail_after(s, err);
	size_t there = s->there / s->stored;
	*n = there < most ? (uint32_t)there : most;
	*rows = s->rows_at;
	s->rows_at += *n * s->stored;
	s->there -= *n * s->stored;
	s->given += *n;
	return 0;
}

/* What is behind the pixels, until the stream ends. */
static int unpack_rest(struct leat_png_stream *s, bool *any)
{
	while (!s->ended) {
		s->io.out = s->window[0].first;
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
	settle(s);
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
	settle(s);
	leat_inflate_put(&s->inflate);
	for (int i = 0; i < s->n_windows; i++) {
		if (is_stashed(s))
			leat_stash_put(&windows, s->window[i].memory);
		else
			free(s->window[i].memory);
	}
	free(s);
}
