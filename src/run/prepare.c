/* SPDX-License-Identifier: MIT */
/* Steps and formats load their libraries while files can still be opened. See prepare.h. */
#include "run/prepare.h"

enum { CANNOT_WORK = 63 }; /* the number of the report */

/* May a file of this format come, to judge by the inputs' names? A name that no format has says nothing. */
static bool may_come(const struct leat_registry *r, const struct leat_codec *c, const char *const *extensions)
{
	for (size_t i = 0; extensions && extensions[i]; i++) {
		const struct leat_codec *of = leat_registry_codec_for_extension(r, extensions[i]);
		if (!of || of == c)
			return true;
	}
	return !extensions;
}

/*
 * A format that cannot be loaded is told by the files that have it. Loading is not cheap: what no name asks for stays
 * away, but for `decode formats=`.
 */
static void load_formats(const struct leat_registry *r, const struct leat_step *s, const char *const *extensions)
{
	const struct leat_decode_params *only = s->role == LEAT_DECODE ? s->params : NULL;
	const struct leat_parse_params *parse = s->role == LEAT_PARSE ? s->params : NULL;
	const struct leat_codec *parsed = parse ? leat_parse_format(r, parse) : NULL;
	for (size_t i = 0; i < r->n_codecs; i++) {
		const struct leat_codec *c = r->codecs[i];
		struct leat_err ignored = {0};
		bool asked = (only && only->formats) || parsed;
		bool wanted = only    ? c->dec_open && (!asked || (only->formats >> i & 1))
			      : parse ? c->dec_run && (!parsed || parsed == c)
				      : c->enc_open || c->enc_run;
		if (wanted && c->prepare && (asked || may_come(r, c, extensions)))
			(void)c->prepare(&ignored);
	}
}

void leat_prepare_formats(const struct leat_registry *r, uint64_t bits)
{
	for (size_t i = 0; i < r->n_codecs && i < 64; i++) {
		struct leat_err ignored = {0};
		if ((bits >> i & 1) && r->codecs[i]->prepare)
			(void)r->codecs[i]->prepare(&ignored);
	}
}

void leat_prepare_found(const struct leat_registry *r, const struct leat_codec *c, const char *const *extensions,
			bool here, _Atomic uint64_t *wants)
{
	struct leat_err ignored = {0};
	if (!c->prepare || may_come(r, c, extensions))
		return;
	if (here)
		(void)c->prepare(&ignored);
	for (size_t i = 0; i < r->n_codecs && i < 64; i++)
		if (r->codecs[i] == c && !(atomic_load(wants) >> i & 1))
			atomic_fetch_or(wants, UINT64_C(1) << i);
}

static int prepare_step(const struct leat_step *s, struct leat_err *err)
{
	if (s->op)
		return s->op->prepare ? s->op->prepare(s->params, err) : 0;
	if (s->role == LEAT_ENCODE && s->codec)
		return s->codec->prepare ? s->codec->prepare(err) : 0;
	return 0;
}

/* The same step in several branches of a loop is told once. */
static bool is_told(const struct leat_diags *d, struct leat_span at)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == CANNOT_WORK && d->v[i].span.text == at.text && d->v[i].span.start == at.start)
			return true;
	return false;
}

void leat_prepare_check(const struct leat_plan *p, struct leat_diags *d)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		struct leat_err err = {0};
		const struct leat_step *s = &p->steps[i];
		if (prepare_step(s, &err) < 0 && !is_told(d, s->span))
			(void)leat_diag_error(d, CANNOT_WORK, s->span, "'%s' cannot work here: %s", s->name, err.text);
	}
}

static bool is_of(const struct leat_plan *p, size_t step, int group)
{
	return group < 0 || p->segments[p->steps[step].segment].group == group;
}

int leat_prepare_group(const struct leat_plan *p, int group, bool here, const char *const *extensions,
		       struct leat_err *err)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		if (!is_of(p, i, group))
			continue;
		if (prepare_step(s, err) < 0)
			return -1;
		if (here && (s->role == LEAT_DECODE || s->role == LEAT_PARSE || (s->role == LEAT_ENCODE && !s->codec)))
			load_formats(p->registry, s, extensions);
	}
	return 0;
}

bool leat_prepare_loads(const struct leat_plan *p, int group)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (is_of(p, i, group) && p->steps[i].op && p->steps[i].op->prepare)
			return true;
	return false;
}
