/* SPDX-License-Identifier: MIT */
/* See array_kit.h. */
#include "array_kit.h"

#include "ops/array/pixels.h"

static uint64_t count(const struct ref_array *r)
{
	uint64_t n = 1;
	for (int i = 0; i < r->ndim; i++)
		n *= r->dim[i];
	return n;
}

struct leat_array *kit_array(const struct ref_array *r)
{
	struct leat_err err = {0};
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = r->ndim};
	enum leat_dtype t;
	if (!leat_dtype_find(r->dtype, &t))
		fail_msg("no type '%s'", r->dtype);
	memcpy(s.dim, r->dim, sizeof s.dim);
	struct leat_array *a = leat_array_new(&s, &err);
	assert_non_null(a);
	if (count(r))
		memcpy(a->data, r->v, count(r) * sizeof(double));
	struct leat_array *as = leat_array_as(a, t, r->fortran, &err);
	if (!as)
		fail_msg("%s", err.text);
	leat_array_unref(&a);
	return as;
}

static struct leat_image *image(const struct ref_array *r)
{
	struct leat_array *a = kit_array(r);
	struct leat_image_shape s =
		op_shape((uint32_t)r->dim[1], (uint32_t)r->dim[0], r->ndim == 3 ? (unsigned)r->dim[2] : 1,
			 strcmp(r->dtype, "u1") == 0 ? LEAT_U8 : LEAT_U16);
	struct leat_image *im = op_image(&s, a->data);
	leat_array_unref(&a);
	return im;
}

