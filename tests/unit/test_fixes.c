/* SPDX-License-Identifier: MIT */
/*
 * What a diagnostic offers to put in a place does what it says: with it, this diagnostic is gone. And every label
 * "write X" offers X, but for those that are listed here. All golden cases are tried.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/diag_json.h"
#include "frozen_registry.h"
#include "golden.h"
#include "plan/plan.h"

#include <leat/leat.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checked {
	struct leat_program *program;
	struct leat_plan *plan;
	struct leat_diags d;
};

static void check(struct checked *c, const char *folder, const char *name, const char *text, size_t len)
{
	static const struct leat_facts facts = {.cores = 4, .memory = (uint64_t)8 << 30, .pool = true};
	struct leat_program_opts o = {
		.cwd = "/home/user", .include = golden_include, .include_ctx = (void *)(uintptr_t)folder};
	*c = (struct checked){.program = NULL};
	c->program = leat_program_parse(name, GOLDEN_DIR, text, len, &o, &c->d);
	assert_non_null(c->program);
	if (strstr(folder, "plan"))
		c->plan = leat_plan_make(c->program, &leat_frozen_registry, &facts, &c->d);
}

static void done(struct checked *c)
{
	if (c->plan)
		leat_plan_free(&c->plan);
	leat_program_free(&c->program);
	leat_diags_free(&c->d);
}

static bool still_there(const struct leat_diags *d, const struct leat_diag *g)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == g->code && d->v[i].severity == g->severity && d->v[i].span.start == g->span.start &&
		    strcmp(d->v[i].message, g->message) == 0)
			return true;
	return false;
}

/* Labels that show an example instead of saying what to put there. */
static bool shows_only(const char *label)
{
	static const char *const beginnings[] = {
		"write for example", "write its steps",       "write NAME=VALUE",     "write include FILE",
		"write let NAME",    "write branch NAME",     "write job NAME",       "write defaults NAME",
		"write version 1",   "write expect matched",  "write schedule daily", "write recipe NAME",
		"write use NAME",    "write the value alone",
	};
	if (strstr(label, "\xe2\x80\xa6"))
		return true;
	for (size_t i = 0; i < LEAT_LEN(beginnings); i++)
		if (strncmp(label, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

static size_t tried, offered, missing, wrong;

static void try_fix(const char *folder, const char *stem, const struct leat_diag *g, const struct leat_text *main)
{
	struct leat_buf b = {0};
	struct checked c;
	if (g->fix_at.text != main)
		return; /* in an included file */
	tried++;
	leat_buf_add(&b, main->data, g->fix_at.start);
	leat_buf_adds(&b, g->fix);
	leat_buf_add(&b, main->data + g->fix_at.end, main->len - g->fix_at.end);
	check(&c, folder, main->name, b.data, b.len);
	if (still_there(&c.d, g)) {
		wrong++;
		print_error("%s/%s: E%03d '%s' stays with '%s'\n", folder, stem, g->code, g->message, g->fix);
	}
	done(&c);
	leat_buf_free(&b);
}

static void try_case(const char *folder, const char *stem)
{
	struct leat_buf text = golden_read(folder, stem, ".leat");
	struct checked c;
	const char *name = strstr(stem, ".command-line") ? "<command line>" : "web.leat";
	check(&c, folder, name, text.data, text.len);
	for (size_t i = 0; i < c.d.n; i++) {
		const struct leat_diag *g = &c.d.v[i];
		bool says = g->label && strncmp(g->label, "write ", 6) == 0 && !shows_only(g->label);
		if (says && !g->fix && !(g->span2.text && strstr(g->label2 ? g->label2 : "", "comes from here"))) {
			missing++;
			print_error("%s/%s: E%03d: '%s' offers nothing\n", folder, stem, g->code, g->label);
		}
		if (!g->fix)
			continue;
		offered++;
		assert_non_null(g->fix_at.text);
		assert_true(g->fix_at.start <= g->fix_at.end && g->fix_at.end <= g->fix_at.text->len);
		try_fix(folder, stem, g, c.program->texts[0]);
	}
	done(&c);
	leat_buf_free(&text);
}

static void all_cases(void **state)
{
	static const char *const folders[] = {"tests/golden/lang", "tests/golden/plan"};
	(void)state;
	for (size_t f = 0; f < LEAT_LEN(folders); f++) {
		struct dirent **entries;
		int n = scandir(folders[f], &entries, NULL, alphasort);
		assert_true(n > 0);
		for (int i = 0; i < n; i++) {
			char *dot = strrchr(entries[i]->d_name, '.');
			if (dot && strcmp(dot, ".leat") == 0) {
				*dot = 0;
				try_case(folders[f], entries[i]->d_name);
			}
			free(entries[i]);
		}
		free(entries);
	}
	print_message("%zu offered, %zu tried\n", offered, tried);
	assert_int_equal(missing, 0);
	assert_int_equal(wrong, 0);
	assert_true(tried > 100);
}

static void as_json(void **state)
{
	static const char text[] = "let s = 800\r\nread a*.jpg\nresize \xc3\xa4 $s\nresize 800x600 -fit cover\nwrite "
				   "'x y/{stem}.webp' on=inline "
				   "workers=2\n";
	struct leat_buf out = {0};
	struct checked c;
	(void)state;
	check(&c, "tests/golden/plan", "a b.leat", text, strlen(text));
	leat_diags_json(&c.d, &out);
	assert_string_equal(
		out.data,
		"{\"code\":\"E047\",\"severity\":\"error\",\"file\":\"a b.leat\",\"line\":3,\"column\":8,\"endLine\":3,"
		"\"endColumn\":9,\"message\":\"'\xc3\xa4' is not a size in "
		"pixels\",\"label\":null,\"notes\":[],\"help\":["
		"\"write for example 800x600, 800x (this width), x600 (this height) or 50%\"],\"fix\":null}\n"
		"{\"code\":\"E035\",\"severity\":\"error\",\"file\":\"a "
		"b.leat\",\"line\":3,\"column\":10,\"endLine\":3,"
		"\"endColumn\":12,\"message\":\"unexpected value '800'\",\"label\":\"'resize' takes one "
		"value\",\"notes\":[],"
		"\"help\":[],\"fix\":null}\n"
		"{\"code\":\"E010\",\"severity\":\"error\",\"file\":\"a "
		"b.leat\",\"line\":4,\"column\":16,\"endLine\":4,"
		"\"endColumn\":20,\"message\":\"options have no dashes\",\"label\":\"write "
		"fit=cover\",\"notes\":[],\"help\":[],"
		"\"fix\":{\"range\":{\"file\":\"a b.leat\",\"line\":4,\"column\":16,\"endLine\":4,\"endColumn\":26},"
		"\"text\":\"fit=cover\"}}\n"
		"{\"code\":\"E062\",\"severity\":\"error\",\"file\":\"a "
		"b.leat\",\"line\":5,\"column\":35,\"endLine\":5,"
		"\"endColumn\":44,\"message\":\"on=inline has no workers of its own\",\"label\":\"remove this, or "
		"choose "
		"on=threads or on=processes\",\"notes\":[{\"file\":\"a b.leat\",\"line\":5,\"column\":25,\"endLine\":5,"
		"\"endColumn\":34,\"message\":\"inline: runs inside the step before "
		"it\"}],\"help\":[],\"fix\":null}\n");
	done(&c);
	leat_buf_free(&out);
}

/* Every golden case as SARIF and JSON: nothing fails, brackets close. */
static void as_sarif(void **state)
{
	static const char text[] =
		"include common.leat\nread a*.jpg\nresize $size\nuse thumb\nwrite out/{stem}.webp fit=x\n";
	struct leat_buf out = {0};
	struct checked c;
	(void)state;
	check(&c, "tests/golden/plan", "a b.leat", text, strlen(text));
	leat_sarif_begin(&out);
	leat_sarif_add(&c.d, &out);
	leat_sarif_add(&c.d, &out);
	leat_sarif_end(&out);
	assert_false(out.failed);
	assert_non_null(strstr(
		out.data, "\"ruleId\":\"E047\",\"level\":\"error\",\"message\":{\"text\":\"'800' does not say which "
			  "side it is\\nhelp: write 800x800"));
	assert_non_null(strstr(out.data,
			       "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"a%20b.leat\"},\"region\":{"
			       "\"startLine\":3,\"startColumn\":8,\"endLine\":3,\"endColumn\":13}}}"));
	assert_non_null(strstr(
		out.data,
		"\"relatedLocations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":"
		"\"common.leat\"},\"region\":{\"startLine\":2,\"startColumn\":12,\"endLine\":2,\"endColumn\":15}},"
		"\"message\":{\"text\":\"$size comes from here\"}}]"));
	assert_non_null(strstr(
		out.data, "\"fixes\":[{\"description\":{\"text\":\"did you mean 'inside'?\"},\"artifactChanges\":[{"
			  "\"artifactLocation\":{\"uri\":\"common.leat\"},\"replacements\":[{\"deletedRegion\":{"
			  "\"startLine\":5,\"startColumn\":22,\"endLine\":5,\"endColumn\":27},\"insertedContent\":{"
			  "\"text\":\"inside\"}}]}]}]"));
	done(&c);
	leat_buf_free(&out);
}

/* Through the public door, several recipes at once. */
static void of_recipes(void **state)
{
	struct leat_err err = {0};
	struct leat_recipe *r[2];
	(void)state;
	r[0] = leat_load_text("a.leat", "resise 5x\n", 10, NULL, &err);
	r[1] = leat_load_text("b.leat", "read a.png\nwrite b.png\n", 23, NULL, &err);
	assert_true(r[0] && r[1] && leat_check(r[0]) == 1 && leat_check(r[1]) == 0);
	char *text = leat_diagnostics_as(r, 2, LEAT_DIAG_JSON);
	assert_non_null(strstr(text, "{\"code\":\"E024\",\"severity\":\"error\",\"file\":\"a.leat\","));
	assert_string_equal(strchr(text, '\n'), "\n");
	free(text);
	text = leat_diagnostics_as(r, 2, LEAT_DIAG_SARIF);
	assert_non_null(strstr(text, "\"ruleId\":\"E024\""));
	free(text);
	text = leat_diagnostics_as(r + 1, 1, LEAT_DIAG_JSON);
	assert_string_equal(text, "");
	free(text);
	text = leat_diagnostics_as(r, 2, LEAT_DIAG_TEXT);
	assert_memory_equal(text, "a.leat:1:1: error[E024]", 23);
	free(text);
	leat_free(&r[0]);
	leat_free(&r[1]);
}

int main(void)
{
	setenv("LEAT_TEST_TOKEN", "hunter2", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_cases),
		cmocka_unit_test(as_json),
		cmocka_unit_test(as_sarif),
		cmocka_unit_test(of_recipes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
