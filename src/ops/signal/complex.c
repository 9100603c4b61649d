/* SPDX-License-Identifier: MIT */
/* See complex.h. */
#include "ops/signal/complex.h"

#include "base/mem.h"
#include "ops/array/axis.h"

struct job {
	const struct leat_fft_job *j;
	const struct leat_fft *f;
	struct leat_axis x;
	const struct leat_complex *from;
	struct leat_array *to;
	size_t m; /* results of a line */
};

size_t leat_fft_results(const struct leat_fft_job *j)
{
	return j->way == LEAT_RFFT ? j->n / 2 + 1 : j->n;
}

/* What a line begins with: of a real result the second half mirrors the first. */
static void fill(const struct job *b, const struct leat_complex *src, struct leat_complex *line)
{
	size_t n = b->j->n, wanted = b->j->way == LEAT_IRFFT ? n / 2 + 1 : n;
	size_t there = b->x.n < wanted ? (size_t)b->x.n : wanted;
	memset(line, 0, n * sizeof *line);
	for (size_t k = 0; k < there; k++)
		line[k] = src[k * b->x.inner];
	if (b->j->way != LEAT_IRFFT)
		return;
	line[0].im = 0;
	if (n % 2 == 0)
		line[n / 2].im = 0;
	for (size_t k = n / 2 + 1; k < n; k++)
		line[k] = (struct leat_complex){line[n - k].re, -line[n - k].im};
}

static void one_line(const struct job *b, uint64_t l, struct leat_complex *line)
{
	uint64_t o = l / b->x.inner, i = l % b->x.inner, at = o * b->m * b->x.inner + i;
	fill(b, b->from + o * b->x.n * b->x.inner + i, line);
	leat_fft_run(b->f, line, b->j->way == LEAT_IFFT || b->j->way == LEAT_IRFFT, line + b->j->n);
	double *real = b->to->data;
	struct leat_complex *complex = b->to->data;
	for (size_t k = 0; k < b->m; k++) {
		if (b->j->way == LEAT_IRFFT)
			real[at + k * b->x.inner] = line[k].re * b->j->scale;
		else
			complex[at + k * b->x.inner] =
				(struct leat_complex){line[k].re * b->j->scale, line[k].im * b->j->scale};
	}
}

static int all_lines(const struct job *b, int team, struct leat_err *err)
{
	uint64_t lines = b->x.outer * b->x.inner;
	uint64_t threads = (uint64_t)team < lines ? (uint64_t)team : lines;
	size_t each = leat_size_add(b->j->n, leat_fft_room(b->f));
	struct leat_complex *room =
		leat_zalloc(leat_size_mul(each, (size_t)(threads ? threads : 1)), sizeof *room, err);
	if (!room)
		return -1;
#pragma omp parallel for num_threads((int)threads) schedule(static) if (threads > 1)
	for (uint64_t t = 0; t < threads; t++)
		for (uint64_t l = lines * t / threads; l < lines * (t + 1) / threads; l++)
			one_line(b, l, room + t * each);
	free(room);
	return 0;
}

struct leat_array *leat_fft_array(struct leat_array *a, const struct leat_fft_job *j, int team, struct leat_err *err)
{
	struct job b = {.j = j, .m = leat_fft_results(j)};
	struct leat_array_shape shape = a->shape;
	if (leat_axis_of(&b.x, &shape, j->axis, err) < 0)
		return NULL;
	shape.dtype = j->way == LEAT_IRFFT ? LEAT_DT_F8 : LEAT_DT_C16;
	shape.fortran = false;
	shape.dim[b.x.axis] = b.m;
	struct leat_array *from = leat_array_as(a, LEAT_DT_C16, false, err);
	struct leat_fft *f = from ? leat_fft_new(j->n, err) : NULL;
	b.to = f ? leat_array_new(&shape, err) : NULL;
	b.f = f;
	if (b.to) {
		b.from = from->data;
		if (all_lines(&b, team, err) < 0)
			leat_array_unref(&b.to);
	}
	leat_fft_free(&f);
	leat_array_unref(&from);
	return b.to;
}
