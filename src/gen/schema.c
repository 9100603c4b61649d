/* SPDX-License-Identifier: MIT */
/* The JSON Schema of recipes. See schema.h. */
#include "gen/schema.h"

#include "base/json.h"
#include "core/execopts.h"
#include "core/jobopts.h"
#include "core/schedopts.h"
#include "gen/help.h"

#define NAME "^[a-z][a-z0-9-]*$"
#define VARIABLE "^[a-z][a-z0-9_]*$"

/* ---- pieces ---- */

/* An object without other members than those in `properties`. */
static void open_object(struct leat_buf *b, const char *name, const char *description)
{
	leat_json_open(b, name, '{');
	if (description)
		leat_json_text(b, "description", description);
	leat_json_text(b, "type", "object");
}

static void close_object(struct leat_buf *b, const char *required)
{
	leat_json_bool(b, "additionalProperties", false);
	if (required) {
		leat_json_open(b, "required", '[');
		leat_json_text(b, NULL, required);
		leat_json_close(b, ']');
	}
	leat_json_close(b, '}');
}

static void reference(struct leat_buf *b, const char *name, const char *definition)
{
	leat_json_open(b, name, '{');
	leat_json_text(b, "$ref", definition);
	leat_json_close(b, '}');
}

static void string(struct leat_buf *b, const char *name, const char *description, const char *pattern)
{
	leat_json_open(b, name, '{');
	if (description)
		leat_json_text(b, "description", description);
	leat_json_text(b, "type", "string");
	if (pattern)
		leat_json_text(b, "pattern", pattern);
	leat_json_close(b, '}');
}

/* An array of what the definition says. */
static void array_of(struct leat_buf *b, const char *name, const char *description, const char *definition)
{
	leat_json_open(b, name, '{');
	if (description)
		leat_json_text(b, "description", description);
	leat_json_text(b, "type", "array");
	reference(b, "items", definition);
	leat_json_close(b, '}');
}

/* What the definition says, or an array of it. */
static void one_or_more(struct leat_buf *b, const char *name, const char *description, const char *definition)
{
	leat_json_open(b, name, '{');
	leat_json_text(b, "description", description);
	leat_json_open(b, "anyOf", '[');
	reference(b, NULL, definition);
	array_of(b, NULL, NULL, definition);
	leat_json_close(b, ']');
	leat_json_close(b, '}');
}

/* ---- options ---- */

static bool is_option(const struct leat_param *p)
{
	return !(p->flags & (LEAT_POSITIONAL | LEAT_HIDDEN | LEAT_PENDING_OPT));
}

/* Patterns can be given several times: that is an array. */
static void option(struct leat_buf *b, const struct leat_param *p)
{
	if (p->type != LEAT_PT_PATTERNS) {
		leat_gen_schema_value(b, p->name, p);
		return;
	}
	leat_json_open(b, p->name, '{');
	leat_json_text(b, "description", p->doc);
	leat_json_open(b, "anyOf", '[');
	leat_gen_schema_value(b, NULL, p);
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "type", "array");
	leat_gen_schema_value(b, "items", p);
	leat_json_close(b, '}');
	leat_json_close(b, ']');
	leat_json_close(b, '}');
}

/* The rows as members, all of them or all but one. */
static void options(struct leat_buf *b, const struct leat_param *rows, const char *but)
{
	for (const struct leat_param *p = rows; p && p->name; p++)
		if (is_option(p) && (!but || strcmp(p->name, but) != 0))
			option(b, p);
}

/* An object of the options in rows. */
static void options_object(struct leat_buf *b, const char *name, const char *description, const struct leat_param *rows)
{
	const char *required = NULL;
	for (const struct leat_param *p = rows; p && p->name; p++)
		if (is_option(p) && p->flags & LEAT_REQUIRED)
			required = p->name;
	open_object(b, name, description);
	leat_json_open(b, "properties", '{');
	options(b, rows, NULL);
	leat_json_close(b, '}');
	close_object(b, required);
}

static bool is_many(enum leat_ptype t)
{
	return t == LEAT_PT_PATTERNS || t == LEAT_PT_CONDITIONS || t == LEAT_PT_ARGS;
}

