/* SPDX-License-Identifier: MIT */
/* See transform.h. */
#include "ops/signal/transform.h"

#include "base/mem.h"
#include "ops/array/axis.h"

#include <math.h>

enum { BACKWARD, ORTHO, FORWARD };
enum { GIVES_COMPLEX, GIVES_ABS, GIVES_POWER };

const char *const leat_transform_norms[] = {"backward", "ortho", "forward", NULL};
const char *const leat_transform_gives[] = {"complex", "abs", "power", NULL};

/* Of an axis with `there` numbers. */
static int job_of(const struct leat_transform *p, enum leat_fft_way way, uint64_t there, struct leat_fft_job *j,
		  struct leat_err *err)
{
	uint64_t n = p->n.given ? (uint64_t)p->n.v : way == LEAT_IRFFT ? (there ? 2 * (there - 1) : 0) : there;
	bool back = way == LEAT_IFFT || way == LEAT_IRFFT;
	if (n == 0)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no number to transform along the axis");
	if (n > UINT64_C(1) << 31)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%llu numbers are over the limit of a transform",
				 (unsigned long long)n);
	*j = (struct leat_fft_job){.way = way, .axis = p->axis, .n = (size_t)n, .scale = 1};
	if (p->norm == ORTHO)
		j->scale = 1 / sqrt((double)n);
	else if ((p->norm == BACKWARD) == back)
		j->scale = 1 / (double)n;
	return 0;
}

int leat_transform_shape(const struct leat_transform *p, enum leat_fft_way way, const struct leat_shape *in,
			 struct leat_shape *out, struct leat_err *err)
{
	struct leat_axis a;
	struct leat_fft_job j;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	if (leat_axis_of(&a, &in->array, p->axis, err) < 0 || job_of(p, way, a.n, &j, err) < 0)
		return -1;
	if (way == LEAT_RFFT && leat_real_check(&in->array, err) < 0)
		return -1;
	out->array.dim[a.axis] = leat_fft_results(&j);
	out->array.dtype = way == LEAT_IRFFT || p->gives != GIVES_COMPLEX ? LEAT_DT_F8 : LEAT_DT_C16;
	out->array.fortran = false;
	return 0;
}

/* Both sides as complex numbers, and the plan. */
size_t leat_transform_cost(const struct leat_shape *in, const struct leat_shape *out)
{
	size_t n = leat_size_add((size_t)leat_array_count(&in->array), (size_t)leat_array_count(&out->array));
	return leat_size_mul(n, 2 * sizeof(struct leat_complex));
}

static struct leat_array *magnitudes(struct leat_array **complex, bool power, struct leat_err *err)
{
	struct leat_array_shape s = (*complex)->shape;
	s.dtype = LEAT_DT_F8;
	struct leat_array *out = leat_array_new(&s, err);
	const struct leat_complex *z = (*complex)->data;
	for (uint64_t i = 0; out && i < leat_array_count(&s); i++)
		((double *)out->data)[i] = power ? z[i].re * z[i].re + z[i].im * z[i].im : hypot(z[i].re, z[i].im);
	leat_array_unref(complex);
	return out;
}

int leat_transform_run(const struct leat_whole *w, enum leat_fft_way way, const struct leat_payload *in,
		       struct leat_payload *out, struct leat_err *err)
{
	const struct leat_transform *p = w->params;
	struct leat_array *a = leat_payload_numbers(in), *made;
	struct leat_axis x;
	struct leat_fft_job j;
	if (leat_axis_of(&x, &a->shape, p->axis, err) < 0 || job_of(p, way, x.n, &j, err) < 0)
		return -1;
	made = leat_fft_array(a, &j, w->team, err);
	if (made && way != LEAT_IRFFT && p->gives != GIVES_COMPLEX)
		made = magnitudes(&made, p->gives == GIVES_POWER, err);
	return leat_whole_give(made, out);
}
