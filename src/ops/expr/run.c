/* SPDX-License-Identifier: MIT */
/*
 * Evaluation. Functions over all numbers have stages: one whose argument holds none is of stage 1, around it of 2.
 * For each stage there is one way through the numbers, and a last one for the result. A way is cut into parts whose
 * size depends on nothing; threads take parts, and what the parts gave is merged in order.
 */
#include "ops/array/sums_part.h"
#include "ops/expr/nodes.h"

#include <math.h>

enum { PART = 1 << 16 };

struct plan {
	const struct leat_expr *e;
	const struct leat_expr_in *in;
	const struct leat_expr_loops *kernels;
	size_t n;
	int team, stages;
	bool vector[LEAT_EXPR_NODES]; /* one value for each number, not one for all */
	int stage[LEAT_EXPR_NODES];
	double scalar[LEAT_EXPR_NODES][LEAT_EXPR_LANES]; /* where not vector: the value in all lanes */
};

/* One way: what is done in each block, in order. */
struct way {
	int step[LEAT_EXPR_NODES], steps; /* nodes */
	int buffer[LEAT_EXPR_NODES]; /* where the values of a node go; -1: they lie in memory as they are */
	int buffers, over, folds[LEAT_EXPR_NODES]; /* of the nodes over all numbers: which accumulator */
	int result; /* the node that goes to out, or -1 */
};

struct fold {
	struct leat_total sum;
	double prod, min, max;
	bool any;
};

struct thread {
	const struct plan *p;
	const struct way *w;
	double *buffers; /* [buffers][LEAT_EXPR_BLOCK] */
	double last[LEAT_EXPR_VARS][LEAT_EXPR_LANES]; /* the numbers behind the last whole four */
	struct fold *folds; /* of the part */
	double *out;
};

static bool over_all(const struct leat_node *n)
{
	return n->kind >= LEAT_NODE_SUM;
}

/* ---- what is a vector, and of which stage */

static void classify(struct plan *p)
{
	for (int i = 0; i < p->e->n; i++) {
		const struct leat_node *n = &p->e->node[i];
		bool vector = n->kind == LEAT_NODE_VAR && p->in[n->var].step != 0;
		int stage = 0;
		for (int k = 0; k < n->args; k++) {
			vector = vector || p->vector[n->arg[k]];
			stage = p->stage[n->arg[k]] > stage ? p->stage[n->arg[k]] : stage;
		}
		bool way = over_all(n) && n->kind != LEAT_NODE_COUNT && vector;
		p->vector[i] = vector && !over_all(n);
		p->stage[i] = stage + way;
		p->stages = p->stage[i] > p->stages ? p->stage[i] : p->stages;
	}
}

static void set_scalar(struct plan *p, int i, double v)
{
	for (int k = 0; k < LEAT_EXPR_LANES; k++)
		p->scalar[i][k] = v;
}

/* The values that are one for all numbers and are known once the ways up to `stage` have been gone. */
static void scalars(struct plan *p, int stage)
{
	for (int i = 0; i < p->e->n; i++) {
		const struct leat_node *n = &p->e->node[i];
		if (p->vector[i] || p->stage[i] != stage)
			continue;
		bool of_vector = over_all(n) && p->vector[n->arg[0]];
		if (n->kind == LEAT_NODE_CONST)
			set_scalar(p, i, n->value);
		else if (n->kind == LEAT_NODE_VAR)
			set_scalar(p, i, *p->in[n->var].v);
		else if (n->kind == LEAT_NODE_COUNT)
			set_scalar(p, i, of_vector ? (double)p->n : 1);
		else if (over_all(n) && !of_vector)
			set_scalar(p, i, p->scalar[n->arg[0]][0]);
		else if (n->kind == LEAT_NODE_CALL) {
			struct leat_kernel_args a = {.one = n->one, .two = n->two};
			double out[LEAT_EXPR_LANES];
			for (int k = 0; k < n->args; k++)
				a.v[k] = p->scalar[n->arg[k]];
			p->kernels->of[n->kernel](&a, out, LEAT_EXPR_LANES);
			set_scalar(p, i, out[0]);
		}
	}
}

/* ---- a way */

/* Does it take a buffer: calls, and what does not lie packed in memory. */
static bool takes_buffer(const struct plan *p, int i)
{
	const struct leat_node *n = &p->e->node[i];
	return p->vector[i] && (n->kind == LEAT_NODE_CALL || p->in[n->var].step != 1);
}

/* Buffers are used again from the last node on that needs them. */
static void give_buffers(const struct plan *p, const bool *needed, struct way *w)
{
	int last[LEAT_EXPR_NODES] = {0}, spare[LEAT_EXPR_NODES], spares = 0;
	for (int i = 0; i < p->e->n; i++) {
		last[i] = i == w->result ? p->e->n : i;
		for (int k = 0; needed[i] && k < p->e->node[i].args; k++)
			if (last[p->e->node[i].arg[k]] < i)
				last[p->e->node[i].arg[k]] = i;
	}
	for (int s = 0; s < w->steps; s++) {
		int i = w->step[s];
		for (int k = 0; k < i; k++) /* a call may write over its arguments */
			if (last[k] == i && w->buffer[k] >= 0)
				spare[spares++] = w->buffer[k];
		if (!over_all(&p->e->node[i]))
			w->buffer[i] = spares ? spare[--spares] : w->buffers++;
	}
}

