/* SPDX-License-Identifier: MIT */
/*
 * Mistakes made on purpose with every step, option and format that this program has: each gets the code of its kind at
 * its place, and the right word where one was misspelt.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/execopts.h"
#include "plan_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t tried, wrong;

/* What `recipe` must be told about `at`, the text at fault: this code, and this label unless NULL. */
static void expect(const char *recipe, const char *at, int code, const char *label)
{
	struct plan_kit k;
	bool found = false;
	size_t n = strlen(at);
	kit_init(&k);
	k.registry = leat_registry_default();
	kit_plan(&k, recipe);
	for (size_t i = 0; i < k.diags.n; i++) {
		const struct leat_diag *g = &k.diags.v[i];
		const char *text = g->span.text ? g->span.text->data + g->span.start : "";
		bool here = g->code == code && strncmp(text, at, n) == 0;
		found = found || (here && (!label || (g->label && strcmp(g->label, label) == 0)));
	}
	tried++;
	if (!found) {
		wrong++;
		print_error("%sno E%03d '%s' at '%s':\n%s\n", recipe, code, label ? label : "", at, kit_messages(&k));
	}
	kit_free(&k);
}

/* One letter of the middle left out. */
static const char *misspelt(const char *word, char *buf, size_t size)
{
	size_t n = strlen(word);
	snprintf(buf, size, "%.*s%s", (int)(n / 2), word, word + n / 2 + 1);
	return buf;
}

/* The words that can stand there, for a look whether a misspelling is nearest to what was meant. */
struct words {
	const char *v[512];
	size_t n;
};

static void add_options(struct words *w, const struct leat_param *table)
{
	for (size_t i = 0, n = leat_param_count(table); i < n; i++)
		if (!(table[i].flags & (LEAT_POSITIONAL | LEAT_HIDDEN | LEAT_PENDING_OPT)))
			w->v[w->n++] = table[i].name;
}

/* A value that the row refuses, and the code of that; NULL: all are good, or they are checked elsewhere. */
static const char *bad_value(const struct leat_param *p, int *code, char *buf, size_t size)
{
	static const struct {
		enum leat_ptype type;
		const char *value;
		int code;
	} bad[] = {
		{LEAT_PT_REAL, "1,5", 42},     {LEAT_PT_SWITCH, "on", 41},    {LEAT_PT_CHOICE, "no-such-word", 41},
		{LEAT_PT_SIZE, "64", 45},      {LEAT_PT_DURATION, "30", 46},  {LEAT_PT_PERCENT, "50", 44},
		{LEAT_PT_RATE, "20", 44},      {LEAT_PT_PIXELS, "800", 47},   {LEAT_PT_RANGE, "1-99", 49},
		{LEAT_PT_COLOR, "#12345", 48}, {LEAT_PT_PIXCOUNT, "1M", 44},  {LEAT_PT_LEVEL, "50pct", 44},
		{LEAT_PT_NUMBERS, "1,x", 42},  {LEAT_PT_TIMEOFDAY, "2", 46},  {LEAT_PT_FLAGS, "no-such-word", 41},
		{LEAT_PT_TEMPLATE, "a{", 50},  {LEAT_PT_PATH, "~nobody", 55}, {LEAT_PT_FILE, "~nobody", 55},
	};
	if (p->type == LEAT_PT_INT && (p->imin || p->imax) && p->imax < INT64_MAX) {
		snprintf(buf, size, "%" PRId64, p->imax + 1);
		*code = 43;
		return buf;
	}
	for (size_t i = 0; i < LEAT_LEN(bad); i++)
		if (bad[i].type == p->type) {
			*code = bad[i].code;
			return bad[i].value;
		}
	return NULL;
}

