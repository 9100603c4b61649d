/* SPDX-License-Identifier: MIT */
/* Values in the JSON Schema: one definition for each type of the language, one use of it for each option. */
#include "gen/schema.h"

#include "base/json.h"
#include "base/num.h"
#include "gen/types.h"

#include <inttypes.h>

#define REAL "[+-]?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?"
#define SIZE "[0-9]+(\\.[0-9]+)?([KMGT]?B|[KMGT]iB)"
#define TIME "([0-9]+(\\.[0-9]+)?(d|h|ms|m|s))+"

/* How a value looks; types that are not here are any text. */
static const char *const patterns[LEAT_PT_ARGS + 1] = {
	[LEAT_PT_INT] = "[+-]?[0-9]+",
	[LEAT_PT_OPTINT] = "[+-]?[0-9]+",
	[LEAT_PT_REAL] = REAL,
	[LEAT_PT_SIZE] = SIZE,
	[LEAT_PT_DURATION] = TIME,
	[LEAT_PT_RATE] = "[0-9]+(\\.[0-9]+)?/[smh]",
	[LEAT_PT_PERCENT] = REAL "%",
	[LEAT_PT_PIXELS] = "[0-9]+x[0-9]*|x[0-9]+|" REAL "%",
	[LEAT_PT_RANGE] = REAL "%?\\.\\." REAL "%?",
	[LEAT_PT_COLOR] = "#[0-9a-fA-F]{3,8}|[a-z]+",
	[LEAT_PT_PIXCOUNT] = REAL "(MP)?",
	[LEAT_PT_LEVEL] = REAL "%?",
	[LEAT_PT_TIMEOFDAY] = "[0-9]{1,2}:[0-9]{2}",
	[LEAT_PT_WORKERS] = "auto|[0-9]+|" REAL "%",
	[LEAT_PT_QUEUE] = "auto|[0-9]+|" SIZE,
	[LEAT_PT_MEMORY] = SIZE "|" REAL "%",
	[LEAT_PT_ARGS] = NULL,
};

static void reference(struct leat_buf *b, const char *definition)
{
	struct leat_buf path = {0};
	leat_buf_addf(&path, "#/definitions/%s", definition);
	for (char *s = path.data; s && *s; s++)
		*s = *s == ' ' ? '-' : *s;
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "$ref", path.data ? path.data : "");
	leat_json_close(b, '}');
	b->failed = b->failed || path.failed;
	leat_buf_free(&path);
}

/* { "type": "string", "pattern": "^(…)$" } */
static void pattern(struct leat_buf *b, const char *text)
{
	struct leat_buf whole = {0};
	leat_buf_addf(&whole, "^(%s)$", text);
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "type", "string");
	leat_json_text(b, "pattern", whole.data ? whole.data : "");
	leat_json_close(b, '}');
	b->failed = b->failed || whole.failed;
	leat_buf_free(&whole);
}

void leat_gen_schema_types(struct leat_buf *b)
{
	leat_json_open(b, "variable", '{');
	leat_json_text(b, "description", "a text with $name or ${name} in it");
	leat_json_text(b, "type", "string");
	leat_json_text(b, "pattern", "\\$");
	leat_json_close(b, '}');
	for (enum leat_ptype t = LEAT_PT_INT; t <= LEAT_PT_ARGS; t++) {
		const struct leat_gen_type *type = leat_gen_type(t);
		if (t == LEAT_PT_OPTINT || t == LEAT_PT_SWITCH || t == LEAT_PT_CHOICE || t == LEAT_PT_FLAGS)
			continue;
		struct leat_buf name = {0};
		for (const char *s = type->name; *s; s++)
			leat_buf_addc(&name, *s == ' ' ? '-' : *s);
		leat_json_open(b, name.data ? name.data : "", '{');
		leat_json_text(b, "description", type->accepts);
		if (patterns[t]) {
			leat_json_open(b, "anyOf", '[');
			pattern(b, patterns[t]);
			reference(b, "variable");
			leat_json_close(b, ']');
		} else {
			leat_json_text(b, "type", "string");
		}
		leat_json_close(b, '}');
		b->failed = b->failed || name.failed;
		leat_buf_free(&name);
	}
}

static void one_of(struct leat_buf *b, const char *const *words)
{
	leat_json_open(b, NULL, '{');
	leat_json_open(b, "enum", '[');
	for (; *words; words++)
		leat_json_text(b, NULL, *words);
	leat_json_close(b, ']');
	leat_json_close(b, '}');
}

/* Words with commas. */
static void some_of(struct leat_buf *b, const char *const *words)
{
	struct leat_buf any = {0}, list = {0};
	for (size_t i = 0; words[i]; i++)
		leat_buf_addf(&any, "%s%s", i ? "|" : "", words[i]);
	leat_buf_addf(&list, "(%s)(,(%s))*", any.data ? any.data : "", any.data ? any.data : "");
	pattern(b, list.data ? list.data : "");
	b->failed = b->failed || any.failed || list.failed;
	leat_buf_free(&any);
	leat_buf_free(&list);
}

static void describe(struct leat_buf *b, const struct leat_param *p)
{
	struct leat_buf text = {0};
	char lo[32], hi[32];
	bool whole = p->type == LEAT_PT_INT || p->type == LEAT_PT_OPTINT;
	leat_buf_adds(&text, p->doc);
	if (whole && (p->imin || p->imax)) {
		leat_buf_addf(&text, "; %" PRId64, p->imin);
		if (p->imax == INT64_MAX)
			leat_buf_adds(&text, " or more");
		else
			leat_buf_addf(&text, " to %" PRId64, p->imax);
	} else if (p->type == LEAT_PT_REAL && (p->rmin != 0 || p->rmax != 0)) {
		leat_buf_addf(&text, "; %s to %s", leat_print_real(p->rmin, lo), leat_print_real(p->rmax, hi));
	}
	if (p->unit)
		leat_buf_addf(&text, " %s", p->unit);
	leat_json_text(b, "description", text.data ? text.data : "");
	b->failed = b->failed || text.failed;
	leat_buf_free(&text);
	if (p->dflt && *p->dflt)
		leat_json_text(b, "default", p->dflt);
}

void leat_gen_schema_value(struct leat_buf *b, const char *name, const struct leat_param *p)
{
	static const char *const switches[] = {"yes", "no", "true", "false", NULL};
	leat_json_open(b, name, '{');
	describe(b, p);
	leat_json_open(b, "anyOf", '[');
	if (p->type == LEAT_PT_SWITCH)
		one_of(b, switches);
	else if (p->type == LEAT_PT_FLAGS && p->choices)
		some_of(b, p->choices);
	else if (p->choices && p->type != LEAT_PT_FILE)
		one_of(b, p->choices);
	else
		reference(b, leat_gen_type(p->type == LEAT_PT_OPTINT ? LEAT_PT_INT : p->type)->name);
	if (p->flags & LEAT_OR_NUMBERS)
		reference(b, leat_gen_type(LEAT_PT_NUMBERS)->name);
	if (p->word)
		one_of(b, (const char *const[]){p->word, NULL});
	if (p->type == LEAT_PT_SWITCH || p->choices)
		reference(b, "variable");
	leat_json_close(b, ']');
	leat_json_close(b, '}');
}