/* stage: of the functions over all numbers; 0: the result. */
static void make_way(const struct plan *p, int stage, struct way *w)
{
	bool needed[LEAT_EXPR_NODES] = {false};
	w->steps = w->buffers = w->over = 0;
	w->result = stage ? -1 : p->e->result;
	for (int i = p->e->n - 1; i >= 0; i--) {
		const struct leat_node *n = &p->e->node[i];
		bool fold = over_all(n) && n->kind != LEAT_NODE_COUNT && p->stage[i] == stage && p->vector[n->arg[0]];
		w->buffer[i] = -1;
		needed[i] = (needed[i] && p->vector[i]) || i == w->result || (stage && fold);
		for (int k = 0; needed[i] && k < n->args; k++)
			needed[n->arg[k]] = true;
	}
	for (int i = 0; i < p->e->n; i++) {
		if (!needed[i] || !(takes_buffer(p, i) || (stage && over_all(&p->e->node[i]))))
			continue;
		w->step[w->steps++] = i;
		if (over_all(&p->e->node[i]))
			w->folds[i] = w->over++;
	}
	give_buffers(p, needed, w);
}

/* ---- a block */

static const double *operand(const struct thread *t, int i, size_t from, size_t m, size_t *step)
{
	const struct plan *p = t->p;
	*step = p->vector[i] ? 1 : 0;
	if (!p->vector[i])
		return p->scalar[i];
	if (t->w->buffer[i] >= 0)
		return t->buffers + (size_t)t->w->buffer[i] * LEAT_EXPR_BLOCK;
	int var = p->e->node[i].var;
	return m < LEAT_EXPR_LANES ? t->last[var] : p->in[var].v + from;
}

static double least(double a, double b)
{
	return isnan(a) || a < b ? a : b;
}

static double most(double a, double b)
{
	return isnan(a) || a > b ? a : b;
}

static void add_block(const struct plan *p, const struct leat_node *n, const double *x, size_t m, struct fold *f)
{
	double min, max;
	if (n->kind == LEAT_NODE_SUM) {
		leat_total_add(&f->sum, p->kernels->sum(x, m));
	} else if (n->kind == LEAT_NODE_PROD) {
		for (size_t i = 0; i < m; i++)
			f->prod *= x[i];
	} else {
		p->kernels->extremes(x, m, &min, &max);
		f->min = f->any ? least(f->min, min) : min;
		f->max = f->any ? most(f->max, max) : max;
		f->any = true;
	}
}

static void gather(const struct leat_expr_in *in, size_t from, size_t m, double *to)
{
	for (size_t k = 0; k < m; k++)
		to[k] = in->v[(from + k) * in->step];
	for (size_t k = m; k < LEAT_EXPR_LANES; k++)
		to[k] = to[m - 1];
}

/* m numbers: a multiple of the lanes, or fewer than the lanes, and at least one. */
static void block(struct thread *t, size_t from, size_t m)
{
	const struct plan *p = t->p;
	const struct way *w = t->w;
	for (size_t v = 0; m < LEAT_EXPR_LANES && v < p->e->vars; v++)
		if (p->in[v].step == 1)
			gather(&p->in[v], from, m, t->last[v]);
	for (int s = 0; s < w->steps; s++) {
		int i = w->step[s];
		const struct leat_node *n = &p->e->node[i];
		struct leat_kernel_args a = {.one = n->one, .two = n->two};
		bool straight = i == w->result && m >= LEAT_EXPR_LANES;
		double *to = straight ? t->out + from : t->buffers + (size_t)w->buffer[i] * LEAT_EXPR_BLOCK;
		for (int k = 0; k < n->args; k++)
			a.v[k] = operand(t, n->arg[k], from, m, &a.step[k]);
		if (over_all(n))
			add_block(p, n, a.v[0], m, &t->folds[w->folds[i]]);
		else if (n->kind == LEAT_NODE_VAR)
			gather(&p->in[n->var], from, m, to);
		else
			p->kernels->of[n->kernel](&a, to, m);
		if (i == w->result && !straight)
			memcpy(t->out + from, to, m * sizeof *to);
	}
}

/* A result that is a variable as it is, or one for all. */
static void plain_result(const struct thread *t, size_t from, size_t to)
{
	const struct plan *p = t->p;
	int i = p->e->result;
	const double *v = p->vector[i] ? p->in[p->e->node[i].var].v : NULL;
	if (v && v != t->out)
		memmove(t->out + from, v + from, (to - from) * sizeof *v);
	for (size_t k = from; !v && k < to; k++)
		t->out[k] = p->scalar[i][0];
}

