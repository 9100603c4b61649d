/* SPDX-License-Identifier: MIT */
/* leat_own_add: a public step becomes an op of the registry. */
#include "api/own.h"

#include "api/worker.h"
#include "base/mem.h"
#include "registry/registry.h"

#include <stdarg.h>
#include <stdio.h>

_Static_assert(sizeof(union leat_own_value) == 8, "values are rows of eight bytes, in every version");

static int refuse(struct leat_err *err, const char *name, const char *why)
{
	return leat_fail(err, LEAT_CAUSE_USAGE, "the step '%s' cannot be added: %s", name, why);
}

static size_t count_params(const struct leat_own_step *s)
{
	size_t n = 0;
	while (s->params && s->params[n].name)
		n++;
	return n;
}

/* The op's row for a public one: the value types have the same representation. */
static int translate(const struct leat_own_step *s, size_t i, struct leat_param *to, struct leat_err *err)
{
	static const enum leat_ptype types[] = {
		[LEAT_OWN_INT] = LEAT_PT_INT,       [LEAT_OWN_REAL] = LEAT_PT_REAL, [LEAT_OWN_SWITCH] = LEAT_PT_SWITCH,
		[LEAT_OWN_CHOICE] = LEAT_PT_CHOICE, [LEAT_OWN_TEXT] = LEAT_PT_TEXT,
	};
	const struct leat_own_param *p = &s->params[i];
	if (p->type < LEAT_OWN_INT || p->type > LEAT_OWN_TEXT)
		return refuse(err, s->name, "a parameter has no type");
	if (p->flags & ~(unsigned)(LEAT_OWN_POSITIONAL | LEAT_OWN_REQUIRED))
		return refuse(err, s->name, "a parameter has flags that this version does not know");
	*to = (struct leat_param){
		.name = p->name,
		.type = types[p->type],
		.offset = offsetof(struct leat_own_params, value) + i * sizeof(union leat_own_value),
		.dflt = p->dflt,
		.choices = p->words,
		.unit = p->unit,
		.flags = (p->flags & LEAT_OWN_POSITIONAL ? LEAT_POSITIONAL : 0) |
			 (p->flags & LEAT_OWN_REQUIRED ? LEAT_REQUIRED : 0),
		.doc = p->doc,
	};
	if (p->type == LEAT_OWN_REAL) {
		to->rmin = p->min;
		to->rmax = p->max;
	} else if (p->type == LEAT_OWN_INT) {
		if (!(p->min >= -0x1p53 && p->max <= 0x1p53))
			return refuse(err, s->name, "the range of a whole number is beyond 53 bits");
		to->imin = (int64_t)p->min;
		to->imax = (int64_t)p->max;
	}
	return 0;
}

static int translate_all(struct leat_own *o, struct leat_err *err)
{
	const struct leat_own_step *s = &o->step;
	size_t n = count_params(s);
	size_t bytes = leat_size_add(sizeof *o->preset, leat_size_mul(n, sizeof o->preset->value[0]));
	o->preset = leat_zalloc(1, bytes, err);
	o->params = leat_zalloc(n + 1, sizeof *o->params, err); /* the last row is the end */
	if (!o->preset || !o->params)
		return -1;
	o->preset->own = o;
	for (size_t i = 0; i < n; i++)
		if (translate(s, i, &o->params[i], err) < 0)
			return -1;
	o->op = (struct leat_op){
		.name = s->name,
		.group = "own",
		.summary = s->summary,
		.example = s->example ? s->example : s->name,
		.version = s->version,
		.params = o->params,
		.params_size = bytes,
		.preset = o->preset,
		.in = LEAT_IMAGE,
		.out = LEAT_IMAGE,
		.modes = LEAT_ON_CPU,
	};
	leat_own_callbacks(o);
	return leat_registry_add(&o->op, err);
}

static int check_fields(const struct leat_own_step *s, struct leat_err *err)
{
	if (s->fields && !s->look)
		return refuse(err, s->name, "only look() has fields");
	for (const struct leat_own_field *f = s->fields; f && f->name; f++)
		if (f->type != LEAT_OWN_INT && f->type != LEAT_OWN_REAL && f->type != LEAT_OWN_TEXT)
			return refuse(err, s->name, "a field is INT, REAL or TEXT");
	return 0;
}

static int check(const struct leat_own_step *s, struct leat_err *err)
{
	if (!s->name)
		return leat_fail(err, LEAT_CAUSE_USAGE, "a step without a name cannot be added");
	if (leat_worker_offered())
		return refuse(err, s->name, "leat_worker_hook was called before, so that workers would not know it");
	if ((s->rows != NULL) + (s->whole != NULL) + (s->look != NULL) != 1)
		return refuse(err, s->name, "it has not exactly one of rows, whole and look");
	if (s->reach && !s->rows)
		return refuse(err, s->name, "only rows() has a reach");
	if (s->shape && s->look)
		return refuse(err, s->name, "look() changes nothing, also not the shape");
	if (!s->open != !s->close)
		return refuse(err, s->name, "open and close belong together");
	return check_fields(s, err);
}

int leat_own_add(const struct leat_own_step *step, struct leat_err *err)
{
	if (step->size < offsetof(struct leat_own_step, look) + sizeof step->look || step->size > sizeof *step)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "a step of %zu bytes cannot be added: leat " LEAT_VERSION " knows steps of %zu",
				 step->size, sizeof *step);
	struct leat_own *o = leat_zalloc(1, sizeof *o, err);
	if (!o)
		return -1;
	memcpy(&o->step, step, step->size);
	pthread_mutex_init(&o->preparing, NULL);
	if (check(&o->step, err) == 0 && translate_all(o, err) == 0)
		return 0;
	pthread_mutex_destroy(&o->preparing);
	free(o->params);
	free(o->preset);
	free(o);
	return -1;
}

bool leat_own_is(const char *name)
{
	const struct leat_op *op = leat_registry_op(leat_registry_default(), name);
	return op && op->group && strcmp(op->group, "own") == 0;
}

int leat_own_fail(struct leat_err *err, enum leat_cause cause, const char *format, ...)
{
	char text[LEAT_ERR_TEXT];
	va_list ap;
	va_start(ap, format);
	(void)vsnprintf(text, sizeof text, format, ap); /* a cut reason is still a reason */
	va_end(ap);
	return leat_fail(err, cause, "%s", text);
}

static int named(const struct leat_own_results *r, const char *name, enum leat_own_type type, struct leat_err *err)
{
	for (const struct leat_own_field *f = r ? r->own->step.fields : NULL; f && f->name; f++)
		if (strcmp(f->name, name) == 0 && f->type == type)
			return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "the step's table has no field '%s' of this type", name);
}

int leat_own_set_int(struct leat_own_results *r, const char *name, int64_t value, struct leat_err *err)
{
	return named(r, name, LEAT_OWN_INT, err) < 0 ? -1 : leat_fields_set_int(&r->fields, name, value, err);
}

int leat_own_set_real(struct leat_own_results *r, const char *name, double value, struct leat_err *err)
{
	return named(r, name, LEAT_OWN_REAL, err) < 0 ? -1 : leat_fields_set_real(&r->fields, name, value, err);
}

int leat_own_set_text(struct leat_own_results *r, const char *name, const char *value, struct leat_err *err)
{
	return named(r, name, LEAT_OWN_TEXT, err) < 0
		       ? -1
		       : leat_fields_set_text(&r->fields, name, value, strlen(value), err);
}