/* "args": the positional values in their order, or any number of the only one. */
static void arguments(struct leat_buf *b, const struct leat_param *rows)
{
	int64_t least = 0;
	const struct leat_param *many = NULL;
	bool any = false;
	for (const struct leat_param *p = rows; p && p->name; p++) {
		any = any || p->flags & LEAT_POSITIONAL;
		least += p->flags & LEAT_POSITIONAL && p->flags & LEAT_REQUIRED;
		if (p->flags & LEAT_POSITIONAL && is_many(p->type))
			many = p;
	}
	leat_json_open(b, "args", '{');
	leat_json_text(b, "type", "array");
	if (many) {
		leat_gen_schema_value(b, "items", many);
	} else if (!any) {
		leat_json_int(b, "maxItems", 0);
	} else {
		leat_json_open(b, "items", '[');
		for (const struct leat_param *p = rows; p && p->name; p++)
			if (p->flags & LEAT_POSITIONAL)
				leat_gen_schema_value(b, NULL, p);
		leat_json_close(b, ']');
		leat_json_bool(b, "additionalItems", false);
	}
	leat_json_int(b, "minItems", least);
	leat_json_close(b, '}');
}

static bool needs(const struct leat_param *rows, unsigned positional)
{
	for (const struct leat_param *p = rows; p && p->name; p++)
		if (p->flags & LEAT_REQUIRED && (p->flags & LEAT_POSITIONAL) == positional)
			return true;
	return false;
}

/* ---- steps ---- */

static void step_name(struct leat_buf *b, const char *key, const char *prefix, const char *name)
{
	struct leat_buf text = {0};
	leat_buf_addf(&text, "%s%s", prefix, name);
	if (strcmp(key, "$ref") == 0)
		leat_json_text(b, key, text.data ? text.data : "");
	else
		leat_json_open(b, text.data ? text.data : "", '{');
	b->failed = b->failed || text.failed;
	leat_buf_free(&text);
}

/* What a step with these rows may have. */
static void step_body(struct leat_buf *b, const struct leat_param *rows)
{
	leat_json_open(b, "properties", '{');
	arguments(b, rows);
	options_object(b, "options", NULL, rows);
	leat_json_close(b, '}');
	leat_json_open(b, "required", '[');
	if (needs(rows, LEAT_POSITIONAL))
		leat_json_text(b, NULL, "args");
	if (needs(rows, 0))
		leat_json_text(b, NULL, "options");
	leat_json_close(b, ']');
}

static bool encodes(const struct leat_codec *c)
{
	return leat_codec_writes(c, LEAT_IMAGE | LEAT_ARRAY | LEAT_TABLE);
}

