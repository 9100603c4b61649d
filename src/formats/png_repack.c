/* SPDX-License-Identifier: MIT */
#include "formats/png_repack.h"

#include "base/mem.h"
#include "formats/png_filtering.h"
#include "formats/png_frame.h"
#include "formats/png_idat.h"
#include "formats/png_read.h"
#include "formats/png_sample.h"

#define TYPE LEAT_PNG_TYPE

/* Measured on photographs: fixed Sub and Up and the entropy of pairs beat each other in turn, None wins on drawings. */
static const struct effort {
	int level; /* of libdeflate */
	int tries; /* how many ways are packed whole, the best of the sample first */
	int n;
	enum leat_filtering ways[LEAT_FILTERINGS];
} efforts[LEAT_REPACK_MOST + 1] = {
	{4, 1, 1, {LEAT_FILTERING_SUMS}},
	{6, 1, 2, {LEAT_FILTERING_SUMS, LEAT_FILTERING_NONE}},
	{8, 1, 4, {LEAT_FILTERING_PAIRS, LEAT_FILTERING_SUB, LEAT_FILTERING_NONE, LEAT_FILTERING_UP}},
	{10, 1, 4, {LEAT_FILTERING_PAIRS, LEAT_FILTERING_SUB, LEAT_FILTERING_NONE, LEAT_FILTERING_UP}},
	{10,
	 2,
	 6,
	 {LEAT_FILTERING_PAIRS, LEAT_FILTERING_SUB, LEAT_FILTERING_NONE, LEAT_FILTERING_UP, LEAT_FILTERING_SUMS,
	  LEAT_FILTERING_ENTROPY}},
	{12,
	 3,
	 8,
	 {LEAT_FILTERING_PAIRS, LEAT_FILTERING_SUB, LEAT_FILTERING_NONE, LEAT_FILTERING_UP, LEAT_FILTERING_SUMS,
	  LEAT_FILTERING_ENTROPY, LEAT_FILTERING_AVERAGE, LEAT_FILTERING_PAETH}},
	{12,
	 8,
	 8,
	 {LEAT_FILTERING_PAIRS, LEAT_FILTERING_SUB, LEAT_FILTERING_NONE, LEAT_FILTERING_UP, LEAT_FILTERING_SUMS,
	  LEAT_FILTERING_ENTROPY, LEAT_FILTERING_AVERAGE, LEAT_FILTERING_PAETH}},
};

/* ---- the pixels of a file ---- */

static int read_pixels(struct leat_png_pixels *p, const struct leat_bytes *b, struct leat_err *err)
{
	const struct leat_decode_opts o = {.max_pixels = 0};
	struct leat_decoder *d = NULL;
	struct leat_meta *meta = NULL;
	struct leat_notices notes = {0};
	uint8_t *data = NULL;
	int r = leat_png_dec_open(&d, b->data, b->len, &o, &p->shape, &meta, &notes, err);
	if (r == 0)
		data = leat_alloc_aligned(leat_image_bytes(&p->shape), err);
	if (r == 0 && data) {
		struct leat_rows rows = {data, leat_row_bytes(&p->shape), 0, p->shape.height};
		r = leat_png_dec_rows(d, &rows, err) < 0 ? -1 : leat_png_dec_finish(d, &notes, err);
	}
	if (d)
		leat_png_dec_close(&d);
	leat_meta_unref(&meta);
	p->data = data;
	return data ? r : -1;
}

static bool same_pixels(const struct leat_png_pixels *a, const struct leat_png_pixels *b)
{
	if (a->shape.width != b->shape.width || a->shape.height != b->shape.height)
		return false;
	if (leat_image_shape_equal(&a->shape, &b->shape) && memcmp(a->data, b->data, leat_image_bytes(&a->shape)) == 0)
		return true;
	for (uint32_t y = 0; y < a->shape.height; y++)
		for (uint32_t x = 0; x < a->shape.width; x++) {
			struct leat_png_sample s = leat_png_sample(a, y, x), t = leat_png_sample(b, y, x);
			if (memcmp(s.v, t.v, sizeof s.v) != 0)
				return false;
		}
	return true;
}

static int verify(const struct leat_png_pixels *p, const struct leat_bytes *out, struct leat_err *err)
{
	struct leat_err own = {0};
	struct leat_png_pixels again = {0};
	int r = read_pixels(&again, out, &own);
	if (r < 0 && own.cause == LEAT_CAUSE_MEMORY)
		leat_fail(err, own.cause, "%s", own.text);
	else if (r < 0)
		leat_fail(err, LEAT_CAUSE_INTERNAL, "what was packed cannot be read again: %s", own.text);
	else if (!same_pixels(p, &again))
		r = leat_fail(err, LEAT_CAUSE_INTERNAL, "what was packed has other pixels");
	free((void *)again.data);
	return r;
}

/* ---- packing ---- */

struct packing {
	const struct leat_repack *how;
	const struct leat_bytes *in;
	struct leat_png_header h;
	struct leat_png_pixels pixels;
	struct leat_bytes *best; /* the smallest whole file yet */
};

