/* SPDX-License-Identifier: MIT */
/*
 * What `leat help --json` prints, for editors and other programs: the tables themselves. Keys are stable; new ones
 * may come.
 */
#include "gen/help_json.h"

#include "base/json.h"
#include "base/text.h"
#include "core/execopts.h"
#include "core/jobopts.h"
#include "core/paramvalue.h"
#include "core/stepfields.h"
#include "gen/commands.h"
#include "gen/help.h"
#include "gen/types.h"

static void range(const struct leat_param *p, struct leat_buf *b)
{
	bool whole = p->type == LEAT_PT_INT || p->type == LEAT_PT_OPTINT;
	if (whole && (p->imin || p->imax)) {
		if (p->imin != INT64_MIN)
			leat_json_int(b, "min", p->imin);
		if (p->imax != INT64_MAX)
			leat_json_int(b, "max", p->imax);
	}
	if (p->type == LEAT_PT_REAL && (p->rmin != 0 || p->rmax != 0)) {
		leat_json_real(b, "min", p->rmin, 9);
		leat_json_real(b, "max", p->rmax, 9);
	}
}

static void param(const struct leat_param *p, struct leat_buf *b)
{
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "name", p->name);
	leat_json_text(b, "type", leat_gen_type(p->type)->name);
	if (p->choices) {
		leat_json_open(b, "choices", '[');
		for (size_t i = 0; p->choices[i]; i++)
			leat_json_text(b, NULL, p->choices[i]);
		leat_json_close(b, ']');
	}
	range(p, b);
	if (p->unit)
		leat_json_text(b, "unit", p->unit);
	leat_json_text(b, "default", p->dflt);
	leat_json_bool(b, "required", p->flags & LEAT_REQUIRED);
	leat_json_bool(b, "built", !(p->flags & LEAT_PENDING_OPT));
	leat_json_text(b, "doc", p->doc);
	leat_json_close(b, '}');
}

/* Rows with or without a name in front: positional values, or options. */
static void params(const char *name, const struct leat_param *table, bool positional, struct leat_buf *b)
{
	leat_json_open(b, name, '[');
	for (const struct leat_param *p = table; p && p->name; p++)
		if (!(p->flags & LEAT_HIDDEN) && !(p->flags & LEAT_POSITIONAL) == !positional)
			param(p, b);
	leat_json_close(b, ']');
}

static void kinds(const char *name, unsigned mask, struct leat_buf *b)
{
	static const char *const words[] = {"file", "image", "array", "table"};
	leat_json_open(b, name, '[');
	for (unsigned i = 0; i < LEAT_LEN(words); i++)
		if (mask >> i & 1)
			leat_json_text(b, NULL, words[i]);
	leat_json_close(b, ']');
}

static void modes(unsigned mask, struct leat_buf *b)
{
	const char *const *words = leat_exec_params[LEAT_EXEC_ON].choices;
	leat_json_open(b, "on", '[');
	for (size_t i = 0; words[i]; i++)
		if (i == 0 || (leat_exec_mode(i) & mask))
			leat_json_text(b, NULL, words[i]);
	leat_json_close(b, ']');
}

static void field(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	static const char *const types[] = {[LEAT_V_NONE] = "any",
					    [LEAT_V_INT] = "whole number",
					    [LEAT_V_REAL] = "number",
					    [LEAT_V_TEXT] = "text",
					    [LEAT_V_TIME] = "time"};
	leat_json_open(ctx, NULL, '{');
	leat_json_text(ctx, "name", name);
	leat_json_text(ctx, "type", types[type]);
	leat_json_text(ctx, "doc", doc);
	leat_json_close(ctx, '}');
}

static void step_fields(const struct leat_gen_step *s, struct leat_buf *b)
{
	leat_json_open(b, "fields", '[');
	leat_gen_step_fields(s, field, b);
	leat_json_close(b, ']');
}

