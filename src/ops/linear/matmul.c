/* SPDX-License-Identifier: MIT */
/*
 * matmul: the matrix product with the array of a file, in float64, by BLAS (dgemm). Dimensions go together as in
 * numpy.matmul: one dimension is a row on the left and a column on the right, and more than two are many matrices,
 * which are repeated where one side has one.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/linear/blas.h"
#include "ops/rows.h"

struct matmul {
	struct leat_fileref with;
	int64_t side;
};

enum { RIGHT, LEFT };

static const char *const sides[] = {"right", "left", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct matmul, with, struct leat_fileref, LEAT_PT_FILE, "with", NULL, LEAT_REQUIRED,
	       "the other factor: a file with one array or table"),
	LEAT_P_CHOICE(struct matmul, side, "side", "right", sides, 0, "where the other factor stands"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("matmul", err) ? 0 : -1;
}

/* The result depends on the other factor, which is not read here: told is the item's own shape. */
static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params_;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.dtype = LEAT_DT_F8;
	if (in->array.ndim == 0)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "it needs at least one dimension, this is one number");
	if (leat_dtype_is_complex(in->array.dtype))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
				 leat_dtype_name(in->array.dtype));
	return 0;
}

/* As float64; many matrices lie one behind the other in C order only. */
static struct leat_array *factor(struct leat_array *a, struct leat_err *err)
{
	return leat_array_as(a, LEAT_DT_F8, a->shape.fortran && a->shape.ndim == 2, err);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	const struct matmul *p = o->params;
	struct leat_array *a = o->array ? o->array(o, p->with.resource, err) : NULL;
	struct leat_shape in = {.kind = LEAT_ARRAY}, out;
	if (!o->array)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "'matmul' has nothing that reads with=");
	if (!a)
		return -1;
	in.array = a->shape;
	if (shape(p, &in, &out, err) == 0)
		*state = factor(a, err);
	leat_array_unref(&a);
	return *state ? 0 : -1;
}

static void close(void *state)
{
	struct leat_array *a = state;
	leat_array_unref(&a);
}

/* One side of the product: its last two dimensions, and the way through the matrices before them. */
struct side {
	const double *at;
	uint64_t rows, cols;
	bool turned; /* Fortran order */
	uint64_t
		step[LEAT_MAX_DIMS]; /* numbers to the next matrix along each leading axis of the result; 0: repeated */
};

struct product {
	struct side l, r;
	struct leat_array_shape out;
	int lead; /* leading axes of the result */
	uint64_t dim[LEAT_MAX_DIMS]; /* their sizes */
};

static void side_of(struct side *s, const struct leat_array *a, bool left)
{
	const uint64_t *dim = a->shape.dim;
	int n = a->shape.ndim;
	*s = (struct side){.at = a->data, .turned = a->shape.fortran};
	s->rows = n > 1 ? dim[n - 2] : left ? 1 : dim[0];
	s->cols = n > 1 ? dim[n - 1] : left ? dim[0] : 1;
}

/* Leading axes of both, the shorter filled with ones in front. */
static bool broadcast(struct product *p, const struct leat_array_shape *l, const struct leat_array_shape *r)
{
	int nl = l->ndim > 2 ? l->ndim - 2 : 0, nr = r->ndim > 2 ? r->ndim - 2 : 0;
	uint64_t l_step = p->l.rows * p->l.cols, r_step = p->r.rows * p->r.cols;
	p->lead = nl > nr ? nl : nr;
	for (int i = p->lead - 1; i >= 0; i--) {
		int il = i - (p->lead - nl), ir = i - (p->lead - nr);
		uint64_t a = il >= 0 ? l->dim[il] : 1, b = ir >= 0 ? r->dim[ir] : 1;
		if (a != b && a != 1 && b != 1)
			return false;
		p->dim[i] = a == 1 ? b : a;
		p->l.step[i] = a == 1 ? 0 : l_step;
		p->r.step[i] = b == 1 ? 0 : r_step;
		l_step *= a;
		r_step *= b;
	}
	return true;
}