struct leat_payload kit_payload(const struct ref_array *r)
{
	struct leat_err err = {0};
	if (r->kind == 'I')
		return (struct leat_payload){.kind = LEAT_IMAGE, .image = image(r)};
	struct leat_array *a = kit_array(r);
	if (r->kind == 'A')
		return (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
	struct leat_table *t = leat_table_new(a, NULL, &err);
	if (!t)
		fail_msg("%s", err.text);
	leat_array_unref(&a);
	return (struct leat_payload){.kind = LEAT_TABLE, .table = t};
}

static struct leat_shape shape_of(const struct leat_payload *p)
{
	struct leat_shape s = {.kind = p->kind};
	if (p->kind == LEAT_IMAGE)
		s.image = p->image->shape;
	else
		s.array = leat_payload_numbers(p)->shape;
	return s;
}

static struct leat_array *give_operand(const struct leat_op_open *o, int resource, struct leat_err *err)
{
	(void)resource, (void)err;
	return leat_array_ref((struct leat_array *)(uintptr_t)o->ctx);
}

static int check(const struct leat_op *op, const void *params, unsigned kind, struct leat_err *err)
{
	const struct leat_param *which = NULL;
	if (!(op->in & kind))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' does not take this kind", op->name);
	if (op->check && op->check(params, &which, err) < 0)
		return -1;
	return op->check_kind ? op->check_kind(params, kind, &which, err) : 0;
}

/* What was told beforehand is what came, or less where it depends on the data. */
static void check_told(const struct leat_op *op, const struct leat_shape *told, const struct leat_payload *out)
{
	if (out->kind != told->kind)
		fail_msg("%s gives another kind than it told", op->name);
	static const char *const depend[] = {"matmul", "compute", "solve", "lstsq",
					     "interp"}; /* on the other operand */
	for (size_t i = 0; i < LEAT_LEN(depend); i++)
		if (strcmp(op->name, depend[i]) == 0)
			return;
	if (out->kind == LEAT_IMAGE)
		assert_true(out->image->shape.width == told->image.width &&
			    out->image->shape.height == told->image.height &&
			    out->image->shape.channels <= told->image.channels);
	else if (out->kind == LEAT_TABLE) /* the data decide how many rows it has */
		assert_true(leat_array_count(&leat_payload_numbers(out)->shape) <= leat_array_count(&told->array));
	else if (leat_array_count(&told->array) != leat_array_count(&leat_payload_numbers(out)->shape) ||
		 told->array.dtype != leat_payload_numbers(out)->shape.dtype)
		fail_msg("%s gives another shape than it told", op->name);
}

int kit_run(const struct leat_op *op, const char *text, const struct leat_payload *in, struct leat_array *with,
	    int team, struct leat_payload *out, struct leat_fields *fields, struct leat_err *err)
{
	void *params = op_params(op, text), *state = NULL, *item = NULL;
	struct leat_shape si = shape_of(in), so = {0};
	struct leat_op_open o = {.params = params, .array = with ? give_operand : NULL, .ctx = with};
	struct leat_op_begin b = {.params = params, .in = &si, .out = &so, .team = team};
	int ok = check(op, params, in->kind, err);
	*out = (struct leat_payload){0};
	if (ok == 0)
		ok = op->shape(params, &si, &so, err);
	if (ok == 0 && op->prepare)
		ok = op->prepare(params, err);
	if (ok == 0 && op->open)
		ok = op->open(&o, &state, err);
	b.state = state;
	bool begun = false;
	if (ok == 0)
		ok = op->begin(&b, &item, err), begun = ok == 0;
	if (ok == 0)
		ok = op->run(item, in, out, err);
	if (begun && op->end(item, ok == 0 ? fields : NULL, err) < 0)
		ok = -1;
	if (ok == 0)
		check_told(op, &so, out);
	if (op->close && state)
		op->close(state);
	free(params);
	return ok;
}

struct leat_payload kit_do(const struct leat_op *op, const char *text, const struct ref_array *in)
{
	struct leat_payload p = kit_payload(in), out;
	struct leat_err err = {0};
	if (kit_run(op, text, &p, NULL, 1, &out, NULL, &err) < 0)
		fail_msg("%s %s: %s", op->name, text, err.text);
	leat_payload_clear(&p);
	return out;
}

void kit_refused(const struct leat_op *op, const char *text, const struct ref_array *in, const char *part)
{
	struct leat_payload p = kit_payload(in), out;
	struct leat_err err = {0};
	if (kit_run(op, text, &p, NULL, 1, &out, NULL, &err) == 0)
		fail_msg("%s %s was accepted", op->name, text);
	if (!strstr(err.text, part))
		fail_msg("%s %s: '%s' does not say '%s'", op->name, text, err.text, part);
	leat_payload_clear(&p);
	leat_payload_clear(&out);
}

/* The numbers of any payload in C order as float64; *type is what they were. */
static struct leat_array *numbers(const struct leat_payload *p, enum leat_dtype *type)
{
	struct leat_err err = {0};
	struct leat_array *a = p->kind == LEAT_IMAGE ? leat_pixels_array(p->image, false, &err)
						     : leat_array_ref(leat_payload_numbers(p));
	assert_non_null(a);
	*type = a->shape.dtype;
	bool complex = leat_dtype_is_complex(*type);
	struct leat_array *f = leat_array_as(a, complex ? LEAT_DT_C16 : LEAT_DT_F8, false, &err);
	assert_non_null(f);
	leat_array_unref(&a);
	return f;
}

static bool near(double a, double b, double allowed)
{
	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	return a == b || fabs(a - b) <= allowed;
}

static double largest(const double *v, uint64_t n)
{
	double most = 0;
	for (uint64_t i = 0; i < n; i++)
		if (isfinite(v[i]) && fabs(v[i]) > most)
			most = fabs(v[i]);
	return most;
}

void kit_same(const char *what, const struct leat_payload *got, const struct ref_array *want, double tolerance)
{
	static const enum leat_kind kinds[] = {['A'] = LEAT_ARRAY, ['T'] = LEAT_TABLE, ['I'] = LEAT_IMAGE};
	enum leat_dtype type;
	char text[192];
	if (got->kind != kinds[(unsigned char)want->kind])
		fail_msg("%s: another kind", what);
	struct leat_array *a = numbers(got, &type);
	bool gray = want->kind == 'I' && want->ndim == 3 &&
		    want->dim[2] == 1; /* two dimensions here, three in the reference */
	if (strcmp(leat_dtype_code(type), want->dtype) != 0)
		fail_msg("%s: type %s, not %s", what, leat_dtype_code(type), want->dtype);
	bool shape = a->shape.ndim == want->ndim - gray;
	for (int i = 0; shape && i < a->shape.ndim; i++)
		shape = a->shape.dim[i] == want->dim[i];
	if (!shape)
		fail_msg("%s: shape %s", what, leat_array_shape_text(&a->shape, text));
	const double *v = a->data;
	size_t step = leat_dtype_is_complex(type) ? 2 : 1;
	double allowed = tolerance * (want->kind == 'I' ? 1 : largest(want->v, count(want)));
	for (uint64_t i = 0; i < count(want); i++)
		if (!near(v[i * step], want->v[i], allowed))
			fail_msg("%s: number %llu is %.17g, not %.17g", what, (unsigned long long)i, v[i * step],
				 want->v[i]);
	leat_array_unref(&a);
}

/* All that is wanted is there, and nothing else. */
static void same_fields(const char *what, const struct leat_fields *got, const struct ref_case *c)
{
	size_t n = 0;
	for (; c->fields[n].name; n++) {
		const struct leat_value *v = leat_fields_get(got, c->fields[n].name);
		if (!v)
			fail_msg("%s: no field %s", what, c->fields[n].name);
		double x = v->type == LEAT_V_INT ? (double)v->i : v->r, want = c->fields[n].value;
		/* a sum, and so a mean, is as exact as what was added */
		double allowed = c->tolerance * (fabs(want) < 1 ? 10 : fabs(want));
		if (!(isnan(want) ? isnan(x) : x == want || fabs(x - want) <= allowed))
			fail_msg("%s: %s is %.17g, not %.17g", what, c->fields[n].name, x, want);
	}
	if (got->n != n)
		fail_msg("%s: %zu fields, not %zu", what, got->n, n);
}

void kit_case(const struct leat_op *op, const struct ref_case *c, ptrdiff_t number, const char *params, int team)
{
	struct leat_payload in = kit_payload(&c->in), out;
	struct leat_array *with = c->with.dtype ? kit_array(&c->with) : NULL;
	struct leat_err err = {0};
	struct leat_fields fields = {0};
	char what[300], shape[192] = "";
	if (in.kind != LEAT_IMAGE)
		leat_array_shape_text(&leat_payload_numbers(&in)->shape, shape);
	snprintf(what, sizeof what, "case %td: %s %s of %s %s%s", number, c->op, c->params, c->in.dtype, shape,
		 c->in.fortran ? " Fortran" : "");
	if (kit_run(op, params, &in, with, team, &out, &fields, &err) < 0)
		fail_msg("%s: %s", what, err.text);
	kit_same(what, &out, c->out.dtype ? &c->out : &c->in, c->tolerance);
	if (c->fields[0].name || !c->out.dtype)
		same_fields(what, &fields, c);
	leat_fields_free(&fields);
	leat_payload_clear(&in);
	leat_payload_clear(&out);
	leat_array_unref(&with);
}