/* `line` is the statement without options, what stands before and behind it as it must be. */
static void try_options(const char *before, const char *line, const char *behind, const struct leat_param *table,
			bool execution)
{
	struct words all = {.n = 0};
	add_options(&all, table);
	if (execution)
		add_options(&all, leat_exec_params);
	for (size_t i = 0, n = leat_param_count(table); i < n; i++) {
		const struct leat_param *p = &table[i];
		char recipe[512], typo[64], want[96], value[64];
		int code = 0;
		if (p->flags & (LEAT_POSITIONAL | LEAT_HIDDEN | LEAT_PENDING_OPT))
			continue;
		snprintf(want, sizeof want, "did you mean '%s'?", p->name);
		misspelt(p->name, typo, sizeof typo);
		const char *near = leat_nearest_word(typo, all.v, all.n);
		if (strlen(p->name) > 3 && near && strcmp(near, p->name) == 0) {
			snprintf(recipe, sizeof recipe, "%s%s %s=1%s", before, line, typo, behind);
			expect(recipe, typo, 31, want);
		}
		const char *bad = bad_value(p, &code, value, sizeof value);
		snprintf(recipe, sizeof recipe, "%s%s %s=%s%s", before, line, p->name, bad ? bad : "", behind);
		if (bad)
			expect(recipe, code == 50 ? "{" : p->type == LEAT_PT_NUMBERS ? "x" : bad, code, NULL);
	}
}

/* The example of a step without its options. */
static void bare_example(const char *example, char *buf, size_t size)
{
	size_t n = 0;
	while (*example && n + 1 < size) {
		size_t word = strcspn(example, " ");
		bool quoted = *example == '"' || *example == '\'';
		if (quoted)
			word = (size_t)(strchr(example + 1, *example) - example) + 1;
		bool condition = strcspn(example, "<>~!") < word;
		if (quoted || condition || !memchr(example, '=', word))
			n += (size_t)snprintf(buf + n, size - n, "%s%.*s", n ? " " : "", (int)word, example);
		example += word + strspn(example + word, " ");
	}
}

static void steps(void **state)
{
	const struct leat_registry *r = leat_registry_default();
	struct words names = {.n = 0};
	(void)state;
	for (size_t i = 0; i < r->n_ops; i++)
		names.v[names.n++] = r->ops[i]->name;
	for (size_t i = 0; i < r->n_ops; i++) {
		const struct leat_op *op = r->ops[i];
		char line[256], recipe[512], typo[64], want[96];
		if (op->hidden || !op->example)
			continue;
		bare_example(op->example, line, sizeof line);
		const char *before =
			op->in & LEAT_IMAGE || op->in & LEAT_FILE ? "read a/*.png\n" : "read a/*.npy\nparse\n";
		try_options(before, line, "\n", op->params, true);
		const char *near = leat_nearest_word(misspelt(op->name, typo, sizeof typo), names.v, names.n);
		if (strlen(op->name) < 5 || strcmp(near, op->name) != 0)
			continue; /* 'medan' is as near to 'mean' as to 'median' */
		snprintf(want, sizeof want, "did you mean '%s'?", op->name);
		snprintf(recipe, sizeof recipe, "%s%s%s\n", before, typo, line + strlen(op->name));
		expect(recipe, typo, 24, want);
	}
}

static void formats(void **state)
{
	const struct leat_registry *r = leat_registry_default();
	(void)state;
	for (size_t i = 0; i < r->n_codecs; i++) {
		const struct leat_codec *c = r->codecs[i];
		char line[64];
		snprintf(line, sizeof line, "encode %s", c->name);
		if (c->enc_open || c->enc_run)
			try_options(c->kinds & LEAT_IMAGE ? "read a/*.png\n" : "read a/*.npy\nparse\n", line, "\n",
				    c->params, true);
	}
	expect("read a/*.png\nencode no-such-format\n", "no-such-format", 41, NULL);
}

static void ends(void **state)
{
	const struct leat_registry *r = leat_registry_default();
	(void)state;
	for (size_t i = 0; i < r->n_sources; i++) {
		char line[256];
		bare_example(r->sources[i]->example, line, sizeof line);
		try_options("", line, "\n", r->sources[i]->params, true);
	}
	for (size_t i = 0; i < r->n_sinks; i++) {
		char line[256];
		bare_example(r->sinks[i]->example, line, sizeof line);
		try_options("read a/*.png\n", line, "\n", r->sinks[i]->params, true);
	}
	try_options("read a/*.png\n", "decode", "\n", leat_decode_params, true);
	try_options("read a/*.npy\n", "parse", "\n", leat_parse_params, true);
	try_options("read a/*.png\n", "resize 5x", "\n", leat_exec_params, false);
}

static void all_are_told(void **state)
{
	(void)state;
	print_message("%zu mistakes\n", tried);
	assert_int_equal(wrong, 0);
	assert_true(tried > 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(formats),
		cmocka_unit_test(ends),
		cmocka_unit_test(all_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