static void step(const struct leat_gen_step *s, struct leat_buf *b)
{
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "name", s->name);
	leat_json_text(b, "group", s->group);
	leat_json_text(b, "summary", s->summary);
	leat_json_text(b, "example", s->example);
	kinds("takes", s->in, b);
	kinds("gives", s->out, b);
	leat_json_bool(b, "waits_for_all", s->op && s->op->reduction);
	modes(s->modes, b);
	params("values", s->params, true, b);
	params("options", s->params, false, b);
	step_fields(s, b);
	leat_json_close(b, '}');
}

static void format(const struct leat_codec *c, struct leat_buf *b)
{
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "name", c->name);
	leat_json_text(b, "summary", c->summary);
	leat_json_text(b, "suffix", c->suffix);
	leat_json_open(b, "extensions", '[');
	for (size_t i = 0; c->extensions[i]; i++)
		leat_json_text(b, NULL, c->extensions[i]);
	leat_json_close(b, ']');
	kinds("holds", c->kinds, b);
	leat_json_bool(b, "reads", c->dec_open || c->dec_run);
	leat_json_bool(b, "writes", c->enc_open || c->enc_run);
	leat_json_bool(b, "keeps_profile", c->keeps_icc);
	params("options", c->params, false, b);
	leat_json_close(b, '}');
}

static void always_fields(struct leat_buf *b)
{
	leat_json_open(b, "always", '[');
	for (size_t i = 0; leat_item_fields[i]; i++)
		field(b, leat_item_fields[i], leat_item_field_types[i], leat_item_field_docs[i]);
	leat_json_close(b, ']');
}

static void fields_of(const char *name, const struct leat_stepfield *v, struct leat_buf *b)
{
	leat_json_open(b, name, '[');
	for (; v->name; v++)
		field(b, v->name, v->type, v->doc);
	leat_json_close(b, ']');
}

static void fields(struct leat_buf *b)
{
	leat_json_open(b, "fields", '{');
	always_fields(b);
	fields_of("decoded", leat_decoded_fields, b);
	fields_of("parsed", leat_parsed_fields, b);
	fields_of("written", leat_written_fields, b);
	fields_of("reduced", leat_reduced_fields, b);
	fields_of("ended", leat_ended_fields, b);
	leat_json_close(b, '}');
}

static void commands(struct leat_buf *b)
{
	leat_json_open(b, "commands", '[');
	for (const struct leat_command *c = leat_commands; c->name; c++) {
		if (c->hidden)
			continue;
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "name", c->name);
		leat_json_text(b, "arguments", c->args);
		leat_json_text(b, "summary", c->summary);
		params("options", c->options, false, b);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

static void everything(const struct leat_registry *r, struct leat_buf *b)
{
	struct leat_gen_step s;
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "leat", LEAT_VERSION);
	leat_json_int(b, "language", 1);
	leat_json_open(b, "steps", '[');
	for (size_t i = 0; leat_gen_step(r, i, &s); i++)
		step(&s, b);
	leat_json_close(b, ']');
	leat_json_open(b, "formats", '[');
	for (size_t i = 0; i < r->n_codecs; i++)
		format(r->codecs[i], b);
	leat_json_close(b, ']');
	params("execution", leat_exec_params, false, b);
	params("job", leat_job_params, false, b);
	fields(b);
	commands(b);
	leat_json_close(b, '}');
}

int leat_gen_help_json(const struct leat_registry *r, const char *topic, struct leat_buf *out, struct leat_err *err)
{
	struct leat_gen_step s;
	bool found = !topic;
	if (!topic)
		everything(r, out);
	for (size_t i = 0; !found && leat_gen_step(r, i, &s); i++) {
		found = strcmp(s.name, topic) == 0;
		if (found)
			step(&s, out);
	}
	const struct leat_codec *c =
		!found && strncmp(topic, "encode ", 7) == 0 ? leat_registry_codec(r, topic + 7) : NULL;
	if (c)
		format(c, out);
	if (!found && !c)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "there is no step '%s' to print as JSON; all of them: leat help --json", topic);
	leat_buf_addc(out, '\n');
	return leat_buf_check(out, err);
}