static int product_of(struct product *p, const struct leat_array *l, const struct leat_array *r, struct leat_err *err)
{
	char a[192], b[192];
	*p = (struct product){.out = {.dtype = LEAT_DT_F8}};
	side_of(&p->l, l, true);
	side_of(&p->r, r, false);
	if (p->l.cols != p->r.rows || !broadcast(p, &l->shape, &r->shape))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the shapes %s and %s do not go together",
				 leat_array_shape_text(&l->shape, a), leat_array_shape_text(&r->shape, b));
	if (p->l.rows > INT32_MAX || p->l.cols > INT32_MAX || p->r.cols > INT32_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%s times %s is over the limit of 2147483647 rows",
				 leat_array_shape_text(&l->shape, a), leat_array_shape_text(&r->shape, b));
	for (int i = 0; i < p->lead; i++)
		p->out.dim[p->out.ndim++] = p->dim[i];
	if (l->shape.ndim > 1)
		p->out.dim[p->out.ndim++] = p->l.rows;
	if (r->shape.ndim > 1)
		p->out.dim[p->out.ndim++] = p->r.cols;
	return 0;
}

/* BLAS wants at least 1 for a distance even where nothing is that far apart. */
static int distance(uint64_t n)
{
	return n ? (int)n : 1;
}

/* c = l r, c in C order: to BLAS, which sees columns, all three are transposed, so that c' = r' l'. */
static void multiply(const struct leat_blas_calls *blas, const struct product *p, const double *l, const double *r,
		     double *c)
{
	const double one = 1, zero = 0;
	const int m = (int)p->l.rows, k = (int)p->l.cols, n = (int)p->r.cols;
	const int ld_l = distance(p->l.turned ? p->l.rows : p->l.cols);
	const int ld_r = distance(p->r.turned ? p->r.rows : p->r.cols);
	blas->dgemm(p->r.turned ? "T" : "N", p->l.turned ? "T" : "N", &n, &m, &k, &one, r, &ld_r, l, &ld_l, &zero, c,
		    &n, 1, 1);
}

/* Every matrix of the result: `at` counts through the leading axes. */
static void multiply_all(const struct leat_blas_calls *blas, const struct product *p, double *c)
{
	uint64_t at[LEAT_MAX_DIMS] = {0};
	const double *l = p->l.at, *r = p->r.at;
	for (;;) {
		multiply(blas, p, l, r, c);
		c += p->l.rows * p->r.cols;
		int i = p->lead - 1;
		for (; i >= 0; i--) {
			l += p->l.step[i];
			r += p->r.step[i];
			if (++at[i] < p->dim[i])
				break;
			l -= p->l.step[i] * p->dim[i];
			r -= p->r.step[i] * p->dim[i];
			at[i] = 0;
		}
		if (i < 0)
			return;
	}
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct leat_blas_calls *blas = leat_blas_load("matmul", err);
	struct leat_array *mine = blas ? factor(leat_payload_numbers(in), err) : NULL, *c = NULL;
	const struct leat_array *with = w->state;
	bool left = ((const struct matmul *)w->params)->side == LEFT;
	struct product p;
	if (!mine)
		return -1;
	if (product_of(&p, left ? with : mine, left ? mine : with, err) == 0)
		c = leat_array_new(&p.out, err);
	if (c && leat_array_count(&p.out) > 0) {
		memset(c->data, 0, leat_array_bytes(&p.out)); /* sums of nothing */
		(void)leat_blas_enter(w->team);
		if (p.l.cols > 0)
			multiply_all(blas, &p, c->data);
		leat_blas_leave();
	}
	leat_array_unref(&mine);
	if (!c)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = c};
	return 0;
}

const struct leat_op leat_op_matmul = {
	.name = "matmul",
	.group = "linear",
	.summary = "multiply with a matrix from a file",
	.example = "matmul with=rotation.npy side=left",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct matmul),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.blas = leat_blas_threads,
	.shape = shape,
	.prepare = prepare,
	.open = open,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
	.close = close,
};
