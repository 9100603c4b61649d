/* SPDX-License-Identifier: MIT */
/* Row windows, and the only place where a chain gets memory for pixels. */
#include "base/mem.h"
#include "rows/chain_impl.h"

/* Kernels may read past the last row by a vector. */
enum { ALIGN = 64, SLACK = 64 };

static void *row_memory(size_t stride, uint32_t rows, struct leat_err *err)
{
	return leat_alloc_aligned(leat_size_add(leat_size_mul(stride, rows), SLACK), err);
}

int leat_window_open(struct leat_window *w, const struct leat_image_shape *s, uint32_t rows, struct leat_err *err)
{
	size_t bytes = leat_row_bytes(s);
	if (bytes > SIZE_MAX / 2)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "rows of %u pixels are too long for this machine", s->width);
	*w = (struct leat_window){.height = s->height};
	w->stride = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	w->cap = rows < s->height ? rows : s->height;
	w->mem = w->base = row_memory(w->stride, w->cap, err);
	return w->mem ? 0 : -1;
}

void leat_window_on_image(struct leat_window *w, struct leat_image *im)
{
	*w = (struct leat_window){
		.base = im->pixels,
		.stride = im->stride,
		.cap = im->shape.height,
		.height = im->shape.height,
		.image = leat_image_ref(im),
	};
}

/*
 * Rows that are still needed are moved to the front when the memory is used up. Many of them come from no near cache,
 * and moving costs as much as making them: then the window is so large that it is done seldom.
 */
static bool is_far(const struct leat_window *w, uint32_t live)
{
	return (uint64_t)live * w->stride >= LEAT_FAR_ROWS;
}

/* Larger memory: twice what is needed now or more, unless the rest of the image needs less. */
static int grow(struct leat_window *w, uint32_t live, uint32_t n, struct leat_err *err)
{
	uint64_t want = 2 * ((uint64_t)live + n), most = LEAT_FAR_WINDOW / w->stride;
	if (is_far(w, live) && want < most)
		want = most;
	uint32_t rest = w->height - w->lo;
	uint32_t cap = want < rest ? (uint32_t)want : rest;
	uint8_t *mem = row_memory(w->stride, cap, err);
	if (!mem)
		return -1;
	if (live)
		memcpy(mem, w->base + (size_t)w->off * w->stride, (size_t)live * w->stride);
	free(w->mem);
	w->mem = w->base = mem;
	w->cap = cap;
	w->off = 0;
	return 0;
}

int leat_window_reserve(struct leat_window *w, uint32_t n, uint32_t keep_from, struct leat_err *err)
{
	if (n > w->height - w->hi)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a window got more rows than the image has");
	if (w->image)
		return 0;
	if (keep_from > w->hi)
		keep_from = w->hi;
	if (keep_from > w->lo) {
		w->off += keep_from - w->lo;
		w->lo = keep_from;
	}
	uint32_t live = w->hi - w->lo;
	bool cheap = is_far(w, live) && w->off / 4 >= live && w->off + live > w->cap / 4 * 3;
	if (n <= w->cap - w->off - live && !cheap) /* a little early is better than when more of them wait */
		return 0;
	/* Moving must free at least as many rows as it copies; else the memory is too small. */
	if (live > w->cap / 2 || n > w->cap - live)
		return grow(w, live, n, err);
	memmove(w->base, w->base + (size_t)w->off * w->stride, (size_t)live * w->stride);
	w->off = 0;
	return 0;
}

struct leat_rows leat_window_rows(const struct leat_window *w, uint32_t y0, uint32_t y1)
{
	return (struct leat_rows){
		.pixels = w->base + (size_t)(w->off + (y0 - w->lo)) * w->stride,
		.stride = w->stride,
		.y0 = y0,
		.y1 = y1,
	};
}

void leat_window_close(struct leat_window *w)
{
	free(w->mem);
	leat_image_unref(&w->image);
	*w = (struct leat_window){0};
}