static void part(struct thread *t, size_t from, size_t to)
{
	if (t->w->result >= 0 && !takes_buffer(t->p, t->w->result)) {
		plain_result(t, from, to);
		return;
	}
	for (size_t at = from; at < to;) {
		size_t m = to - at < LEAT_EXPR_BLOCK ? to - at : LEAT_EXPR_BLOCK;
		m = m > LEAT_EXPR_LANES ? m / LEAT_EXPR_LANES * LEAT_EXPR_LANES : m;
		block(t, at, m);
		at += m;
	}
}

/* ---- all */

static struct fold merged(const struct fold *folds, size_t parts, size_t step)
{
	struct fold all = {.prod = 1, .min = NAN, .max = NAN};
	for (size_t i = 0; i < parts; i++) {
		const struct fold *f = &folds[i * step];
		leat_total_merge(&all.sum, &f->sum);
		all.prod *= f->prod;
		all.min = all.any ? least(all.min, f->min) : f->min;
		all.max = all.any ? most(all.max, f->max) : f->max;
		all.any = true;
	}
	return all;
}

static void take_folds(struct plan *p, const struct way *w, const struct fold *folds, size_t parts)
{
	for (int s = 0; s < w->steps; s++) {
		int i = w->step[s];
		const struct leat_node *n = &p->e->node[i];
		if (!over_all(n))
			continue;
		struct fold f = merged(folds + w->folds[i], parts, (size_t)w->over);
		set_scalar(p, i,
			   n->kind == LEAT_NODE_SUM    ? leat_total(&f.sum)
			   : n->kind == LEAT_NODE_PROD ? f.prod
			   : n->kind == LEAT_NODE_MIN  ? f.min
						       : f.max);
	}
}

static void go(const struct plan *p, const struct way *w, double *buffers, struct fold *folds, size_t parts,
	       double *out)
{
	size_t team = (size_t)p->team < parts ? (size_t)p->team : parts;
#pragma omp parallel for num_threads((int)team) schedule(static) if (team > 1)
	for (size_t i = 0; i < team; i++) {
		struct thread t = {
			.p = p, .w = w, .buffers = buffers + i * (size_t)w->buffers * LEAT_EXPR_BLOCK, .out = out};
		for (size_t k = i * parts / team; k < (i + 1) * parts / team; k++) {
			size_t from = k * PART, to = p->n - from < PART ? p->n : from + PART;
			t.folds = folds + k * (size_t)w->over;
			part(&t, from, to);
		}
	}
}

static int walk(struct plan *p, int stage, struct way *w, double *out, struct leat_err *err)
{
	size_t parts = p->n ? (p->n - 1) / PART + 1 : 0, folds = leat_size_mul(parts, (size_t)w->over);
	size_t room = leat_size_mul((size_t)p->team, (size_t)w->buffers * LEAT_EXPR_BLOCK * sizeof(double));
	double *buffers = leat_alloc_aligned(room ? room : 1, err);
	struct fold *f = buffers ? leat_zalloc(folds, sizeof *f, err) : NULL;
	if (f) {
		for (size_t i = 0; i < folds; i++)
			f[i] = (struct fold){.prod = 1};
		go(p, w, buffers, f, parts, out);
		if (stage)
			take_folds(p, w, f, parts);
	}
	free(buffers);
	free(f);
	return f ? 0 : -1;
}

/* All that is one value for all numbers. */
static int prepare(struct plan *p, struct way *w, struct leat_err *err)
{
	int ok = 0;
	classify(p);
	scalars(p, 0);
	for (int stage = 1; ok == 0 && stage <= p->stages; stage++) {
		make_way(p, stage, w);
		ok = walk(p, stage, w, NULL, err);
		if (ok == 0)
			scalars(p, stage);
	}
	return ok;
}

/* out: of n results; or value: of one. */
static int run(const struct plan *given, double *out, double *value, struct leat_err *err)
{
	struct plan *p = leat_zalloc(1, sizeof *p, err);
	struct way *w = p ? leat_zalloc(1, sizeof *w, err) : NULL;
	int ok = w ? 0 : -1;
	if (ok == 0) {
		*p = *given;
		p->kernels = leat_expr_loops(leat_cpu_level());
		ok = prepare(p, w, err);
	}
	if (ok == 0 && out) {
		make_way(p, 0, w);
		ok = walk(p, 0, w, out, err);
	} else if (ok == 0 && p->vector[p->e->result]) {
		ok = leat_fail(err, LEAT_CAUSE_USAGE,
			       "the expression has a value for every number, one for all is wanted (sum, mean ...)");
	} else if (ok == 0) {
		*value = p->scalar[p->e->result][0];
	}
	free(p);
	free(w);
	return ok;
}

int leat_expr_run(const struct leat_expr *e, const struct leat_expr_in *in, size_t n, int team, double *out,
		  struct leat_err *err)
{
	return run(&(struct plan){.e = e, .in = in, .n = n, .team = team}, out, NULL, err);
}

int leat_expr_value(const struct leat_expr *e, const struct leat_expr_in *in, size_t n, int team, double *value,
		    struct leat_err *err)
{
	return run(&(struct plan){.e = e, .in = in, .n = n, .team = team}, NULL, value, err);
}