/* encode: the format decides about the options. */
static void encode_body(const struct leat_registry *r, struct leat_buf *b)
{
	leat_json_open(b, "required", '[');
	leat_json_text(b, NULL, "args");
	leat_json_close(b, ']');
	leat_json_open(b, "properties", '{');
	leat_json_open(b, "args", '{');
	leat_json_text(b, "type", "array");
	leat_json_open(b, "items", '[');
	leat_json_open(b, NULL, '{');
	leat_json_open(b, "anyOf", '[');
	leat_json_open(b, NULL, '{');
	leat_json_open(b, "enum", '[');
	for (size_t i = 0; i < r->n_codecs; i++)
		if (encodes(r->codecs[i]))
			leat_json_text(b, NULL, r->codecs[i]->name);
	leat_json_close(b, ']');
	leat_json_close(b, '}');
	reference(b, NULL, "#/definitions/variable");
	leat_json_close(b, ']');
	leat_json_close(b, '}');
	leat_json_close(b, ']');
	leat_json_bool(b, "additionalItems", false);
	leat_json_int(b, "minItems", 1);
	leat_json_close(b, '}');
	leat_json_close(b, '}');
	leat_json_open(b, "allOf", '[');
	for (size_t i = 0; i < r->n_codecs; i++) {
		if (!encodes(r->codecs[i]))
			continue;
		leat_json_open(b, NULL, '{');
		leat_buf_addf(b,
			      "\"if\":{\"properties\":{\"args\":{\"items\":[{\"const\":\"%s\"}]}}},\"then\":{"
			      "\"properties\":{",
			      r->codecs[i]->name);
		options_object(b, "options", r->codecs[i]->summary, r->codecs[i]->params);
		leat_buf_adds(b, "}}");
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

static void step_definitions(const struct leat_registry *r, struct leat_buf *b)
{
	struct leat_gen_step s;
	for (size_t i = 0; leat_gen_step(r, i, &s); i++) {
		step_name(b, "", "step-", s.name);
		leat_json_text(b, "description", s.summary);
		if (strcmp(s.name, "encode") == 0)
			encode_body(r, b);
		else
			step_body(b, s.params);
		leat_json_close(b, '}');
	}
}

/* A step: its name decides about the rest. */
static void step(const struct leat_registry *r, struct leat_buf *b)
{
	struct leat_gen_step s;
	open_object(b, "step", "one step");
	leat_json_open(b, "properties", '{');
	leat_json_open(b, "step", '{');
	leat_json_open(b, "enum", '[');
	for (size_t i = 0; leat_gen_step(r, i, &s); i++)
		leat_json_text(b, NULL, s.name);
	leat_json_close(b, ']');
	leat_json_close(b, '}');
	leat_buf_adds(b,
		      ",\"args\":{\"description\":\"positional values\"},\"options\":{\"description\":\"options of the "
		      "step\"}");
	options(b, leat_exec_params, NULL);
	leat_json_close(b, '}');
	leat_json_open(b, "allOf", '[');
	for (size_t i = 0; leat_gen_step(r, i, &s); i++) {
		leat_json_open(b, NULL, '{');
		leat_buf_addf(b, "\"if\":{\"properties\":{\"step\":{\"const\":\"%s\"}}},\"then\":{", s.name);
		step_name(b, "$ref", "#/definitions/step-", s.name);
		leat_buf_addc(b, '}');
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
	close_object(b, "step");
}

static void use(struct leat_buf *b)
{
	open_object(b, "use", "the steps of a recipe");
	leat_json_open(b, "properties", '{');
	string(b, "use", "name of the recipe", NAME);
	leat_buf_adds(b, ",\"with\":{\"description\":\"values for its parameters\",\"type\":\"object\","
			 "\"additionalProperties\":{\"type\":\"string\"}}");
	leat_json_close(b, '}');
	close_object(b, "use");
}

static void branch(struct leat_buf *b)
{
	open_object(b, "branch", "a side line that gets the item as it is here");
	leat_json_open(b, "properties", '{');
	string(b, "branch", "its name", NAME);
	leat_buf_adds(
		b, ",\"for\":{\"description\":\"one branch per entry: a variable, and an array of entries or a text\","
		   "\"type\":\"array\",\"minItems\":2,\"additionalItems\":false,\"items\":[{\"type\":\"string\","
		   "\"pattern\":\"" VARIABLE "\"},{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"array\",\"minItems\":1,"
		   "\"items\":{\"type\":\"string\"}}]}]}");
	reference(b, "steps", "#/definitions/steps");
	leat_json_close(b, '}');
	close_object(b, "branch");
}

static void recipe(struct leat_buf *b)
{
	open_object(b, "recipe", "steps with a name");
	leat_json_open(b, "properties", '{');
	string(b, "recipe", "its name", NAME);
	leat_buf_adds(b, ",\"parameters\":{\"description\":\"names with their defaults; null: it must be given\","
			 "\"type\":\"object\",\"additionalProperties\":false,\"patternProperties\":{\"" VARIABLE
			 "\":{\"type\":[\"string\",\"null\"]}}}");
	reference(b, "steps", "#/definitions/steps");
	leat_json_close(b, '}');
	close_object(b, "recipe");
}

/* ---- settings ---- */

static void schedule(struct leat_buf *b)
{
	open_object(b, "schedule", "when the job shall run");
	leat_json_open(b, "properties", '{');
	arguments(b, leat_sched_params);
	options_object(b, "options", NULL, leat_sched_params);
	leat_json_close(b, '}');
	close_object(b, NULL);
}

static void setting_definitions(struct leat_buf *b)
{
	string(b, "text", NULL, NULL);
	array_of(b, "texts", NULL, "#/definitions/text");
	options_object(b, "job", "settings of the whole run", leat_job_params);
	schedule(b);
	open_object(b, "defaults", "execution options of all steps that do not set them");
	leat_json_open(b, "properties", '{');
	options(b, leat_exec_params, "id");
	leat_json_close(b, '}');
	close_object(b, NULL);
	leat_buf_adds(
		b, ",\"value\":{\"anyOf\":[{\"type\":\"string\"},{\"description\":\"from the environment\",\"type\":"
		   "\"object\",\"additionalProperties\":false,\"required\":[\"env\"],\"properties\":{\"env\":{\"type\":"
		   "\"string\"},\"or\":{\"type\":\"string\"},\"secret\":{\"type\":\"boolean\"}}}]}");
	leat_buf_adds(b, ",\"vars\":{\"description\":\"variables: $name or ${name} in values\",\"type\":\"object\","
			 "\"additionalProperties\":false,\"patternProperties\":{\"" VARIABLE "\":");
	leat_buf_adds(b, "{\"$ref\":\"#/definitions/value\"}}}");
}

/* What stands above the steps. */
static void settings(struct leat_buf *b)
{
	one_or_more(b, "include", "files with further settings, in text or JSON", "#/definitions/text");
	reference(b, "vars", "#/definitions/vars");
	one_or_more(b, "job", "settings of the whole run", "#/definitions/job");
	one_or_more(b, "schedule", "when the job shall run", "#/definitions/schedule");
	one_or_more(b, "defaults", "execution options of all steps that do not set them", "#/definitions/defaults");
	one_or_more(b, "expect", "conditions on the counts of the run", "#/definitions/texts");
	array_of(b, "recipes", "steps with names, for use", "#/definitions/recipe");
}

static void program(struct leat_buf *b)
{
	leat_json_open(b, "properties", '{');
	leat_buf_adds(b, "\"version\":{\"description\":\"of the language\",\"const\":1}");
	leat_json_open(b, "settings", '{');
	leat_json_text(b, "description",
		       "groups of settings that are read before the others, where their order matters");
	leat_json_text(b, "type", "array");
	open_object(b, "items", NULL);
	leat_json_open(b, "properties", '{');
	settings(b);
	leat_json_close(b, '}');
	close_object(b, NULL);
	leat_json_close(b, '}');
	settings(b);
	reference(b, "steps", "#/definitions/steps");
	leat_json_close(b, '}');
}

void leat_gen_schema(const struct leat_registry *r, struct leat_buf *out)
{
	enum { WIDTH = 120 };
	struct leat_buf b = {0};
	leat_json_open(&b, NULL, '{');
	leat_json_text(&b, "$schema", "http://json-schema.org/draft-07/schema#");
	leat_json_text(&b, "title", "leat recipe");
	leat_json_text(
		&b, "description",
		"The JSON form of a recipe for leat; all values are texts, as they would stand in the text form. "
		"Made by `leat syntax schema`; do not edit.");
	leat_json_text(&b, "type", "object");
	program(&b);
	leat_json_bool(&b, "additionalProperties", false);
	leat_json_open(&b, "definitions", '{');
	leat_gen_schema_types(&b);
	setting_definitions(&b);
	recipe(&b);
	leat_buf_adds(&b,
		      ",\"steps\":{\"type\":\"array\",\"items\":{\"if\":{\"required\":[\"step\"]},\"then\":{\"$ref\":"
		      "\"#/definitions/step\"},\"else\":{\"if\":{\"required\":[\"use\"]},\"then\":{\"$ref\":"
		      "\"#/definitions/use\"},\"else\":{\"$ref\":\"#/definitions/branch\"}}}}");
	use(&b);
	branch(&b);
	step(r, &b);
	step_definitions(r, &b);
	leat_json_close(&b, '}');
	leat_json_close(&b, '}');
	if (!b.failed)
		leat_json_lines(b.data, b.len, WIDTH, out);
	out->failed = out->failed || b.failed;
	leat_buf_free(&b);
}