static int pack_way(struct leat_bytes *to, const struct leat_stored_rows *r, enum leat_filtering way, int level,
		    struct leat_filter_room *room, struct leat_err *err)
{
	struct leat_idat idat;
	int ok = leat_idat_open(&idat, to, (uint64_t)(r->n + 1) * r->height, r->n + 1, level, -1, err);
	for (uint32_t y = 0; ok == 0 && y < r->height; y++) {
		uint8_t *at = leat_idat_row(&idat, r->n + 1, err);
		if (at)
			leat_filtering_row(way, r, y, at, room);
		else
			ok = -1;
	}
	if (ok == 0)
		ok = leat_idat_end(&idat, err);
	leat_idat_close(&idat);
	return ok;
}

/* The smallest IDAT that the ways of this effort make; NULL with *err. */
static struct leat_bytes *pack_rows(const struct leat_stored_rows *r, const struct effort *e, struct leat_err *err)
{
	struct leat_filter_room *room = leat_filter_room_new(r->n, err);
	enum leat_filtering ways[LEAT_FILTERINGS];
	struct leat_bytes *best = NULL;
	memcpy(ways, e->ways, sizeof ways);
	int ok = room ? leat_filtering_rank(ways, e->n, r, room, err) : -1;
	for (int i = 0; ok == 0 && i < e->tries; i++) {
		struct leat_bytes *b = leat_bytes_new(64, err);
		ok = b ? pack_way(b, r, ways[i], e->level, room, err) : -1;
		if (ok == 0 && (!best || b->len < best->len)) {
			struct leat_bytes *swap = best;
			best = b;
			b = swap;
		}
		leat_bytes_unref(&b);
	}
	leat_filter_room_free(&room);
	if (ok < 0)
		leat_bytes_unref(&best);
	return best;
}

/* 0; 1 when the form cannot hold the pixels; -1. */
static int store_rows(struct leat_stored_rows *r, const struct leat_png_form *f, const struct leat_png_pixels *p,
		      struct leat_err *err)
{
	struct leat_png_index x;
	leat_png_form_index(f, &x);
	if (leat_stored_new(r, p->shape.height, leat_png_form_bytes(f, p->shape.width), leat_png_form_step(f), err) < 0)
		return -1;
	for (uint32_t y = 0; y < p->shape.height; y++)
		if (!leat_png_form_row(f, &x, p, y, r->first + y * r->stride))
			return 1;
	return 0;
}

/* ---- whole files ---- */

enum place { BEFORE_PALETTE, BEHIND_PALETTE, BEHIND_PIXELS };

/* The chunks that stay and stand there, as they are. */
static int copy_chunks(const struct packing *k, enum place place, struct leat_bytes *to, struct leat_err *err)
{
	struct leat_png_chunk c;
	size_t pos = 8;
	bool pixels = false;
	while (leat_png_next(k->in->data, k->in->len, &pos, &c) == 1 && c.type != TYPE('I', 'E', 'N', 'D')) {
		bool critical = !(c.type >> 24 & 0x20);
		pixels = pixels || c.type == TYPE('I', 'D', 'A', 'T');
		if (critical || c.type == TYPE('t', 'R', 'N', 'S') || !leat_png_keeps(k->how->strip, &c))
			continue;
		enum place its = pixels                            ? BEHIND_PIXELS
				 : leat_png_behind_palette(c.type) ? BEHIND_PALETTE
								   : BEFORE_PALETTE;
		if (its == place && leat_bytes_append(to, c.data - 8, (size_t)c.len + 12, err) < 0)
			return -1;
	}
	return 0;
}

/* The chunks of the file that hold its pixels as they are: PLTE and tRNS, or IDAT. */
static int copy_packed(const struct packing *k, bool pixels, struct leat_bytes *to, struct leat_err *err)
{
	struct leat_png_chunk c;
	size_t pos = 8;
	while (leat_png_next(k->in->data, k->in->len, &pos, &c) == 1 && c.type != TYPE('I', 'E', 'N', 'D')) {
		bool idat = c.type == TYPE('I', 'D', 'A', 'T');
		bool palette = c.type == TYPE('P', 'L', 'T', 'E') && k->h.color == LEAT_PNG_PALETTE;
		bool clear = c.type == TYPE('t', 'R', 'N', 'S') && k->h.trns;
		if ((pixels ? idat : palette || clear) &&
		    leat_bytes_append(to, c.data - 8, (size_t)c.len + 12, err) < 0)
			return -1;
	}
	return 0;
}

/* A file of this form and these IDAT chunks; both NULL: of those that the input has. */
static int put_file(const struct packing *k, const struct leat_png_form *f, const struct leat_bytes *idat,
		    struct leat_bytes *to, struct leat_err *err)
{
	struct leat_png_header h = k->h;
	if (f) {
		h.color = f->color;
		h.depth = f->depth;
		h.interlace = 0;
	}
	if (leat_png_put_header(to, &h, err) < 0 || copy_chunks(k, BEFORE_PALETTE, to, err) < 0 ||
	    (f ? leat_png_form_put(f, to, err) : copy_packed(k, false, to, err)) < 0 ||
	    copy_chunks(k, BEHIND_PALETTE, to, err) < 0)
		return -1;
	if ((idat ? leat_bytes_append(to, idat->data, idat->len, err) : copy_packed(k, true, to, err)) < 0)
		return -1;
	return copy_chunks(k, BEHIND_PIXELS, to, err) < 0 ? -1 : leat_png_put_end(to, err);
}

/* Keeps the file if it is the smallest yet; the first of equals. */
static int offer(struct packing *k, const struct leat_png_form *f, const struct leat_bytes *idat, struct leat_err *err)
{
	struct leat_bytes *b = leat_bytes_new((idat ? idat->len : k->in->len) + 4096, err);
	int r = b ? put_file(k, f, idat, b, err) : -1;
	if (r == 0 && (!k->best || b->len < k->best->len)) {
		struct leat_bytes *swap = k->best;
		k->best = b;
		b = swap;
	}
	leat_bytes_unref(&b);
	return r;
}

static int try_form(struct packing *k, const struct leat_png_form *f, struct leat_err *err)
{
	struct leat_stored_rows rows = {0};
	struct leat_bytes *idat = NULL;
	int r = store_rows(&rows, f, &k->pixels, err);
	if (r == 0) {
		idat = pack_rows(&rows, &efforts[k->how->effort], err);
		r = idat ? offer(k, f, idat, err) : -1;
	}
	leat_bytes_unref(&idat);
	free(rows.memory);
	return r < 0 ? -1 : 0;
}

/* Does a chunk that stays speak of this very form, or of a kind of color? */
static bool bound(const struct packing *k, struct leat_png_limits *l)
{
	struct leat_png_chunk c;
	size_t pos = 8;
	bool gray = k->h.color == LEAT_PNG_GRAY || k->h.color == LEAT_PNG_GA, is = false;
	while (leat_png_next(k->in->data, k->in->len, &pos, &c) == 1 && c.type != TYPE('I', 'E', 'N', 'D')) {
		bool profile = c.type == TYPE('i', 'C', 'C', 'P') || c.type == TYPE('c', 'I', 'C', 'P');
		if (!(c.type >> 24 & 0x20) || !leat_png_keeps(k->how->strip, &c))
			continue;
		is = is || leat_png_bound_to_form(c.type);
		l->gray_stays = l->gray_stays || (profile && gray);
		l->color_stays = l->color_stays || (profile && !gray);
	}
	return is;
}

static int try_forms(struct packing *k, struct leat_err *err)
{
	struct leat_png_form forms[2];
	struct leat_png_limits l = {0};
	bool own = bound(k, &l) || !k->how->reduce;
	int n = own ? leat_png_form_own(forms, k->in->data, k->in->len, &k->h)
		    : leat_png_form_find(forms, &k->pixels, &l);
	for (int i = 0; i < n; i++)
		if (try_form(k, &forms[i], err) < 0)
			return -1;
	return n > 0 || own ? 0 : leat_fail(err, LEAT_CAUSE_MEMORY, "no memory for looking at the pixels");
}

int leat_png_repack(const struct leat_repack *how, struct leat_bytes *in, struct leat_bytes **out, struct leat_err *err)
{
	struct packing k = {.how = how, .in = in};
	*out = NULL;
	if (leat_png_header(in->data, in->len, true, &k.h, err) != 0)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "the file ends before its pixels");
	int r = read_pixels(&k.pixels, in, err);
	if (r == 0 && !k.h.animated) {
		r = offer(&k, NULL, NULL, err) < 0 ? -1 : try_forms(&k, err);
		if (r == 0 && how->verify)
			r = verify(&k.pixels, k.best, err);
	}
	if (r == 0 && k.best && k.best->len < in->len) {
		leat_bytes_trim(k.best);
		*out = leat_bytes_ref(k.best);
	} else if (r == 0) {
		*out = leat_bytes_ref(in);
	}
	leat_bytes_unref(&k.best);
	free((void *)k.pixels.data);
	return r;
}

size_t leat_png_repack_cost(const struct leat_repack *how, const struct leat_header *h, uint64_t bytes)
{
	size_t image = leat_image_bytes(&h->shape), row = leat_row_bytes(&h->shape);
	size_t stored = leat_size_add(image, leat_size_mul(h->shape.height, 112));
	size_t packed = leat_size_add(leat_idat_cost((uint64_t)stored, row + 1, efforts[how->effort].level), 1 << 20);
	/* Pixels, stored rows, the packer; then three packed files at once; then both images that are compared. */
	size_t cost = leat_size_add(leat_size_add(image, stored), packed);
	cost = leat_size_add(cost, leat_size_mul(3, image));
	return leat_size_add(cost, leat_size_add(h->peak_bytes, leat_size_mul(3, (size_t)bytes)));
}
